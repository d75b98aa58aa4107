import { readFile } from "node:fs/promises";
import { setImmediate as immediate } from "node:timers/promises";
import test from "ava";
import { withoutPlaces } from "../golden/recorded-logs.ts";
import {
  createTask,
  ForeignAwaitError,
  gather,
  getRunningLoop,
  type Program,
  print,
  RuntimeError,
  run,
  type SimulateOptions,
  simulate,
  sleep,
} from "../index.ts";

const errorOf = async (main: Program<unknown>, options: SimulateOptions = {}): Promise<unknown> =>
  (await simulate(main, options)).error;

const say = (text: string): void => print(`${getRunningLoop().time()} ${text}`);

test.serial(
  'Watchdog: with realAwait "allow", virtual time stands still while the real world is waited for',
  async (t) => {
    const { output, error } = await simulate(
      async function* () {
        async function* ticker() {
          for (let i = 0; i < 3; i++) {
            yield* sleep(1);
            say("tick");
          }
        }
        const task = createTask(ticker());
        yield* sleep(1.5);
        for (let i = 0; i < 200; i++) {
          await immediate();
        }
        say("read");
        yield* task;
      },
      { realAwait: "allow" },
    );
    t.deepEqual([output, error], ["1 tick\n1.5 read\n2 tick\n3 tick\n", undefined]);
  },
);

/** Things of the real world that a coroutine may come upon. */
const realWaits: Readonly<Record<string, () => Promise<unknown>>> = {
  "a turn of the host": () => immediate(),
  "a timer": () => new Promise((resolve) => setTimeout(resolve, 0)),
  "a file": () => readFile(new URL(import.meta.url)),
  "a promise that never settles": () => new Promise(() => {}),
  "a timer behind ten promises": async () => {
    for (let i = 0; i < 10; i++) {
      await Promise.resolve();
    }
    await immediate();
  },
};

for (const [what, wait] of Object.entries(realWaits)) {
  test.serial(`Watchdog: a coroutine that awaits ${what} fails the run`, async (t) => {
    const error = await errorOf(async function* () {
      await wait();
    });
    t.true(error instanceof ForeignAwaitError);
  });
}

test.serial("Watchdog: the error names the task, the line that created it, the time and the remedy", async (t) => {
  let line = 0;
  async function* reader() {
    yield* sleep(1.5);
    await immediate();
  }
  const error = await errorOf(async function* () {
    line = Number(/watchdog\.test\.ts:(\d+)/.exec(new Error("here").stack ?? "")?.[1]);
    const task = createTask(reader(), { name: "reader" });
    yield* task;
  });
  t.is(
    (error as Error).message.replaceAll(/at [^ ]*\/(watchdog.test.ts:\d+):\d+/g, "at $1"),
    `reader (at watchdog.test.ts:${line - 3}, created at watchdog.test.ts:${line + 1}) awaits something of the real world, such as a promise, a timer or another run, at 1.5 s of ` +
      'virtual time, which cannot wait for it; use simloop\'s sleep, futures and network, await a coroutine with yield*, or, with run and simulate, take the option realAwait: "allow"',
  );
});

test.serial(
  "Watchdog: it sees the real wait of any step, however deep, and after any number of good ones",
  async (t) => {
    async function* inner() {
      for (let i = 0; i < 2000; i++) {
        yield* sleep(0);
      }
      yield* innermost();
    }
    async function* innermost() {
      yield* sleep(1);
      await immediate();
    }
    function* task() {
      yield inner();
    }
    const error = await errorOf(function* () {
      yield* createTask(task());
    });
    t.true(error instanceof ForeignAwaitError);
  },
);

test.serial("Watchdog: promises that settle by themselves do not count as waiting, however many", async (t) => {
  const { output, error } = await simulate(async function* () {
    say(String(await Promise.all([1, Promise.resolve(2)])));
    for (let i = 0; i < 20_000; i++) {
      await Promise.resolve();
    }
    yield* sleep(1);
    say("slept");
    await new Promise<void>((resolve) => queueMicrotask(resolve));
    say("end");
  });
  t.deepEqual([output, error], ["0 1,2\n1 slept\n1 end\n", undefined]);
});

test.serial("Watchdog: what was printed before, and the other tasks' warnings, are kept", async (t) => {
  const { output, warnings, error } = await simulate(async function* () {
    async function* failing() {
      yield* sleep(0);
      throw new Error("unseen");
    }
    createTask(failing(), { name: "failing" });
    say("begin");
    yield* sleep(1);
    await immediate();
  });
  t.deepEqual(
    [output, withoutPlaces(warnings), (error as Error).name],
    [
      "0 begin\n",
      [
        "Task exception was never retrieved\n" +
          "future: <Task finished name='failing' coro=<coroutine()> exception=Error: unseen>",
      ],
      "ForeignAwaitError",
    ],
  );
});

test.serial("Watchdog: a coroutine left behind by a failed run meets an error when it wakes up after it", async (t) => {
  const log: string[] = [];
  let wakeUp = (): void => {};
  await simulate(async function* () {
    try {
      await new Promise<void>((resolve) => {
        wakeUp = resolve;
      });
      log.push("woken");
      yield* sleep(1);
      log.push("slept");
    } catch (error) {
      log.push(String(error));
    }
  });
  wakeUp();
  await immediate();
  t.deepEqual(log, [
    "woken",
    "RuntimeError: no running event loop: call this from a coroutine or callback, inside run() or simulate()",
  ]);
});

/** What a coroutine left behind may try when it wakes up in the middle of another run. */
const strayDeeds: Readonly<Record<string, () => AsyncGenerator<unknown, void>>> = {
  "sleeps with yield*": async function* () {
    yield* sleep(1);
  },
  "sleeps with a bare yield": async function* () {
    yield sleep(1);
  },
  ends: async function* () {},
  fails: async function* () {
    throw new Error("stray");
  },
  "calls another coroutine": async function* () {
    yield* (async function* () {
      yield* sleep(1);
    })();
  },
};

for (const [deed, stray] of Object.entries(strayDeeds)) {
  for (const moment of ["a step", "a real wait", "a turn of the host"] as const) {
    test.serial(
      `Watchdog: a coroutine left behind that ${deed} during ${moment} of the next run does it no harm`,
      async (t) => {
        let wakeUp = (): void => {};
        await simulate(async function* () {
          await new Promise<void>((resolve) => {
            wakeUp = resolve;
          });
          yield* stray();
        });
        const { output, error, time, warnings } = await simulate(
          async function* () {
            async function* ticker(name: string) {
              for (let i = 0; i < 3; i++) {
                yield* sleep(1);
                await Promise.resolve();
                say(name);
              }
            }
            const tasks = gather(ticker("a"), ticker("b"));
            if (moment === "a step") {
              wakeUp();
            } else if (moment === "a real wait") {
              setImmediate(wakeUp);
              await immediate();
              await immediate();
            } else {
              setImmediate(wakeUp);
              const until = performance.now() + 15;
              while (performance.now() < until) {
                yield sleep(0);
              }
            }
            yield* tasks;
          },
          { realAwait: moment === "a real wait" ? "allow" : "forbid" },
        );
        t.deepEqual(
          { output, error, time, warnings },
          { output: "1 a\n1 b\n2 a\n2 b\n3 a\n3 b\n", error: undefined, time: 3, warnings: [] },
        );
      },
    );
  }
}

const nested =
  "cannot run an event loop while another is running: <EventLoop running=true closed=false time=1>; inside a coroutine, await the coroutine " +
  "itself with yield*";

test.serial("run, simulate: in a plain generator they are refused at once, and the loop goes on", async (t) => {
  const refusals: unknown[] = [];
  const note = (error: unknown): void => {
    refusals.push(error instanceof RuntimeError ? error.message : error);
  };
  function* other() {
    refusals.push("ran");
  }
  const { error, time } = await simulate(function* () {
    yield* sleep(1);
    run(other()).catch(note);
    simulate(other).catch(note);
    yield* sleep(1);
  });
  await immediate();
  t.deepEqual([error, time, refusals], [undefined, 2, [nested, nested]]);
});

test.serial("run, simulate: in a callback they are refused at once, and the loop goes on", async (t) => {
  const refusals: unknown[] = [];
  function* other() {
    refusals.push("ran");
  }
  const { error, time } = await simulate(async function* () {
    getRunningLoop().callLater(1, () => {
      run(other()).catch((error: Error) => refusals.push(error.message));
      simulate(other).catch((error: Error) => refusals.push(error.message));
    });
    yield* sleep(2);
  });
  await immediate();
  t.deepEqual([error, time, refusals], [undefined, 2, [nested, nested]]);
});

test.serial("run, simulate: an async generator that awaits one waits for the real world, which fails it", async (t) => {
  const log: string[] = [];
  function* other() {
    log.push("other");
  }
  for (const inner of [() => run(other()), () => simulate(other)]) {
    const { error } = await simulate(async function* () {
      yield* sleep(1);
      await inner();
    });
    await immediate();
    log.push(error instanceof ForeignAwaitError ? "failed" : "ended");
  }
  t.deepEqual(log, ["other", "failed", "other", "failed"]);
});

test.serial(
  "simulate: one that waits for the real world does not affect another that was started beside it",
  async (t) => {
    const [stuck, well] = await Promise.all([
      simulate(async function* () {
        await immediate();
      }),
      simulate(async function* () {
        yield* sleep(1);
        return "well";
      }),
    ]);
    t.deepEqual([(stuck.error as Error).name, well.value, well.error], ["ForeignAwaitError", "well", undefined]);
  },
);
