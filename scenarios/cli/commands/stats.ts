import { Command } from "commander";
import { formatStats, statsSvg, traceStats } from "../../../engine/index.ts";
import type { CommandIo } from "../command-io.ts";
import { UsageError } from "../failures.ts";
import { openOutput, STANDARD_OUTPUT } from "../open-output.ts";
import { parseSeconds, parseSeed } from "../option-values.ts";
import { isTraceFile } from "../read-trace.ts";
import { requireOtherFile } from "../require-other-file.ts";
import { requireEnding } from "../trace-formats.ts";
import { findTrace, type RunChoice } from "../traced-run.ts";

interface StatsOptions extends RunChoice {
  readonly json?: true;
  readonly output?: string;
}

const EXAMPLES = `
Examples:
  simloop stats tcp-server
  simloop stats run.jsonl --json
  simloop stats run.jsonl -o run.svg`;

/** The command `simloop stats`. */
export const statsCommand = (io: CommandIo): Command =>
  new Command("stats")
    .description("show what tasks waited for and for how long, and what queued up")
    .argument("<scenario|file.jsonl>", "a scenario to run, or a recorded trace")
    .option("--json", "as JSON, to be read by programs")
    .option(
      "-o, --output <file>",
      "write pictures to this file (- for the standard output) instead, as SVG: waits by length, queues over time",
    )
    .option("--seed <seed>", "as for run", parseSeed)
    .option("--until <seconds>", "as for run", parseSeconds)
    .addHelpText("after", EXAMPLES)
    .action((called: string, options: StatsOptions) => stats(called, options, io));

async function stats(called: string, { json, output, ...choice }: StatsOptions, io: CommandIo): Promise<void> {
  if (json === true && output === STANDARD_OUTPUT) {
    throw new UsageError("--json and -o - both write to the standard output; expected one of them");
  }
  await requireOtherFile(output, isTraceFile(called) ? [called] : []);
  requireEnding(output, ".svg", "the pictures are SVG");
  await using file = output === undefined ? undefined : await openOutput(output, io.out);
  const { trace, failure } = await findTrace(called, choice, io);
  const numbers = traceStats(trace);
  if (json === true || output === undefined) {
    io.out.write(json === true ? `${JSON.stringify(numbers, null, 2)}\n` : formatStats(numbers));
  }
  await file?.write([statsSvg(trace)]);
  if (failure !== undefined) {
    throw failure;
  }
}
