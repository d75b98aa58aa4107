import "../index.ts";
import { setTimeout as sleep } from "node:timers/promises";
import test from "ava";
import { simulate } from "../../simulation.ts";

/** How a run of `program` ends: the error and the virtual time in seconds. */
async function endOf(program: () => Promise<unknown>): Promise<[error: string, time: number]> {
  const { error, time } = await simulate(program);
  return [String(error).split("\n")[0]!, time];
}

const boom = (): never => {
  throw new Error("boom");
};

test("Errors: what main throws is the result's error", async (t) => {
  t.deepEqual(await endOf(async () => boom()), ["Error: boom", 0]);
});

test("Errors: an uncaught exception ends the run where it is thrown, wherever that is", async (t) => {
  const ends: unknown[] = [];
  for (const throwLater of [
    () => setTimeout(boom, 5),
    () => setImmediate(boom),
    () => process.nextTick(boom),
    () => queueMicrotask(boom),
    () => setTimeout(() => process.nextTick(boom), 5),
    () => setTimeout(() => queueMicrotask(boom), 5),
    () => setTimeout(() => Promise.reject(new Error("boom")), 5),
  ]) {
    ends.push(
      await endOf(async () => {
        throwLater();
        await sleep(1000);
      }),
    );
  }
  const at = (time: number): unknown => ["Error: boom", time];
  t.deepEqual(ends, [at(0.005), at(0), at(0), at(0), at(0.005), at(0.005), at(0.005)]);
});

test("Errors: a program that listens for uncaught exceptions and rejections goes on", async (t) => {
  const before = process.listenerCount("uncaughtException");
  const { output, error, time } = await simulate(async () => {
    process.on("uncaughtException", ({ message }) => console.log(performance.now(), "caught", message));
    process.on("unhandledRejection", (reason) => console.log(performance.now(), "rejected", String(reason)));
    setTimeout(boom, 1);
    setTimeout(() => process.nextTick(boom), 2);
    setTimeout(() => Promise.reject(new Error("boom")), 3);
    await sleep(10);
  });
  t.is(output, "1 caught boom\n2 caught boom\n3 rejected Error: boom\n");
  t.deepEqual([error, time, process.listenerCount("uncaughtException")], [undefined, 0.01, before]);
});

test("Errors: process.exit ends the run at once, with its code; 0 is not an error", async (t) => {
  const exitsWith = (code: number) => async (): Promise<void> => {
    process.on("exit", (seen) => console.log("exit", seen));
    setTimeout(() => process.exit(code), 5);
    await sleep(6);
    console.log("never");
  };
  const [good, bad] = [await simulate(exitsWith(0)), await simulate(exitsWith(3))];
  t.deepEqual([good.output, good.error, good.time], ["exit 0\n", undefined, 0.005]);
  t.deepEqual([bad.output, String(bad.error), bad.time], ["exit 3\n", "ProcessExit: process.exit(3)", 0.005]);
  t.is(process.exitCode, undefined);
});

test("Errors: a program that waits for what never comes, or for the real world, is found at once", async (t) => {
  const deadlock = "DeadlockError: deadlock at 0.02 s: nothing is ready and no timer is pending; 1 waiting:";
  const waitFor = (what: () => unknown) => async (): Promise<void> => {
    await sleep(20);
    await what();
  };
  t.deepEqual(await endOf(waitFor(() => new Promise(() => {}))), [deadlock, 0.02]);
  t.deepEqual(await endOf(waitFor(() => crypto.subtle.digest("SHA-256", new Uint8Array(1)))), [deadlock, 0.02]);
});

test("Errors: timers that do not keep a process alive do not keep a program waiting", async (t) => {
  const [error] = await endOf(async () => {
    setInterval(() => {}, 10).unref();
    await new Promise(() => {});
  });
  t.regex(error, /^DeadlockError/);
});

test("Errors: a function that is not a program is refused, and a run inside a run", async (t) => {
  await t.throwsAsync(simulate((() => 5) as never), {
    instanceOf: TypeError,
    message: /^simulate: expected a function that makes a coroutine, but it returned 5/,
  });
  const { error } = await simulate(async () => simulate(async () => 1));
  t.regex(String(error), /^RuntimeError: cannot run an event loop while another is running/);
});
