import { Command } from "commander";
import { criticalPath, formatPath } from "../../../engine/index.ts";
import type { CommandIo } from "../command-io.ts";
import { parseCount } from "../explore/option-values.ts";
import { UsageError } from "../failures.ts";
import { parseSeconds, parseSeed } from "../option-values.ts";
import { findTrace, type RunChoice } from "../traced-run.ts";
import { withoutFunction } from "../without-function.ts";

interface WhyOptions extends RunChoice {
  readonly json?: true;
}

const EXAMPLES = `
Examples:
  simloop why run.jsonl 412
  simloop why dns-failover 96 --seed 3`;

/** The command `simloop why`. */
export const whyCommand = (io: CommandIo): Command =>
  new Command("why")
    .description("show the critical path of an event: what led to it, and what the time was spent on")
    .argument("<scenario|file.jsonl>", "a scenario to run, or a recorded trace")
    .argument("<event>", "the number of the event, as simloop trace shows it", parseCount)
    .option("--json", "print the path as JSON")
    .option("--seed <seed>", "as for run", parseSeed)
    .option("--until <seconds>", "as for run", parseSeconds)
    .addHelpText("after", EXAMPLES)
    .action((called: string, event: number, options: WhyOptions) => why(called, event, options, io));

async function why(called: string, event: number, { json, ...choice }: WhyOptions, io: CommandIo): Promise<void> {
  const { trace } = await findTrace(called, choice, io);
  try {
    const path = criticalPath(trace, event);
    io.out.write(json === true ? `${JSON.stringify(path)}\n` : formatPath(path));
  } catch (error) {
    throw error instanceof RangeError ? new UsageError(withoutFunction(error.message), { cause: error }) : error;
  }
}
