import {
  type ExploreProgress,
  type ExploreReport,
  explore,
  type RaceCounts,
  scenarioOptions,
} from "../../../engine/index.ts";
import { findConfigured } from "../param-option.ts";
import type { GivenParameters } from "../param-words.ts";
import type { Batch } from "./batches.ts";

/** What all batches of a search have in common; plain data, for it goes to workers. */
export interface SearchPlan {
  /** The scenario, as it was called. */
  readonly called: string;
  readonly token: string | undefined;
  readonly seed: number | string | undefined;
  readonly param?: GivenParameters | undefined;
  readonly time: number | undefined;
  readonly delays: number | undefined;
  readonly callbackOrder: boolean;
  readonly shard: { readonly index: number; readonly of: number };
}

/** Result of a batch, as plain data. */
export interface BatchResult {
  readonly index: number;
  readonly verdict: ExploreReport["verdict"];
  readonly runs: number;
  readonly interleavings: readonly number[];
  readonly races: RaceCounts;
  /** Labels of `sometimes` that it came to: those that it reached, and the others. */
  readonly reached: readonly string[];
  readonly unreached: readonly string[];
  readonly note: string | undefined;
  readonly seed: number | string;
  readonly failure:
    | { readonly kind: string; readonly message: string; readonly token: string; readonly run: number }
    | undefined;
  /** The report in words. */
  readonly text: string;
}

/** Explore the scenario for one batch. */
export async function doBatch(
  { called, token, seed, param, time, delays, callbackOrder, shard }: SearchPlan,
  { index, strategy, runs, firstRun }: Batch,
  stop: AbortSignal,
  onProgress: (progress: ExploreProgress) => void,
): Promise<BatchResult> {
  const scenario = await findConfigured(called, param);
  const {
    timerTies: _,
    output: __,
    trace: ___,
    ...options
  } = scenarioOptions(scenario, seed === undefined ? {} : { seed });
  const report = await explore(scenario.main, {
    ...(options as Record<string, unknown>),
    ...(time === undefined ? {} : { time }),
    ...(token === undefined ? {} : { token }),
    vary: { callbackOrder, ...(delays === undefined ? {} : { delays }) },
    strategy,
    runs,
    firstRun,
    shard,
    stopSignal: stop,
    onProgress,
  });
  const { failure } = report;
  return {
    index,
    verdict: report.verdict,
    runs: report.runs,
    interleavings: [...report._interleavingHashes],
    races: report.races,
    reached: report._reached,
    unreached: report.unreached,
    note: report.note,
    seed: report.seed,
    failure: failure && {
      kind: failure.kind,
      message: messageOf(failure.error),
      token: failure.token,
      run: failure.run,
    },
    text: String(report),
  };
}

const messageOf = (error: unknown): string =>
  error instanceof Error ? `${error.name}: ${error.message}` : String(error);
