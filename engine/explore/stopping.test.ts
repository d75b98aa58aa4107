import test from "ava";
import { choose, createTask, type ExploreProgress, explore, gather, sleep } from "../index.ts";

/** Ends a search: heard where it is aborted, in a run or between two. */
class Stop {
  aborted = false;
  throwIfAborted(): void {}
}

/** Goes on for ever. */
function* forever() {
  for (;;) {
    yield* sleep(1);
  }
}

test("explore: progress and stop are heard in the middle of the first run", async (t) => {
  const stop = new Stop();
  let last: ExploreProgress | undefined;
  const report = await explore(forever, {
    maxSteps: 1e12,
    stopSignal: stop,
    onProgress: (progress) => {
      last = progress;
      stop.aborted = progress.steps > 0;
    },
  });
  t.is(last?.runs, 0);
  t.is(
    String(report),
    "ok: no failing order found in 0 runs, 0 distinct interleavings (strategy mix, seed 0)\n" +
      "note: the exploration was stopped before its first run was over",
  );
});

test("explore: the time is up in the middle of a run", async (t) => {
  const report = await explore(forever, { maxSteps: 1e12, time: 0.02 });
  t.deepEqual([report.verdict, report.runs], ["ok", 0]);
});

test("explore: a signal is heard in the middle of a run, and is an error", async (t) => {
  const reason = new Error("enough");
  const controller = new AbortController();
  const onProgress = () => controller.abort(reason);
  t.is(await t.throwsAsync(explore(forever, { maxSteps: 1e12, signal: controller.signal, onProgress })), reason);
});

test("explore: a stop in the middle of a later run ends the search with the report so far", async (t) => {
  const stop = new Stop();
  function* main() {
    yield* sleep(1);
    if (choose("way", ["short", "endless"]) === "endless") {
      stop.aborted = true;
      yield* forever();
    }
  }
  const report = await explore(main, { maxSteps: 1e12, stopSignal: stop });
  t.deepEqual([report.verdict, report.runs, report.note], ["ok", 1, undefined]);
});

/** Fails in some orders only; `onFailure` is called in each such run. */
const racy = (onFailure: () => void) =>
  function* main() {
    let log = "";
    function* worker(name: string, hops: number) {
      for (let i = 0; i < hops; i++) {
        yield* sleep(0);
      }
      log += name;
    }
    const hops = [1, 2, 3, 4, 5];
    yield* gather(hops.map((count) => createTask(worker(String(count), count), { name: `t${count}` })));
    if (log !== "12345") {
      onFailure();
      throw new Error(log);
    }
  };

test("explore: a stop while a failure is shrunk leaves the failure that was found", async (t) => {
  const stop = new Stop();
  const program = racy(() => {
    stop.aborted = true;
  });
  const { failure, verdict } = await explore(program, { strategy: "random", stopSignal: stop });
  t.is(verdict, "failed");
  t.deepEqual(failure?.certificate, { smallerSchedulesTried: 1, noneFailed: true, isComplete: false });
  t.is(
    failure?.explanation.nearestPassing,
    "nearest passing schedule: not looked for, because the exploration was stopped",
  );
});

test("explore: shrinkRuns limits the runs that shrink a failure and look for a smaller one", async (t) => {
  const options = { strategy: "random", seed: 3 } as const;
  const small = await explore(
    racy(() => {}),
    options,
  );
  const found = await explore(
    racy(() => {}),
    { ...options, shrinkRuns: 0 },
  );
  t.is(small.failure?.deviations.length, 1);
  t.true((found.failure?.deviations.length ?? 0) > 1);
  t.false(found.failure?.certificate.isComplete);
  t.is(found.runs, small.runs);
  t.is(found.failure?.replays, 1);
  // The search; the baseline run again at its beginning, and before the failure is believed; the failing one once, and
  // twice to explain it; its neighbours.
  t.true(found.executions <= found.runs + 2 + 3 + 17);
});
