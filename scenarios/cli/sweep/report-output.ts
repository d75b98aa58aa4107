import {
  type FailedRun,
  type RunNamer,
  type ShrunkFailure,
  type SweepReport,
  valuesOf,
} from "../../../engine/experiment/index.ts";
import type { CommandIo } from "../command-io.ts";
import { calledWords } from "../node-option.ts";
import { OutputFile } from "../output-file.ts";
import { parameterWords } from "../param-words.ts";
import { shellWord } from "../shell-word.ts";
import { writeFailurePages } from "./failure-pages.ts";
import { reportPage } from "./report-page.ts";

/** How a report is wanted. */
interface ReportOutput {
  readonly called: string;
  readonly until?: number | undefined;
  /** Whether the program is there, and the one that was swept, so that failures can be shown. */
  readonly isRunnable?: boolean;
  readonly html?: string | undefined;
  readonly json?: true | undefined;
}

/** The command that repeats a run. */
export function commandFor(
  called: string,
  report: SweepReport,
  run: FailedRun | ShrunkFailure,
  until?: number,
): string {
  const { seed, token } = run;
  const onlyFaults = "values" in run ? run.onlyFaults : undefined;
  const parameters = parameterWords({ values: valuesOf(run, report.settings), onlyFaults });
  const words = calledWords(called);
  const what = token === undefined ? `run ${words}` : `replay ${words} ${shellWord(token)}`;
  return `simloop ${what} --seed ${seed}${parameters}${until === undefined ? "" : ` --until ${until}`}`;
}

/** Print `report`, as text or JSON, and write it as a page if that is wanted. */
export async function writeReport(
  report: SweepReport,
  { called, until, isRunnable = true, html, json }: ReportOutput,
  io: CommandIo,
): Promise<void> {
  const commandOf: RunNamer = (run) => commandFor(called, report, run, until);
  io.out.write(json ? `${JSON.stringify(report)}\n` : `${report.describe(commandOf)}\n`);
  if (html !== undefined) {
    const links = isRunnable ? await writeFailurePages({ called, report, until, commandOf }, html, io) : new Map();
    await using file = await OutputFile.open(html);
    await file.write(reportPage(called, report, commandOf, links));
  }
}
