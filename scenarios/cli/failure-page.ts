import {
  type Deviation,
  htmlPieces,
  type PageFailure,
  type PageMark,
  type ReplayOptions,
  type ReplayResult,
  replay,
  type Scenario,
  type Trace,
} from "../../engine/index.ts";
import type { Piece } from "./blocks.ts";
import { sourceTexts } from "./load/source-texts.ts";

/** A scenario, and the options that its runs are repeated with. */
export interface ReplayedScenario {
  readonly called: string;
  readonly scenario: Scenario;
  readonly options: ReplayOptions;
}

/** The token of the run without deviations. */
const BASELINE = "s1:";

/** What two compared runs are called. */
export const RUN_NAMES = ["default schedule", "failing schedule"] as const;

/** The records at which steps begin, in order: the n-th belongs to the n-th step of the run. */
const stepRecords = ({ trace }: ReplayResult): number[] =>
  trace.records.filter(({ kind }) => kind === "step" || kind === "run").map(({ seq }) => seq);

const decoded = (name: string): string =>
  name.replace(/%([0-9a-f]{2})/g, (_, code: string) => String.fromCharCode(Number.parseInt(code, 16)));

/** The record of the choice that a deviation is about: the one of that name, of several the one with its ordinal. */
function choiceRecord({ name }: Deviation, { trace }: ReplayResult): number | undefined {
  const [, called = "", ordinal = "1"] = /^(.*?)(?:@(\d+))?$/.exec(name) ?? [];
  const records = trace.records.filter(
    (record) =>
      record.kind === "choice.made" && "detail" in record && decoded(called).endsWith(String(record.detail["point"])),
  );
  return records[Number(ordinal) - 1]?.seq;
}

const markOf = (deviation: Deviation, runs: readonly [ReplayResult, ReplayResult]): PageMark => {
  const record = (run: ReplayResult): number | undefined =>
    deviation.kind === "choice" ? choiceRecord(deviation, run) : stepRecords(run)[run.order.indexOf(deviation.name)];
  return { text: deviation.text, records: [record(runs[0]), record(runs[1])] };
};

/** A page with two runs of a scenario, and what went wrong with the second. */
export async function comparisonPage(
  called: string,
  runs: readonly [Trace, Trace],
  names: readonly [string, string],
  failure: PageFailure,
): Promise<Iterable<Piece>> {
  const sources = { ...(await sourceTexts(runs[0], called)), ...(await sourceTexts(runs[1], called)) };
  return htmlPieces(runs[0], { compareWith: runs[1], names, sources, failure });
}

/**
 * A page with the failing run of `token` below that of the default schedule.
 *
 * @param command - What shows the failure again.
 */
export async function failurePage(
  { called, scenario, options }: ReplayedScenario,
  token: string,
  command: string,
): Promise<Iterable<Piece>> {
  const traced: ReplayOptions = { ...options, trace: "full", output: () => {} };
  const baseline = await replay(scenario.main, BASELINE, traced);
  const failing = await replay(scenario.main, token, traced);
  return comparisonPage(called, [baseline.trace, failing.trace], RUN_NAMES, {
    error: withoutPicture(failing.explanation) || "this schedule does not fail",
    token,
    command,
    marks: failing.deviations.map((deviation) => markOf(deviation, [baseline, failing])),
  });
}

/** The first paragraph of an explanation: what failed. The rest is what the page shows. */
const withoutPicture = (explanation: string): string => explanation.split("\n\n", 1)[0]!;

/**
 * A page with a run that failed.
 *
 * @param report - Its failure, in several lines, of which the last names the command that shows it again.
 */
export async function runFailurePage(called: string, trace: Trace, report: string): Promise<Iterable<Piece>> {
  const lines = report.split("\n");
  const command = lines.map((line) => /^\s*to see it again: (.*)$/.exec(line)?.[1]).find((one) => one !== undefined);
  const error = lines.filter((line) => !/^\s*to see it again: /.test(line)).join("\n");
  const failure: PageFailure = { error, ...(command === undefined ? {} : { command }) };
  return htmlPieces(trace, { sources: await sourceTexts(trace, called), failure });
}
