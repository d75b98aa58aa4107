import * as fc from "fast-check";
import type { FaultKind, FaultPlan, Latency, TimedFault } from "../engine/index.ts";
import { requireOptions } from "./require-options.ts";

/** Options of {@link faults}. */
export interface FaultsOptions {
  /** The hosts that faults may strike, by name. */
  readonly hosts: readonly string[];
  /** What may happen, the simplest first; `partition`, `crash` and `pause` by default, without `partition` if there is only one host. */
  readonly kinds?: readonly FaultKind[];
  /** Latest beginning, in seconds of virtual time; 10 by default. */
  readonly until?: number;
  /** Longest duration, in seconds; 5 by default. */
  readonly longest?: number;
  /** Most faults; 4 by default. */
  readonly most?: number;
  /** Instants and durations are multiples of this, in seconds, so that they shrink to round figures; 0.1 by default. */
  readonly grain?: number;
}

const FAULTS_OPTIONS = { hosts: true, kinds: true, until: true, longest: true, most: true, grain: true } as const;
const KINDS: Readonly<Record<FaultKind, true>> = {
  partition: true,
  hold: true,
  impair: true,
  crash: true,
  pause: true,
  clock: true,
};
const BETWEEN_HOSTS: readonly FaultKind[] = ["partition", "hold", "impair"];

const rounded = (seconds: number): number => Math.round(seconds * 1e9) / 1e9;

/** Multiples of `grain` from 0 up to `limit`; they shrink to 0. */
const multiples = (limit: number, grain: number): fc.Arbitrary<number> =>
  fc.nat({ max: Math.floor(limit / grain + 1e-9) }).map((count) => rounded(count * grain));

/**
 * Fault plans for `network.faults.schedule`: plain data, in order of time, with everything healed at the end. They shrink to the fewest, earliest and
 * shortest faults, that strike the fewest hosts.
 *
 * @throws TypeError for options that there are not; RangeError for no hosts, no or unknown kinds, a single host with faults between hosts, and times that make no sense.
 */
export function faults(options: FaultsOptions): fc.Arbitrary<FaultPlan> {
  requireOptions("faults", options, FAULTS_OPTIONS);
  const { hosts = [], until = 10, longest = 5, most = 4, grain = 0.1 } = options;
  const kinds = options.kinds ?? (hosts.length > 1 ? ["partition", "crash", "pause"] : ["crash", "pause"]);
  if (hosts.length === 0 || kinds.length === 0) {
    throw new RangeError(`faults: expected hosts and kinds, got ${hosts.length} and ${kinds.length}`);
  }
  const unknown = kinds.find((kind) => !Object.hasOwn(KINDS, kind));
  if (unknown !== undefined) {
    throw new RangeError(`faults: there is no kind ${String(unknown)}; there are ${Object.keys(KINDS).join(", ")}`);
  }
  const between = kinds.find((kind) => BETWEEN_HOSTS.includes(kind));
  if (hosts.length === 1 && between !== undefined) {
    throw new RangeError(`faults: ${between} is between hosts; expected at least two hosts, got ${hosts[0]}`);
  }
  if (!(grain > 0 && until >= 0 && longest >= 0 && until + longest < Number.POSITIVE_INFINITY)) {
    throw new RangeError(
      `faults: expected seconds, until and longest not negative and grain positive, got ${until}, ${longest}, ${grain}`,
    );
  }
  const end = rounded(until + longest);
  const span = fc.record({ at: multiples(until, grain), lasts: multiples(longest, grain) });
  const fault = fc.oneof({ withCrossShrink: true }, ...kinds.map((kind) => faultOf(kind, hosts, span)));
  return fc
    .array(fault, { maxLength: most, size: "max" })
    .map((list) => ({ faults: [...list].sort((a, b) => a.at - b.at), end }));
}

function faultOf(
  kind: FaultKind,
  hosts: readonly string[],
  span: fc.Arbitrary<{ at: number; lasts: number }>,
): fc.Arbitrary<TimedFault> {
  const when = span.map(({ at, lasts }) => ({ at, until: rounded(at + lasts) }));
  const host = fc.constantFrom(...hosts);
  const groups = fc
    .subarray([...hosts], { minLength: 1, maxLength: Math.max(1, hosts.length - 1) })
    .map((some) => [some, hosts.filter((each) => !some.includes(each))] as const);
  const share = fc.integer({ min: 1, max: 10 }).map((tenths) => tenths / 10);
  switch (kind) {
    case "partition":
    case "hold":
      return fc.tuple(when, groups).map(([time, among]) => ({ fault: kind, ...time, between: among }));
    case "impair":
      return fc
        .tuple(when, groups, share, fc.constantFrom("loss", "duplicate", "corrupt"))
        .map(([time, among, chance, what]) => ({ fault: kind, ...time, between: among, [what]: chance }));
    case "crash":
    case "pause":
      return fc.tuple(when, host).map(([time, struck]) => ({ fault: kind, ...time, host: struck }));
    case "clock":
      return fc
        .tuple(when, host, fc.integer({ min: -5, max: 5 }))
        .map(([time, struck, skew]) => ({ fault: kind, ...time, host: struck, skew }));
  }
}

/** Options of {@link latencies}, in seconds. */
export interface LatenciesOptions {
  /** The shortest; 0 by default. */
  readonly least?: number;
  /** The longest; 1 by default. */
  readonly most?: number;
  /** They are `least` and multiples of this; 0.001 by default. */
  readonly grain?: number;
}

/**
 * Latencies of links, for `LinkOptions`: constants and uniform ranges of seconds from `least` to `most`. They shrink towards the constant `least`.
 *
 * @throws TypeError for options that there are not; RangeError for bounds that make no sense.
 */
export function latencies(options: LatenciesOptions = {}): fc.Arbitrary<Latency> {
  requireOptions("latencies", options, { least: true, most: true, grain: true });
  const { least = 0, most = 1, grain = 0.001 } = options;
  if (!(least >= 0 && most >= least && most < Number.POSITIVE_INFINITY && grain > 0)) {
    throw new RangeError(
      `latencies: expected 0 <= least <= most and a positive grain, got ${least}, ${most} and ${grain}`,
    );
  }
  const seconds = multiples(most - least, grain).map((more) => rounded(least + more));
  return fc.oneof(
    { withCrossShrink: true },
    seconds,
    fc.tuple(seconds, seconds).map(([a, b]) => ({ uniform: [Math.min(a, b), Math.max(a, b)] as const })),
  );
}
