import "../index.ts";
import { randomBytes, randomFillSync, randomInt, randomUUID } from "node:crypto";
import os from "node:os";
import { setImmediate as giveWay, scheduler, setTimeout as sleep, setInterval as ticks } from "node:timers/promises";
import { promisify } from "node:util";
import test from "ava";
import { simulate } from "../../simulation.ts";

/** What two runs of `program` return, which must be the same. */
async function sameValue<T>(program: () => Promise<T>, options: object = {}): Promise<T> {
  const [first, second] = [await simulate(program, options), await simulate(program, options)];
  if (first.error !== undefined) {
    throw first.error;
  }
  if (first.digest !== second.digest) {
    throw new Error("two runs differ");
  }
  return first.value as T;
}

test("Date: it shows the wall clock of the simulation, in all forms", async (t) => {
  const value = await sameValue(
    async () => {
      await sleep(1500);
      return [Date.now(), new Date().toISOString(), new Date(0).getTime(), new Date() instanceof Date, Date.length];
    },
    { start: "2024-02-29T12:00:00Z" },
  );
  t.deepEqual(value, [1709208001500, "2024-02-29T12:00:01.500Z", 0, true, 7]);
  t.is(Date.name, "Date");
});

test("Clocks: performance, hrtime and uptime show virtual time", async (t) => {
  const value = await sameValue(async () => {
    const since = process.hrtime();
    await sleep(2500);
    performance.mark("here");
    return [
      performance.now(),
      process.hrtime(since),
      process.hrtime.bigint(),
      process.uptime(),
      performance.timeOrigin,
      performance.getEntriesByName("here")[0]?.startTime,
      performance.measure("all", "here").duration,
    ];
  });
  performance.clearMarks();
  t.deepEqual(value, [2500, [2, 500_000_000], 2_500_000_000n, 2.5, 946684800000, 2500, 0]);
});

test("Math.random and node:crypto draw from the seed", async (t) => {
  const draw = async () => [
    Math.random(),
    randomInt(1000),
    randomBytes(5).toString("hex"),
    randomUUID(),
    crypto.randomUUID(),
    crypto.getRandomValues(new Uint8Array(2)).join(),
    randomFillSync(Buffer.alloc(4), 2).toString("hex"),
    (await promisify(randomBytes)(3)).toString("hex"),
  ];
  const value = await sameValue(draw, { seed: 1 });
  t.notDeepEqual(await sameValue(draw, { seed: 2 }), value);
  t.regex(value[3] as string, /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
  t.true((value[6] as string).startsWith("0000"));
});

test("node:timers/promises: values, signals, intervals and the scheduler", async (t) => {
  const value = await sameValue(async () => {
    const log: unknown[] = [await sleep(5, "slept"), await giveWay("gave way")];
    await scheduler.wait(5);
    await scheduler.yield();
    log.push(performance.now());
    for await (const tick of ticks(10, "tick")) {
      log.push([tick, performance.now()]);
      if (log.length > 4) {
        break;
      }
    }
    const error = await sleep(1000, null, { signal: AbortSignal.timeout(50) }).catch((error) => error);
    log.push(
      [error.name, error.code, error.cause.name, performance.now()],
      await promisify(setTimeout)(5, "promisified"),
    );
    return log;
  });
  t.deepEqual(value, [
    "slept",
    "gave way",
    10,
    ["tick", 20],
    ["tick", 30],
    ["AbortError", "ABORT_ERR", "TimeoutError", 80],
    "promisified",
  ]);
});

test("Output: the console and the standard streams are the output and the warnings of the run", async (t) => {
  const { output, warnings } = await simulate(async () => {
    console.log("%s and %d", "text", 5);
    process.stdout.write("a piece");
    process.stdout.write("\n", () => console.log("written"));
    console.group("group");
    console.info({ deep: { value: 1 } });
    console.groupEnd();
    console.error("an error");
    process.stderr.write("another\n");
    await sleep(1);
  });
  t.is(output, "text and 5\na piece\ngroup\n  { deep: { value: 1 } }\nwritten\n");
  t.deepEqual(warnings, ["an error", "another"]);
});

test("Output: what the caller writes when it is given output is its own", async (t) => {
  const seen: string[] = [];
  const { output } = await simulate(async () => console.log("one"), {
    output: (text) => {
      console.log("  (the test's own console)");
      seen.push(text);
    },
  });
  t.deepEqual([output, seen], ["one\n", ["one\n"]]);
});

test("Process: what differs between processes and machines is the same in all simulations", async (t) => {
  const value = await sameValue(async () => [
    process.pid,
    process.ppid,
    os.hostname(),
    os.uptime(),
    process.cpuUsage(),
  ]);
  t.deepEqual(value, [1, 0, "localhost", 0, { user: 0, system: 0 }]);
  t.not(process.pid, 1);
});

test("Weak references hold, and registries never call", async (t) => {
  const value = await sameValue(async () => {
    const reference = new WeakRef({ held: true });
    new FinalizationRegistry(() => {}).register({}, 1);
    await sleep(10_000);
    return [reference.deref(), reference instanceof WeakRef];
  });
  t.deepEqual(value, [{ held: true }, true]);
});

test("AsyncLocalStorage: timers and immediates keep the context in which they were set", async (t) => {
  const { AsyncLocalStorage } = await import("node:async_hooks");
  const storage = new AsyncLocalStorage<string>();
  const value = await sameValue(async () => {
    const log: unknown[] = [];
    storage.run("request", () => {
      setTimeout(() => log.push(storage.getStore()), 5);
      setImmediate(() => log.push(storage.getStore()));
    });
    await sleep(10);
    return [...log, storage.getStore()];
  });
  t.deepEqual(value, ["request", "request", undefined]);
});
