import { basename } from "node:path";
import {
  type FailedRun,
  type ReportedFailure,
  type ShrunkFailure,
  type SweepReport,
  valuesOf,
  withFaults,
} from "../../../engine/experiment/index.ts";
import { type ReplayOptions, scenarioOptions, withParameters } from "../../../engine/index.ts";
import type { Piece } from "../blocks.ts";
import type { CommandIo } from "../command-io.ts";
import { failurePage, runFailurePage } from "../failure-page.ts";
import { failureReport } from "../failure-report.ts";
import { findScenario } from "../load/find-scenario.ts";
import { OutputFile } from "../output-file.ts";
import { runForTrace } from "../traced-run.ts";

/** Runs with more steps have no page: a browser would not show it. */
const MOST_STEPS = 100_000;

/** So many failures have a page: the first ones. */
const MOST_PAGES = 20;

/** The page of a failure, as a link from the report; absent where there is none. */
export type PageLinks = ReadonlyMap<ReportedFailure, string>;

/** What the pages are made from. */
interface PagesOf {
  readonly called: string;
  readonly report: SweepReport;
  readonly until: number | undefined;
  /** The command that repeats a run. */
  readonly commandOf: (run: FailedRun | ShrunkFailure) => string;
}

/**
 * Write a page with the trace of each failure beside the report at `path`: of the shrunk run, or of the smallest.
 *
 * @returns The links to them.
 */
export async function writeFailurePages(given: PagesOf, path: string, io: CommandIo): Promise<PageLinks> {
  const links = new Map<ReportedFailure, string>();
  for (const [i, failure] of given.report.failures.slice(0, MOST_PAGES).entries()) {
    const run = failure.shrunk ?? failure.smallest;
    if (run.steps > MOST_STEPS) {
      continue;
    }
    const target = `${path.replace(/\.html$/, "")}-failure-${i + 1}.html`;
    await using file = await OutputFile.open(target);
    await file.write(await pageOf(given, run, io));
    links.set(failure, encodeURIComponent(basename(target)));
  }
  return links;
}

async function pageOf(
  { called, report, until, commandOf }: PagesOf,
  run: FailedRun | ShrunkFailure,
  io: CommandIo,
): Promise<Iterable<Piece>> {
  const { seed, token } = run;
  const values = valuesOf(run, report.settings);
  const onlyFaults = "values" in run ? run.onlyFaults : undefined;
  const own = withParameters(await findScenario(called), values);
  const world = scenarioOptions(own, { seed, ...(until === undefined ? {} : { until }) });
  const options = onlyFaults === undefined ? world : withFaults(world, onlyFaults);
  const scenario = { ...own, options };
  if (token !== undefined) {
    const { timerTies: _, ...replayed } = options;
    return await failurePage({ called, scenario, options: replayed as ReplayOptions }, token, commandOf(run));
  }
  const { trace, error, time } = await runForTrace({ called, scenario, seed }, io);
  const texts = Object.fromEntries(Object.entries(values).map(([name, value]) => [name, String(value)]));
  const param = { values: texts, ...(onlyFaults === undefined ? {} : { onlyFaults }) };
  return await runFailurePage(called, trace, failureReport({ called, seed, param, until, time, error }));
}
