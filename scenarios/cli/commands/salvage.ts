import { Command } from "commander";
import { jsonlLines } from "../../../engine/index.ts";
import type { CommandIo } from "../command-io.ts";
import { openOutput } from "../open-output.ts";
import { salvageTrace } from "../read-trace.ts";
import { requireOtherFile } from "../require-other-file.ts";

const EXAMPLES = `
Examples:
  simloop salvage broken.jsonl -o saved.jsonl`;

/** The command `simloop salvage`. */
export const salvageCommand = (io: CommandIo): Command =>
  new Command("salvage")
    .description("save the events of a truncated or damaged trace up to the first line that cannot be read")
    .argument("<file.jsonl>", "a recorded trace")
    .option("-o, --output <file>", "write to this file instead of the standard output (-)")
    .addHelpText("after", EXAMPLES)
    .action((path: string, options: { readonly output?: string }) => salvage(path, options, io));

async function salvage(path: string, { output = "-" }: { readonly output?: string }, io: CommandIo): Promise<void> {
  await requireOtherFile(output, [path]);
  await using file = await openOutput(output, io.out);
  const { trace, problem } = await salvageTrace(path);
  await file.write(jsonlLines(trace));
  const count = `${trace.records.length} event${trace.records.length === 1 ? "" : "s"}`;
  io.err.say(problem === null ? `${path} is whole: ${count}\n` : `saved ${count} of ${path}; ${problem}\n`);
}
