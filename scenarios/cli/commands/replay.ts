import { Command, Option } from "commander";
import { ImpureProgramError, type ReplayOptions, replay, scenarioOptions, TokenError } from "../../../engine/index.ts";
import type { CommandIo } from "../command-io.ts";
import { ScenarioFailure, UsageError } from "../failures.ts";
import { findScenario } from "../load/find-scenario.ts";
import { parseSeconds, parseSeed } from "../option-values.ts";

interface ReplayCommandOptions {
  readonly seed?: number | string;
  readonly delays?: number;
  readonly callbackOrder?: true;
  readonly hardening?: true;
}

const EXAMPLES = `
Examples:
  simloop replay cache-stampede 's1:a#2>b#3;0.1.0-1a2b3c4d'`;

/** The command `simloop replay`. */
export const replayCommand = (io: CommandIo): Command =>
  new Command("replay")
    .description("run a scenario in exactly the order that a token of explore stands for")
    .argument("<scenario>", "a built-in name, or the path of a file that exports a scenario by default")
    .argument("<token>", "what explore printed; in quotes, for a shell would read > as its own")
    .option("--seed <seed>", "as of the exploration", parseSeed)
    .option("--delays <seconds>", "as of the exploration", parseSeconds)
    .option("--callback-order", "as of the exploration")
    .addOption(new Option("--hardening", "the former name of --callback-order").hideHelp())
    .addHelpText("after", EXAMPLES)
    .action((called: string, token: string, options: ReplayCommandOptions) => run(called, token, options, io));

async function run(
  called: string,
  token: string,
  options: ReplayCommandOptions,
  { out, err, signal }: CommandIo,
): Promise<void> {
  const { seed, delays, callbackOrder = options.hardening ?? false } = options;
  const scenario = await findScenario(called);
  const { timerTies: _, ...world } = scenarioOptions(scenario, seed === undefined ? {} : { seed });
  try {
    const result = await replay(scenario.main, token, {
      ...(world as ReplayOptions),
      vary: { callbackOrder, ...(delays === undefined ? {} : { delays }) },
      signal,
      trace: "off",
      output: (text) => out.write(text),
    });
    for (const warning of result.warnings) {
      err.say(`${warning}\n`);
    }
    if (result.failure !== undefined) {
      throw new ScenarioFailure(result.explanation.replace(/^failed/, () => `${called} fails`));
    }
    err.write(`${called} passes in this order (${result.steps} steps, ${result.time} s)\n`);
  } catch (error) {
    if (error instanceof ImpureProgramError) {
      throw new ScenarioFailure(`${called} cannot be replayed: ${error.message}`, { cause: error });
    }
    throw error instanceof TokenError ? new UsageError(error.message, { cause: error }) : error;
  }
}
