import { Command, Option } from "commander";
import type { TraceFilter } from "../../../engine/index.ts";
import { type CommandIo, complain } from "../command-io.ts";
import { type CommandFailure, UsageError } from "../failures.ts";
import { type FilterOptions, filterOf, requireTasks, withFilterOptions } from "../filter-options.ts";
import { openOutput, STANDARD_OUTPUT } from "../open-output.ts";
import { parseLink, parseSeconds, parseSeed } from "../option-values.ts";
import type { Output } from "../output.ts";
import type { GivenParameters } from "../param-words.ts";
import { isTraceFile } from "../read-trace.ts";
import { requireOtherFile } from "../require-other-file.ts";
import {
  captureOf,
  JSONL,
  namedFormat,
  PCAPNG,
  TEXT,
  type TraceFormat,
  traceFormat,
  traceFormatNames,
  written,
} from "../trace-formats.ts";
import { TraceStream } from "../trace-stream.ts";
import { callScenario, failureOf, filterOption, findTrace, requireRun, runForTrace } from "../traced-run.ts";
import { watching } from "../watching.ts";

interface TraceOptions extends FilterOptions {
  readonly format?: string;
  readonly output?: string;
  readonly seed?: number | string;
  readonly param?: GivenParameters;
  readonly until?: number;
  readonly link?: string;
  readonly watch?: true;
}

const EXAMPLES = `
Examples:
  simloop trace create-task
  simloop trace tcp-server --format html -o server.html
  simloop trace ./my-scenario.ts --seed 7 -o run.jsonl
  simloop trace dns-failover --link home:primary -o primary.pcapng
  simloop trace run.jsonl --format svg --tasks "client A,server" --to 5 -o run.svg`;

/** The command `simloop trace`. */
export const traceCommand = (io: CommandIo): Command =>
  withFilterOptions(describedCommand())
    .addHelpText("after", EXAMPLES)
    .action((called: string, { watch, ...options }: TraceOptions) =>
      watching(called, watch, io, () => trace(called, options, io)),
    );

const describedCommand = (): Command =>
  new Command("trace")
    .description("show what happened in a run, and when, in one of many formats")
    .argument("<scenario|file.jsonl>", "a scenario to run, or a recorded trace")
    .addOption(
      new Option("--format <format>", "format (default: by the ending of the output, or text)").choices(
        traceFormatNames,
      ),
    )
    .option("-o, --output <file>", "write to this file instead of the standard output (-)")
    .option("--seed <seed>", "as for run", parseSeed)
    .option("--until <seconds>", "as for run", parseSeconds)
    .option("--watch", "as for run")
    .option(
      "--link <hosts>",
      "keep packets between these two hosts only, such as client:server; for pcapng",
      parseLink,
    );

async function trace(called: string, options: TraceOptions, io: CommandIo): Promise<void> {
  const { output, link } = options;
  const format = formatOf(options);
  if (link !== undefined && format !== PCAPNG) {
    throw new UsageError("--link is for captures; expected --format pcapng with it");
  }
  const isStandardOutput = output === undefined || output === STANDARD_OUTPUT;
  const filter = filterOf(options);
  requireRun(called, options);
  await requireOtherFile(output, isTraceFile(called) ? [called] : []);
  if (format === PCAPNG && isStandardOutput && io.out.isTerminal) {
    throw new UsageError(
      "pcapng is for programs, not for a terminal; write it to a file with -o run.pcapng, or pipe it to one",
    );
  }
  await using file = output === undefined ? undefined : await openOutput(output, io.out);
  if (file !== undefined && format === JSONL && !isTraceFile(called)) {
    await stream(called, options, file, io, filter);
    return;
  }
  const found = await findTrace(called, options, io, filter);
  await afterAll(io, found.failure, async () => {
    requireTasks(found.trace, options, called);
    const pieces = await written(link === undefined ? format : captureOf(link), found.trace, called);
    await (file === undefined ? io.out.writeAll(pieces) : file.write(pieces));
  });
}

/** Run a scenario and write its trace while it goes on. */
async function stream(
  called: string,
  options: TraceOptions,
  file: Output,
  io: CommandIo,
  filter: TraceFilter | undefined,
): Promise<void> {
  const found = await callScenario(called, options);
  const target = new TraceStream(file);
  const result = await runForTrace(found, io, {
    traceSink: target.take,
    signal: target.broken,
    ...filterOption(filter),
  });
  await afterAll(io, failureOf(found, result), async () => {
    requireTasks(result.trace, options, called);
    await target.finish();
  });
}

/** Write, then fail if the run did; if both went wrong, both are reported. */
async function afterAll(io: CommandIo, failure: CommandFailure | undefined, write: () => Promise<void>): Promise<void> {
  try {
    await write();
  } catch (error) {
    if (failure !== undefined) {
      complain(io, failure);
    }
    throw error;
  }
  if (failure !== undefined) {
    throw failure;
  }
}

function formatOf({ format, output }: TraceOptions): TraceFormat {
  if (format !== undefined) {
    return namedFormat(format);
  }
  return output === undefined || output === STANDARD_OUTPUT ? TEXT : traceFormat(output, undefined, "-o");
}
