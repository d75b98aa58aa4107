import { Command } from "commander";
import { inevitable } from "../../../engine/index.ts";
import type { CommandIo } from "../command-io.ts";
import { parseCount } from "../explore/option-values.ts";
import { UsageError } from "../failures.ts";
import { openOutput, STANDARD_OUTPUT } from "../open-output.ts";
import { findConfigured } from "../param-option.ts";
import { addTokenOptions, replayOptionsOf, type TokenOptions, tokenFailure } from "../token-options.ts";
import { requireEnding } from "../trace-formats.ts";
import { withoutFunction } from "../without-function.ts";

interface InevitableCommandOptions extends TokenOptions {
  readonly samples?: number;
  readonly points?: number;
  readonly output?: string;
  readonly json?: true;
}

const EXAMPLES = `
Examples:
  simloop inevitable cache-stampede 's1:a#2>b#3;0.1.0-1a2b3c4d'
  simloop inevitable cache-stampede 's1:a#2>b#3;0.1.0-1a2b3c4d' --samples 1000 -o inevitable.svg`;

/** The command `simloop inevitable`. */
export const inevitableCommand = (io: CommandIo): Command =>
  addTokenOptions(
    new Command("inevitable")
      .description("show from which step on the failure of a token is likelier than not")
      .argument("<scenario>", "a built-in name, or the path of a file that exports a scenario by default")
      .argument("<token>", "what explore printed; in quotes, for a shell would read > as its own"),
  )
    .option("--samples <count>", "random continuations from each step that is looked at (default: 100)", parseCount)
    .option("--points <count>", "limit on the steps that are looked at (default: 40)", parseCount)
    .option("--json", "print the result as JSON")
    .option("-o, --output <file>", "write a picture of it, as SVG")
    .addHelpText("after", EXAMPLES)
    .action((called: string, token: string, options: InevitableCommandOptions) => run(called, token, options, io));

async function run(
  called: string,
  token: string,
  options: InevitableCommandOptions,
  { out, err, signal }: CommandIo,
): Promise<void> {
  requireEnding(options.output, ".svg", "the picture is SVG");
  const { samples, points } = options;
  const scenario = await findConfigured(called, options.param);
  await using picture = options.output === undefined ? undefined : await openOutput(options.output, out);
  try {
    const report = await inevitable(scenario.main, token, {
      ...replayOptionsOf(scenario, options, signal),
      ...(samples === undefined ? {} : { samples }),
      ...(points === undefined ? {} : { points }),
      ...(err.isTerminal
        ? { onPoint: (done, of) => err.write(`\r${done} of ${of} steps${done === of ? "\r\n" : ""}`) }
        : {}),
    });
    await picture?.write(report.toSvg());
    const text = options.json === true ? JSON.stringify(report) : String(report);
    (options.output === STANDARD_OUTPUT ? err : out).say(`${text}\n`);
  } catch (error) {
    throw error instanceof RangeError
      ? new UsageError(withoutFunction(error.message), { cause: error })
      : tokenFailure(called, error);
  }
}
