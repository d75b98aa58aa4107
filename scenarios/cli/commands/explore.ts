import { Command, Option } from "commander";
import { type StrategyName, strategyNames, strategyTraits, TokenError } from "../../../engine/index.ts";
import { columns } from "../columns.ts";
import type { CommandIo } from "../command-io.ts";
import { batchesOf } from "../explore/batches.ts";
import type { SearchPlan } from "../explore/do-batch.ts";
import { parseCount, parseDuration, parseShard, parseWorkers } from "../explore/option-values.ts";
import { ProgressLine } from "../explore/progress-line.ts";
import { type SearchResult, search } from "../explore/search.ts";
import { localWorker, threadWorker } from "../explore/workers.ts";
import { failurePage } from "../failure-page.ts";
import { Interruption, ScenarioFailure, UsageError } from "../failures.ts";
import { openOutput, STANDARD_OUTPUT } from "../open-output.ts";
import { parseSeconds, parseSeed } from "../option-values.ts";
import { findConfigured } from "../param-option.ts";
import type { GivenParameters } from "../param-words.ts";
import { replayCall } from "../replay-call.ts";
import { replayOptionsOf } from "../token-options.ts";
import { requireEnding } from "../trace-formats.ts";

interface ExploreCommandOptions {
  readonly strategy: StrategyName;
  readonly token?: string;
  readonly runs?: number;
  readonly time?: number;
  readonly seed?: number | string;
  readonly param?: GivenParameters;
  readonly delays?: number;
  readonly callbackOrder?: true;
  readonly hardening?: true;
  readonly workers: number;
  readonly shard?: { readonly index: number; readonly of: number };
  readonly json?: true;
  readonly jsonl?: true;
  readonly output?: string;
}

const RUNS = 1000;
/** Milliseconds; Node knows no longer timers. */
const LONGEST_TIMER = 2 ** 31 - 1;

const EXAMPLES = `
Examples:
  simloop explore cache-stampede
  simloop explore ./my-scenario.ts --runs 100000 --workers 4
  simloop explore ./my-scenario.ts --time 60s --shard 2/8 --json >> results.jsonl
  simloop explore ./small.ts --strategy exhaustive`;

/** The command `simloop explore`. */
export const exploreCommand = (io: CommandIo): Command =>
  new Command("explore")
    .description("look for an order of events that breaks a scenario; prints the smallest, and a token that replays it")
    .argument("<scenario>", "a built-in name, or the path of a file that exports a scenario by default")
    .addOption(
      new Option("--strategy <name>", "how orders are chosen, see below").choices(strategyNames).default("mix"),
    )
    .option("--token <token>", "the schedule for --strategy replay, which is shrunk and explained if it fails")
    .option("--runs <count>", `limit on runs (default: ${RUNS}; without limit if --time is given)`, parseCount)
    .option("--time <duration>", "limit on real time: 60s, 5m, 1h", parseDuration)
    .option("--seed <seed>", "what all random numbers are derived from (default: the scenario's, or 0)", parseSeed)
    .option("--delays <seconds>", "let timers be late by up to so many virtual seconds", parseSeconds)
    .option("--callback-order", "also vary the order of what one step scheduled, which asyncio promises to keep")
    .addOption(new Option("--hardening", "the former name of --callback-order").hideHelp())
    .option("--workers <count>", "threads to use; the result does not depend on their number", parseWorkers, 1)
    .option("--shard <i/n>", "do the i-th of n parts (default: 1/1)", parseShard)
    .option("--json", "print the result as a line of JSON")
    .addOption(new Option("--jsonl", "the former name of --json").hideHelp())
    .option(
      "-o, --output <file>",
      "write a page with the failing run, if there is one, below that of the default schedule",
    )
    .addHelpText("after", () => `\nStrategies:\n${strategyLines()}\n${EXAMPLES}`)
    .action((called: string, options: ExploreCommandOptions) => run(called, options, io));

const strategyLines = (): string =>
  columns(strategyNames.map((name) => [`  ${name}`, strategyTraits(name).about] as const)).trimEnd();

async function run(called: string, options: ExploreCommandOptions, io: CommandIo): Promise<void> {
  const {
    strategy,
    token,
    time,
    seed,
    param,
    delays,
    callbackOrder = options.hardening ?? false,
    shard = { index: 1, of: 1 },
    workers: wanted,
  } = options;
  const runs = options.runs ?? (time === undefined ? RUNS : Number.POSITIVE_INFINITY);
  const { isDivisible } = strategyTraits(strategy);
  if (!isDivisible && shard.of > 1) {
    throw new UsageError(`--strategy ${strategy} cannot be divided; expected it without --shard`);
  }
  if ((strategy === "replay") !== (token !== undefined)) {
    throw new UsageError(
      token === undefined ? "--strategy replay needs --token" : `--token is for --strategy replay, not ${strategy}`,
    );
  }
  requireEnding(options.output, ".html", "the page is HTML");
  const scenario = await findConfigured(called, param);
  await using page = options.output === undefined ? undefined : await openOutput(options.output, io.out);
  const plan: SearchPlan = { called, token, seed, param, time, delays, callbackOrder, shard };
  const progress = new ProgressLine(io.err);
  const { stop, release } = stopOf(io.signal, time);
  const count = isDivisible ? wanted : 1;
  const create = count === 1 ? localWorker : threadWorker;
  const workers = Array.from({ length: count }, () => create(plan, stop, (batch, now) => progress.update(batch, now)));
  let result: SearchResult;
  try {
    result = await search(batchesOf(strategy, runs, shard.index === 1), workers, stop, (done) => progress.finish(done));
  } catch (error) {
    throw failureOf(called, error);
  } finally {
    release();
    progress.clear();
    await Promise.all(workers.map((worker) => worker.close()));
  }
  const found = result.failed?.failure?.token;
  if (page !== undefined && found !== undefined) {
    const repeated = { called, scenario, options: replayOptionsOf(scenario, plan) };
    await page.write(await failurePage(repeated, found, replayCall(plan, found)));
  }
  const report = options.output === STANDARD_OUTPUT && found !== undefined ? io.err : io.out;
  report.say(
    (options.json ?? options.jsonl)
      ? `${JSON.stringify(resultLine(plan, strategy, result))}\n`
      : `${inWords(result, strategy)}\n`,
  );
  if (result.failed !== undefined) {
    throw new ScenarioFailure(
      `${called} fails: ${result.failed.failure?.kind}; replay with ${replayCall(plan, result.failed.failure?.token ?? "")}`,
    );
  }
  if (io.signal.aborted) {
    throw new Interruption("interrupted; this was the report so far");
  }
}

/**
 * Aborted by `signal`, or when the time is up. (Node may collect what `AbortSignal.any` and `timeout` give before it is
 * aborted.)
 */
function stopOf(signal: AbortSignal, time: number | undefined): { stop: AbortSignal; release: () => void } {
  const stopping = new AbortController();
  const stop = (): void => stopping.abort();
  const timer = time === undefined ? undefined : setTimeout(stop, Math.min(time * 1000, LONGEST_TIMER));
  signal.addEventListener("abort", stop);
  if (signal.aborted) {
    stop();
  }
  const release = (): void => {
    clearTimeout(timer);
    signal.removeEventListener("abort", stop);
  };
  return { stop: stopping.signal, release };
}

function failureOf(called: string, error: unknown): unknown {
  if (error instanceof TokenError) {
    return new UsageError(error.message, { cause: error });
  }
  return error instanceof Error && /^(Impure|Range|Type)/.test(error.name)
    ? new ScenarioFailure(`${called} cannot be explored: ${error.message}`, { cause: error })
    : error;
}

const resultLine = ({ called, seed, shard }: SearchPlan, strategy: StrategyName, result: SearchResult): object => ({
  scenario: called,
  strategy,
  seed: result.batches[0]?.seed ?? seed ?? 0,
  shard: `${shard.index}/${shard.of}`,
  verdict: result.verdict,
  runs: result.runs,
  interleavings: result.interleavings,
  ...(result.failed?.failure === undefined ? {} : { failure: result.failed.failure }),
});

function inWords({ failed, verdict, runs, interleavings, batches, unreached }: SearchResult, strategy: string): string {
  if (failed !== undefined) {
    return failed.text;
  }
  const counts = `${runs} run${runs === 1 ? "" : "s"}, ${interleavings} distinct interleaving${interleavings === 1 ? "" : "s"}`;
  const notes = [...new Set(batches.flatMap(({ note }) => (note === undefined ? [] : [note])))];
  return [
    verdict === "verified"
      ? `verified: no order fails (${counts})`
      : `ok: no failing order found in ${counts} (strategy ${strategy})`,
    ...notes.map((note) => `note: ${note}`),
    ...(unreached.length === 0 ? [] : [`never reached: ${unreached.join(", ")}`]),
  ].join("\n");
}
