import test from "ava";
import {
  createTask,
  gather,
  getRunningLoop,
  LifoQueue,
  PriorityQueue,
  Queue,
  sleep,
  type Task,
  taskGroup,
  waitFor,
} from "simloop";
import { logOf, outcome, outcomeOf, type Plain, resultOf, say, turns } from "./programs.ts";

/*
 * What CPython's test_queues.py asserts of the queues, in programs of our own.
 * docs/conformance.md says which of its methods each test stands for.
 */

const KINDS = { Queue, LifoQueue, PriorityQueue } as const;

/** How `awaitable` ended, the error without its message. */
function* shortOutcomeOf(awaitable: Parameters<typeof outcomeOf>[0]): Plain<string> {
  return (yield* outcomeOf(awaitable)).split(":")[0]!;
}

for (const [name, expected] of [
  ["Queue", [1, 3, 2]],
  ["LifoQueue", [2, 3, 1]],
  ["PriorityQueue", [1, 2, 3]],
] as const) {
  test(`${name}: it returns the items in its order, whether put and taken with or without waiting`, async (t) => {
    const items = await resultOf(async function* () {
      const queue = new KINDS[name]<number>();
      const taken: number[] = [];
      for (const item of [1, 3, 2]) {
        yield* queue.put(item);
      }
      for (let i = 0; i < 3; i++) {
        taken.push(yield* queue.get());
      }
      for (const item of [1, 3, 2]) {
        queue.putNowait(item);
      }
      for (let i = 0; i < 3; i++) {
        taken.push(queue.getNowait());
      }
      return taken;
    });
    t.deepEqual(items, [...expected, ...expected]);
  });

  test(`${name}: join waits until every item is dealt with, and taskDone cannot be said more often`, async (t) => {
    const log = await logOf(async function* () {
      const queue = new KINDS[name]<number>();
      yield* queue.join();
      yield* queue.join();
      say(outcome(() => queue.taskDone()));
      let sum = 0;
      const worker = function* (): Plain<void> {
        for (;;) {
          const item = yield* queue.get();
          sum += item;
          yield* sleep(1);
          queue.taskDone();
        }
      };
      for (let i = 0; i < 100; i++) {
        queue.putNowait(i);
      }
      const workers = [createTask(worker()), createTask(worker())];
      yield* queue.join();
      say(sum);
      for (const each of workers) {
        each.cancel();
      }
      say(outcome(() => queue.taskDone()));
    });
    t.deepEqual(log, ["0 RangeError", "50 4950", "50 RangeError"]);
  });

  test(`${name}: shut down while empty, it ends the waiting gets, and takes and returns no item`, async (t) => {
    const log = await logOf(async function* () {
      const queue = new KINDS[name]<string>();
      const getting = createTask(queue.get());
      yield* sleep(0);
      queue.shutdown();
      yield* queue.join();
      say(yield* shortOutcomeOf(getting));
      say(yield* refusalsOf(queue));
    });
    const all = ["QueueShutDown", "QueueShutDown", "QueueShutDown", "QueueShutDown"];
    t.deepEqual(log, ["0 QueueShutDown", `0 ${all}`]);
  });

  test(`${name}: shut down with items, it ends the waiting puts, returns what it has, and is joined after that`, async (t) => {
    const log = await logOf(async function* () {
      const queue = new KINDS[name]<string>(1);
      queue.putNowait("data");
      const [joining, putting] = [createTask(queue.join()), createTask(queue.put("more"))];
      yield* sleep(0);
      say(putting.done());
      queue.shutdown();
      say(queue.qsize());
      say(yield* shortOutcomeOf(putting));
      say(yield* queue.get());
      say(yield* refusalsOf(queue));
      say(joining.done());
      queue.taskDone();
      yield* joining;
      say(outcome(() => queue.taskDone()));
    });
    const all = ["QueueShutDown", "QueueShutDown", "QueueShutDown", "QueueShutDown"];
    t.deepEqual(log, ["0 false", "0 1", "0 QueueShutDown", "0 data", `0 ${all}`, "0 false", "0 RangeError"]);
  });

  test(`${name}: shut down at once, it drops its items, and they count as dealt with; those taken before do not`, async (t) => {
    for (const taken of [0, 1]) {
      const log = await logOf(async function* () {
        const queue = new KINDS[name]<string>();
        queue.putNowait("data");
        queue.putNowait("data");
        const joining = createTask(queue.join());
        for (let i = 0; i < taken; i++) {
          say(yield* queue.get());
        }
        queue.shutdown(true);
        yield* turns(2);
        say([queue.qsize(), joining.done()]);
        say(yield* refusalsOf(queue));
        for (let i = 0; i < taken; i++) {
          queue.taskDone();
        }
        yield* joining;
        say(outcome(() => queue.taskDone()));
      });
      const all = ["QueueShutDown", "QueueShutDown", "QueueShutDown", "QueueShutDown"];
      t.deepEqual(log, [
        ...Array.from({ length: taken }, () => "0 data"),
        `0 0,${taken === 0}`,
        `0 ${all}`,
        "0 RangeError",
      ]);
    }
  });

  test(`${name}: its string shows its sizes, the waiting tasks, the unfinished items, and that it was shut down`, async (t) => {
    const log = await logOf(async function* () {
      const queue = new KINDS[name]<number>(1);
      const getting = createTask(queue.get());
      yield* sleep(0);
      say(queue);
      queue.putNowait(1);
      yield* getting;
      queue.putNowait(2);
      const putting = createTask(queue.put(3));
      yield* sleep(0);
      say(queue);
      queue.shutdown(true);
      say(queue);
      say(yield* shortOutcomeOf(putting));
    });
    t.deepEqual(log, [
      `0 <${name} maxsize=1 size=0 getters=1>`,
      `0 <${name} maxsize=1 size=1 putters=1 tasks=2>`,
      `0 <${name} maxsize=1 size=0 tasks=1 shutdown>`,
      "0 QueueShutDown",
    ]);
  });
}

/** How putting and getting end, with and without waiting. */
function* refusalsOf(queue: Queue<string>): Plain<string[]> {
  return [
    yield* shortOutcomeOf(queue.put("data")),
    outcome(() => queue.putNowait("data")),
    yield* shortOutcomeOf(queue.get()),
    outcome(() => queue.getNowait()),
  ];
}

test("Queue: it knows when it is empty and when it is full", async (t) => {
  const log = await logOf(async function* () {
    const [endless, queue] = [new Queue<number>(), new Queue<number>(1)];
    say([endless.empty(), endless.full(), endless.maxsize]);
    yield* endless.put(1);
    yield* queue.put(1);
    say([endless.empty(), endless.full(), queue.full(), queue.qsize()]);
    say(outcome(() => queue.putNowait(2)));
    say(queue.getNowait());
    say(outcome(() => queue.getNowait()));
    const fractional = new Queue<number>(1.3);
    fractional.putNowait(1);
    fractional.putNowait(2);
    say([fractional.full(), outcome(() => fractional.putNowait(3))]);
  });
  t.deepEqual(log, [
    "0 true,false,0",
    "0 false,false,true,1",
    "0 QueueFull",
    "0 1",
    "0 QueueEmpty",
    "0 true,QueueFull",
  ]);
  t.throws(() => new Queue(Number.NaN), { instanceOf: TypeError });
});

test("Queue: put waits while it is full, get while it is empty", async (t) => {
  const log = await logOf(async function* () {
    const queue = new Queue<number>(2);
    const putting = createTask(
      (function* () {
        for (let i = 0; i < 3; i++) {
          yield* queue.put(i);
          say(`put ${i}`);
        }
      })(),
    );
    yield* sleep(1);
    say(`got ${yield* queue.get()}`);
    yield* putting;
    getRunningLoop().callLater(1, () => queue.putNowait(9));
    for (let i = 0; i < 3; i++) {
      say(`got ${yield* queue.get()}`);
    }
  });
  t.deepEqual(log, ["0 put 0", "0 put 1", "1 got 0", "1 put 2", "1 got 1", "1 got 2", "2 got 9"]);
});

test("Queue: producers and consumers, each of whom waits for the other, get everything across", async (t) => {
  const log = await logOf(async function* () {
    const queue = new Queue<number>(1);
    let sum = 0;
    yield* taskGroup(function* (group) {
      for (const numbers of [
        [1, 2, 3],
        [4, 5, 6],
      ]) {
        group.createTask(
          (function* () {
            for (const number of numbers) {
              yield* queue.put(number);
            }
          })(),
        );
        group.createTask(
          (function* () {
            for (let i = 0; i < 3; i++) {
              const item = yield* queue.get();
              sum += item;
            }
          })(),
        );
      }
      yield* sleep(0);
    });
    say([sum, queue.qsize()]);
  });
  t.deepEqual(log, ["0 21,0"]);
});

test("Queue: room that is made for several wakes several", async (t) => {
  const log = await logOf(async function* () {
    const queue = new Queue<number>(2);
    yield* taskGroup(function* (group) {
      group.createTask(
        (function* () {
          yield* sleep(0);
          for (let left = queue.qsize(); left > 0; left--) {
            queue.getNowait();
          }
        })(),
      );
      for (let i = 0; i < 4; i++) {
        group.createTask(queue.put(i));
      }
      yield* sleep(0);
    });
    say([queue.getNowait(), queue.getNowait(), queue.empty()]);
  });
  t.deepEqual(log, ["0 2,3,true"]);
});

test("Queue: a getter that is cancelled takes no item with it", async (t) => {
  const log = await logOf(async function* () {
    const queue = new Queue<number>();
    const readers = Array.from({ length: 3 }, () => createTask(queue.get()));
    yield* sleep(0);
    queue.putNowait(1);
    queue.putNowait(2);
    readers[0]?.cancel();
    say(yield* outcomeOf(readers[0]!));
    say(yield* gather(readers.slice(1)));
  });
  t.deepEqual(log, ["0 CancelledError", "0 1,2"]);
});

test("Queue: a getter that is cancelled before there is an item leaves the turn to the next", async (t) => {
  const log = await logOf(async function* () {
    const queue = new Queue<string>();
    const [first, second] = [createTask(queue.get()), createTask(queue.get())];
    yield* sleep(0);
    first.cancel();
    yield* sleep(0);
    yield* queue.put("a");
    say([first.cancelled(), yield* second]);
  });
  t.deepEqual(log, ["0 true,a"]);
});

test("Queue: a putter that is cancelled, before or when there is room, puts nothing", async (t) => {
  for (const when of ["before", "when"]) {
    const log = await logOf(async function* () {
      const queue = new Queue<string>(1);
      const [a, b, c] = ["a", "b", "c"].map((item) => createTask(queue.put(item))) as [
        Task<void>,
        Task<void>,
        Task<void>,
      ];
      yield* sleep(0);
      const cancelled = when === "before" ? c : b;
      if (when === "when") {
        queue.getNowait();
      }
      cancelled.cancel();
      say([a.done(), yield* outcomeOf(cancelled)]);
      const items: string[] = [];
      while (!queue.empty()) {
        items.push(queue.getNowait());
        yield* turns(2);
      }
      say(items);
    });
    t.deepEqual(log, ["0 true,CancelledError", when === "before" ? "0 a,b" : "0 c"]);
  }
});

test("Queue: a task that gave up waiting is not kept in the queue", async (t) => {
  const log = await logOf(async function* () {
    const queue = new Queue<number>(1);
    say(yield* shortOutcomeOf(waitFor(queue.get(), 1)));
    say(queue);
    queue.putNowait(1);
    say(yield* shortOutcomeOf(waitFor(queue.put(2), 1)));
    say(queue);
  });
  t.deepEqual(log, [
    "1 TimeoutError",
    "1 <Queue maxsize=1 size=0>",
    "2 TimeoutError",
    "2 <Queue maxsize=1 size=1 tasks=1>",
  ]);
});
