import test from "ava";
import {
  createTask,
  decode,
  EventLoop,
  encode,
  gather,
  getRunningLoop,
  IncompleteReadError,
  LimitOverrunError,
  openConnection,
  RuntimeError,
  StreamReader,
  type StreamWriter,
  sleep,
  startServer,
} from "simloop";
import { Boom, logOf, outcome, outcomeOf, type Plain, resultOf, say, warningsOf } from "./programs.ts";

/*
 * What CPython's test_streams.py asserts of StreamReader, open_connection and start_server, in programs of our own.
 * docs/conformance.md says which of its methods each test stands for.
 */

type Reading = ReturnType<StreamReader["read"]>;

/** What is read, what it returns (bytes as a string) or fails with, and what is in the stream afterwards. */
interface Case {
  readonly title: string;
  readonly limit?: number;
  /** Chunks in the stream before the first read; `null` is its end. */
  readonly before?: readonly (string | null)[];
  /** Chunks that come while the first read waits. */
  readonly later?: readonly (string | null)[];
  readonly reads: readonly ((reader: StreamReader) => Reading)[];
  readonly gives: readonly string[];
  readonly left: string;
}

const read = (count?: number) => (reader: StreamReader) => reader.read(count);
const readline = (reader: StreamReader): Reading => reader.readline();
const readexactly = (count: number) => (reader: StreamReader) => reader.readexactly(count);
const readuntil =
  (...separators: readonly string[]) =>
  (reader: StreamReader) =>
    reader.readuntil(separators.length === 1 ? encode(separators[0]!) : separators.map(encode));

const CASES: readonly Case[] = [
  { title: "feeding nothing changes nothing", before: [""], reads: [], gives: [], left: "" },
  { title: "what is fed is there", before: ["line1\n", "line2"], reads: [], gives: [], left: "line1\nline2" },
  { title: "read of zero bytes takes none", before: ["data"], reads: [read(0)], gives: [""], left: "data" },
  { title: "read waits for data, and takes what comes", later: ["data"], reads: [read(30)], gives: ["data"], left: "" },
  {
    title: "read takes no more than it was asked for",
    before: ["line1", "line2"],
    reads: [read(5)],
    gives: ["line1"],
    left: "line2",
  },
  { title: "read that waits returns nothing at the end", later: [null], reads: [read(1024)], gives: [""], left: "" },
  {
    title: "read without a count takes all up to the end",
    later: ["chunk1\n", "chunk2", null],
    reads: [read()],
    gives: ["chunk1\nchunk2"],
    left: "",
  },
  { title: "read knows no limit", limit: 3, before: ["chunk"], reads: [read(5)], gives: ["chunk"], left: "" },
  {
    title: "readline waits for the end of the line, in however many chunks",
    before: ["chunk1 "],
    later: ["chunk2 ", "chunk3 ", "\n chunk4"],
    reads: [readline],
    gives: ["chunk1 chunk2 chunk3 \n"],
    left: " chunk4",
  },
  {
    title: "readline takes one line of several, and read goes on behind it",
    before: ["line1\n", "line2\nline3\n"],
    reads: [readline, read(7)],
    gives: ["line1\n", "line2\nl"],
    left: "ine3\n",
  },
  {
    title: "readline at the end returns what is left, and then nothing",
    before: ["some data", null],
    reads: [readline, readline],
    gives: ["some data", ""],
    left: "",
  },
  {
    title: "a line over the limit is refused and dropped, the next one can be read",
    limit: 3,
    before: ["li", "ne1\nab\n"],
    reads: [readline, readline],
    gives: ["RangeError", "ab\n"],
    left: "",
  },
  {
    title: "more than the limit without a newline is refused and dropped",
    limit: 3,
    before: ["li", "ne1", "li"],
    reads: [readline],
    gives: ["RangeError"],
    left: "",
  },
  {
    title: "a line over the limit that comes in chunks while it is waited for is refused",
    limit: 7,
    later: ["chunk1", "chunk2\n", "chunk3\n", null],
    reads: [readline],
    gives: ["RangeError"],
    left: "chunk3\n",
  },
  {
    title: "a line over the limit that comes in chunks is dropped whole",
    limit: 7,
    later: ["chunk1", "chunk2", "chunk3\n", null],
    reads: [readline],
    gives: ["RangeError"],
    left: "",
  },
  {
    title: "a line as long as the limit, without its end, can be read; one byte more is refused",
    limit: 7,
    before: ["1234567\n", "12345678\n"],
    reads: [readline, readline],
    gives: ["1234567\n", "RangeError"],
    left: "",
  },
  {
    title: "readuntil takes all up to and with the separator",
    before: ["lineAAAxxx"],
    reads: [readuntil("AAA")],
    gives: ["lineAAA"],
    left: "xxx",
  },
  {
    title: "readuntil finds a separator that comes in pieces, and is not misled by parts of one",
    later: ["QWEaa", "XYa", "a", "a", "Xa", "aa"],
    reads: [readuntil("aaa"), readuntil("aaa")],
    gives: ["QWEaaXYaaa", "Xaaa"],
    left: "",
  },
  {
    title: "readuntil finds a separator at the beginning",
    before: ["aaa"],
    reads: [readuntil("aaa")],
    gives: ["aaa"],
    left: "",
  },
  {
    title: "readuntil at the end of the stream fails with what there was",
    before: ["some dataAA", null],
    reads: [readuntil("AAA")],
    gives: ["IncompleteReadError some dataAA of null"],
    left: "",
  },
  {
    title: "readuntil over the limit fails and takes nothing, whether the separator is there or not",
    limit: 3,
    before: ["some dataAA"],
    reads: [readuntil("AAA"), readuntil("AA")],
    gives: ["LimitOverrunError not found", "LimitOverrunError is found"],
    left: "some dataAA",
  },
  {
    title: "readuntil of several separators takes the one that ends first, the longer if need be",
    before: ["line 1\nline 2\rABCDEFG"],
    reads: [readuntil("\r", "\n"), readuntil("\r", "\n"), readuntil("DEF", "BCDE")],
    gives: ["line 1\n", "line 2\r", "ABCDE"],
    left: "FG",
  },
  {
    title: "readuntil of several separators measures the limit up to the end of the found one",
    limit: 3,
    before: ["some dataA"],
    reads: [readuntil("A", "ome dataA")],
    gives: ["LimitOverrunError is found"],
    left: "some dataA",
  },
  {
    title: "readuntil of several separators finds a short one in data that is shorter than the longest",
    before: ["data"],
    later: ["Z", "Aaaa"],
    reads: [readuntil("A", "long sep")],
    gives: ["dataZA"],
    left: "aaa",
  },
  {
    title: "readexactly of zero bytes takes none",
    before: ["data"],
    reads: [readexactly(0)],
    gives: [""],
    left: "data",
  },
  {
    title: "readexactly waits for as much as it was asked for",
    later: ["line1\nline2\n", "line1\nline2\n", "more"],
    reads: [readexactly(24)],
    gives: ["line1\nline2\nline1\nline2\n"],
    left: "more",
  },
  {
    title: "readexactly knows no limit",
    limit: 3,
    before: ["chunk"],
    reads: [readexactly(5)],
    gives: ["chunk"],
    left: "",
  },
  {
    title: "readexactly at the end of the stream fails with what there was",
    later: ["line1\n", null],
    reads: [readexactly(18)],
    gives: ["IncompleteReadError line1\n of 18"],
    left: "",
  },
];

function feed(reader: StreamReader, chunks: readonly (string | null)[] = []): void {
  for (const chunk of chunks) {
    if (chunk === null) {
      reader.feedEof();
    } else {
      reader.feedData(encode(chunk));
    }
  }
}

function describe(error: unknown): string {
  if (error instanceof IncompleteReadError) {
    return `IncompleteReadError ${decode(error.partial)} of ${error.expected}`;
  }
  return error instanceof LimitOverrunError
    ? `LimitOverrunError ${error.message.includes("not found") ? "not found" : "is found"}`
    : (error as Error).name;
}

for (const { title, limit, before, later, reads, gives, left } of CASES) {
  test(`StreamReader: ${title}`, async (t) => {
    const given = await resultOf(function* () {
      const reader = new StreamReader(limit === undefined ? {} : { limit });
      feed(reader, before);
      getRunningLoop().callSoon(() => feed(reader, later));
      const results: string[] = [];
      for (const reading of reads) {
        try {
          results.push(decode(yield* reading(reader)));
        } catch (error) {
          results.push(describe(error));
        }
      }
      if (!String(reader).includes("eof")) {
        reader.feedEof();
      }
      return { results, left: decode(yield* reader.read()) };
    });
    t.deepEqual(given, { results: gives, left });
  });
}

test("StreamReader: its errors say how much was read, and what was expected", async (t) => {
  const message = await resultOf(function* () {
    const reader = new StreamReader();
    feed(reader, ["abc", null]);
    return yield* outcomeOf(reader.readexactly(10));
  });
  t.is(message, "IncompleteReadError: 3 bytes read on a total of 10 expected bytes");
  t.is(new LimitOverrunError("message", 10).consumed, 10);
});

test("StreamReader: it is at its end when the stream has ended and all was read", async (t) => {
  const log = await logOf(function* () {
    const reader = new StreamReader();
    say(reader.atEof());
    feed(reader, ["some data\n"]);
    yield* reader.readline();
    say(reader.atEof());
    feed(reader, ["some data\n", null]);
    say(reader.atEof());
    yield* reader.readline();
    say(reader.atEof());
  });
  t.deepEqual(log, ["0 false", "0 false", "0 false", "0 true"]);
});

for (const [name, reading] of Object.entries({
  read: read(2),
  readline,
  readexactly: readexactly(2),
  readuntil: readuntil("\n"),
})) {
  test(`StreamReader: after an error of the stream ${name} fails with it, also when it waits already`, async (t) => {
    const log = await logOf(function* () {
      const [reader, waitedFor] = [new StreamReader(), new StreamReader()];
      say(reader.exception());
      reader.setException(new Boom());
      say(reader.exception());
      say(yield* outcomeOf(reading(reader)));
      const task = createTask(reading(waitedFor));
      yield* sleep(0);
      waitedFor.setException(new Boom());
      say(yield* outcomeOf(task));
    });
    t.deepEqual(log, ["0 null", "0 Boom", "0 Boom", "0 Boom"]);
  });
}

test("StreamReader: an error of the stream does not mind a reader that was cancelled", async (t) => {
  const log = await logOf(function* () {
    const reader = new StreamReader();
    const task = createTask(reader.readline());
    yield* sleep(0);
    task.cancel();
    reader.setException(new Boom());
    say(yield* outcomeOf(task));
    say(reader);
  });
  t.deepEqual(log, ["0 CancelledError", "0 <StreamReader exception=Boom>"]);
});

test("StreamReader: its string shows its contents, its limit, its end and what waits", async (t) => {
  const log = await logOf(function* () {
    const [full, ended, waitedFor] = [new StreamReader(), new StreamReader(), new StreamReader({ limit: 123 })];
    say(full);
    feed(full, ["data"]);
    feed(ended, [null]);
    const task = createTask(waitedFor.read());
    yield* sleep(0);
    say([full, ended, waitedFor]);
    feed(waitedFor, [null]);
    yield* task;
    say(waitedFor);
  });
  t.deepEqual(log, [
    "0 <StreamReader>",
    "0 <StreamReader 4 bytes>,<StreamReader eof>,<StreamReader limit=123 waiter=<Future pending>>",
    "0 <StreamReader eof limit=123>",
  ]);
});

test("StreamReader: a limit that is not above zero, a negative size and an empty separator are refused", async (t) => {
  const refused = await resultOf(function* () {
    const reader = new StreamReader();
    return [
      outcome(() => new StreamReader({ limit: 0 })),
      outcome(() => new StreamReader({ limit: -1 })),
      outcome(() => reader.readexactly(-1)),
      outcome(() => reader.readuntil(encode(""))),
      outcome(() => reader.readuntil([encode("a"), encode("")])),
      outcome(() => reader.readuntil([])),
    ];
  });
  t.deepEqual(refused, new Array(6).fill("RangeError"));
});

test.serial("StreamReader: it takes the running loop, or the one it is given, and there must be one", async (t) => {
  t.throws(() => new StreamReader(), { instanceOf: RuntimeError });
  const loop = new EventLoop();
  const reader = new StreamReader({ loop });
  loop.callLater(1, () => feed(reader, ["line\n"]));
  t.is(decode(await loop.runUntilComplete(reader.readline())), "line\n");
});

/** Greets, sends a line back, and hangs up. */
function* echo(reader: StreamReader, writer: StreamWriter): Plain<void> {
  writer.write(encode("hello\n"));
  writer.write(yield* reader.readline());
  yield* writer.drain();
  writer.close();
  yield* writer.waitClosed();
}

for (const kind of ["a coroutine function", "a plain function"]) {
  test(`Streams: with ${kind} as handler, a line goes there and back, and both sides close`, async (t) => {
    const log = await logOf(async function* () {
      const handler =
        kind === "a plain function" ? (...args: Parameters<typeof echo>) => void createTask(echo(...args)) : echo;
      const server = yield* startServer(handler, "127.0.0.1", 80);
      const [reader, writer] = yield* openConnection("127.0.0.1", 80);
      writer.write(encode("hello world!\n"));
      say(
        decode(yield* reader.read())
          .trim()
          .replace("\n", ", "),
      );
      say(writer.isClosing());
      writer.close();
      say(writer.isClosing());
      yield* writer.waitClosed();
      server.close();
      yield* server.waitClosed();
      say("closed");
    });
    t.deepEqual(log, ["0 hello, hello world!", "0 false", "0 true", "0 closed"]);
  });
}

test("Streams: closing with unread data waits for the end of the connection all the same", async (t) => {
  const log = await logOf(async function* () {
    yield* startServer(echo, "127.0.0.1", 80);
    const [reader, writer] = yield* openConnection("127.0.0.1", 80);
    writer.write(encode("unread\n"));
    say(decode(yield* reader.readline()).trim());
    writer.close();
    say(yield* outcomeOf(writer.waitClosed()));
  });
  t.deepEqual(log, ["0 hello", "0 undefined"]);
});

test("Streams: closing ends the reader of one's own side", async (t) => {
  const log = await logOf(async function* () {
    yield* startServer(echo, "127.0.0.1", 80);
    const [reader, writer] = yield* openConnection("127.0.0.1", 80);
    writer.close();
    yield* writer.waitClosed();
    say([reader.atEof(), (yield* reader.read()).length]);
  });
  t.deepEqual(log, ["0 true,0"]);
});

test("Streams: writing to a connection that the other side closed fails in drain", async (t) => {
  const log = await logOf(async function* () {
    yield* startServer((_reader, writer) => writer.close(), "127.0.0.1", 80);
    const [, writer] = yield* openConnection("127.0.0.1", 80);
    async function* writing() {
      for (;;) {
        writer.write(encode("foo\n"));
        yield* writer.drain();
      }
    }
    say(/ECONNRESET|EPIPE/.test(yield* outcomeOf(writing())));
  });
  t.deepEqual(log, ["0 true"]);
});

test("Streams: writing after close fails in drain", async (t) => {
  const log = await logOf(async function* () {
    yield* startServer(echo, "127.0.0.1", 80);
    const [, writer] = yield* openConnection("127.0.0.1", 80);
    writer.close();
    writer.write(encode("data"));
    say(/ECONNRESET|EPIPE/.test(yield* outcomeOf(writer.drain())));
  });
  t.deepEqual(log, ["0 true"]);
});

test("Streams: all ten drains go on when there is room again", async (t) => {
  const log = await logOf(async function* () {
    yield* startServer(
      async function* (reader: StreamReader) {
        yield* sleep(1);
        while ((yield* reader.read(2 ** 20)).length > 0) {
          // Takes everything.
        }
      },
      "127.0.0.1",
      80,
    );
    const [, writer] = yield* openConnection("127.0.0.1", 80);
    writer.write(new Uint8Array(2 ** 24));
    let drained = 0;
    const draining = function* (): Plain<void> {
      yield* writer.drain();
      drained++;
    };
    const tasks = Array.from({ length: 10 }, () => createTask(draining()));
    yield* sleep(0.5);
    say(drained);
    yield* gather(tasks);
    say(drained);
    writer.close();
  });
  t.deepEqual(log, ["0.5 0", "1 10"]);
});

test("Streams: a handler that fails is reported; one that cancels itself is not", async (t) => {
  for (const fails of [true, false]) {
    const warnings = await warningsOf(async function* () {
      const server = yield* startServer(
        function* (_reader: StreamReader, writer: StreamWriter): Plain<void> {
          if (fails) {
            throw new Boom("test");
          }
          writer.close();
          getRunningLoop()._currentTask!.cancel();
        },
        "127.0.0.1",
        80,
      );
      const [, writer] = yield* openConnection("127.0.0.1", 80);
      writer.write(encode("test msg"));
      yield* writer.drain();
      writer.close();
      yield* outcomeOf(writer.waitClosed());
      server.close();
      yield* server.waitClosed();
    });
    t.deepEqual(
      warnings.map((warning) => warning.split("\n")[0]),
      fails ? ["Unhandled exception in client_connected_cb"] : [],
    );
  }
});

test("Streams: opening a connection to a port without a listener fails", async (t) => {
  const log = await logOf(async function* () {
    say(/ECONNREFUSED/.test(yield* outcomeOf(openConnection("127.0.0.1", 80))));
  });
  t.deepEqual(log, ["0 true"]);
});
