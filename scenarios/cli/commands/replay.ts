import { Command, Option } from "commander";
import { replay } from "../../../engine/index.ts";
import type { CommandIo } from "../command-io.ts";
import { failurePage } from "../failure-page.ts";
import { ScenarioFailure } from "../failures.ts";
import { openOutput, STANDARD_OUTPUT } from "../open-output.ts";
import { findConfigured } from "../param-option.ts";
import { replayCall } from "../replay-call.ts";
import { addTokenOptions, replayOptionsOf, type TokenOptions, tokenFailure } from "../token-options.ts";
import { requireEnding, traceFormat, traceFormatNames, written } from "../trace-formats.ts";

interface ReplayCommandOptions extends TokenOptions {
  readonly output?: string;
  readonly trace?: string;
  readonly format?: string;
}

const EXAMPLES = `
Examples:
  simloop replay cache-stampede 's1:a#2>b#3;0.1.0-1a2b3c4d'`;

/** The command `simloop replay`. */
export const replayCommand = (io: CommandIo): Command =>
  addTokenOptions(
    new Command("replay")
      .description("run a scenario in exactly the order that a token of explore stands for")
      .argument("<scenario>", "a built-in name, or the path of a file that exports a scenario by default")
      .argument("<token>", "what explore printed; in quotes, for a shell would read > as its own"),
  )
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
  const scenario = await findConfigured(called, options.param);
  try {
    const replayOptions = replayOptionsOf(scenario, options, signal);
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
    throw tokenFailure(called, error);
  }
}
