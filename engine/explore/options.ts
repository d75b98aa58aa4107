import { describeValue } from "../base/describe.ts";
import { optionNames, pick, requireOptions } from "../base/require-options.ts";
import { unknownName } from "../base/unknown-name.ts";
import { type Abortable, requireLimit } from "../loop/options.ts";
import type { SimulateOptions } from "../simulation.ts";
import type { RaceCounts } from "./causality/race-coverage.ts";
import type { Vary } from "./schedule/variation.ts";
import { isStrategyName, type StrategyName, strategyNames, strategyTraits } from "./strategies/index.ts";

/** How far an exploration has come; given to `onProgress`. */
export interface ExploreProgress {
  readonly runs: number;
  /** Distinct interleavings seen. */
  readonly interleavings: number;
  /**
   * Of the pairs of steps that raced in the baseline run: how many there are, and how many were seen in both orders.
   */
  readonly races: RaceCounts;
  /** Real seconds since the exploration began. */
  readonly seconds: number;
  /** Steps that the run in progress, or the last one, has taken. */
  readonly steps: number;
  /** What it does: searches, shrinks a failure, or looks for a smaller one. */
  readonly phase: "search" | "shrink" | "certify";
}

/** Options of {@link explore}. All have defaults. */
export interface ExploreOptions
  extends Omit<SimulateOptions, "ordering" | "trace" | "output" | "timerTies" | "onProgress" | "realAwait"> {
  /** Most runs; 1000 by default. */
  readonly runs?: number;
  /** Real-time limit, in seconds; none by default. */
  readonly time?: number;
  /** The strategy; `"mix"` by default. */
  readonly strategy?: StrategyName;
  /** The token that the strategy `replay` follows; no other takes one. */
  readonly token?: string;
  /** What may vary. */
  readonly vary?: Vary;
  /** Most steps of a run before it counts as one that never ends; 100,000 by default. */
  readonly maxSteps?: number;
  /** Explore only the runs of this part: `{ index: 1, of: 4 }` is the first of four. */
  readonly shard?: { readonly index: number; readonly of: number };
  /** Labels for `sometimes` that must be reached, so that one that no run even mentions is reported. */
  readonly mustReach?: readonly string[];
  /** The search begins at this run, as the continuation of another; 0 by default. */
  readonly firstRun?: number;
  /** Ends the search, when it is aborted, with the report so far; `signal` ends it with an error. */
  readonly stopSignal?: Abortable;
  /**
   * Limit on the runs that shrink a failure and look for a smaller one; 5,000 by default. They are not among `runs`,
   * but `time` bounds them, too.
   */
  readonly shrinkRuns?: number;
  /** Called now and then, in the middle of a long run, too. */
  readonly onProgress?: (progress: ExploreProgress) => void;
}

/** Options that every single run is simulated with. */
type RunOption =
  | "seed"
  | "start"
  | "timeZone"
  | "until"
  | "network"
  | "name"
  | "maxSteps"
  | "maxStepsPerInstant"
  | "maxTime"
  | "traceFilter"
  | "traceSink"
  | "signal";

const RUN_OPTIONS = optionNames<Pick<ExploreOptions, RunOption>>({
  seed: true,
  start: true,
  timeZone: true,
  until: true,
  network: true,
  name: true,
  maxSteps: true,
  maxStepsPerInstant: true,
  maxTime: true,
  traceFilter: true,
  traceSink: true,
  signal: true,
}) as readonly RunOption[];

const SEARCH_OPTIONS = optionNames<Omit<ExploreOptions, RunOption>>({
  runs: true,
  time: true,
  strategy: true,
  token: true,
  vary: true,
  shard: true,
  firstRun: true,
  shrinkRuns: true,
  mustReach: true,
  stopSignal: true,
  onProgress: true,
});

const KNOWN_OPTIONS = [...SEARCH_OPTIONS, ...RUN_OPTIONS];

/** Of the options of an exploration, those that every single run is simulated with. */
export const simulationOptionsOf = (options: ExploreOptions): Pick<ExploreOptions, RunOption> =>
  pick(options, RUN_OPTIONS);

/** The options with their defaults. @throws TypeError, RangeError if one has no sensible value. */
export function checkedExploreOptions(options: ExploreOptions): {
  readonly runs: number;
  readonly firstRun: number;
  readonly shrinkRuns: number;
  readonly time: number;
  readonly strategy: StrategyName;
  readonly maxSteps: number;
  readonly shard: { readonly index: number; readonly of: number };
} {
  requireOptions("explore", options, KNOWN_OPTIONS);
  const { strategy = "mix", shard = { index: 1, of: 1 } } = options;
  const runs = options.runs ?? 1000;
  const firstRun = options.firstRun ?? 0;
  const shrinkRuns = options.shrinkRuns ?? 5000;
  if (!Number.isSafeInteger(firstRun) || firstRun < 0) {
    throw new RangeError(
      `explore: expected firstRun to be an integer that is not negative, got ${describeValue(firstRun)}`,
    );
  }
  if (!(Number.isSafeInteger(shrinkRuns) || shrinkRuns === Number.POSITIVE_INFINITY) || shrinkRuns < 0) {
    throw new RangeError(
      `explore: expected shrinkRuns to be an integer that is not negative, or Infinity, got ${describeValue(shrinkRuns)}`,
    );
  }
  if (!(Number.isSafeInteger(runs) || runs === Number.POSITIVE_INFINITY) || runs < 1) {
    throw new RangeError(`explore: expected runs to be a positive integer or Infinity, got ${describeValue(runs)}`);
  }
  if (!isStrategyName(strategy)) {
    throw new RangeError(
      typeof strategy === "string"
        ? `explore: ${unknownName("strategy", strategy, strategyNames)}`
        : `explore: expected one of ${strategyNames.join(", ")} as strategy, got ${describeValue(strategy)}`,
    );
  }
  if ((options.token === undefined) === (strategy === "replay")) {
    throw new TypeError(
      strategy === "replay"
        ? 'explore: the strategy replay needs the token that it is to follow: { strategy: "replay", token: "s1:…" }'
        : `explore: only the strategy replay takes a token, not ${strategy}`,
    );
  }
  requireHelpers(options);
  const { index, of } = (shard ?? {}) as Partial<typeof shard>;
  if (!(isCount(index) && isCount(of) && index <= of)) {
    throw new RangeError(
      `explore: expected shard to be { index, of } with 1 <= index <= of, got ${describeValue(shard)}`,
    );
  }
  if (of > 1 && !strategyTraits(strategy).isDivisible) {
    throw new RangeError(
      `explore: expected a strategy whose runs can be divided into shards, got ${describeValue(strategy)}; try mix`,
    );
  }
  return {
    runs,
    firstRun,
    shrinkRuns,
    time: requireLimit("explore: time", options.time),
    strategy,
    maxSteps: options.maxSteps === undefined ? 100_000 : requireLimit("explore: maxSteps", options.maxSteps),
    shard: { index, of },
  };
}

const isCount = (value: unknown): value is number => Number.isSafeInteger(value) && (value as number) >= 1;

/** @throws TypeError for what would fail, or would not be heard of, only in the middle of the search. */
function requireHelpers({ signal, stopSignal, onProgress, mustReach = [] }: ExploreOptions): void {
  for (const [name, given] of Object.entries({ signal, stopSignal })) {
    if (given !== undefined && typeof (given as Partial<Abortable> | null)?.throwIfAborted !== "function") {
      throw new TypeError(`explore: expected ${name} to be an AbortSignal, got ${describeValue(given)}`);
    }
  }
  if (onProgress !== undefined && typeof onProgress !== "function") {
    throw new TypeError(`explore: expected onProgress to be a function, got ${describeValue(onProgress)}`);
  }
  if (!(Array.isArray(mustReach) && mustReach.every((label) => typeof label === "string"))) {
    throw new TypeError(`explore: expected mustReach to be a list of labels, got ${describeValue(mustReach)}`);
  }
}
