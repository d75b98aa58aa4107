import * as fc from "fast-check";
import { type Coroutine, createTask, gather, type Latency, sleep } from "../engine/index.ts";

/** A fault in a timetable. */
export interface Fault<K extends string = string> {
  /** What breaks: one of the kinds that the timetable was made of. */
  readonly kind: K;
  /** When it begins, in seconds from the start of the timetable. */
  readonly at: number;
  /** How long it lasts, in seconds. */
  readonly lasts: number;
}

/** Options of {@link faults}. */
export interface FaultsOptions {
  /** Latest beginning, in seconds; 10 by default. */
  readonly until?: number;
  /** Longest duration, in seconds; 5 by default. */
  readonly longest?: number;
  /** Most faults; 4 by default. */
  readonly most?: number;
  /** Instants and durations are multiples of this, in seconds, so that they shrink to round figures; 0.1 by default. */
  readonly grain?: number;
}

/**
 * Timetables of faults, in order of their beginnings. They shrink to fewer, earlier and shorter ones.
 *
 * @param kinds - What can break: `["partition a|b", "crash b"]`.
 */
export function faults<const K extends string>(
  kinds: readonly [K, ...K[]],
  { until = 10, longest = 5, most = 4, grain = 0.1 }: FaultsOptions = {},
): fc.Arbitrary<Fault<K>[]> {
  const instant = (limit: number): fc.Arbitrary<number> =>
    fc.nat({ max: Math.floor(limit / grain) }).map(
      (count) => rounded(count * grain),
      (seconds) => Math.round((seconds as number) / grain),
    );
  const fault = fc.record({ kind: fc.constantFrom(...kinds), at: instant(until), lasts: instant(longest) });
  return fc.array(fault, { maxLength: most }).map(
    (list) => list.sort((a, b) => a.at - b.at),
    (list) => [...(list as Fault<K>[])],
  );
}

const rounded = (seconds: number): number => Math.round(seconds * 1e9) / 1e9;

/** How a fault begins and ends. */
export interface FaultAction {
  begin(): void;
  end(): void;
}

/** Let the faults of a timetable happen, from now on: a coroutine to run as a task beside the program. */
export function* applyFaults<K extends string>(
  timetable: readonly Fault<K>[],
  actions: Readonly<Record<K, FaultAction>>,
): Coroutine<void> {
  function* happen({ kind, at, lasts }: Fault<K>): Coroutine<void> {
    yield* sleep(at);
    actions[kind].begin();
    try {
      yield* sleep(lasts);
    } finally {
      actions[kind].end();
    }
  }
  yield* gather(timetable.map((fault, i) => createTask(happen(fault), { name: `fault-${i + 1}-${fault.kind}` })));
}

/**
 * Latencies of links, for `LinkOptions`: constants and uniform ranges of seconds from `least` to `most`. They shrink towards the constant `least`.
 *
 * @param grain - They are `least` and multiples of this, in seconds.
 */
export function latencies({ least = 0, most = 1, grain = 0.001 } = {}): fc.Arbitrary<Latency> {
  const seconds = fc.nat({ max: Math.floor((most - least) / grain) }).map((count) => rounded(least + count * grain));
  return fc.oneof(
    { withCrossShrink: true },
    seconds,
    fc.tuple(seconds, seconds).map(([a, b]) => ({ uniform: [Math.min(a, b), Math.max(a, b)] as const })),
  );
}
