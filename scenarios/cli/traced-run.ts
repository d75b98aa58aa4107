import type { Scenario, SimulateOptions, SimulationResult, Trace, TraceFilter } from "../../engine/index.ts";
import type { CommandIo } from "./command-io.ts";
import { failureReport } from "./failure-report.ts";
import { ScenarioFailure, UsageError } from "./failures.ts";
import { findConfigured } from "./param-option.ts";
import type { GivenParameters } from "./param-words.ts";
import { isTraceFile, readTrace } from "./read-trace.ts";
import { runScenario } from "./run-scenario.ts";

/** The options by which a run is repeated. */
export interface RunChoice {
  readonly seed?: number | string;
  readonly param?: GivenParameters;
  readonly until?: number;
  /** Show stacks of errors as they are. */
  readonly stack?: boolean;
}

/** A scenario, what it was called, and the seed that it runs with. */
export interface CalledScenario {
  readonly called: string;
  readonly scenario: Scenario;
  readonly seed: number | string;
  readonly param?: GivenParameters;
  readonly until?: number;
  readonly stack?: boolean;
}

/** Find the scenario that `called` means. @throws UsageError if there is none. */
export async function callScenario(called: string, { seed, param, until, stack }: RunChoice): Promise<CalledScenario> {
  const scenario = await findConfigured(called, param);
  return {
    called,
    scenario,
    seed: seed ?? scenario.options?.seed ?? 0,
    ...(param === undefined ? {} : { param }),
    ...(until === undefined ? {} : { until }),
    ...(stack === undefined ? {} : { stack }),
  };
}

/** Run a scenario for its trace: what it prints is in there, and nowhere else; it warns of nothing. */
export const runForTrace = (
  { scenario, seed, until }: CalledScenario,
  io: CommandIo,
  options: Pick<SimulateOptions, "traceSink" | "traceFilter"> & { readonly signal?: AbortSignal } = {},
): Promise<SimulationResult<unknown>> =>
  runScenario(scenario, io, {
    seed,
    ...(until === undefined ? {} : { until }),
    ...options,
    trace: "full",
    isQuiet: true,
    goOnUnread: true,
  });

/** The failure that a run ended with; `undefined` if it ended well. */
export const failureOf = (
  { called, seed, param, until, stack }: CalledScenario,
  result: SimulationResult<unknown>,
): ScenarioFailure | undefined =>
  "error" in result ? new ScenarioFailure(failureReport({ called, seed, param, until, stack, ...result })) : undefined;

/** A trace, recorded or made now, and how the run failed if it did. */
export interface FoundTrace {
  readonly trace: Trace;
  readonly failure: ScenarioFailure | undefined;
}

/** What `filter` is for a run. */
export const filterOption = (filter: TraceFilter | undefined): { readonly traceFilter?: TraceFilter } =>
  filter === undefined ? {} : { traceFilter: filter };

/** @throws UsageError if `called` is a recorded run, which no option can change. */
export function requireRun(called: string, { seed, param, until }: RunChoice): void {
  if (isTraceFile(called) && [seed, param, until].some((option) => option !== undefined)) {
    throw new UsageError(`--seed, --param and --until are for runs; ${called} is a recorded one`);
  }
}

/** The trace in the file `called`, or of a run of the scenario `called`: what `filter` lets through. */
export async function findTrace(
  called: string,
  choice: RunChoice,
  io: CommandIo,
  filter?: TraceFilter,
): Promise<FoundTrace> {
  requireRun(called, choice);
  if (isTraceFile(called)) {
    return { trace: await readTrace(called, filter), failure: undefined };
  }
  const found = await callScenario(called, choice);
  const result = await runForTrace(found, io, filterOption(filter));
  return { trace: result.trace, failure: failureOf(found, result) };
}
