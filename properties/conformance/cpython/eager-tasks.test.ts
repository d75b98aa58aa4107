import test from "ava";
import {
  allTasks,
  ContextVar,
  type Coroutine,
  createTask,
  currentTask,
  EventLoop,
  eagerTaskFactory,
  gather,
  getRunningLoop,
  sleep,
  Task,
  taskGroup,
} from "simloop";
import { after, logOf, outcomeOf, type Plain, say, turns } from "./programs.ts";

/*
 * What CPython's test_eager_task_factory.py asserts, in programs of our own. Only plain generators can start at once:
 * an async one does nothing before the next pass, which is a difference that docs/semantics.md explains.
 * docs/conformance.md says which of its methods each test stands for.
 */

/** What `main` says on a loop whose tasks start at once. */
const eagerLogOf = (main: () => Coroutine<unknown>): Promise<string[]> =>
  logOf(async function* () {
    const loop = getRunningLoop();
    loop.setTaskFactory(eagerTaskFactory);
    t_is(loop.getTaskFactory() === eagerTaskFactory);
    yield main();
  });

function t_is(condition: boolean): void {
  if (!condition) {
    throw new Error("the task factory was not set");
  }
}

function* immediate<T>(value: T): Plain<T> {
  return value;
}

test("Eager task: what does not wait is done when createTask returns", async (t) => {
  const log = await eagerLogOf(function* () {
    const task = createTask(immediate("hello"));
    say([task.done(), task instanceof Task]);
    say(yield* task);
  });
  t.deepEqual(log, ["0 true,true", "0 hello"]);
});

test("Eager task: a future that it completes is done when createTask returns", async (t) => {
  const log = await eagerLogOf(function* () {
    const future = getRunningLoop().createFuture<string>();
    function* setting(): Plain<void> {
      future.setResult("my message");
    }
    say([createTask(setting()).done(), future.done()]);
    say(yield* future);
  });
  t.deepEqual(log, ["0 true,true", "0 my message"]);
});

test("Eager task: one that waits continues like any other task after its first step", async (t) => {
  const log = await eagerLogOf(function* () {
    const task = createTask(after(1, "finished after waiting"));
    say(task.done());
    say(yield* task);
  });
  t.deepEqual(log, ["0 false", "1 finished after waiting"]);
});

test("Eager task: done at once, it cannot be cancelled; while it waits, it can", async (t) => {
  const log = await eagerLogOf(function* () {
    const done = createTask(immediate("finished"));
    say([done.cancel(), yield* done]);
    const waiting = createTask(after(1, null));
    say([waiting.cancel("cancellation message"), waiting.cancelling()]);
    say(yield* outcomeOf(waiting));
  });
  t.deepEqual(log, ["0 false,finished", "0 true,1", "0 CancelledError: cancellation message"]);
});

test("Eager task: it is the current task from its first line, and its creator is again afterwards", async (t) => {
  const log = await eagerLogOf(function* () {
    const creator = currentTask();
    const seen: unknown[] = [];
    function* looking(): Plain<void> {
      seen.push(currentTask());
      yield* sleep(1);
      seen.push(currentTask());
    }
    const task = createTask(looking());
    say([seen[0] === task, currentTask() === creator]);
    yield* task;
    say([seen[1] === task, currentTask() === creator]);
  });
  t.deepEqual(log, ["0 true,true", "1 true,true"]);
});

test("Eager task: it is among all tasks until it is done", async (t) => {
  const log = await eagerLogOf(function* () {
    let inside: readonly Task<unknown>[] = [];
    function* looking(wait: boolean): Plain<void> {
      inside = allTasks();
      if (wait) {
        yield* sleep(1);
      }
    }
    const done = createTask(looking(false));
    say([inside.includes(done), allTasks().includes(done)]);
    const waiting = createTask(looking(true));
    say([inside.includes(waiting), allTasks().includes(waiting)]);
    yield* waiting;
    say(allTasks().includes(waiting));
  });
  t.deepEqual(log, ["0 true,false", "0 true,true", "1 false"]);
});

test("Eager task: its first step runs in its own context already", async (t) => {
  const variable = new ContextVar("cv", { default: 0 });
  const log = await eagerLogOf(function* () {
    variable.set(1);
    function* setting(): Plain<void> {
      say(variable.get());
      variable.set(2);
      yield* sleep(1);
      say(variable.get());
      variable.set(3);
    }
    const task = createTask(setting());
    say(variable.get());
    yield* task;
    say(variable.get());
  });
  t.deepEqual(log, ["0 1", "0 1", "1 2", "1 1"]);
});

test("Eager task: with eagerStart a single task starts at once; on a loop that does not run, none does", async (t) => {
  const log = await logOf(async function* () {
    say(new Task(getRunningLoop(), immediate(1), { eagerStart: true }).done());
    say(createTask(immediate(1)).done());
    yield* turns(2);
  });
  t.deepEqual(log, ["0 true", "0 false"]);
  const loop = new EventLoop();
  t.false(new Task(loop, immediate(1), { eagerStart: true }).done());
});

/** A tree of coroutines, as a chain, as gathers or as groups. */
function* chain(depth: number): Plain<number> {
  return depth === 0 ? 0 : 1 + (yield* chain(depth - 1));
}

function* gathers(width: number, depth: number): Plain<void> {
  if (depth > 0) {
    yield* gather(Array.from({ length: width }, () => gathers(width, depth - 1)));
  }
}

function* groups(width: number, depth: number): Plain<void> {
  if (depth > 0) {
    yield* taskGroup(function* (group) {
      for (let i = 0; i < width; i++) {
        group.createTask(groups(width, depth - 1));
      }
    });
  }
}

const inner = 5 + 5 ** 2 + 5 ** 3;
const leaves = 5 ** 4;
for (const { title, make, tasks, waiting } of [
  { title: "a chain of a hundred coroutines", make: () => chain(100), tasks: 0, waiting: 0 },
  { title: "gathers of five, four deep", make: () => gathers(5, 4), tasks: inner + leaves, waiting: 0 },
  // A group hears of its tasks in the next iteration of the loop, as in CPython 3.13.2 and later: only the leaves end
  // at once.
  { title: "task groups of five, four deep", make: () => groups(5, 4), tasks: inner + leaves, waiting: inner },
]) {
  test(`Eager task: ${title}: as many tasks as without, of which ${waiting} are scheduled`, async (t) => {
    const counts: string[] = [];
    for (const eager of [false, true]) {
      await logOf(async function* () {
        let [made, scheduled] = [0, 0];
        getRunningLoop().setTaskFactory((loop, coroutine, options) => {
          made++;
          const task = new Task(loop, coroutine, { ...options, eagerStart: eager });
          scheduled += task.done() ? 0 : 1;
          return task;
        });
        yield make();
        counts.push(`${made} made, ${scheduled} scheduled`);
      });
    }
    t.deepEqual(counts, [`${tasks} made, ${tasks} scheduled`, `${tasks} made, ${waiting} scheduled`]);
  });
}
