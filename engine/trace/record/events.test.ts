import test from "ava";
import { choose } from "../../explore/program/annotations.ts";
import { random } from "../../loop/built-ins.ts";
import { getRunningLoop } from "../../network/event-loop.ts";
import { openConnection } from "../../network/streams/open-connection.ts";
import { startServer } from "../../network/streams/start-server.ts";
import type { StreamReader } from "../../network/streams/stream-reader.ts";
import type { StreamWriter } from "../../network/streams/stream-writer.ts";
import { type Program, type SimulateOptions, simulate } from "../../simulation.ts";
import { Event } from "../../sync/event.ts";
import { Lock } from "../../sync/lock.ts";
import { Queue } from "../../sync/queue.ts";
import { createTask, currentTask } from "../../tasks/current.ts";
import { sleep } from "../../tasks/sleep.ts";
import { toText } from "../words/text.ts";

/** Who did what in a run, without numbers and places; only the lines that `wanted` finds. */
async function told(main: Program<unknown>, wanted: RegExp, options: SimulateOptions = {}): Promise<string[]> {
  const { trace } = await simulate(main, options);
  const lines = toText(trace)
    .replace(/ at [\w.-]+:\d+:\d+/g, "")
    .split("\n")
    .slice(3, -2);
  return lines.map((line) => line.slice(11).replace(/ {2,}/, ": ").trim()).filter((line) => wanted.test(line));
}

test("Trace: a turn given up is one event, with a result as well", async (t) => {
  async function* main() {
    yield* sleep(0);
    yield* sleep(0, "result");
  }
  const { trace } = await simulate(main);
  t.deepEqual(
    trace.records.map(({ kind }) => kind),
    ["create", "wake", "step", "yield", "step", "yield", "step", "schedule", "end", "run", "run.ended"],
  );
});

test("Trace: a lock is acquired, waited for and released; a wait has its number", async (t) => {
  async function* main() {
    const lock = new Lock();
    yield* lock.acquire();
    const other = createTask(lock.acquire(), { name: "other" });
    yield* sleep(1);
    lock.release();
    yield* other;
  }
  t.deepEqual(await told(main, /Lock/), [
    "Task-1: acquires Lock #2",
    "other: queues up for Lock #2, 1 waiting",
    "other: waits for Lock.acquire #2",
    "Task-1: releases Lock #2, 1 waiting",
    "other: acquires Lock #2",
  ]);
});

test("Trace: queues record how much is in them, events when they are set", async (t) => {
  async function* main() {
    const queue = new Queue<string>();
    queue.putNowait("a");
    yield* queue.get();
    new Event().set();
  }
  t.deepEqual(await told(main, /Queue|Event/), [
    "Task-1: puts into Queue #2, 1 in it",
    "Task-1: takes from Queue #2, 0 in it",
    "Task-1: sets Event #3",
  ]);
});

test("Trace: a primitive that outlives a run has a number of its own in each", async (t) => {
  const lock = new Lock();
  async function* main() {
    yield* lock.acquire();
    lock.release();
  }
  t.is((await simulate(main)).digest, (await simulate(main)).digest);
});

test("Trace: names given later, draws, choices, reports and the end of the run are recorded", async (t) => {
  async function* main() {
    currentTask()?.setName("main");
    random("dice").integer(1, 1);
    choose("way", ["left", "right"]);
    getRunningLoop().callExceptionHandler({ message: "look" });
    yield* sleep(5);
  }
  t.deepEqual(await told(main, /name|draws|choice|reports|the run/, { until: 2 }), [
    'main: gives task #1 the name "main"',
    'main: draws 1 from the stream "dice"',
    'main: takes option 0 of 2 of the choice "way"',
    'main: reports "look"',
    "-: the run ends: cut off",
  ]);
});

test("Trace: what the network does has no author, and a task names its host", async (t) => {
  async function* main() {
    const { network } = getRunningLoop();
    const a = network.host("a");
    network.host("b");
    yield* a.run(connecting(), { name: "client" });
  }
  async function* connecting() {
    try {
      yield* getRunningLoop().createConnection(() => ({}) as never, "b", 80);
    } catch {
      // Nothing listens there.
    }
  }
  const lines = await told(main, /creates client|arrives|waits for connect/);
  t.deepEqual(lines.slice(0, 3), [
    "Task-1: creates client on host a",
    "client: waits for connect #5",
    "-: packet 1 arrives over a→b",
  ]);
});

test("Trace: a task that simloop makes on its own account has no place, whoever's suspension called the loop", async (t) => {
  async function* serving(_reader: StreamReader, writer: StreamWriter) {
    writer.close();
    yield* writer.waitClosed();
  }
  async function* main() {
    const server = yield* startServer(serving, "127.0.0.1", 80);
    const [reader, writer] = yield* openConnection("127.0.0.1", 80);
    yield* reader.read();
    writer.close();
    server.close();
  }
  const { records } = (await simulate(main)).trace;
  const places = records.filter((record) => record.kind === "create").map(({ place }) => place !== undefined);
  t.deepEqual(places, [false, true, false, false], "main, the server's start, the connection accepted, its handler");
});

test("Digest: it is the same wherever the program's files are, also if the run ends with an error that names places", async (t) => {
  async function* waiting() {
    yield* getRunningLoop().createFuture();
  }
  async function* foreign() {
    await new Promise((done) => setImmediate(done));
    yield* sleep(1);
  }
  async function* here(body: () => AsyncGenerator) {
    yield* createTask(body());
  }
  async function* elsewhere(body: () => AsyncGenerator) {
    yield* createTask(body());
  }
  for (const body of [waiting, foreign]) {
    const [a, b] = [await simulate(() => here(body)), await simulate(() => elsewhere(body))];
    t.is(a.digest, b.digest);
    t.not(String("error" in a && a.error), String("error" in b && b.error));
  }
});
