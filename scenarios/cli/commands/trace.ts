import { Command, Option } from "commander";
import { filterTrace, type Trace, type TraceFilter } from "../../../engine/index.ts";
import { type CommandIo, complain } from "../command-io.ts";
import { type CommandFailure, UsageError } from "../failures.ts";
import { parseList, parseSeconds, parseSeed } from "../option-values.ts";
import { OutputFile } from "../output-file.ts";
import { isTraceFile } from "../read-trace.ts";
import {
  JSONL,
  namedFormat,
  TEXT,
  type TraceFormat,
  traceFormat,
  traceFormatNames,
  written,
} from "../trace-formats.ts";
import { TraceStream } from "../trace-stream.ts";
import { callScenario, failureOf, findTrace, runForTrace } from "../traced-run.ts";

interface TraceOptions {
  readonly format?: string;
  readonly output?: string;
  readonly seed?: number | string;
  readonly until?: number;
  readonly kinds?: readonly string[];
  readonly tasks?: readonly string[];
  readonly from?: number;
  readonly to?: number;
}

const EXAMPLES = `
Examples:
  simloop trace create-task
  simloop trace tcp-server --format html -o server.html
  simloop trace ./my-scenario.ts --seed 7 -o run.jsonl
  simloop trace run.jsonl --format svg --tasks "client A,server" --to 5 -o run.svg`;

/** The command `simloop trace`. */
export const traceCommand = (io: CommandIo): Command =>
  new Command("trace")
    .description("show when what happened in a run, in one of many forms")
    .argument("<scenario|file.jsonl>", "a scenario to run, or a recorded trace")
    .addOption(
      new Option("--format <format>", "by default what the ending of the output tells, or text").choices(
        traceFormatNames,
      ),
    )
    .option("-o, --output <file>", "write to this file instead of the standard output")
    .option("--seed <seed>", "as for run", parseSeed)
    .option("--until <seconds>", "as for run", parseSeconds)
    .option("--kinds <kinds>", "keep events of these kinds only, such as print,network.", parseList)
    .option("--tasks <names>", "keep events of these tasks only", parseList)
    .option("--from <seconds>", "keep events from this virtual time on", parseSeconds)
    .option("--to <seconds>", "keep events up to this virtual time", parseSeconds)
    .addHelpText("after", EXAMPLES)
    .action((called: string, options: TraceOptions) => trace(called, options, io));

async function trace(called: string, options: TraceOptions, io: CommandIo): Promise<void> {
  const { output } = options;
  const format = formatOf(options);
  const filter = filterOf(options);
  if (isTraceFile(called) && (options.seed !== undefined || options.until !== undefined)) {
    throw new UsageError(`--seed and --until are for runs; ${called} is a recorded one`);
  }
  await using file = output === undefined ? undefined : await OutputFile.open(output);
  if (file !== undefined && format === JSONL && filter === undefined && !isTraceFile(called)) {
    await stream(called, options, file, io);
    return;
  }
  const found = await findTrace(called, options, io);
  const shown = filter === undefined ? found.trace : filtered(found.trace, filter);
  await afterAll(io, found.failure, async () => {
    const pieces = await written(format, shown, called);
    await (file === undefined ? io.out.writeAll(pieces) : file.write(pieces));
  });
}

/** Run a scenario and write its trace while it goes on. */
async function stream(called: string, options: TraceOptions, file: OutputFile, io: CommandIo): Promise<void> {
  const found = await callScenario(called, options);
  const target = new TraceStream(file);
  const result = await runForTrace(found, io, { traceSink: target.take, signal: target.broken });
  await afterAll(io, failureOf(found, result), () => target.finish());
}

/** Write, then fail if the run did; both are told of if both went wrong. */
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
  return output === undefined ? TEXT : traceFormat(output, undefined, "-o");
}

function filterOf({ kinds, tasks, from, to }: TraceOptions): TraceFilter | undefined {
  if (kinds === undefined && tasks === undefined && from === undefined && to === undefined) {
    return undefined;
  }
  return {
    ...(kinds === undefined ? {} : { kinds }),
    // A task may be meant by its number.
    ...(tasks === undefined ? {} : { tasks: tasks.flatMap((task) => [task, Number(task)]) }),
    ...(from === undefined ? {} : { from }),
    ...(to === undefined ? {} : { to }),
  };
}

function filtered(whole: Trace, filter: TraceFilter): Trace {
  try {
    return filterTrace(whole, filter);
  } catch (error) {
    throw error instanceof RangeError ? new UsageError(`--kinds: ${error.message}`, { cause: error }) : error;
  }
}
