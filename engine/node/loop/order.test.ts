import "../index.ts";
import { setTimeout as sleep } from "node:timers/promises";
import test from "ava";
import { simulate } from "../../simulation.ts";

/** What `program` logs, each entry with the virtual time in milliseconds. */
async function logOf(program: (log: (entry: string) => void) => Promise<unknown>): Promise<string[]> {
  const entries: string[] = [];
  const { error } = await simulate(() => program((entry) => entries.push(`${performance.now()} ${entry}`)));
  return error === undefined ? entries : [...entries, String(error)];
}

test("Node's loop: ticks come before promises, both before immediates, and those before timers of a millisecond", async (t) => {
  const log = await logOf(async (log) => {
    setTimeout(log, 0, "timeout 0");
    setTimeout(log, 1, "timeout 1");
    setImmediate(log, "immediate");
    process.nextTick(log, "tick");
    queueMicrotask(() => log("microtask"));
    log("main");
    await Promise.resolve();
    log("after await");
    await sleep(10);
  });
  t.deepEqual(log, ["0 main", "0 tick", "0 microtask", "0 after await", "0 immediate", "1 timeout 0", "1 timeout 1"]);
});

test("Node's loop: ticks and promises run between two timers that are due together, and between two immediates", async (t) => {
  const log = await logOf(async (log) => {
    const both = (name: string): void => {
      log(name);
      process.nextTick(log, `${name} tick`);
      void Promise.resolve().then(() => log(`${name} promise`));
    };
    setTimeout(both, 5, "timer 1");
    setTimeout(both, 5, "timer 2");
    setImmediate(both, "immediate 1");
    setImmediate(both, "immediate 2");
    await sleep(6);
  });
  t.deepEqual(log, [
    "0 immediate 1",
    "0 immediate 1 tick",
    "0 immediate 1 promise",
    "0 immediate 2",
    "0 immediate 2 tick",
    "0 immediate 2 promise",
    "5 timer 1",
    "5 timer 1 tick",
    "5 timer 1 promise",
    "5 timer 2",
    "5 timer 2 tick",
    "5 timer 2 promise",
  ]);
});

test("Node's loop: an immediate set by an immediate waits for the next turn, one set by a timer comes in the same", async (t) => {
  const log = await logOf(async (log) => {
    setImmediate(() => {
      log("first");
      setImmediate(log, "next turn");
    });
    setImmediate(log, "second");
    setTimeout(() => setImmediate(log, "after the timers"), 3);
    setTimeout(log, 3, "timer");
    await sleep(4);
  });
  t.deepEqual(log, ["0 first", "0 second", "0 next turn", "3 timer", "3 after the timers"]);
});

test("Timers: fractions are cut off; what is below 1, too long or no number counts as 1 ms", async (t) => {
  const log = await logOf(async (log) => {
    for (const delay of [2.9, 0, -5, Number.NaN, 2 ** 31, "3"]) {
      setTimeout(log, delay as number, String(delay));
    }
    await sleep(5);
  });
  t.deepEqual(log, ["1 0", "1 -5", "1 NaN", "1 2147483648", "2 2.9", "3 3"]);
});

test("Timers: refresh begins anew, clear cancels also what is due already, an interval begins again when it fires", async (t) => {
  const log = await logOf(async (log) => {
    const refreshed = setTimeout(log, 10, "refreshed");
    setTimeout(() => refreshed.refresh(), 7);
    const second = setTimeout(log, 4, "never");
    const first = setTimeout(() => clearTimeout(second), 4);
    clearTimeout(first);
    setTimeout(() => clearTimeout(second), 3);
    const byNumber = setTimeout(log, 4, "never");
    clearTimeout(Number(byNumber));
    const interval = setInterval(log, 6, "interval");
    await sleep(20);
    clearInterval(interval);
    await sleep(20);
  });
  t.deepEqual(log, ["6 interval", "12 interval", "17 refreshed", "18 interval"]);
});

test("Timers: setting the callback to null or undefined cancels, as Node's own modules do", async (t) => {
  const { value, error } = await simulate(async () => {
    const calls: string[] = [];
    for (const nothing of [null, undefined]) {
      const timer = setTimeout(() => calls.push(`called despite ${nothing}`), 5);
      Object.assign(timer, { _onTimeout: nothing });
    }
    await new Promise((resolve) => setTimeout(resolve, 10));
    return calls;
  });
  t.is(error, undefined);
  t.deepEqual(value, []);
});

test("Timers: they look as Node's do", async (t) => {
  const outside = setTimeout(() => {}, 0);
  clearTimeout(outside);
  const Timeout = outside.constructor;
  const { value } = await simulate(async () => {
    const timer = setTimeout(() => {}, 10);
    const facts = [timer instanceof Timeout, timer.constructor.name, timer.hasRef(), timer.unref().hasRef()];
    timer[Symbol.dispose]();
    return facts;
  });
  t.deepEqual(value, [true, "Timeout", true, false]);
});

test("Simulation: an async function runs to its result, in virtual time, without real time passing", async (t) => {
  const day = 24 * 60 * 60 * 1000;
  const { value, time, steps } = await simulate(async () => {
    await sleep(day);
    return "tomorrow";
  });
  t.deepEqual([value, time, steps > 0], ["tomorrow", 86400, true]);
});

test("Simulation: equal seeds give equal digests, and the digest covers random numbers, output and times", async (t) => {
  const program = async (): Promise<void> => {
    await sleep(Math.random() * 1000);
    console.log("done");
  };
  const digest = async (seed: number, run = program): Promise<string> => (await simulate(run, { seed })).digest;
  const silent = async (): Promise<void> => {
    await sleep(Math.random() * 1000);
  };
  t.is(await digest(1), await digest(1));
  t.is(new Set([await digest(1), await digest(2), await digest(1, silent)]).size, 3);
});

test("Simulation: coroutines and async functions run beside each other", async (t) => {
  const { createTask } = await import("../../tasks/current.ts");
  const coroutines = await import("../../tasks/sleep.ts");
  const log: string[] = [];
  const { time } = await simulate(async () => {
    const task = createTask(
      (async function* () {
        yield* coroutines.sleep(0.002);
        log.push("coroutine");
      })(),
    );
    await sleep(1);
    log.push("async 1");
    await sleep(2);
    log.push(`async 3, task done: ${task.done()}`);
  });
  t.deepEqual([log, time], [["async 1", "coroutine", "async 3, task done: true"], 0.003]);
});

test("Simulation: what runs outside is not touched", async (t) => {
  const real = Date.now();
  let fired = false;
  const timer = new Promise<void>((resolve) => {
    setTimeout(() => {
      fired = true;
      resolve();
    }, 0);
  });
  const { value } = await simulate(async () => {
    const before = fired;
    await sleep(1000);
    return [Date.now(), fired === before];
  });
  await timer;
  t.deepEqual(value, [946684801000, true]);
  t.true(fired && Date.now() >= real);
});
