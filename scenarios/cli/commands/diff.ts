import { Command } from "commander";
import { diffTraces, formatDiff, htmlPieces } from "../../../engine/index.ts";
import type { CommandIo } from "../command-io.ts";

import { DifferenceFound, UsageError } from "../failures.ts";
import { sourcesBeside } from "../load/source-texts.ts";

import { openOutput, STANDARD_OUTPUT } from "../open-output.ts";
import { readTrace } from "../read-trace.ts";
import { requireOtherFile } from "../require-other-file.ts";
import { requireEnding } from "../trace-formats.ts";

interface DiffOptions {
  readonly output?: string;
  readonly json?: true;
}

const EXAMPLES = `
Examples:
  simloop diff good.jsonl bad.jsonl
  simloop diff good.jsonl bad.jsonl -o both.html`;

/** The command `simloop diff`. */
export const diffCommand = (io: CommandIo): Command =>
  new Command("diff")
    .description("compare two recorded traces: where they part first, what led there, and what follows")
    .argument("<a.jsonl>", "a recorded trace")
    .argument("<b.jsonl>", "another")
    .option(
      "-o, --output <file>",
      "write a page with both runs to this file (- for the standard output, then without the report), as HTML",
    )
    .option("--json", "print the comparison as JSON")
    .addHelpText("after", EXAMPLES)
    .action((left: string, right: string, options: DiffOptions) => diff(left, right, options, io));

async function diff(left: string, right: string, { output, json }: DiffOptions, { out }: CommandIo): Promise<void> {
  if (json === true && output === STANDARD_OUTPUT) {
    throw new UsageError("--json and -o - both write to the standard output; expected one of them");
  }
  await requireOtherFile(output, [left, right]);
  requireEnding(output, ".html", "the page is HTML");
  await using file = output === undefined ? undefined : await openOutput(output, out);
  const [a, b] = [await readTrace(left), await readTrace(right)];
  const found = diffTraces(a, b);
  if (output !== STANDARD_OUTPUT) {
    out.write(json === true ? `${JSON.stringify(found, null, 2)}\n` : formatDiff(found, a, b, [left, right]));
  }
  if (file !== undefined) {
    const sources = { ...(await sourcesBeside(left, a)), ...(await sourcesBeside(right, b)) };
    await file.write(htmlPieces(a, { compareWith: b, names: [left, right], sources }));
  }
  if (!found.equal) {
    throw new DifferenceFound(`${left} and ${right} differ`);
  }
}
