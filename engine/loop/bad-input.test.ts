import test, { type ExecutionContext } from "ava";
import { EventLoop, RuntimeError, sleep } from "../index.ts";

/** The error that a call throws, as a string. */
const refusal = (t: ExecutionContext, call: () => unknown): string => String(t.throws(call));

/** What JavaScript code, which no compiler checks, may pass. */
const wrong = (value: unknown): never => value as never;

test("EventLoop: a time that is NaN, negative infinity or no number is refused where it is given", (t) => {
  const loop = new EventLoop();
  const nothing = (): void => {};
  t.deepEqual(
    [
      refusal(t, () => loop.callLater(Number.NaN, nothing)),
      refusal(t, () => loop.callLater(Number.NEGATIVE_INFINITY, nothing)),
      refusal(t, () => loop.callAt(Number.NaN, nothing)),
      refusal(t, () => loop.callAt(Number.NEGATIVE_INFINITY, nothing)),
      refusal(t, () => loop.callLater(wrong("1"), nothing)),
      refusal(t, () => loop.callAt(wrong(undefined), nothing)),
    ],
    [
      "RangeError: callLater: expected a finite or positively infinite delay in seconds, got NaN",
      "RangeError: callLater: expected a finite or positively infinite delay in seconds, got -Infinity",
      "RangeError: callAt: expected a finite or positively infinite instant in seconds, got NaN",
      "RangeError: callAt: expected a finite or positively infinite instant in seconds, got -Infinity",
      'TypeError: callLater: expected a number of seconds as delay, got "1"',
      "TypeError: callAt: expected a number of seconds as instant, got undefined",
    ],
  );
});

test("EventLoop: a callback that is not a function, or only makes a coroutine, is refused at the call", (t) => {
  const loop = new EventLoop();
  t.deepEqual(
    [
      refusal(t, () => loop.callSoon(wrong(null))),
      refusal(t, () => loop.callLater(1, wrong("print"))),
      refusal(t, () => loop.callAt(1, wrong({}))),
      refusal(t, () => loop.callSoon(wrong(sleep(1)))),
      refusal(t, () => loop.callSoon(async function* worker() {})),
      refusal(t, () => loop.callSoon(function* worker() {})),
      refusal(t, () => loop.callSoon(async () => {})),
      refusal(t, () => loop.callLater(1, async function worker() {})),
    ],
    [
      "TypeError: callSoon: expected a function to call, got null",
      'TypeError: callLater: expected a function to call, got "print"',
      "TypeError: callAt: expected a function to call, got {}",
      "TypeError: callSoon: expected a function to call, got sleep(1)",
      "TypeError: callSoon: expected a plain function, got the AsyncGeneratorFunction worker, which a mere call does not run; use createTask",
      "TypeError: callSoon: expected a plain function, got the GeneratorFunction worker, which a mere call does not run; use createTask",
      "TypeError: callSoon: expected a plain function, got the AsyncFunction (anonymous), which a mere call does not run; use createTask",
      "TypeError: callLater: expected a plain function, got the AsyncFunction worker, which a mere call does not run; use createTask",
    ],
  );
});

test("EventLoop: what was refused leaves nothing behind", async (t) => {
  const loop = new EventLoop();
  refusal(t, () => loop.callSoon(wrong(1)));
  refusal(t, () => loop.callLater(Number.NaN, () => {}));
  await loop.runForever();
  t.deepEqual([loop.steps, loop.time()], [0, 0]);
});

test("EventLoop: once closed it refuses whatever would run, but closing it again does nothing", async (t) => {
  const loop = new EventLoop();
  function* coroutine() {}
  loop.close();
  loop.close();
  const runs = [loop.runForever(), loop.runUntil(1), loop.runOnce(), loop.step(), loop.runUntilComplete(coroutine())];
  const errors = await Promise.all(runs.map((run) => run.then(String, String)));
  t.deepEqual(
    [
      refusal(t, () => loop.callSoon(() => {})),
      refusal(t, () => loop.callLater(1, () => {})),
      refusal(t, () => loop.callAt(1, () => {})),
      refusal(t, () => loop.createTask(coroutine())),
      ...errors,
    ],
    new Array(9).fill("RuntimeError: Event loop is closed"),
  );
});

test("EventLoop: while it runs it can neither be closed nor run again", async (t) => {
  const loop = new EventLoop();
  const errors: string[] = [];
  loop.callSoon(() => errors.push(refusal(t, () => loop.close())));
  loop.createTask(
    (async function* () {
      yield* sleep(1);
    })(),
  );
  const run = loop.runForever();
  // How far the run is by now depends on the machine: it lets the host have a turn now and then.
  errors.push(String(await t.throwsAsync(loop.runForever())).replace(/time=\d/, "time=…"));
  await run;
  t.deepEqual(errors, [
    "RuntimeError: cannot close a running event loop: <EventLoop running=true closed=false time=0>; stop it first",
    "RuntimeError: This event loop is already running: <EventLoop running=true closed=false time=…>",
  ]);
});

test("EventLoop: from a callback of its own it cannot be run again, and goes on", async (t) => {
  const loop = new EventLoop();
  const refused = t.throwsAsync(
    new Promise((_, reject) => {
      loop.callSoon(() => {
        loop.runForever().catch(reject);
      });
    }),
    {
      message: "This event loop is already running: <EventLoop running=true closed=false time=0>",
      instanceOf: RuntimeError,
    },
  );
  loop.callLater(1, () => {});
  await loop.runForever();
  await refused;
  t.is(loop.time(), 1);
});

test("EventLoop: an option without a sensible value is refused where the loop is made", (t) => {
  t.deepEqual(
    [
      refusal(t, () => new EventLoop({ timerTies: wrong("lifo") })),
      refusal(t, () => new EventLoop({ realAwait: wrong(true) })),
      refusal(t, () => new EventLoop({ maxSteps: -1 })),
      refusal(t, () => new EventLoop({ maxTime: Number.NaN })),
      refusal(t, () => new EventLoop({ maxTime: wrong("10") })),
      refusal(t, () => new EventLoop({ seed: Number.NaN })),
      refusal(t, () => new EventLoop({ seed: Number.POSITIVE_INFINITY })),
      refusal(t, () => new EventLoop({ seed: wrong({}) })),
      refusal(t, () => new EventLoop({ signal: wrong(new AbortController()) })),
      refusal(t, () => new EventLoop({ onProgress: wrong(true) })),
      refusal(t, () => new EventLoop({ output: wrong("out.txt") })),
      refusal(t, () => new EventLoop({ errorOutput: wrong(null) })),
    ],
    [
      "RangeError: timerTies: unknown value 'lifo'; did you mean 'fifo'?",
      "RangeError: realAwait: expected one of forbid, allow, got true",
      "RangeError: maxSteps: expected a number that is not negative, got -1",
      "RangeError: maxTime: expected a number that is not negative, got NaN",
      'RangeError: maxTime: expected a number that is not negative, got "10"',
      "TypeError: seed: expected a finite number or a string, got NaN",
      "TypeError: seed: expected a finite number or a string, got Infinity",
      "TypeError: seed: expected a finite number or a string, got {}",
      "TypeError: signal: expected an AbortSignal, such as the signal of an AbortController, got [object AbortController]",
      "TypeError: onProgress: expected a function, got true",
      'TypeError: output: expected a function, got "out.txt"',
      "TypeError: errorOutput: expected a function, got null",
    ],
  );
});

test("EventLoop: an exception handler must be a function or null", (t) => {
  const loop = new EventLoop();
  t.is(
    refusal(t, () => loop.setExceptionHandler(wrong("log"))),
    'TypeError: setExceptionHandler: expected a function or null, got "log"',
  );
});
