import type { SimulationResult } from "../../engine/index.ts";
import { backgroundFailures } from "./background-failures.ts";
import type { CommandIo } from "./command-io.ts";
import { failureReport } from "./failure-report.ts";
import { ScenarioFailure } from "./failures.ts";
import { jsonRun } from "./json-run.ts";
import { errorLine } from "./load/error-text.ts";
import { findConfigured } from "./param-option.ts";
import { runScenario } from "./run-scenario.ts";
import type { RunChoice } from "./traced-run.ts";

/** How to run a scenario with many seeds, or for a program that reads JSON. */
export interface SeedsChoice extends RunChoice {
  readonly seeds?: { readonly from: number; readonly to: number };
  readonly strict?: boolean;
  readonly json?: boolean;
}

/**
 * Run the scenario `called` once with each seed, and print a line for each run. What the scenario prints is part of the
 * line in JSON, and is left out otherwise.
 *
 * @throws ScenarioFailure if a run failed, with the report on the first that did.
 */
export async function runSeeds(called: string, choice: SeedsChoice, io: CommandIo): Promise<void> {
  const { param, until, stack, strict, json } = choice;
  const scenario = await findConfigured(called, param);
  const defaultSeed = choice.seed ?? scenario.options?.seed ?? 0;
  let failures = 0;
  let first: string | undefined;
  for (const seed of seedsOf(choice, defaultSeed)) {
    const result = await runScenario(scenario, io, {
      seed,
      ...(until === undefined ? {} : { until }),
      trace: "digest",
      isQuiet: true,
    });
    io.out.write(`${json === true ? JSON.stringify(jsonRun(called, seed, result)) : seedLine(seed, result)}\n`);
    if ("error" in result) {
      failures += 1;
      first ??= failureReport({ called, seed, param, until, stack, ...result });
    } else if (strict === true && backgroundFailures(result.warnings) > 0) {
      failures += 1;
      first ??= `${called} ended with background failures with seed ${seed}, which --strict does not allow`;
    }
  }
  if (first !== undefined) {
    throw new ScenarioFailure(failures === 1 ? first : `${failures} runs failed; the first:\n  ${first}`);
  }
}

function* seedsOf({ seeds }: SeedsChoice, defaultSeed: number | string): Generator<number | string, void, undefined> {
  if (seeds === undefined) {
    yield defaultSeed;
    return;
  }
  for (let seed = seeds.from; seed <= seeds.to; seed++) {
    yield seed;
  }
}

const seedLine = (seed: number | string, result: SimulationResult<unknown>): string =>
  "error" in result
    ? `seed ${seed}: failed at ${result.time} s: ${errorLine(result.error)}`
    : `seed ${seed}: ok, ${result.time} s, ${result.steps} steps`;
