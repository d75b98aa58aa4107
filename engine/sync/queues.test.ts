import test from "ava";
import { againstPython, logOf, say } from "../golden/recorded-logs.ts";
import {
  type Awaitable,
  asCompleted,
  createTask,
  type Future,
  getRunningLoop,
  LifoQueue,
  PriorityQueue,
  Queue,
  simulate,
  sleep,
  type Task,
  wait,
} from "../index.ts";

/** The log of `main` is as given, which is as CPython's; engine/golden/sync/queues.py recorded those. */
const isPythons = againstPython(new URL("../golden/sync/queues.jsonl", import.meta.url));

/** Wait, and log the outcome. */
async function* report(name: string, awaitable: Awaitable<unknown>) {
  try {
    say(`${name} got ${yield* awaitable}`);
  } catch (error) {
    say(`${name} got ${(error as Error).name}`);
  }
}

function* fail(delay: number): Generator<unknown, never> {
  yield* sleep(delay);
  throw Object.assign(new Error("no"), { name: "Boom" });
}

test("Queue: a task that waits for an item gets one in the order of coming, a pass after it was put", (t) => {
  const queue = new Queue<number>();
  async function* main() {
    const tasks = ["a", "b"].map((name) => createTask(report(name, queue.get())));
    yield* sleep(1);
    for (const item of [1, 2, 3]) {
      queue.putNowait(item);
    }
    getRunningLoop().callSoon(() => say("pass 1"));
    say(queue.qsize());
    for (const task of tasks) {
      yield* task;
    }
    say(`${queue.qsize()}, ${queue.empty()}, ${queue.getNowait()}, ${queue.empty()}`);
  }
  return isPythons(t, main, ["1 3", "1 a got 1", "1 b got 2", "1 pass 1", "1 1, false, 3, true"]);
});

test("Queue: put waits while it is full, and goes on when there is room", (t) => {
  const queue = new Queue<number>(2);
  function* producer() {
    for (let item = 0; item < 5; item++) {
      yield* queue.put(item);
      say(`put ${item}`);
    }
  }
  async function* main() {
    const task = createTask(producer());
    for (let i = 0; i < 5; i++) {
      yield* sleep(1);
      say(`${queue.full()}, got ${yield* queue.get()}`);
    }
    yield* task;
  }
  return isPythons(t, main, [
    "0 put 0",
    "0 put 1",
    "1 true, got 0",
    "1 put 2",
    "2 true, got 1",
    "2 put 3",
    "3 true, got 2",
    "3 put 4",
    "4 true, got 3",
    "5 false, got 4",
  ]);
});

test("Queue: an item is for whoever takes it first; a woken getter that finds none waits again, at the end", (t) => {
  const queue = new Queue<string>();
  async function* main() {
    const a = createTask(report("a", queue.get()));
    const b = createTask(report("b", queue.get()));
    yield* sleep(1);
    queue.putNowait("first");
    say(`stolen ${queue.getNowait()}`);
    yield* sleep(1);
    queue.putNowait("second");
    yield* b;
    queue.putNowait("third");
    yield* a;
  }
  return isPythons(t, main, ["1 stolen first", "2 b got second", "2 a got third"]);
});

test("Queue: a woken getter that is cancelled leaves the item to the next", (t) => {
  const queue = new Queue<string>();
  async function* main() {
    const a = createTask(report("a", queue.get()));
    const b = createTask(report("b", queue.get()));
    yield* sleep(1);
    queue.putNowait("item");
    a.cancel();
    yield* b;
  }
  return isPythons(t, main, ["1 a got CancelledError", "1 b got item"]);
});

test("Queue: join waits until every item that was put is done", (t) => {
  const queue = new Queue<number>();
  async function* worker() {
    for (;;) {
      const item = yield* queue.get();
      yield* sleep(1);
      say(`done ${item}`);
      queue.taskDone();
    }
  }
  async function* main() {
    yield* queue.join();
    say("nothing to wait for");
    for (let item = 0; item < 3; item++) {
      queue.putNowait(item);
    }
    createTask(worker());
    yield* queue.join();
    say("joined");
  }
  return isPythons(t, main, ["0 nothing to wait for", "1 done 0", "2 done 1", "3 done 2", "3 joined"]);
});

test("Queue: shut down, it returns what it has, wakes the waiters, and takes no more", (t) => {
  async function* main() {
    const queue = new Queue<string>(1);
    queue.putNowait("left");
    const putter = createTask(report("putter", queue.put("more")));
    yield* sleep(1);
    queue.shutdown();
    yield* putter;
    yield* report("getter", queue.get());
    yield* report("getter", queue.get());
    yield* report("putter", queue.put("more"));
    const empty = new Queue<string>();
    const getters = ["a", "b"].map((name) => createTask(report(name, empty.get())));
    yield* sleep(1);
    empty.shutdown();
    yield* wait(getters);
  }
  return isPythons(t, main, [
    "1 putter got QueueShutDown",
    "1 getter got left",
    "1 getter got QueueShutDown",
    "1 putter got QueueShutDown",
    "2 a got QueueShutDown",
    "2 b got QueueShutDown",
  ]);
});

test("Queue: shut down at once, it is empty and all is done", (t) => {
  async function* main() {
    const queue = new Queue<number>();
    for (let item = 0; item < 3; item++) {
      queue.putNowait(item);
    }
    const joiner = createTask(report("joiner", queue.join()));
    yield* sleep(1);
    queue.shutdown(true);
    say(queue.qsize());
    yield* report("getter", queue.get());
    yield* joiner;
  }
  return isPythons(t, main, ["1 0", "1 getter got QueueShutDown", "1 joiner got undefined"]);
});

test("LifoQueue: the item that was put last comes first", (t) => {
  function* main() {
    const queue = new LifoQueue<number>();
    for (const item of [1, 2, 3]) {
      queue.putNowait(item);
    }
    say([1, 2, 3].map(() => queue.getNowait()).join(" "));
  }
  return isPythons(t, main, ["0 3 2 1"]);
});

test("PriorityQueue: the smallest item comes first, of equal ones the one that CPython's heap gives", (t) => {
  function* main() {
    const queue = new PriorityQueue<[number, string]>();
    const items: [number, string][] = [
      [2, "b"],
      [1, "z"],
      [2, "a"],
      [1, "y"],
      [3, "c"],
    ];
    for (const item of items) {
      queue.putNowait(item);
    }
    say(items.map(() => queue.getNowait().join("")).join(" "));
    const equals = new PriorityQueue<number>(0, () => false);
    for (let i = 0; i < 8; i++) {
      equals.putNowait(i);
    }
    say(Array.from({ length: 8 }, () => equals.getNowait()).join(" "));
  }
  return isPythons(t, main, ["0 1y 1z 2a 2b 3c", "0 0 2 6 5 7 4 1 3"]);
});

test("asCompleted: results come in the order of completion, each as an awaitable, errors where they are awaited", (t) => {
  async function* main() {
    for (const next of asCompleted<string>([sleep(3, "c"), sleep(1, "a"), fail(2), sleep(1, "b")])) {
      yield* report("main", next);
    }
  }
  return isPythons(t, main, ["1 main got a", "1 main got b", "2 main got Boom", "3 main got c"]);
});

test("asCompleted: with for await come the futures themselves, those given among them", (t) => {
  async function* main() {
    const task: Task<string> = createTask(sleep(2, "task"), { name: "named" });
    for await (const future of asCompleted([task, sleep(1, "other")])) {
      say(`${(future as Future<string>) === task}, ${future.result()}`);
    }
  }
  return isPythons(t, main, ["1 false, other", "2 true, task"]);
});

test("asCompleted: when the time is up, each that is left throws a TimeoutError", (t) => {
  async function* main() {
    for (const next of asCompleted([sleep(1, "a"), sleep(5, "b"), sleep(6, "c")], { timeout: 2 })) {
      yield* report("main", next);
    }
  }
  return isPythons(t, main, ["1 main got a", "2 main got TimeoutError", "2 main got TimeoutError"]);
});

test("asCompleted: plain generators, which have no for await, ask for the next future", async (t) => {
  const log = await logOf(function* () {
    const completed = asCompleted([sleep(2, "b"), sleep(1, "a")]);
    for (let future = yield* completed.nextFuture(); future !== undefined; future = yield* completed.nextFuture()) {
      say(future.result());
    }
  });
  t.deepEqual(log, ["1 a", "2 b"]);
});

test("Queue: its string shows how much it holds, the waiting tasks, and what is not done yet", async (t) => {
  const { value } = await simulate(async function* () {
    const queue = new Queue<number>(1);
    const texts = [String(queue), String(new LifoQueue()), String(new PriorityQueue())];
    queue.putNowait(1);
    createTask(queue.put(2));
    const empty = new Queue<number>();
    createTask(empty.get());
    yield* sleep(1);
    texts.push(String(queue), String(empty));
    empty.shutdown();
    return [...texts, String(empty)];
  });
  t.deepEqual(value, [
    "<Queue maxsize=1 size=0>",
    "<LifoQueue maxsize=0 size=0>",
    "<PriorityQueue maxsize=0 size=0>",
    "<Queue maxsize=1 size=1 putters=1 tasks=1>",
    "<Queue maxsize=0 size=0 getters=1>",
    "<Queue maxsize=0 size=0 shutdown>",
  ]);
});

/** What JavaScript code, which no compiler checks, may pass. */
const wrong = (value: unknown): never => value as never;

/** The error that a call throws, as a string. */
function refusal(call: () => unknown): string {
  try {
    call();
  } catch (error) {
    return String(error);
  }
  return "no error";
}

test("Queue, asCompleted: a mistake is refused where it is made", async (t) => {
  const { value } = await simulate(function* () {
    const full = new Queue<number>(1);
    full.putNowait(1);
    const shut = new Queue<number>();
    shut.shutdown();
    const mixed = new PriorityQueue<unknown>();
    mixed.putNowait(1);
    return [
      () => full.putNowait(2),
      () => new Queue().getNowait(),
      () => shut.putNowait(1),
      () => shut.getNowait(),
      () => shut.taskDone(),
      () => new Queue(wrong("many")),
      () => new Queue(Number.NaN),
      () => new PriorityQueue(0, wrong("less")),
      () => mixed.putNowait("text"),
      () => asCompleted(wrong(sleep(1))),
      () => asCompleted([wrong(1)]),
      () => asCompleted([], { timeout: Number.NaN }),
    ].map(refusal);
  });
  t.deepEqual(value, [
    "QueueFull: <Queue maxsize=1 size=1 tasks=1> is full; wait for room with put()",
    "QueueEmpty: <Queue maxsize=0 size=0> is empty; wait for an item with get()",
    "QueueShutDown: <Queue maxsize=0 size=0 shutdown> was shut down",
    "QueueShutDown: <Queue maxsize=0 size=0 shutdown> was shut down",
    "RangeError: taskDone() called too many times: every item of <Queue maxsize=0 size=0 shutdown> is done already",
    'TypeError: Queue: expected maxsize to be a number, got "many"',
    "TypeError: Queue: expected maxsize to be a number, got NaN",
    'TypeError: PriorityQueue: expected a comparison (a, b) => boolean, got "less"',
    "TypeError: '<' not supported between string and number: give PriorityQueue a comparison (a, b) => boolean",
    "TypeError: asCompleted: expected an array of futures and coroutines, got sleep(1)",
    "TypeError: asCompleted: a future or a coroutine was expected, got 1",
    "RangeError: asCompleted: expected a finite or positively infinite delay in seconds, got NaN",
  ]);
});
