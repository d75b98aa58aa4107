import type { FailedRun, SweepReport } from "../../../engine/experiment/index.ts";
import type { CommandIo } from "../command-io.ts";
import { calledWords } from "../node-option.ts";
import { OutputFile } from "../output-file.ts";
import { parameterWords } from "../param-words.ts";
import { shellWord } from "../shell-word.ts";
import { reportPage } from "./report-page.ts";

/** How a report is wanted. */
interface ReportOutput {
  readonly called: string;
  readonly until?: number | undefined;
  readonly html?: string | undefined;
  readonly json?: true | undefined;
}

/** The command that repeats a run. */
export function commandFor(
  called: string,
  report: SweepReport,
  { setting, seed, token }: FailedRun,
  until?: number,
): string {
  const parameters = parameterWords(report.settings[setting]?.setting);
  const words = calledWords(called);
  const what = token === undefined ? `run ${words}` : `replay ${words} ${shellWord(token)}`;
  return `simloop ${what} --seed ${seed}${parameters}${until === undefined ? "" : ` --until ${until}`}`;
}

/** Print `report`, as text or JSON, and write it as a page if that is wanted. */
export async function writeReport(
  report: SweepReport,
  { called, until, html, json }: ReportOutput,
  io: CommandIo,
): Promise<void> {
  const nameOf = (run: FailedRun): string => commandFor(called, report, run, until);
  io.out.write(json ? `${JSON.stringify(report)}\n` : `${report.describe(nameOf)}\n`);
  if (html !== undefined) {
    await using file = await OutputFile.open(html);
    await file.write(reportPage(called, report, nameOf));
  }
}
