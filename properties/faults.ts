import * as fc from "fast-check";
import type { FaultKind, FaultPlan, Latency, TimedFault } from "../engine/index.ts";
import { requireOptions } from "./require-options.ts";

/** Options of {@link faults}. */
export interface FaultsOptions {
  /** The hosts that faults may strike, by name. */
  readonly hosts: readonly string[];
  /** What may happen, the simplest first; `partition`, `crash` and `pause` by default, without `partition` if there is only one host. */
  readonly kinds?: readonly FaultKind[];
  /** Latest start of a fault, in seconds of virtual time; 10 by default. */
  readonly maxStart?: number;
  /** Longest duration of a fault, in seconds; 5 by default. */
  readonly maxDuration?: number;
  /** Maximum number of faults; 4 by default. */
  readonly max?: number;
  /** Starts and durations are multiples of this, in seconds, so that they shrink to round numbers; 0.1 by default. */
  readonly step?: number;
}

const FAULTS_OPTIONS = { hosts: true, kinds: true, maxStart: true, maxDuration: true, max: true, step: true } as const;
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

/** Multiples of `step` from 0 to `limit`; they shrink to 0. */
const multiples = (limit: number, step: number): fc.Arbitrary<number> =>
  fc.nat({ max: Math.floor(limit / step + 1e-9) }).map((count) => rounded(count * step));

/**
 * Fault plans for `network.faults.schedule`: plain data, in order of time, with everything healed at the end. They shrink to the fewest, earliest and
 * shortest faults, that strike the fewest hosts.
 *
 * @throws TypeError for options that there are not; RangeError for no hosts, no or unknown kinds, a single host with faults between hosts, and times that make no sense.
 */
export function faults(options: FaultsOptions): fc.Arbitrary<FaultPlan> {
  requireOptions("faults", options, FAULTS_OPTIONS);
  const { hosts = [], maxStart = 10, maxDuration = 5, max = 4, step = 0.1 } = options;
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
  if (!(step > 0 && maxStart >= 0 && maxDuration >= 0 && maxStart + maxDuration < Number.POSITIVE_INFINITY)) {
    throw new RangeError(
      `faults: expected maxStart and maxDuration >= 0 and step > 0, in seconds, got ${maxStart}, ${maxDuration} and ${step}`,
    );
  }
  const end = rounded(maxStart + maxDuration);
  const span = fc.record({ at: multiples(maxStart, step), lasts: multiples(maxDuration, step) });
  const fault = fc.oneof({ withCrossShrink: true }, ...kinds.map((kind) => faultOf(kind, hosts, span)));
  return fc
    .array(fault, { maxLength: max, size: "max" })
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
  /** The shortest latency; 0 by default. */
  readonly min?: number;
  /** The longest latency; 1 by default. */
  readonly max?: number;
  /** Latencies are `min` plus multiples of this; 0.001 by default. */
  readonly step?: number;
}

/**
 * Latencies of links, for `LinkOptions`: constants and uniform ranges of seconds from `min` to `max`. They shrink towards the constant `min`.
 *
 * @throws TypeError for options that there are not; RangeError for bounds that make no sense.
 */
export function latencies(options: LatenciesOptions = {}): fc.Arbitrary<Latency> {
  requireOptions("latencies", options, { min: true, max: true, step: true });
  const { min = 0, max = 1, step = 0.001 } = options;
  if (!(min >= 0 && max >= min && max < Number.POSITIVE_INFINITY && step > 0)) {
    throw new RangeError(`latencies: expected 0 <= min <= max and a positive step, got ${min}, ${max} and ${step}`);
  }
  const seconds = multiples(max - min, step).map((more) => rounded(min + more));
  return fc.oneof(
    { withCrossShrink: true },
    seconds,
    fc.tuple(seconds, seconds).map(([a, b]) => ({ uniform: [Math.min(a, b), Math.max(a, b)] as const })),
  );
}
