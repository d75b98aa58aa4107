import test from "ava";
import { simulate } from "../../simulation.ts";
import { createTask, currentTask } from "../../tasks/current.ts";
import { gather } from "../../tasks/gather.ts";
import { sleep } from "../../tasks/sleep.ts";
import type { Task } from "../../tasks/task.ts";
import { NetworkError } from "../errors.ts";
import { getRunningLoop } from "../event-loop.ts";
import { decode, encode } from "../text.ts";
import { openConnection } from "./open-connection.ts";
import { startServer } from "./start-server.ts";
import type { StreamReader } from "./stream-reader.ts";
import type { StreamWriter } from "./stream-writer.ts";

type Steps<T = void> = Generator<unknown, T, unknown>;
type Log = (...words: unknown[]) => void;

/** Not only that something was left open, as most of these programs leave what they do not need any more. */
const isAboutMore = (warning: string): boolean => !warning.startsWith("unclosed");

/** What `program` logs, each line with its time, and then the warnings of the run. */
async function logOf(program: (log: Log) => Steps<unknown>): Promise<string[]> {
  const lines: string[] = [];
  const { error, warnings } = await simulate(
    function* () {
      const loop = getRunningLoop();
      yield* program((...words) => lines.push([loop.time(), ...words].join(" ")));
    },
    { trace: "off" },
  );
  return [...lines, ...(error === undefined ? [] : [String(error)]), ...warnings.filter(isAboutMore)];
}

/** Sends every line back in capitals, until the stream ends. */
async function* shout(reader: StreamReader, writer: StreamWriter) {
  for (;;) {
    const line = yield* reader.readline();
    if (line.length === 0) {
      break;
    }
    writer.write(encode(decode(line).toUpperCase()));
    yield* writer.drain();
  }
  writer.close();
  yield* writer.waitClosed();
}

test("Streams: lines go there and back, in both kinds of coroutines", async (t) => {
  const lines = await logOf(function* (log) {
    const server = yield* startServer(shout, "127.0.0.1", 80);
    function* talk(name: string): Steps {
      const [reader, writer] = yield* openConnection("127.0.0.1", 80);
      writer.writelines([encode(`${name} `), encode("one\n"), encode(`${name} two`)]);
      log(decode(yield* reader.readline()).trim());
      yield* sleep(1);
      writer.writeEof();
      log(decode(yield* reader.read()), reader.atEof());
      writer.close();
      yield* writer.waitClosed();
    }
    yield* gather([talk("a"), talk("b")]);
    server.close();
    yield* server.waitClosed();
    log("all closed");
  });
  t.deepEqual(lines, ["0 A ONE", "0 B ONE", "1 A TWO true", "1 B TWO true", "1 all closed"]);
});

test("Streams: the handler of a client may be a plain function", async (t) => {
  const lines = await logOf(function* (log) {
    const greet = (_reader: StreamReader, writer: StreamWriter): void => {
      log(`${writer.getExtraInfo("peername")} to ${writer.getExtraInfo("sockname")}`, writer.getExtraInfo("cipher"));
      writer.write(encode("hello"));
      writer.close();
    };
    yield* startServer(greet, "127.0.0.1", 80);
    const [reader, writer] = yield* openConnection("127.0.0.1", 80);
    log(decode(yield* reader.read()), writer.canWriteEof(), writer.isClosing());
    writer.close();
    log(writer.isClosing());
  });
  t.deepEqual(lines, ["0 ('127.0.0.1', 33720) to ('127.0.0.1', 80) ", "0 hello true false", "0 true"]);
});

test("Streams: a handler that fails is reported, and its connection closed", async (t) => {
  const lines = await logOf(function* (log) {
    getRunningLoop().setExceptionHandler((_, context) => log(context.message, context.exception));
    yield* startServer(
      async function* (reader: StreamReader) {
        yield* reader.readline();
        throw new Error("no such command");
      },
      "127.0.0.1",
      80,
    );
    const [reader, writer] = yield* openConnection("127.0.0.1", 80);
    writer.write(encode("fly\n"));
    log(`got "${decode(yield* reader.read())}"`);
    writer.close();
  });
  t.deepEqual(lines, ["0 Unhandled exception in client_connected_cb Error: no such command", '0 got ""']);
});

test("Streams: a handler that is cancelled closes its connection", async (t) => {
  const lines = await logOf(function* (log) {
    let handler: Task<unknown> | null = null;
    yield* startServer(
      function* (reader: StreamReader): Steps {
        handler = currentTask();
        yield* reader.read();
      },
      "127.0.0.1",
      80,
    );
    const [reader, writer] = yield* openConnection("127.0.0.1", 80);
    yield* sleep(1);
    (handler as Task<unknown> | null)?.cancel();
    log((yield* reader.read()).length, reader.atEof());
    writer.close();
  });
  t.deepEqual(lines, ["1 0 true"]);
});

test("Streams: a slow reader holds the writer back in drain", async (t) => {
  const lines = await logOf(function* (log) {
    let received = 0;
    yield* startServer(
      async function* (reader: StreamReader) {
        yield* sleep(10);
        for (;;) {
          const data = yield* reader.read(100_000);
          if (data.length === 0) {
            break;
          }
          received += data.length;
          yield* sleep(0.01);
        }
        log("received", received);
      },
      "127.0.0.1",
      80,
    );
    const [, writer] = yield* openConnection("127.0.0.1", 80);
    const block = new Uint8Array(1_000_000);
    for (let i = 0; i < 4; i++) {
      writer.write(block);
      yield* writer.drain();
      log("drained", i, writer.transport.getWriteBufferSize() <= 65536);
    }
    writer.close();
    yield* writer.waitClosed();
    yield* sleep(100);
  });
  const times = lines.map((line) => line.replace(/^1\d(\.\d+)? /, "10+ "));
  t.deepEqual(times, [
    "0 drained 0 true",
    "10+ drained 1 true",
    "10+ drained 2 true",
    "10+ drained 3 true",
    "10+ received 4000000",
  ]);
});

test("Streams: all drains go on when there is room again, in order", async (t) => {
  const lines = await logOf(function* (log) {
    let server!: StreamReader;
    yield* startServer(
      (reader) => {
        server = reader;
      },
      "127.0.0.1",
      80,
    );
    const [, writer] = yield* openConnection("127.0.0.1", 80);
    writer.write(new Uint8Array(3_000_000));
    function* drain(i: number): Steps {
      yield* writer.drain();
      log("drained", i);
    }
    const draining = [0, 1, 2].map((i) => createTask(drain(i)));
    yield* sleep(1);
    log("read");
    yield* server.readexactly(3_000_000);
    yield* gather(draining);
  });
  t.deepEqual(lines, ["1 read", "1 drained 0", "1 drained 1", "1 drained 2"]);
});

test("Streams: writing to a connection that the other side has reset fails in drain", async (t) => {
  const lines = await logOf(function* (log) {
    yield* startServer((_, writer) => writer.close(), "127.0.0.1", 80);
    const [, writer] = yield* openConnection("127.0.0.1", 80);
    try {
      for (;;) {
        writer.write(encode("more\n"));
        yield* writer.drain();
      }
    } catch (error) {
      log(error instanceof NetworkError, error);
    }
    try {
      yield* writer.waitClosed();
      log("closed");
    } catch (error) {
      log(error);
    }
  });
  t.deepEqual(lines, [
    "0 true NetworkError: write ECONNRESET: connection reset by peer",
    "0 NetworkError: write EPIPE 127.0.0.1:80: broken pipe",
  ]);
});

test("Streams: closing the writer ends the reader, and drain after that fails", async (t) => {
  const lines = await logOf(function* (log) {
    yield* startServer(shout, "127.0.0.1", 80);
    const [reader, writer] = yield* openConnection("127.0.0.1", 80);
    writer.close();
    yield* writer.waitClosed();
    log(reader.atEof(), (yield* reader.read()).length);
    try {
      writer.write(encode("too late"));
      yield* writer.drain();
    } catch (error) {
      log(error);
    }
  });
  t.deepEqual(lines, ["0 true 0", "0 NetworkError: write ECONNRESET: connection reset by peer"]);
});

test("Streams: lines over the limit are refused, and what follows can be read", async (t) => {
  const lines = await logOf(function* (log) {
    yield* startServer(
      (_, writer) => {
        writer.write(encode(`${"x".repeat(30)}\nshort\n`));
        writer.close();
      },
      "127.0.0.1",
      80,
    );
    const [reader] = yield* openConnection("127.0.0.1", 80, { limit: 10 });
    try {
      yield* reader.readline();
    } catch (error) {
      log(error);
    }
    log(decode(yield* reader.readline()).trim(), decode(yield* reader.readline()));
  });
  t.deepEqual(lines, ["0 RangeError: Separator is found, but chunk is longer than limit", "0 short "]);
});

test("Streams: malformed arguments are refused at the call", async (t) => {
  const lines = await logOf(function* (log) {
    const calls: (() => unknown)[] = [
      () => startServer("handler" as never, "127.0.0.1", 80),
      () => startServer(shout, "127.0.0.1", 80, { limit: 0 }),
      () => startServer(shout, "127.0.0.1", 70_000),
      () => openConnection("127.0.0.1", 70_000),
      () => openConnection("127.0.0.1", 80, { limit: -1 }),
    ];
    for (const call of calls) {
      try {
        call();
        log("accepted");
      } catch (error) {
        log(error);
      }
    }
    yield* sleep(0);
  });
  t.deepEqual(lines, [
    '0 TypeError: startServer: expected a function to call, got "handler"',
    "0 RangeError: StreamReader: expected a limit above 0 bytes, got 0",
    "0 RangeError: createServer: expected a port from 0 to 65535, got 70000",
    "0 RangeError: createConnection: expected a port from 0 to 65535, got 70000",
    "0 RangeError: StreamReader: expected a limit above 0 bytes, got -1",
  ]);
});
