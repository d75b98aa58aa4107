import { inspect } from "node:util";
import test from "ava";
import {
  createTask,
  type DeadlockError as Deadlock,
  DeadlockError,
  Event,
  EventLoop,
  gather,
  getRunningLoop,
  Lock,
  Queue,
  simulate,
  sleep,
  type Task,
  taskGroup,
  timeout,
  wait,
} from "../index.ts";

/** The error's message without the places, which depend on the machine. */
const withoutPlaces = (error: Deadlock): string => error.message.replace(/ \(created at [^)]*\)/g, " (created)");

/** The line of a place in this file, 0 for any other. */
const lineOf = (place: string | undefined): number => Number(/deadlock\.test\.ts:(\d+)/.exec(place ?? "")?.[1] ?? 0);

test("DeadlockError: it names every task that waits, in order of creation, what it waits for and where it was created", async (t) => {
  const loop = new EventLoop();
  const lock = new Lock();
  async function* holder() {
    yield* lock.acquire();
    yield* getRunningLoop().createFuture();
  }
  function* waiter() {
    yield* lock.acquire();
  }
  async function* main() {
    const first = createTask(holder(), { name: "holder" });
    yield* sleep(2.5);
    createTask(waiter());
    createTask(sleep(Number.POSITIVE_INFINITY), { name: "sleeper" });
    yield* first;
  }
  const error = await t.throwsAsync(loop.runUntilComplete(main()), { instanceOf: DeadlockError });
  t.is(
    withoutPlaces(error),
    [
      "deadlock at 2.5 s: nothing is ready and no timer is pending; 4 waiting:",
      "  Task-1 waits for task 'holder'",
      "  holder waits for <Future pending> (created)",
      "  Task-2 waits for Lock.acquire <Lock [locked, waiters:1]> (created)",
      "  sleeper waits for sleep(Infinity) (created)",
    ].join("\n"),
  );
});

test("DeadlockError: the tasks are also there as data, with the line of the call that created each", async (t) => {
  const loop = new EventLoop();
  let line = 0;
  function* main() {
    line = lineOf(new Error("here").stack?.split("\n")[1]);
    yield* createTask(sleep(Number.POSITIVE_INFINITY), { name: "sleeper" });
  }
  const error = await t.throwsAsync(loop.runUntilComplete(main()), { instanceOf: DeadlockError });
  t.deepEqual(
    error.waiting.map(({ name, waitsFor, createdAt }) => [name, waitsFor, lineOf(createdAt)]),
    [
      ["Task-1", "task 'sleeper'", 0],
      ["sleeper", "sleep(Infinity)", line + 1],
    ],
  );
});

test("DeadlockError: a future that no callback can complete is one, too, though no task is left", async (t) => {
  const loop = new EventLoop();
  await t.throwsAsync(loop.runUntilComplete(loop.createFuture()), {
    instanceOf: DeadlockError,
    message: "deadlock at 0 s: nothing is ready and no timer is pending; no task is left that could go on",
  });
});

test("DeadlockError: two tasks that gather each other wait for ever", async (t) => {
  const loop = new EventLoop();
  async function* main() {
    const rendezvous = getRunningLoop().createFuture<void>();
    yield* gather(rendezvous, waiting(rendezvous));
  }
  async function* waiting(what: ReturnType<EventLoop["createFuture"]>) {
    yield* what;
  }
  const error = await t.throwsAsync(loop.runUntilComplete(main()), { instanceOf: DeadlockError });
  t.is(error.waiting.length, 2);
});

test("DeadlockError: the loop can be used again afterwards", async (t) => {
  const loop = new EventLoop();
  const gate = loop.createFuture<string>();
  function* main() {
    return yield* gate;
  }
  const task = loop.createTask(main());
  await t.throwsAsync(loop.runForever(), { instanceOf: DeadlockError });
  gate.setResult("open");
  t.is(await loop.runUntilComplete(task), "open");
});

/** Two tasks that wait for each other, and the main one that waits for the first after `meddle`. */
const circle = (meddle: (first: Task<void>) => void) =>
  async function* main() {
    const tasks: Task<void>[] = [];
    async function* waitForTask(index: number) {
      yield* sleep(1);
      yield* tasks[index]!;
    }
    tasks.push(createTask(waitForTask(1), { name: "one" }), createTask(waitForTask(0), { name: "two" }));
    yield* sleep(2);
    meddle(tasks[0]!);
    yield* tasks[0]!;
  };

test("DeadlockError: tasks that wait for each other in a circle are one", async (t) => {
  const loop = new EventLoop();
  const error = await t.throwsAsync(loop.runUntilComplete(circle(() => {})()), { instanceOf: DeadlockError });
  t.is(
    withoutPlaces(error),
    [
      "deadlock at 2 s: nothing is ready and no timer is pending; 3 waiting:",
      "  Task-1 waits for task 'one'",
      "  one waits for task 'two' (created)",
      "  two waits for task 'one' (created)",
    ].join("\n"),
  );
});

test("DeadlockError: the string of a task in a circle ends where it would begin anew, as in asyncio", async (t) => {
  let text = "";
  await simulate(
    circle((first) => {
      text = String(first);
    }),
  );
  t.is(
    text,
    "<Task pending name='one' coro=<coroutine()> wait_for=<Task pending name='two' coro=<coroutine()> wait_for=...>>",
  );
});

test("DeadlockError: cancelling a task in a circle asks each of them once, where asyncio's RecursionError comes", async (t) => {
  let counts: unknown;
  const { error } = await simulate(
    circle((first) => {
      counts = [first.cancel("enough"), String(first)];
    }),
  );
  t.true(error instanceof DeadlockError);
  t.deepEqual(counts, [
    true,
    "<Task cancelling name='one' coro=<coroutine()> wait_for=<Task cancelling name='two' coro=<coroutine()> wait_for=...>>",
  ]);
});

/** Frames without what depends on the machine. */
const here = (frames: readonly string[] | undefined): string[] =>
  (frames ?? []).map((frame) => frame.replace(/\(?[^ (]*deadlock\.test\.ts:(\d+):\d+\)?/, "$1"));

test("DeadlockError: after run and simulate, each task says where it waits, innermost first, in both kinds of coroutine", async (t) => {
  const first = Number(/deadlock\.test\.ts:(\d+)/.exec(new Error("here").stack ?? "")?.[1]);
  const lock = new Lock();
  function* innermost() {
    yield* lock.acquire();
  }
  function* middle() {
    yield* innermost();
  }
  async function* asynchronous() {
    yield* waiting();
  }
  async function* waiting() {
    yield* new Queue().get();
  }
  function* inBlocks() {
    yield* timeout(null, async function* inTimeout() {
      yield* new Lock().with(function* inLock() {
        yield* new Event().wait();
      });
    });
  }
  function* grouped() {
    yield* taskGroup(function* (group) {
      group.createTask(sleep(Number.POSITIVE_INFINITY), { name: "child" });
    });
  }
  function* waits() {
    yield* wait([getRunningLoop().createFuture()]);
  }
  async function* main() {
    yield* lock.acquire();
    yield* gather(middle(), asynchronous(), inBlocks(), grouped(), waits());
  }
  const { error } = await simulate(main);
  const { waiting: tasks, message, stack } = error as Deadlock;
  t.deepEqual(
    tasks.map(({ name, waitsAt }) => [name, ...here(waitsAt)]),
    [
      ["Task-1", `main ${first + 31}`],
      ["Task-2", `innermost ${first + 3}`, `middle ${first + 6}`],
      ["Task-3", `waiting ${first + 12}`, `asynchronous ${first + 9}`],
      ["Task-4", `inLock ${first + 17}`, `inTimeout ${first + 16}`, `inBlocks ${first + 15}`],
      ["Task-5", `grouped ${first + 22}`],
      ["Task-6", `waits ${first + 27}`],
      ["child"],
    ],
  );
  t.regex(message, /Task-2 waits for Lock\.acquire .*\n {4}at innermost \(.*\n {4}at middle \(/);
  t.is(stack, `DeadlockError: ${message}`);
  t.is(inspect(error).split("deadlock at").length, 2);
});

test("DeadlockError: the digest of a run does not depend on where its files stand", async (t) => {
  const main = async function* () {
    yield* new Event().wait();
  };
  const other = async function* () {
    yield* new Event().wait();
  };
  t.is((await simulate(main)).digest, (await simulate(other)).digest);
});
