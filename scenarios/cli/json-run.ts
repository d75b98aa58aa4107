import type { SimulationResult } from "../../engine/index.ts";
import { userFrames } from "./load/error-place.ts";
import { errorLine } from "./load/error-text.ts";

/** A run as `simloop run --json` prints it, on one line. */
export interface JsonRun {
  /** The scenario as it was called. */
  readonly scenario: string;
  readonly seed: number | string;
  readonly verdict: "ok" | "failed";
  /** Virtual time at the end, in seconds. */
  readonly time: number;
  readonly steps: number;
  readonly digest: string;
  /** What the scenario printed. */
  readonly output: string;
  readonly warnings: readonly string[];
  /** The error that ended the run, and the calls that led to it, the innermost first. */
  readonly error?: { readonly message: string; readonly calls: readonly string[] };
}

/** Describe the run of `called`. */
export const jsonRun = (called: string, seed: number | string, result: SimulationResult<unknown>): JsonRun => ({
  scenario: called,
  seed,
  verdict: "error" in result ? "failed" : "ok",
  time: result.time,
  steps: result.steps,
  digest: result.digest,
  output: result.output,
  warnings: result.warnings,
  ...("error" in result ? { error: jsonError(result.error) } : {}),
});

const jsonError = (error: unknown): NonNullable<JsonRun["error"]> => ({
  message: errorLine(error),
  calls: userFrames(error).map(({ name, place }) => (name === undefined ? place : `${name} (${place})`)),
});
