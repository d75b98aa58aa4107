import { Command, Option } from "commander";
import type { SeedRange } from "../../../engine/experiment/index.ts";
import { judgeBackground } from "../background-failures.ts";
import { type CommandIo, complain } from "../command-io.ts";
import { runFailurePage } from "../failure-page.ts";
import { failureReport } from "../failure-report.ts";
import { ScenarioFailure, UsageError } from "../failures.ts";
import { type FilterOptions, filterOf, requireTasks, withFilterOptions } from "../filter-options.ts";
import { openOutput, STANDARD_OUTPUT } from "../open-output.ts";
import { parseSeconds, parseSeed } from "../option-values.ts";
import { findConfigured } from "../param-option.ts";
import type { GivenParameters } from "../param-words.ts";
import { runScenario } from "../run-scenario.ts";
import { runSeeds } from "../run-seeds.ts";
import { statistics } from "../statistics.ts";

import { parseSeeds } from "../sweep/option-values.ts";
import { JSONL, requireEnding, type TraceFormat, traceFormat, traceFormatNames, written } from "../trace-formats.ts";
import { TraceStream } from "../trace-stream.ts";
import { filterOption, runForTrace } from "../traced-run.ts";
import { watching } from "../watching.ts";

interface RunOptions extends FilterOptions {
  readonly seed?: number | string;
  readonly param?: GivenParameters;
  readonly until?: number;
  readonly real?: true;
  readonly strict?: true;
  readonly stack?: true;
  readonly seeds?: SeedRange;
  readonly json?: true;
  readonly watch?: true;
  readonly stats?: true;
  readonly trace?: string;
  readonly format?: string;
  readonly pageOnFailure?: string | true;
}

const EXAMPLES = `
Examples:
  simloop run create-task
  simloop run ./my-scenario.ts --seed 7 --stats
  simloop run raft --seeds 0..99
  simloop run tcp-server --until 5 --trace server.jsonl
  simloop run tcp-server --real`;

/** The command `simloop run`. */
export const runCommand = (io: CommandIo): Command =>
  withFilterOptions(describedCommand())
    .addHelpText("after", EXAMPLES)
    .action((called: string, { watch, ...options }: RunOptions) =>
      watching(called, watch, io, () => run(called, options, io)),
    );

const describedCommand = (): Command =>
  new Command("run")
    .description("run a scenario; the standard output gets what it prints, and nothing else")
    .argument("<scenario>", "a built-in name, or the path of a file that exports a scenario by default")
    .option("--seed <seed>", "seed of all random numbers (default: the scenario's, or 0)", parseSeed)
    .option("--seeds <range>", "run it once with each of these seeds, and print a line for each run", parseSeeds)
    .option(
      "--until <seconds>",
      "stop the simulated world at this virtual time; with --real, cancel it after so long",
      parseSeconds,
    )
    .option("--real", "run it on the real clock and the real sockets of this machine, until it ends, --until or Ctrl-C")
    .option("--strict", "fail if a task in the background or a callback failed")
    .option("--stack", "print whole stacks of errors, with the calls of the engine")
    .option("--stats", "print a summary of the run on the standard error")
    .option("--json", "print a line of JSON for each run, with what the scenario printed")
    .option("--watch", "run it again whenever one of its files changes")
    .option(
      "--page-on-failure [file]",
      "if the run fails, write a page with the error and the whole run, as HTML (default: <name>-failure.html)",
    )
    .option(
      "--trace <file>",
      "write the timing trace to this file; - for the standard output, which then gets nothing else",
    )
    .addOption(
      new Option("--format <format>", "format of the trace (default: by the ending of the file)").choices(
        traceFormatNames,
      ),
    );

async function run(called: string, options: RunOptions, io: CommandIo): Promise<void> {
  const { param, until, stack, strict, stats } = options;
  if (options.real) {
    requireNoTrace(options);
    const { runOnRealSockets } = await import("../run-on-real-sockets.ts");
    await runOnRealSockets(called, options, io);
    return;
  }
  if (options.seeds !== undefined || options.json === true) {
    requireNoFurther(options);
    await runSeeds(called, options, io);
    return;
  }
  const target = traceTarget(options);
  const pagePath = options.pageOnFailure === true ? undefined : options.pageOnFailure;
  requireEnding(pagePath, ".html", "the page is HTML", "--page-on-failure");
  const filter = filterOf(options);
  if (filter !== undefined && target === undefined) {
    throw new UsageError("--kinds, --tasks, --from and --to keep a part of a trace; expected --trace <file> with them");
  }
  const scenario = await findConfigured(called, param);
  const seed = options.seed ?? scenario.options?.seed ?? 0;
  await using file = target && (await openOutput(target.path, io.out));
  const stream = file !== undefined && target?.format === JSONL ? new TraceStream(file) : undefined;
  const result = await runScenario(scenario, io, {
    seed,
    ...(until === undefined ? {} : { until }),
    ...(stream === undefined ? {} : { traceSink: stream.take, signal: stream.broken }),
    ...filterOption(filter),
    trace: file !== undefined ? "full" : stats === true ? "digest" : "off",
    isMute: target?.path === STANDARD_OUTPUT,
    goOnUnread: file !== undefined || stats === true,
  });
  if (stats) {
    io.err.write(statistics(result, seed));
  }
  const failure =
    "error" in result
      ? new ScenarioFailure(failureReport({ called, seed, param, until, stack, ...result }))
      : undefined;
  try {
    requireTasks(result.trace, options, called);
    if (stream !== undefined) {
      await stream.finish();
    } else if (target !== undefined) {
      await file?.write(await written(target.format, result.trace, called));
    }
    if (failure !== undefined && options.pageOnFailure !== undefined) {
      await using page = await openOutput(pagePath ?? `${scenario.name}-failure.html`, io.out);
      // The run is a function of its seed: it is made again, with its trace, only where it failed.
      const { trace } = await runForTrace({ called, scenario, seed, ...(until === undefined ? {} : { until }) }, io);
      await page.write(await runFailurePage(called, trace, failure.message));
    }
  } catch (error) {
    if (failure !== undefined) {
      complain(io, failure);
    }
    throw error;
  }
  if (failure !== undefined) {
    throw failure;
  }
  judgeBackground(called, result.warnings, strict, io.err);
}

/** @throws UsageError for options that need a simulation. */
function requireNoTrace(options: RunOptions): void {
  const needless = Object.keys(options).find(
    (name) => !["real", "seed", "param", "until", "strict", "stack"].includes(name),
  );
  if (needless !== undefined) {
    throw new UsageError(
      `--real records nothing, as no real run is like another; expected at most --seed, --param, --until, --strict and --stack with it, got --${needless}`,
    );
  }
}

/** @throws UsageError for options that are for a single run. */
function requireNoFurther(options: RunOptions): void {
  const name = options.seeds === undefined ? "--json" : "--seeds";
  const allowed = [
    "seeds",
    "json",
    "param",
    "until",
    "strict",
    "stack",
    ...(options.seeds === undefined ? ["seed"] : []),
  ];
  const needless = Object.keys(options).find((one) => !allowed.includes(one));
  if (needless !== undefined) {
    throw new UsageError(`${name} prints a line for each run and nothing else; expected it without --${needless}`);
  }
}

/** Where and how the trace is to be written; `undefined` if it is not. */
function traceTarget({ trace, format }: RunOptions): { path: string; format: TraceFormat } | undefined {
  if (trace !== undefined) {
    return { path: trace, format: traceFormat(trace, format) };
  }
  if (format !== undefined) {
    throw new UsageError(`--format ${format} says how to write a trace; expected --trace <file> with it`);
  }
  return undefined;
}
