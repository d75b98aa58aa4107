import { execFile } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import test from "ava";
import { logOf, say, withoutPlaces } from "../golden/recorded-logs.ts";
import { createTask, ForeignAwaitError, gather, Lock, simulate, sleep } from "../index.ts";

async function* numbers(delay = 1) {
  try {
    for (let n = 1; n <= 2; n++) {
      yield* sleep(delay);
      yield n;
    }
  } finally {
    say("closed");
  }
}

/** Iterate over `source`, and log the outcome. */
async function* worker(name: string, source: AsyncIterable<number>) {
  try {
    for await (const n of source) {
      say(`${name} got ${n}`);
    }
    say(`${name} ends`);
  } catch (error) {
    say(`${name} failed: ${String(error).replace(/<Task.*>/, "<Task>")}`);
  }
}

const BUSY =
  "asynchronous generator is already running: <Task> waits inside it, and two tasks cannot advance it at once";

test("Async generators: of two tasks that advance one at once, the second gets an error, and the first goes on", async (t) => {
  for (const realAwait of ["forbid", "allow"] as const) {
    const { output, error } = await simulate(
      async function* () {
        const shared = numbers();
        yield* gather(worker("a", shared), worker("b", shared));
      },
      { realAwait },
    );
    t.deepEqual(
      [output.trimEnd().split("\n"), error],
      [[`0 b failed: RuntimeError: anext(): ${BUSY}`, "1 a got 1", "2 a got 2", "2 closed", "2 a ends"], undefined],
    );
  }
});

test("Async generators: two tasks may advance one in turns", async (t) => {
  const log = await logOf(async function* () {
    const shared = numbers();
    const lock = new Lock();
    async function* next(name: string) {
      yield* lock.with(async function* () {
        say(`${name} got ${JSON.stringify(await shared.next())}`);
      });
    }
    yield* gather(next("a"), next("b"), next("c"));
  });
  t.deepEqual(log, [
    '1 a got {"value":1,"done":false}',
    '2 b got {"value":2,"done":false}',
    "2 closed",
    '2 c got {"done":true}',
  ]);
});

test("Async generators: one that another task waits inside cannot be closed or thrown into", async (t) => {
  const log = await logOf(async function* () {
    const shared = numbers();
    const task = createTask(worker("a", shared));
    yield* sleep(0.5);
    for (const request of [() => shared.return(), () => shared.throw(new Error("x"))]) {
      try {
        await request();
      } catch (error) {
        say(String(error).replace(/<Task.*>/, "<Task>"));
      }
    }
    yield* task;
  });
  t.deepEqual(log, [
    `0.5 RuntimeError: aclose(): ${BUSY}`,
    `0.5 RuntimeError: athrow(): ${BUSY}`,
    ...["1 a got 1", "2 a got 2", "2 closed", "2 a ends"],
  ]);
});

test("Async generators: a coroutine that a task runs, or waits for, is refused to whoever awaits it as well", async (t) => {
  const log = await logOf(async function* () {
    async function* work() {
      yield* sleep(1);
      return "done";
    }
    async function* attempt(coroutine: AsyncGenerator<unknown, string>) {
      try {
        say(yield* coroutine);
      } catch (error) {
        say(String(error).replace(/<Task.*>/, "<Task>"));
      }
    }
    const delegated = work();
    const run = work();
    yield* gather(attempt(delegated), attempt(delegated), createTask(run), attempt(run));
  });
  t.deepEqual(log, [
    `0 RuntimeError: anext(): ${BUSY}`,
    "0 RuntimeError: cannot reuse already awaited coroutine: a task runs it; await the task, or call the function again",
    "1 done",
  ]);
});

test("Async generators: a task that waits for two things at once ends the run with an error that says so", async (t) => {
  for (const first of [0, 1]) {
    const { output, error } = await simulate(async function* () {
      createTask(worker("other", numbers(0)));
      for (let i = 0; i < first; i++) {
        yield* sleep(0);
      }
      const [a, b] = [numbers(), numbers()];
      await Promise.all([a.next(), b.next()]);
      say("not reached");
    });
    t.deepEqual(
      [String(error).replace(/<Task.*>/, "<Task>"), output.includes("not reached")],
      [
        "RuntimeError: <Task> cannot wait for sleep(1) as well: a task waits for one thing at a time. To wait for several, make tasks of them: " +
          "yield* gather(…), with each() around an async generator",
        false,
      ],
    );
  }
});

test("Async generators: two requests of one task are answered one after the other, as JavaScript does", async (t) => {
  const log = await logOf(async function* () {
    const source = numbers();
    say(JSON.stringify(await Promise.all([source.next(), source.next(), source.next()])));
  });
  t.deepEqual(log, ["2 closed", '2 [{"value":1,"done":false},{"value":2,"done":false},{"done":true}]']);
});

test("Async generators: those that are still open are closed at the end of the run, in the order of their first items", async (t) => {
  const log = await logOf(async function* () {
    const [a, b, untouched] = [numbers(2), numbers(1), numbers(3)];
    yield* gather(
      (async function* () {
        say(`a ${(await a.next()).value}`);
      })(),
      (async function* () {
        say(`b ${(await b.next()).value}`);
      })(),
    );
    say(`main ends ${typeof untouched}`);
  });
  t.deepEqual(log, ["1 b 1", "2 a 1", "2 main ends object", "2 closed", "2 closed"]);
});

test("Async generators: closing one may take time and fail; that is reported", async (t) => {
  const { output, warnings, time } = await simulate(async function* () {
    async function* stubborn() {
      try {
        yield 1;
      } finally {
        yield* sleep(5);
        // biome-ignore lint/correctness/noUnsafeFinally: that is the point
        throw new Error("will not close");
      }
    }
    say((await stubborn().next()).value);
  });
  t.deepEqual(
    [output, withoutPlaces(warnings), time],
    ["0 1\n", ["an error occurred during closing of an asynchronous generator\nError: will not close"], 5],
  );
});

test("Async generators: outside of a simulation, they are JavaScript's", async (t) => {
  async function* plain() {
    yield await Promise.resolve(1);
    yield 2;
  }
  const source = plain();
  t.deepEqual(await Promise.all([source.next(), source.next(), source.return("end" as never)]), [
    { value: 1, done: false },
    { value: 2, done: false },
    { value: "end" as never, done: true },
  ]);
});

test("Real await: a run that waits for what can never happen ends with an error, before the process would just stop", async (t) => {
  const directory = await mkdtemp(join(tmpdir(), "simloop-never-"));
  t.teardown(() => rm(directory, { recursive: true }));
  const program = join(directory, "never.mts");
  await writeFile(
    program,
    `import { simulate } from ${JSON.stringify(new URL("../index.ts", import.meta.url).href)};
     async function* main() { await new Promise(() => {}); }
     const second = simulate(main, { realAwait: "allow" });
     const { error } = await simulate(main, { realAwait: "allow" });
     console.log(error.name, (await second).error.message.replace(/ \\(at .*?never.mts:2:\\d+\\)/, " (here)"));`,
  );
  const { stdout } = await promisify(execFile)(process.execPath, ["--import", "tsx", program]);
  t.is(
    stdout,
    `${ForeignAwaitError.name} Task-1 (here) awaits something that can never happen, at 0 s of virtual time: the process has nothing left to do. ` +
      "A promise that another task resolves is one such thing; use a future of simloop's instead, and await a coroutine with yield*\n",
  );
});
