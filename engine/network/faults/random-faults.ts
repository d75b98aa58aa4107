import type { RandomStream } from "../../base/random.ts";
import { optionNames, requireOptions } from "../../base/require-options.ts";
import { FAULT_KINDS, type FaultKind, type FaultPlan, type TimedFault } from "./fault-plan.ts";

/** What {@link randomFaults} may choose from. */
export interface RandomFaultsOptions {
  /** The hosts that faults may strike, by name; at least one, and two for what happens between hosts. */
  readonly hosts: readonly string[];
  /** When everything is healed, in seconds: the phase without faults begins. */
  readonly end: number;
  /** When the first fault may begin; 0 by default. */
  readonly start?: number;
  /** The kinds of faults; `partition`, `hold`, `impair`, `crash` and `pause` by default. */
  readonly kinds?: readonly FaultKind[];
  /** Mean time from one fault to the next; a tenth of the whole by default. */
  readonly meanGap?: number;
  /** Mean duration of a fault; a tenth of the whole by default. */
  readonly meanDuration?: number;
}

const RANDOM_FAULTS_OPTIONS = optionNames<RandomFaultsOptions>({
  hosts: true,
  end: true,
  start: true,
  kinds: true,
  meanGap: true,
  meanDuration: true,
});

const DEFAULT_KINDS: readonly FaultKind[] = ["partition", "hold", "impair", "crash", "pause"];
const BETWEEN_HOSTS: readonly FaultKind[] = ["partition", "hold", "impair"];

/** To whole milliseconds, so that plans are readable. */
const rounded = (seconds: number): number => Math.round(seconds * 1000) / 1000;

/**
 * Draw a fault plan at random; everything is healed at its end. The same stream and options give the same one.
 *
 * No host is struck by two faults of its own at a time; what happens between hosts may overlap.
 *
 * @throws TypeError for options that there are not; RangeError for no hosts, no kinds, and times that make no sense.
 */
export function randomFaults(random: RandomStream, options: RandomFaultsOptions): FaultPlan {
  requireOptions("randomFaults", options, RANDOM_FAULTS_OPTIONS);
  const { hosts, end, start = 0, kinds = DEFAULT_KINDS } = options;
  const { meanGap = (end - start) / 10, meanDuration = (end - start) / 10 } = options;
  if (!(start >= 0 && end > start && meanGap > 0 && meanDuration > 0 && end < Number.POSITIVE_INFINITY)) {
    throw new RangeError(
      `randomFaults: expected 0 <= start < end and positive means, got start ${start}, end ${end}, means ${meanGap} and ${meanDuration}`,
    );
  }
  requireNames("hosts", hosts);
  requireNames("kinds", kinds);
  if (new Set(hosts).size < hosts.length) {
    throw new RangeError(`randomFaults: expected each host once, got ${hosts.join(", ")}`);
  }
  const unknown = kinds.find((kind) => !FAULT_KINDS.includes(kind));
  if (unknown !== undefined) {
    throw new RangeError(`randomFaults: expected kinds among ${FAULT_KINDS.join(", ")}, got ${unknown}`);
  }
  const possible = kinds.filter((kind) => hosts.length > 1 || !BETWEEN_HOSTS.includes(kind));
  if (hosts.length === 0 || possible.length === 0) {
    throw new RangeError(`randomFaults: expected hosts and kinds of faults, got ${hosts.length} and ${kinds.length}`);
  }
  const faults: TimedFault[] = [];
  const struckUntil = new Map<string, number>();
  for (let at = start + random.exponential(meanGap); at < end; at += random.exponential(meanGap)) {
    const until = Math.min(end, at + random.exponential(meanDuration));
    const kind = random.pick(possible);
    const when = { at: rounded(at), until: rounded(until) };
    const fault = BETWEEN_HOSTS.includes(kind)
      ? faultBetween(random, kind, hosts, when)
      : faultOf(random, kind, hosts, when, struckUntil);
    if (fault !== null) {
      faults.push(fault);
    }
  }
  return { faults, end };
}

/** @throws TypeError if `names` is no array of texts. */
function requireNames(what: string, names: unknown): void {
  if (!(Array.isArray(names) && names.every((name) => typeof name === "string"))) {
    throw new TypeError(`randomFaults: expected ${what} to be an array of texts, got ${JSON.stringify(names)}`);
  }
}

interface Span {
  readonly at: number;
  readonly until: number;
}

function faultBetween(random: RandomStream, kind: FaultKind, hosts: readonly string[], when: Span): TimedFault {
  const shuffled = random.shuffled(hosts);
  const size = random.integer(1, hosts.length - 1);
  const between = [shuffled.slice(0, size), shuffled.slice(size)] as const;
  const oneWay = random.chance(0.25);
  switch (kind) {
    case "impair": {
      const loss = rounded(random.uniform(0, 0.5));
      const duplicate = rounded(random.uniform(0, 0.2));
      const delay = { exponential: rounded(random.uniform(0.001, 0.2)) };
      return { fault: kind, ...when, between, oneWay, loss, duplicate, delay };
    }
    case "hold":
      return { fault: kind, ...when, between, oneWay };
    default:
      return { fault: "partition", ...when, between, oneWay };
  }
}

/** A fault of one host; `null` if none is free for it. */
function faultOf(
  random: RandomStream,
  kind: FaultKind,
  hosts: readonly string[],
  when: Span,
  struckUntil: Map<string, number>,
): TimedFault | null {
  const free = hosts.filter((host) => (struckUntil.get(host) ?? 0) <= when.at);
  if (free.length === 0) {
    return null;
  }
  const host = random.pick(free);
  struckUntil.set(host, when.until);
  switch (kind) {
    case "pause":
      return { fault: kind, ...when, host };
    case "clock":
      return { fault: kind, ...when, host, skew: rounded(random.uniform(-1, 1)), drift: random.uniform(-1e-3, 1e-3) };
    default:
      return { fault: "crash", ...when, host, connections: random.pick(["vanish", "reset"] as const) };
  }
}
