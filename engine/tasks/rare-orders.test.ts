import test from "ava";
import {
  coroutine,
  createTask,
  currentTask,
  Future,
  getRunningLoop,
  shield,
  simulate,
  sleep,
  type Task,
} from "../index.ts";

test("Task: a cancellation requested before it waits goes to what it waits for, which may swallow it for good", async (t) => {
  const { value, error } = await simulate(function* main() {
    const log: unknown[] = [];
    const inner = createTask(
      (function* swallower() {
        try {
          yield* sleep(5);
        } catch (cancelled) {
          log.push(`swallowed ${(cancelled as Error).message}`);
        }
        return "kept";
      })(),
    );
    yield* sleep(0);
    const me = currentTask() as Task<unknown>;
    me.cancel("m");
    log.push(yield* inner, me.cancelling());
    yield* sleep(1);
    log.push("slept");
    return log;
  });
  // As recorded from CPython 3.13.
  t.deepEqual([value, error], [["swallowed m", "kept", 1, "slept"], undefined]);
});

test("Eager start: a step that resumed from a wait creates an eager task and goes on waiting", async (t) => {
  const { value, error, time } = await simulate(async function* main() {
    const log: string[] = [];
    yield* sleep(1);
    const eager = createTask(
      (function* eager() {
        log.push("eager begins");
        yield* sleep(1);
        log.push("eager ends");
      })(),
      { eagerStart: true },
    );
    log.push("main goes on");
    yield* eager;
    log.push("main ends");
    return log;
  });
  t.deepEqual([value, error, time], [["eager begins", "main goes on", "eager ends", "main ends"], undefined, 2]);
});

test("shield: inner and outer that end in one pass, or one after the other, as in CPython", async (t) => {
  const { value, warnings } = await simulate(function* main() {
    const reports: unknown[] = [];
    const loop = getRunningLoop();
    loop.setExceptionHandler((_, context) => reports.push(context.message));
    const both = loop.createFuture<void>();
    const shieldOfBoth = shield(both);
    both.setException(new RangeError("a"));
    shieldOfBoth.cancel();
    yield* sleep(0);
    yield* sleep(0);
    const cancelled = loop.createFuture<void>();
    const shieldOfCancelled = shield(cancelled);
    cancelled.cancel();
    shieldOfCancelled.cancel();
    yield* sleep(0);
    yield* sleep(0);
    return [reports, shieldOfBoth.cancelled(), cancelled.cancelled(), shieldOfCancelled.cancelled()];
  });
  t.deepEqual([value, warnings], [[[], true, true, true], []]);
});

test("shield: what fails after its shield was cancelled is reported, for nothing follows it any more", async (t) => {
  const { warnings } = await simulate(function* main() {
    const inner = getRunningLoop().createFuture<void>();
    shield(inner).cancel();
    yield* sleep(1);
    inner.setException(new RangeError("late"));
    yield* sleep(1);
  });
  t.regex(warnings.join("\n"), /exception was never retrieved.*late/s);
});

test("Future: cancel says whether the future was pending; removeDoneCallback how many calls it removed", async (t) => {
  const { value } = await simulate(function* main() {
    const log: string[] = [];
    const future = new Future<string>();
    const note = (): void => {
      log.push("removed callback");
    };
    const counts = [future.removeDoneCallback(note)];
    future.addDoneCallback(note);
    counts.push(future.removeDoneCallback(note));
    future.addDoneCallback(note);
    future.addDoneCallback(() => log.push("kept"));
    future.addDoneCallback(note);
    counts.push(future.removeDoneCallback(note), future.removeDoneCallback(note));
    const cancels = [future.cancel("first"), future.cancel("second")];
    yield* sleep(0);
    return [counts, cancels, log];
  });
  t.deepEqual(value, [[0, 1, 2, 0], [true, false], ["kept"]]);
});

test("coroutine: objects of both kinds can be awaited in both kinds, and have addresses in order of their first string", async (t) => {
  const plain = coroutine(function* plain() {
    yield* sleep(1);
    return "plain";
  });
  const asynchronous = coroutine(async function* asynchronous() {
    yield* sleep(1);
    return "async";
  });
  const inAsync = await simulate(async function* main() {
    return [String(plain()), String(plain()), yield* plain(), yield* asynchronous(), getRunningLoop().time()];
  });
  const inPlain = await simulate(function* main() {
    return [yield* plain(), yield* asynchronous(), getRunningLoop().time()];
  });
  t.deepEqual(
    [inAsync.value, inPlain.value],
    [
      ["<coroutine object plain at 0x109bf6170>", "<coroutine object plain at 0x109bf6220>", "plain", "async", 2],
      ["plain", "async", 2],
    ],
  );
  const [first, second] = [plain(), plain()].map((object) => Number(/0x\w+/.exec(String(object))![0]));
  t.is(second! - first!, 0xb0);
});
