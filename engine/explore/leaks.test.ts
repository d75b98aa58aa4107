import test from "ava";
import { choose, createTask, explore, gather, getRunningLoop, Lock, type Program, Semaphore, sleep } from "../index.ts";

/** Goes on for ever. */
function* forever() {
  for (;;) {
    yield* sleep(1);
  }
}

test("explore: a loop that leaves a call for later beside a task that goes on does not leak", async (t) => {
  function* main() {
    createTask(forever(), { name: "heartbeat" });
    getRunningLoop().callLater(60, () => {});
    yield* gather(createTask(sleep(0), { name: "a" }), createTask(sleep(0), { name: "b" }));
  }
  for (const strategy of ["mix", "fifo", "reversal", "exhaustive"] as const) {
    t.is((await explore(main, { strategy, runs: 50 })).failure, undefined, strategy);
  }
});

test("explore: a call that a task still at work has planned is not a leak, even if in the baseline run it had none just then", async (t) => {
  function* main() {
    const loop = getRunningLoop();
    createTask(
      (function* beat() {
        for (let i = 0; ; i++) {
          const timer = loop.callLater(60, () => {});
          yield* sleep(0);
          timer.cancel();
          yield* sleep(i === 0 ? 0 : 1);
        }
      })(),
      { name: "beat" },
    );
    for (let i = 0; i < 3; i++) {
      yield* sleep(0);
    }
  }
  t.is((await explore(main)).failure, undefined);
});

test("explore: where the world stops before the baseline run has ended, an order in which it ends sooner leaks nothing", async (t) => {
  function* main() {
    createTask(sleep(Number.POSITIVE_INFINITY), { name: "server" });
    if (choose("way", ["long", "short"]) === "long") {
      yield* sleep(100);
    }
  }
  t.is((await explore(main, { until: 10 })).failure, undefined);
});

/** Takes a permit or a lock, and gives it back, never, in one of two ways, or after the end of the program. */
const keeping = (what: "lock" | "permit", givesBack: "always" | "never" | "sometimes" | "late"): Program<void> =>
  function* () {
    const lock = new Lock();
    const permits = new Semaphore(2);
    const take = () => (what === "lock" ? lock.acquire() : permits.acquire());
    const release = () => (what === "lock" ? lock.release() : permits.release());
    yield* take();
    const way = choose("way", ["return", "throw"]);
    if (givesBack === "late" && way === "throw") {
      getRunningLoop().callSoon(release);
    } else if (givesBack !== "never" && !(givesBack === "sometimes" && way === "throw")) {
      release();
    }
  };

test("explore: locks and permits that are left over are a leak if the baseline run leaves fewer", async (t) => {
  const verdicts: string[] = [];
  for (const what of ["lock", "permit"] as const) {
    for (const givesBack of ["always", "never", "sometimes", "late"] as const) {
      const { failure } = await explore(keeping(what, givesBack));
      verdicts.push(
        `${what} ${givesBack}: ${failure?.kind ?? "ok"}${failure === undefined ? "" : ` ${String(failure.error).replace(/.*still held: (<\w+).*/, "$1")}`}`,
      );
    }
  }
  t.deepEqual(verdicts, [
    "lock always: ok",
    "lock never: ok",
    "lock sometimes: leak <Lock",
    "lock late: ok",
    "permit always: ok",
    "permit never: ok",
    "permit sometimes: leak <Semaphore",
    "permit late: ok",
  ]);
});
