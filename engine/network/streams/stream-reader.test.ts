import { readFileSync } from "node:fs";
import test from "ava";
import { CancelledError, RuntimeError } from "../../base/errors.ts";
import { formatBytes } from "../../loop/format-value.ts";
import { simulate } from "../../simulation.ts";
import { createTask } from "../../tasks/current.ts";
import { gather } from "../../tasks/gather.ts";
import type { Operation } from "../../tasks/operation.ts";
import { sleep } from "../../tasks/sleep.ts";
import { getRunningLoop } from "../event-loop.ts";
import { encode } from "../text.ts";
import { IncompleteReadError, LimitOverrunError } from "./errors.ts";
import { StreamReader } from "./stream-reader.ts";

type Steps<T = void> = Generator<unknown, T, unknown>;
type Log = (...words: unknown[]) => void;

interface Program {
  readonly limit: number;
  readonly reads: readonly (readonly [string, unknown])[];
  readonly feeds: readonly (string | null)[];
  readonly log: readonly string[];
}

/** A text as Python's `repr` has it. */
const show = (bytes: Uint8Array): string => formatBytes(bytes).slice(1);

function describe(error: unknown): string {
  if (error instanceof IncompleteReadError) {
    return `IncompleteReadError ${show(error.partial)} ${error.expected}`;
  }
  return error instanceof LimitOverrunError
    ? `LimitOverrunError ${error.consumed} ${error.message}`
    : `${(error as Error).name} ${(error as Error).message}`;
}

function call(reader: StreamReader, [name, argument]: readonly [string, unknown]): Operation<Uint8Array> {
  switch (name) {
    case "read":
      return reader.read(argument as number);
    case "readexactly":
      return reader.readexactly(argument as number);
    case "readline":
      return reader.readline();
    default:
      return reader.readuntil((argument as string[]).map(encode));
  }
}

function feed(reader: StreamReader, piece: string): void {
  if (piece === "EOF") {
    reader.feedEof();
  } else if (piece === "ERROR") {
    const error = new Error("broken");
    error.name = "OSError";
    reader.setException(error);
  } else {
    reader.feedData(encode(piece));
  }
}

/** The log of a program of engine/golden/network/stream_reader.py, which has the same steps. */
async function logOf(program: Program): Promise<string[]> {
  const lines: string[] = [];
  let passes = 0;
  const log = (line: string): number => lines.push(`${passes} ${line}`);

  function* consume(reader: StreamReader): Steps {
    for (const read of program.reads) {
      try {
        log(`${read[0]} ${show(yield* call(reader, read))}`);
      } catch (error) {
        if (error instanceof CancelledError) {
          throw error;
        }
        log(`${read[0]} ${describe(error)}`);
      }
      log(`${reader.atEof() ? "eof" : "more"} ${String(reader).split(" transport")[0]}`);
    }
  }

  function* main(): Steps {
    const loop = getRunningLoop();
    const count = (): void => {
      passes++;
      loop.callSoon(count);
    };
    const reader = new StreamReader({ limit: program.limit });
    reader._setTransport({ pauseReading: () => log("pause"), resumeReading: () => log("resume") });
    count();
    const task = createTask(consume(reader));
    for (const piece of program.feeds) {
      if (piece !== null) {
        feed(reader, piece);
      }
      yield* sleep(0);
    }
    for (let i = 0; i < 5; i++) {
      yield* sleep(0);
    }
    log(task.done() ? "done" : "waiting");
  }

  const { error } = await simulate(main, { trace: "off" });
  return error === undefined ? lines : [String(error)];
}

test("StreamReader: 300 random programs have the logs, pass by pass, that CPython gave them", async (t) => {
  const text = readFileSync(new URL("../../golden/network/stream_reader.jsonl", import.meta.url), "utf8");
  const programs = text
    .trimEnd()
    .split("\n")
    .map((line) => JSON.parse(line.replaceAll("OSError('broken')", "OSError: broken")) as Program);
  t.is(programs.length, 300);
  for (const program of programs) {
    t.deepEqual(await logOf(program), program.log, JSON.stringify(program));
  }
});

/** What `program` logs, and how it ends. */
async function run(program: (log: Log) => Steps<unknown>): Promise<string[]> {
  const lines: string[] = [];
  const { error } = await simulate(
    function* () {
      yield* program((...words) =>
        lines.push(words.map((word) => (word instanceof Uint8Array ? show(word) : word)).join(" ")),
      );
    },
    { trace: "off" },
  );
  return error === undefined ? lines : [...lines, String(error)];
}

test("StreamReader: two tasks cannot read at the same time", async (t) => {
  const lines = await run(function* (log) {
    const reader = new StreamReader();
    const readers = [reader.readline(), reader.read(1)].map((reading) => createTask(reading));
    yield* sleep(0);
    reader.feedData(encode("line\n"));
    const [first, second] = yield* gather(readers, { returnExceptions: true });
    log(first, second instanceof RuntimeError);
    log(second);
  });
  t.deepEqual(lines, [
    "'line\\n' true",
    "RuntimeError: read() called while another coroutine is already waiting for incoming data of <StreamReader waiter=<Future pending>>",
  ]);
});

test("StreamReader: a reader that was cancelled leaves the stream to the next", async (t) => {
  const lines = await run(function* (log) {
    const reader = new StreamReader();
    const task = createTask(reader.readline());
    yield* sleep(0);
    task.cancel();
    reader.feedData(encode("one\n"));
    yield* sleep(0);
    log(task.cancelled(), yield* reader.readline());
  });
  t.deepEqual(lines, ["true 'one\\n'"]);
});

test("StreamReader: an error that ends the stream goes to reads now and later", async (t) => {
  const lines = await run(function* (log) {
    const reader = new StreamReader();
    const task = createTask(reader.read());
    yield* sleep(0);
    const error = new Error("lost");
    reader.setException(error);
    const [first, second] = yield* gather([task, createTask(reader.readexactly(0))], { returnExceptions: true });
    log((first as unknown) === error, (second as unknown) === error, reader.exception() === error, reader);
  });
  t.deepEqual(lines, ["true true true <StreamReader exception=Error: lost>"]);
});

test("StreamReader: malformed arguments are refused at the call", async (t) => {
  const lines = await run(function* (log) {
    const reader = new StreamReader();
    const calls: (() => unknown)[] = [
      () => new StreamReader({ limit: 0 }),
      () => new StreamReader({ limit: Number.NaN }),
      () => reader.read(Number.NaN),
      () => reader.read(null as never),
      () => reader.readexactly(-1),
      () => reader.readexactly(1.5),
      () => reader.readuntil(new Uint8Array(0)),
      () => reader.readuntil([encode("a"), new Uint8Array(0)]),
      () => reader.readuntil([]),
      () => reader.readuntil("\n" as never),
      () => reader.readuntil(["\n"] as never),
      () => reader.feedData("text" as never),
      () => {
        reader.feedEof();
        reader.feedData(encode("more"));
      },
    ];
    for (const each of calls) {
      try {
        each();
        log("accepted");
      } catch (error) {
        log(error);
      }
    }
    yield* sleep(0);
  });
  t.deepEqual(lines, [
    "RangeError: StreamReader: expected a limit above 0 bytes, got 0",
    "RangeError: StreamReader: expected a limit above 0 bytes, got NaN",
    "RangeError: read: expected a whole number of bytes, or a negative one for all, got NaN",
    "RangeError: read: expected a whole number of bytes, or a negative one for all, got null",
    "RangeError: readexactly: expected a whole number that is not less than zero, got -1",
    "RangeError: readexactly: expected a whole number that is not less than zero, got 1.5",
    "RangeError: readuntil: separator should be at least one byte long, got an empty one",
    "RangeError: readuntil: separator should be at least one byte long, got an empty one",
    "RangeError: readuntil: separator should contain at least one element, got none",
    'TypeError: readuntil: separator: expected bytes in a Uint8Array, got the string "\\n"; write encode("…")',
    'TypeError: readuntil: separator: expected bytes in a Uint8Array, got the string "\\n"; write encode("…")',
    'TypeError: feedData: expected bytes in a Uint8Array, got the string "text"; write encode("…")',
    "RuntimeError: feedData after feedEof: the stream has ended",
  ]);
  t.throws(() => new StreamReader(), { name: "RuntimeError", message: /^no running event loop/ });
});
