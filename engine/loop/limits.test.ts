import test from "ava";
import { createTask, EventLoop, getRunningLoop, LimitError, type Progress, print, simulate, sleep } from "../index.ts";

/** Programs that never end, of every kind. */
const endless = {
  callbacks: (loop: EventLoop) => {
    const again = (): void => {
      loop.callSoon(again);
    };
    again();
  },
  timers: (loop: EventLoop) => {
    const again = (): void => {
      loop.callLater(1, again);
    };
    again();
  },
  "a plain generator": (loop: EventLoop) => {
    loop.createTask(
      (function* () {
        for (;;) {
          yield sleep(1);
        }
      })(),
    );
  },
  "an async generator": (loop: EventLoop) => {
    loop.createTask(
      (async function* () {
        for (;;) {
          yield* sleep(0);
        }
      })(),
    );
  },
};

for (const [kind, begin] of Object.entries(endless)) {
  test(`maxSteps: a run of ${kind} without end fails after exactly so many steps`, async (t) => {
    const loop = new EventLoop({ maxSteps: 1000 });
    begin(loop);
    const error = await t.throwsAsync(loop.runForever(), { instanceOf: LimitError });
    t.deepEqual(
      [error.message, loop.steps],
      [`the run would take more than maxSteps = 1000 steps (virtual time ${loop.time()} s)`, 1000],
    );
  });

  test(`AbortSignal: it ends a run of ${kind} without end, with the signal's reason, once the host had a turn`, async (t) => {
    const controller = new AbortController();
    const loop = new EventLoop({ signal: controller.signal });
    begin(loop);
    setImmediate(() => controller.abort(new Error("enough")));
    await t.throwsAsync(loop.runForever(), { message: "enough" });
  });

  test(`onProgress: it receives the time and the steps of a long run of ${kind}, and may end it by throwing`, async (t) => {
    const seen: Progress[] = [];
    const loop = new EventLoop({
      onProgress: (progress) => {
        seen.push(progress);
        if (seen.length === 2) {
          throw new Error("seen enough");
        }
      },
    });
    begin(loop);
    await t.throwsAsync(loop.runForever(), { message: "seen enough" });
    const [first, second] = seen as [Progress, Progress];
    // On a machine that is busy, no step may fit between two turns of the host.
    t.true(second.steps >= first.steps && second.steps === loop.steps && second.time === loop.time());
  });
}

test("maxSteps: a run that takes exactly so many steps is within it", async (t) => {
  const loop = new EventLoop({ maxSteps: 3 });
  for (let i = 0; i < 3; i++) {
    loop.callLater(i, () => {});
  }
  await loop.runForever();
  t.is(loop.steps, 3);
});

test("maxTime: an event later than that fails the run, and the clock stays at the event before", async (t) => {
  const loop = new EventLoop({ maxTime: 10 });
  const log: number[] = [];
  for (const when of [10, 10.5, 1]) {
    loop.callAt(when, () => log.push(loop.time()));
  }
  await t.throwsAsync(loop.runForever(), {
    instanceOf: LimitError,
    message: "virtual time would pass maxTime: the next event is at 10.5 s, the limit is 10 s",
  });
  t.deepEqual([log, loop.time()], [[1, 10], 10]);
});

test("AbortSignal: one that was aborted before ends the run before its first step", async (t) => {
  const loop = new EventLoop({ signal: AbortSignal.abort(new Error("too late")) });
  loop.callSoon(() => {});
  await t.throwsAsync(loop.runForever(), { message: "too late" });
  t.is(loop.steps, 0);
});

test("simulate: a limit is the error of the result, and what was printed before is kept", async (t) => {
  const { output, error, time, value } = await simulate(
    function* () {
      for (let i = 0; ; i++) {
        print(`round ${i}`);
        yield* sleep(1);
      }
    },
    { maxTime: 2 },
  );
  t.deepEqual(
    [output, String(error), time, value],
    [
      "round 0\nround 1\nround 2\n",
      "LimitError: virtual time would pass maxTime: the next event is at 3 s, the limit is 2 s",
      2,
      undefined,
    ],
  );
});

test("simulate: it throws the reason of a signal that was aborted, for that is not the program's doing", async (t) => {
  const controller = new AbortController();
  const simulation = simulate(
    async function* () {
      createTask(sleep(1));
      for (;;) {
        yield* sleep(1);
      }
    },
    { signal: controller.signal, trace: "off", onProgress: () => controller.abort(new Error("enough")) },
  );
  await t.throwsAsync(simulation, { message: "enough" });
});

/** The message without the places, which depend on the machine. */
const withoutPlace = (error: unknown): string =>
  String(error).replace(/\n {4}at .*limits\.test\.ts:\d+:\d+/g, "\n    here");

test("maxStepsPerInstant: a run that lets no time pass ends with the names of the tasks and callbacks that turn", async (t) => {
  const { error, steps } = await simulate(
    function* () {
      const loop = getRunningLoop();
      const again = (): void => {
        loop.callSoon(again);
      };
      yield* sleep(1);
      createTask(
        (function* () {
          for (;;) {
            yield* sleep(Number.MIN_VALUE);
          }
        })(),
        { name: "impatient" },
      );
      again();
      yield* sleep(1);
    },
    { maxStepsPerInstant: 5000 },
  );
  t.is(
    withoutPlace(error),
    "LimitError: virtual time stands still at 1 s: more than maxStepsPerInstant = 5000 steps without time. What runs again and again:\n" +
      "  impatient, which waits for sleep(5e-324)\n    here\n  <Handle again>",
  );
  t.true(steps >= 5000 && steps < 7000);
});

test("maxStepsPerInstant: as long as time passes, any number of steps is fine", async (t) => {
  const { error } = await simulate(
    function* () {
      for (let i = 0; i < 20; i++) {
        for (let turn = 0; turn < 900; turn++) {
          yield* sleep(0);
        }
        yield* sleep(1);
      }
    },
    { maxStepsPerInstant: 2000 },
  );
  t.is(error, undefined);
});
