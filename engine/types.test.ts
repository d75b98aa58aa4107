import test from "ava";
import {
  type Coroutine,
  createTask,
  type Future,
  gather,
  Queue,
  type Results,
  run,
  shield,
  simulate,
  sleep,
  type Task,
  taskGroup,
  timeout,
  wait,
  waitFor,
} from "./index.ts";

/*
 * These tests are passed by the compiler: an annotation that is wrong does not compile. What they run shows that the
 * values agree.
 */

type Same<A, B> = (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false;

/** Compiles only when `A` and `B` are the same type. */
const same = <A, B>(verdict: Same<A, B>): boolean => verdict;

async function* text(): Coroutine<string> {
  yield* sleep(1);
  return "text";
}

function* number() {
  yield* sleep(2);
  return 7;
}

test("Types: yield* returns the awaitable's own type, in both kinds of coroutine", async (t) => {
  async function* main() {
    const nothing = yield* sleep(1);
    const given = yield* sleep(1, "result" as const);
    const fromTask = yield* createTask(text());
    const direct = yield* text();
    return { nothing, given, fromTask, direct };
  }
  const result = await run(main());
  same<typeof result, { nothing: undefined; given: "result"; fromTask: string; direct: string }>(true);
  t.deepEqual(result, { nothing: undefined, given: "result", fromTask: "text", direct: "text" });
});

test("Types: gather of a tuple returns the tuple of results", async (t) => {
  function* main() {
    const pair = yield* gather(text(), number());
    same<typeof pair, [string, number]>(true);
    const array = yield* gather([text(), number()]);
    same<typeof array, [string, number]>(true);
    const outcomes = yield* gather([text(), number()], { returnExceptions: true });
    same<typeof outcomes, [string | Error, number | Error]>(true);
    const many = yield* gather([1, 2, 3].map((n) => sleep(n, n)));
    same<typeof many, number[]>(true);
    return [pair, array, outcomes, many];
  }
  t.deepEqual(await run(main()), [
    ["text", 7],
    ["text", 7],
    ["text", 7],
    [1, 2, 3],
  ]);
});

test("Types: waitFor, shield, timeout and taskGroup keep the type", async (t) => {
  async function* main() {
    const waited = yield* waitFor(number(), 10);
    const shielded = yield* shield(text());
    const timed = yield* timeout(10, text);
    const grouped = yield* taskGroup(async function* (group) {
      const task = group.createTask(number());
      same<typeof task, Task<number>>(true);
      return yield* task;
    });
    same<[typeof waited, typeof shielded, typeof timed, typeof grouped], [number, string, string, number]>(true);
    return [waited, shielded, timed, grouped];
  }
  t.deepEqual(await run(main()), [7, "text", "text", 7]);
});

test("Types: wait returns sets of the very futures, a queue returns its items", async (t) => {
  function* main() {
    const queue = new Queue<{ id: number }>();
    queue.putNowait({ id: 1 });
    const item = yield* queue.get();
    same<typeof item, { id: number }>(true);
    const { done } = yield* wait([createTask(number())]);
    same<typeof done, Set<Task<number>>>(true);
    return [item, [...done].map((task) => task.result())];
  }
  t.deepEqual(await run(main()), [{ id: 1 }, [7]]);
});

test("Types: simulate returns the program's value, or undefined", async (t) => {
  const { value } = await simulate(text);
  same<typeof value, string | undefined>(true);
  same<Results<[Future<1>, Task<"a">]>, [1, "a"]>(true);
  t.is(value, "text");
});

test("Types: what cannot be awaited does not compile", (t) => {
  async function* main() {
    // @ts-expect-error A number cannot be awaited.
    yield* 5;
    // @ts-expect-error Nor can a promise of the real world.
    yield* Promise.resolve(1);
    // @ts-expect-error A coroutine function must be called.
    createTask(text);
    // @ts-expect-error Only futures can be waited for.
    yield* wait([text()]);
  }
  t.is(typeof main, "function");
});
