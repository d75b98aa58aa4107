import { type Command, Option } from "commander";
import {
  ImpureProgramError,
  type ReplayOptions,
  type Scenario,
  scenarioOptions,
  TokenError,
} from "../../engine/index.ts";
import { ScenarioFailure, UsageError } from "./failures.ts";
import { parseSeconds, parseSeed } from "./option-values.ts";
import type { GivenParameters } from "./param-words.ts";

/** The options of an exploration without which its tokens mean something else. */
export interface TokenOptions {
  readonly seed?: number | string | undefined;
  readonly param?: GivenParameters | undefined;
  readonly until?: number | undefined;
  readonly delays?: number | undefined;
  readonly callbackOrder?: boolean;
  readonly hardening?: true;
}

/** Give `command`, which takes a token, the options of the exploration that found it. */
export const addTokenOptions = (command: Command): Command =>
  command
    .option("--seed <seed>", "as of the exploration", parseSeed)
    .option("--until <seconds>", "stop the simulated world at this virtual time", parseSeconds)
    .option("--delays <seconds>", "as of the exploration", parseSeconds)
    .option("--callback-order", "as of the exploration")
    .addOption(new Option("--hardening", "the former name of --callback-order").hideHelp());

/** The options with which the engine repeats a run of `scenario`. */
export function replayOptionsOf(scenario: Scenario, options: TokenOptions, signal?: AbortSignal): ReplayOptions {
  const { seed, until, delays, callbackOrder = options.hardening ?? false } = options;
  const { timerTies: _, ...world } = scenarioOptions(scenario, {
    ...(seed === undefined ? {} : { seed }),
    ...(until === undefined ? {} : { until }),
  });
  const vary = { callbackOrder, ...(delays === undefined ? {} : { delays }) };
  return { ...(world as ReplayOptions), vary, ...(signal === undefined ? {} : { signal }) };
}

/** What the command says of an error that has to do with the token or the program. */
export function tokenFailure(called: string, error: unknown): unknown {
  if (error instanceof ImpureProgramError) {
    return new ScenarioFailure(`${called} cannot be replayed: ${error.message}`, { cause: error });
  }
  return error instanceof TokenError ? new UsageError(error.message, { cause: error }) : error;
}
