import { describeValue } from "../../base/describe.ts";
import type { RandomStream } from "../../base/random.ts";
import { optionNames, requireOptions } from "../../base/require-options.ts";
import { unknownName } from "../../base/unknown-name.ts";
import { FAULT_KINDS, type FaultKind, faultKind } from "./fault-kinds.ts";
import type { FaultPlan, TimedFault } from "./fault-plan.ts";

/** What {@link randomFaults} draws from. */
export interface RandomFaultsOptions {
  /** The hosts that faults may strike, by name; at least one, and two for faults that strike links. */
  readonly hosts: readonly string[];
  /** When everything is healed and the phase without faults begins, in seconds. */
  readonly end: number;
  /** When the first fault may begin, in seconds; 0 by default. */
  readonly start?: number;
  /** The kinds of faults; all but `clock` by default. */
  readonly kinds?: readonly FaultKind[];
  /** Mean time from one fault to the next, in seconds; a tenth of the whole by default. */
  readonly meanGap?: number;
  /** Mean duration of a fault, in seconds; a tenth of the whole by default. */
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

const DEFAULT_KINDS = FAULT_KINDS.filter((kind) => faultKind(kind).isRandom);

/** The share of the faults between hosts that strike one direction only. */
const ONE_WAY_SHARE = 0.25;

/** To whole milliseconds, so that plans are readable. */
const rounded = (seconds: number): number => Math.round(seconds * 1000) / 1000;

/**
 * Draw a fault plan at random; everything is healed at its end. Equal streams and options lead to equal plans.
 *
 * At most one fault at a time strikes a host itself. Faults that strike links may overlap.
 *
 * @throws TypeError for unknown options; RangeError for no hosts, for unknown or no kinds, and for invalid times.
 */
export function randomFaults(random: RandomStream, options: RandomFaultsOptions): FaultPlan {
  requireOptions("randomFaults", options, RANDOM_FAULTS_OPTIONS);
  const { hosts, end, start = 0, kinds = DEFAULT_KINDS } = options;
  const { meanGap = (end - start) / 10, meanDuration = (end - start) / 10 } = options;
  if (!(start >= 0 && end > start && meanGap > 0 && meanDuration > 0 && end < Number.POSITIVE_INFINITY)) {
    throw new RangeError(
      `randomFaults: expected 0 <= start < end and positive means, got start ${start}, end ${end}, ` +
        `means ${meanGap} and ${meanDuration}`,
    );
  }
  const possible = possibleKinds(hosts, kinds);
  const faults: TimedFault[] = [];
  const struckUntil = new Map<string, number>();
  for (let at = start + random.exponential(meanGap); at < end; at += random.exponential(meanGap)) {
    const until = Math.min(end, at + random.exponential(meanDuration));
    const kind = random.pick(possible);
    const when = { at: rounded(at), until: rounded(until) };
    const place =
      faultKind(kind).strikes === "links" ? placeBetween(random, hosts) : placeOn(random, hosts, when, struckUntil);
    if (place !== null) {
      faults.push({ fault: kind, ...when, ...place, ...drawnFields(random, kind) } as TimedFault);
    }
  }
  return { faults, end };
}

/** Those of `kinds` that can happen to `hosts`. @throws TypeError or RangeError for invalid hosts or kinds. */
function possibleKinds(hosts: readonly string[], kinds: readonly FaultKind[]): readonly FaultKind[] {
  requireNames("hosts", hosts);
  requireNames("kinds", kinds);
  if (new Set(hosts).size < hosts.length) {
    throw new RangeError(`randomFaults: expected each host once, got ${hosts.join(", ")}`);
  }
  const unknown = kinds.find((kind) => !FAULT_KINDS.includes(kind));
  if (unknown !== undefined) {
    throw new RangeError(`randomFaults: ${unknownName("kind", unknown, FAULT_KINDS)}`);
  }
  const possible = kinds.filter((kind) => hosts.length > 1 || faultKind(kind).strikes === "host");
  if (hosts.length === 0 || possible.length === 0) {
    throw new RangeError(
      hosts.length === 1 && kinds.length > 0
        ? `randomFaults: expected at least two hosts for ${kinds.join(", ")}, got ${hosts[0]}`
        : `randomFaults: expected hosts and kinds of faults, got ${hosts.length} and ${kinds.length}`,
    );
  }
  return possible;
}

/** @throws TypeError unless `names` is an array of strings. */
function requireNames(what: string, names: unknown): void {
  if (!(Array.isArray(names) && names.every((name) => typeof name === "string"))) {
    throw new TypeError(`randomFaults: expected ${what} to be an array of strings, got ${describeValue(names)}`);
  }
}

function placeBetween(random: RandomStream, hosts: readonly string[]): object {
  const shuffled = random.shuffled(hosts);
  const size = random.integer(1, hosts.length - 1);
  const between = [shuffled.slice(0, size), shuffled.slice(size)];
  return { between, oneWay: random.chance(ONE_WAY_SHARE) };
}

/** A host that no other fault of its own strikes at that time; `null` if there is none. */
function placeOn(
  random: RandomStream,
  hosts: readonly string[],
  when: { readonly at: number; readonly until: number },
  struckUntil: Map<string, number>,
): object | null {
  const free = hosts.filter((host) => (struckUntil.get(host) ?? 0) <= when.at);
  if (free.length === 0) {
    return null;
  }
  const host = random.pick(free);
  struckUntil.set(host, when.until);
  return { host };
}

/** The fields of a fault of `kind`, drawn from one of its alternatives. */
function drawnFields(random: RandomStream, kind: FaultKind): object {
  const fields: Record<string, unknown> = {};
  for (const [name, domain] of Object.entries(random.pick(faultKind(kind).draws))) {
    const value: unknown = domain.at(random.integer(0, domain.size - 1));
    if (value !== undefined) {
      fields[name] = value;
    }
  }
  return fields;
}
