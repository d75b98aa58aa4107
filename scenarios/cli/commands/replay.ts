import { Command, Option } from "commander";
import { ImpureProgramError, type ReplayOptions, replay, scenarioOptions, TokenError } from "../../../engine/index.ts";
import type { CommandIo } from "../command-io.ts";
import { failurePage } from "../failure-page.ts";
import { ScenarioFailure, UsageError } from "../failures.ts";
import { openOutput, STANDARD_OUTPUT } from "../open-output.ts";
import { parseSeconds, parseSeed } from "../option-values.ts";
import { findConfigured } from "../param-option.ts";
import type { GivenParameters } from "../param-words.ts";
import { replayCall } from "../replay-call.ts";
import { requireEnding, traceFormat, traceFormatNames, written } from "../trace-formats.ts";

interface ReplayCommandOptions {
  readonly output?: string;
  readonly trace?: string;
  readonly format?: string;
  readonly seed?: number | string;
  readonly param?: GivenParameters;
  readonly until?: number;
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
    .option("--until <seconds>", "stop the simulated world at this virtual time", parseSeconds)
    .option("--delays <seconds>", "as of the exploration", parseSeconds)
    .option("--callback-order", "as of the exploration")
    .addOption(new Option("--hardening", "the former name of --callback-order").hideHelp())
    .option("-o, --output <file>", "write a page with this run below that of the default schedule, as HTML")
    .option("--trace <file>", "write the timing trace of this run to this file; - for the standard output")
    .addOption(
      new Option("--format <format>", "of the trace, unless the file's ending says it").choices(traceFormatNames),
    )
    .addHelpText("after", EXAMPLES)
    .action((called: string, token: string, options: ReplayCommandOptions) => run(called, token, options, io));

async function run(
  called: string,
  token: string,
  options: ReplayCommandOptions,
  { out, err, signal }: CommandIo,
): Promise<void> {
  requireEnding(options.output, ".html", "the page is HTML");
  const format = options.trace === undefined ? undefined : traceFormat(options.trace, options.format);
  await using page = options.output === undefined ? undefined : await openOutput(options.output, out);
  await using traceFile = options.trace === undefined ? undefined : await openOutput(options.trace, out);
  const isMute = [options.output, options.trace].includes(STANDARD_OUTPUT);
  const { seed, until, delays, callbackOrder = options.hardening ?? false } = options;
  const scenario = await findConfigured(called, options.param);
  const { timerTies: _, ...world } = scenarioOptions(scenario, {
    ...(seed === undefined ? {} : { seed }),
    ...(until === undefined ? {} : { until }),
  });
  try {
    const replayOptions: ReplayOptions = {
      ...(world as ReplayOptions),
      vary: { callbackOrder, ...(delays === undefined ? {} : { delays }) },
      signal,
    };
    const result = await replay(scenario.main, token, {
      ...replayOptions,
      trace: format === undefined ? "off" : "full",
      output: (text) => (isMute ? undefined : out.write(text)),
    });
    for (const warning of result.warnings) {
      err.say(`${warning}\n`);
    }
    if (format !== undefined) {
      await traceFile?.write(await written(format, result.trace, called));
    }
    await page?.write(
      await failurePage({ called, scenario, options: replayOptions }, token, replayCall({ called, ...options }, token)),
    );
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
