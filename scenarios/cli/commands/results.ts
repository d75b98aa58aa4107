import { Command } from "commander";
import { type RangeResult, reportOfCampaign, SweepReport } from "../../../engine/experiment/index.ts";
import type { CommandIo } from "../command-io.ts";
import { writeExperiment } from "../experiment/experiment-output.ts";
import { InputError, ScenarioFailure, UsageError } from "../failures.ts";
import { readStore, type StoreContent } from "../sweep/file-store.ts";
import { programHash } from "../sweep/program-hash.ts";
import { writeReport } from "../sweep/report-output.ts";
import { programText } from "../sweep/sweep-plan.ts";

interface ResultsOptions {
  readonly html?: string;
  readonly csv?: string;
  readonly json?: true;
}

const EXAMPLES = `
Examples:
  simloop results bank.jsonl
  simloop results part-1.jsonl part-2.jsonl --html bank.html`;

/** The command `simloop results`. */
export const resultsCommand = (io: CommandIo): Command =>
  new Command("results")
    .description("report on the results that a sweep or an experiment has kept, or on those of its shards together")
    .argument("<files...>", "files that --results of simloop sweep or simloop experiment has written")
    .option("--html <file>", "write the report as a page")
    .option("--csv <file>", "of an experiment, write the measures of all replications to this file")
    .option("--json", "print the report as JSON")
    .addHelpText("after", EXAMPLES)
    .action((paths: string[], options: ResultsOptions) => showResults(paths, options, io));

async function showResults(paths: readonly string[], options: ResultsOptions, io: CommandIo): Promise<void> {
  const { html, csv, json } = options;
  const stores = await Promise.all(paths.map(readStore));
  const [first] = stores as [StoreContent, ...StoreContent[]];
  const { called, about } = first.header;
  for (const [i, { header }] of stores.entries()) {
    requireSameCampaign(paths, i, first, header);
  }
  for (const [i, { damaged }] of stores.entries()) {
    if (damaged.length > 0) {
      io.err.write(
        `simloop: ${paths[i]} has ${damaged.length} damaged ${damaged.length === 1 ? "line" : "lines"}, which do not count\n`,
      );
    }
  }
  const seeds = {
    from: Math.min(...stores.map(({ header }) => header.about.seeds.from)),
    to: Math.max(...stores.map(({ header }) => header.about.seeds.to)),
  };
  const results = distinctRanges(stores.flatMap((store) => store.results));
  const experiment = reportOfCampaign(about, results);
  if (experiment !== null) {
    await writeExperiment(experiment, options, io);
    return;
  }
  if (csv !== undefined) {
    throw new UsageError(`--csv is for experiments; ${paths[0]} has the results of a sweep`);
  }
  const report = new SweepReport(
    { ...about, seeds },
    results,
    stores.flatMap(({ shrunk }) => shrunk),
  );
  const { until } = JSON.parse(about.options) as { readonly until?: number };
  const isRunnable = html !== undefined && (await isSameProgram(called, about.program));
  if (html !== undefined && !isRunnable && report.failures.length > 0) {
    io.err.write(`simloop: ${called} is not the program that was swept; the page has no traces of its failures\n`);
  }
  await writeReport(report, { called, until, isRunnable, html, json }, io);
  if (report.verdict === "failed") {
    throw new ScenarioFailure(
      `${called} fails in ${report.failures.reduce((sum, { count }) => sum + count, 0)} of ${report.runs} runs`,
    );
  }
}

/** Whether `called` means the program with this hash here. */
const isSameProgram = (called: string, program: string): Promise<boolean> =>
  programHash(called, () => programText({ called })).then(
    (hash) => hash === program,
    () => false,
  );

/** Shards of one sweep differ in their seeds only. @throws InputError */
function requireSameCampaign(
  paths: readonly string[],
  i: number,
  first: StoreContent,
  { about }: StoreContent["header"],
): void {
  const { program, options, settings } = first.header.about;
  if (
    about.program !== program ||
    about.options !== options ||
    JSON.stringify(about.settings) !== JSON.stringify(settings)
  ) {
    throw new InputError(
      `${paths[i]} belongs to another sweep than ${paths[0]}: expected the same program, options and parameters`,
    );
  }
}

/** A file that is named twice counts once. */
function distinctRanges(results: readonly RangeResult[]): RangeResult[] {
  const byKey = new Map(results.map((result) => [`${result.setting}:${result.from}-${result.to}`, result]));
  return [...byKey.values()];
}
