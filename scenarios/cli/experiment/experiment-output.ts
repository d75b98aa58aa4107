import type { ExperimentReport } from "../../../engine/experiment/index.ts";
import type { CommandIo } from "../command-io.ts";
import { OutputFile } from "../output-file.ts";
import { experimentPage } from "./experiment-page.ts";

/** How a report is wanted. */
interface ExperimentOutput {
  readonly json?: true;
  readonly csv?: string;
  readonly html?: string;
}

/** Print `report` as a table or JSON, and write it as CSV and as a page if that is wanted. */
export async function writeExperiment(
  report: ExperimentReport,
  { json, csv, html }: ExperimentOutput,
  io: CommandIo,
): Promise<void> {
  if (csv !== undefined) {
    await using file = await OutputFile.open(csv);
    await file.write([report.toCsv()]);
  }
  if (html !== undefined) {
    await using file = await OutputFile.open(html);
    await file.write(experimentPage(report));
  }
  io.out.write(json ? `${JSON.stringify(report)}\n` : `${report}\n`);
}
