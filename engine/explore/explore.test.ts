import test from "ava";
import {
  always,
  choose,
  createTask,
  type ExploreProgress,
  eventually,
  explore,
  gather,
  getRunningLoop,
  ImpureProgramError,
  Lock,
  Queue,
  replay,
  Semaphore,
  sameOutcome,
  shared,
  simulate,
  sleep,
  sometimes,
  strategyNames,
  type TimerHandle,
  TokenError,
  taskGroup,
  touch,
  waitFor,
} from "../index.ts";

const messageOf = (failure: { readonly error: unknown } | undefined): string =>
  failure?.error instanceof Error ? failure.error.message : "no error";

function* turns(count: number) {
  for (let i = 0; i < count; i++) {
    yield* sleep(0);
  }
}

/** Two deposits; the second begins when the first is over, in the default schedule. */
function* deposits() {
  let balance = 0;
  function* deposit(delay: number) {
    yield* turns(delay);
    const before = balance;
    yield* sleep(0);
    balance = before + 1;
  }
  yield* gather(createTask(deposit(0), { name: "A" }), createTask(deposit(4), { name: "B" }));
  if (balance !== 2) {
    throw new Error(`balance ${balance}`);
  }
}

test("explore: the report lists each error of a group", async (t) => {
  const report = await explore(function* () {
    yield* taskGroup(function* (group) {
      group.createTask(
        (function* () {
          yield* sleep(1);
          throw new RangeError("too far");
        })(),
      );
      yield* sleep(2);
    });
  });
  t.regex(String(report), /\n {2}ExceptionGroup: unhandled errors in a TaskGroup.*\n {4}RangeError: too far\n/);
});

test("explore: a misspelt option is refused, for it would do nothing", async (t) => {
  const misspelt = { run: 3 } as object;
  const error = await t.throwsAsync(
    explore(function* () {}, misspelt),
    { instanceOf: TypeError },
  );
  t.regex(error.message, /^explore: unknown option 'run'; did you mean 'runs'\?$/);
});

test("explore: a lost update that the default schedule hides is found, and shrunk to one hold", async (t) => {
  t.is((await simulate(deposits)).error, undefined);
  const { verdict, failure } = await explore(deposits);
  t.is(verdict, "failed");
  t.is(failure?.kind, "error");
  t.deepEqual(
    failure?.deviations.map(({ kind, name, until }) => ({ kind, name, until })),
    [{ kind: "hold", name: "A#2", until: "B#5" }],
  );
  t.deepEqual(failure?.certificate, { smallerSchedulesTried: 1, noneFailed: true, isComplete: true });
});

test("explore: every strategy but fifo finds the lost update", async (t) => {
  const found: string[] = [];
  for (const strategy of strategyNames) {
    const token = strategy === "replay" ? { token: "s1:A#2>main#2" } : {};
    const { failure } = await explore(deposits, { strategy, ...token });
    if (failure?.deviations.length === 1) {
      found.push(strategy);
    }
  }
  t.deepEqual(
    found,
    strategyNames.filter((name) => name !== "fifo"),
  );
});

test("explore: the report explains the failure in words", async (t) => {
  const report = await explore(deposits, { strategy: "reversal" });
  const text = String(report).replace(/;0\.1\.0-.*/, "");
  t.is(
    text,
    [
      "failed: error at 0 s, in the default schedule but for 1 deviation",
      "  Error: balance 1",
      "",
      "  A#2 waits until B#5 has run: it runs at 0 s, 4 steps later than in turn",
      "",
      "  time | A                             | the others",
      "  0 s  |                               | B#1",
      "  0 s  |                               | B#2",
      "  0 s  |                               | B#3",
      "  0 s  |                               | B#4",
      "  0 s  |                               | B#5",
      "  0 s  | A#2  ends  <- held until here |",
      "  0 s  |                               | B#6  ends",
      "  0 s  |                               | A!1",
      "  0 s  |                               | B!1",
      "  0 s  |                               | main#2  ends",
      "  0 s  |                               | main!1",
      "  failure",
      "",
      "  nearest passing schedule: without A#2>B#5 (the baseline run) the program passes",
      "",
      `found in run ${report.failure?.run} by reversal (seed 0), shrunk in ${report.failure?.replays} replays; ` +
        `${report.runs} runs, ${report.interleavings} distinct interleavings`,
      "the only schedule with fewer deviations, the default one, passes",
      "replay token: s1:A#2>B#5",
    ].join("\n"),
  );
});

test("replay: a token repeats the same failure and the same order again", async (t) => {
  const token = (await explore(deposits)).failure?.token ?? "";
  const first = await replay(deposits, token);
  t.is(first.verdict, "failed");
  t.is((first.error as Error).message, "balance 1");
  const again = await replay(deposits, token);
  t.deepEqual(again.order, first.order);
  t.is(again.digest, first.digest);
});

test("replay: an empty schedule is the baseline run of simulate", async (t) => {
  const plain = await simulate(deposits);
  const replayed = await replay(deposits, "s1:");
  t.is(replayed.verdict, "ok");
  t.is(replayed.digest, plain.digest);
  t.is(replayed.steps, plain.steps);
});

test("replay: malformed and stale tokens are refused with the reason", async (t) => {
  const refusals: string[] = [];
  for (const token of ["", "A#2>B#5", "s1:A#2", "s1:;;", "s1:;1.2-x", "s1:;9.9.9-00000000", "s1:Z#1>B#5", "s1:x=1"]) {
    const error = await t.throwsAsync(replay(deposits, token), { instanceOf: TokenError });
    refusals.push((error?.message ?? "").replace(/ (in|is no|expected|explore|this is).*/, ""));
  }
  t.deepEqual(refusals, [
    "not a replay token:",
    "not a replay token:",
    'malformed replay token: "A#2"',
    'malformed replay token: more than one ";"',
    'malformed replay token: "1.2-x"',
    "stale replay token: it was made by simloop 9.9.9,",
    "stale replay token: the program does not come to Z#1 any more;",
    "stale replay token: the program does not come to x any more;",
  ]);
});

test("replay: white space around a token does not matter, and a step that waits for itself makes no sense", async (t) => {
  t.is((await replay(deposits, " s1:A#2>B#5\n")).verdict, "failed");
  await t.throwsAsync(replay(deposits, "s1:A#2>A#2"), { instanceOf: TokenError, message: /a step waits for itself/ });
});

test("replay: a token of other options is stale", async (t) => {
  const token = (await explore(deposits, { seed: 1 })).failure?.token ?? "";
  await t.throwsAsync(replay(deposits, token), { instanceOf: TokenError, message: /made with other options/ });
  t.is((await replay(deposits, token, { seed: 1 })).verdict, "failed");
});

test("explore: what one step made keeps its order, unless vary.callbackOrder lifts that promise", async (t) => {
  function* main() {
    const log: string[] = [];
    const loop = getRunningLoop();
    loop.callSoon(() => log.push("first"));
    loop.callSoon(() => log.push("second"));
    yield* turns(3);
    if (log[0] !== "first") {
      throw new Error(log.join());
    }
  }
  t.is((await explore(main)).verdict, "ok");
  t.is((await explore(main, { vary: { callbackOrder: true } })).failure?.kind, "error");
});

test("explore: timers due together run in any order, unless ties are kept", async (t) => {
  async function* main() {
    const log: string[] = [];
    getRunningLoop().callLater(1, () => log.push("a"));
    getRunningLoop().callLater(1, () => log.push("b"));
    yield* sleep(2);
    if (log.join() !== "a,b") {
      throw new Error(log.join());
    }
  }
  t.is((await explore(main)).failure?.deviations[0]?.name, "main!1");
  t.is((await explore(main, { vary: { ties: false } })).verdict, "ok");
});

test("explore: timers are late within the declared bound, and never early", async (t) => {
  const times = new Set<number>();
  function* main() {
    yield* sleep(1);
    times.add(getRunningLoop().time());
  }
  await explore(main, { vary: { delays: 0.5 } });
  t.deepEqual(
    [...times].sort((a, b) => a - b),
    [1, 1.125, 1.25, 1.5],
  );
});

test("explore: a handle whose timer is late still returns the instant that it was set for", async (t) => {
  const told = new Set<string>();
  function* main() {
    const loop = getRunningLoop();
    const handle: TimerHandle = loop.callAt(1, () => told.add(`${handle.when()} called at ${loop.time()}: ${handle}`));
    yield* sleep(3);
  }
  await explore(main, { vary: { delays: 0.5 } });
  t.deepEqual(
    told,
    new Set([1, 1.125, 1.25, 1.5].map((time) => `1 called at ${time}: <TimerHandle when=1 anonymous>`)),
  );
});

test("explore: a choice of the program's own is tried with all options", async (t) => {
  function* main() {
    yield* sleep(1);
    if (choose("weather", ["sun", "rain", "snow"]) === "snow") {
      throw new Error("snow");
    }
  }
  const { failure } = await explore(main);
  t.regex(failure?.token ?? "", /^s1:c:weather=2;/);
  t.is((await simulate(main)).error, undefined);
});

test("explore: a deadlock says who waits for what", async (t) => {
  function* main() {
    const [a, b] = [new Lock(), new Lock()];
    function* both(first: Lock, second: Lock, delay: number) {
      yield* turns(delay);
      yield* first.with(function* () {
        yield* turns(1);
        yield* second.with(function* () {});
      });
    }
    yield* gather(createTask(both(a, b, 0), { name: "A" }), createTask(both(b, a, 5), { name: "B" }));
  }
  const { failure } = await explore(main);
  t.is(failure?.kind, "deadlock");
  t.regex(String(failure?.error), /A waits for Lock\.acquire[\s\S]*B waits for Lock\.acquire/);
});

test("explore: a permit that only some orders leave taken is a leak", async (t) => {
  function* main() {
    const permits = new Semaphore(1);
    function* use() {
      yield* permits.acquire();
      yield* turns(2);
      permits.release();
    }
    const user = createTask(use(), { name: "user" });
    const other = createTask(turns(6), { name: "other" });
    yield* other;
    user.cancel();
    yield* gather(user, { returnExceptions: true });
  }
  const { failure } = await explore(main);
  t.is(failure?.kind, "leak");
  t.regex(String(failure?.error), /still held: <Semaphore \[locked\]>/);
});

test("explore: a task that the baseline run leaves waiting too, or still at work, is not a leak", async (t) => {
  function* main() {
    const queue = new Queue<number>();
    function* daemon() {
      for (;;) {
        yield* queue.get();
        yield* turns(1);
        queue.taskDone();
        yield* turns(1);
      }
    }
    createTask(daemon(), { name: "daemon-1" });
    createTask(daemon(), { name: "daemon-2" });
    for (let i = 0; i < 4; i++) {
      yield* queue.put(i);
    }
    yield* queue.join();
  }
  t.is((await explore(main)).failure, undefined);
});

/** Arms a timer, which the end of the work is to cancel. */
const alarm = (isFixed: boolean) =>
  function* main() {
    let timer: TimerHandle | null = null;
    let isOver = false;
    function* arm() {
      yield* turns(1);
      if (!(isFixed && isOver)) {
        timer = getRunningLoop().callLater(30, () => {});
      }
    }
    function* finish() {
      yield* turns(5);
      isOver = true;
      timer?.cancel();
    }
    yield* gather(createTask(arm(), { name: "arm" }), createTask(finish(), { name: "finish" }));
  };

test("explore: a timer that only some orders leave set is a leak", async (t) => {
  const { failure } = await explore(alarm(false));
  t.is(failure?.kind, "leak");
  t.regex(
    messageOf(failure),
    /^leak: after the end of main a timer is still set and was never cancelled, unlike in the baseline run: .*TimerHandle when=30/,
  );
  t.is((await explore(alarm(true))).failure, undefined);
});

test("explore: a timer is not a leak if the baseline run leaves one too, or if it belongs to a task that is still at work", async (t) => {
  function* main() {
    const loop = getRunningLoop();
    function* remember(key: string, hops: number) {
      yield* turns(hops);
      loop.callLater(60, () => key);
    }
    yield* gather(remember("a", 0), remember("b", 3));
  }
  t.is((await explore(main)).failure, undefined);
  function* working() {
    let isOver = false;
    function* work() {
      yield* turns(2);
      if (!isOver) {
        yield* turns(1);
        yield* waitFor(sleep(1), 5);
      }
    }
    createTask(work(), { name: "work" });
    yield* turns(1);
    isOver = true;
    yield* turns(4);
  }
  t.is((await explore(working)).failure, undefined);
});

test("explore: an unhandled error is a failure", async (t) => {
  function* main() {
    let isReady = false;
    createTask(
      (function* () {
        yield* turns(4);
        if (!isReady) {
          throw new Error("not ready");
        }
      })(),
      { name: "reader" },
    );
    yield* createTask(
      (function* () {
        yield* turns(1);
        isReady = true;
      })(),
      { name: "writer" },
    );
    yield* turns(9);
  }
  const { failure } = await explore(main);
  t.is(failure?.kind, "unhandled");
  t.is(messageOf(failure), "not ready");
});

test("explore: a run that goes on for ever in some order is a failure", async (t) => {
  function* main() {
    let isStopped = false;
    function* spin() {
      yield* turns(5);
      if (!isStopped) {
        for (;;) {
          yield* sleep(1);
        }
      }
    }
    const spinner = createTask(spin(), { name: "spinner" });
    yield* createTask(turns(2), { name: "short" });
    isStopped = true;
    yield* spinner;
  }
  t.is((await explore(main, { maxSteps: 2000 })).failure?.kind, "steps");
});

test("always: names the step after which the check is broken, and costs nothing elsewhere", async (t) => {
  function* main() {
    const account = shared({ balance: 10 }, "account");
    always(() => account.balance >= 0);
    function* pay(delay: number) {
      yield* turns(delay);
      if (account.balance >= 10) {
        yield* sleep(0);
        account.balance -= 10;
      }
    }
    yield* gather(createTask(pay(0), { name: "A" }), createTask(pay(4), { name: "B" }));
  }
  const { failure } = await explore(main);
  t.is(failure?.kind, "invariant");
  t.is(failure?.step, "B#6");
});

test("explore, replay: a function that makes no coroutine is the caller's mistake, not a failure of the program", async (t) => {
  const promising = (async () => {}) as never;
  for (const call of [() => explore(promising), () => replay(promising, "s1:")]) {
    await t.throwsAsync(call, {
      instanceOf: TypeError,
      message: /expected a function that makes a coroutine, but it returned a promise/,
    });
  }
});

test("always, eventually: a check whose answer comes later is refused, since its answer would be lost", async (t) => {
  const checks = [() => Promise.resolve(false), () => turns(1)];
  for (const check of checks) {
    for (const state of [() => always(check), () => eventually(check, 1)]) {
      const { failure } = await explore(function* () {
        state();
        yield* turns(2);
      });
      t.regex(
        messageOf(failure),
        /returned \[object (Promise|Generator)\], whose outcome is lost; write it as a plain/,
      );
    }
  }
});

test("always: ends an ordinary simulation too", async (t) => {
  function* main() {
    let count = 0;
    always(function isSmall() {
      return count < 2;
    });
    for (; ; count++) {
      yield* sleep(1);
    }
  }
  const { error, time } = await simulate(main);
  t.is((error as Error).message, "always: the check isSmall returned false");
  t.is(time, 2);
});

test("always: checks once after each step of an ordinary simulation", async (t) => {
  const counts: number[] = [];
  let steps = 0;
  function* main() {
    always(() => counts.push(steps));
    for (; steps < 3; steps++) {
      yield* sleep(steps === 1 ? 0 : 1);
    }
  }
  await simulate(main);
  t.true(
    [0, 1, 2, 3].every((step) => counts.includes(step)),
    String(counts),
  );
  t.true(counts.length <= 8, String(counts));
});

test("eventually: what does not come true in time is a failure", async (t) => {
  function* main(delay: number) {
    let isDone = false;
    eventually(() => isDone, 2);
    yield* sleep(delay);
    isDone = true;
    yield* sleep(5);
  }
  t.is((await explore(() => main(1))).verdict, "ok");
  t.is((await explore(() => main(3))).failure?.kind, "eventually");
});

test("sometimes: what no order reaches is reported", async (t) => {
  function* main() {
    sometimes("reached", true);
    sometimes("unreached", false);
    yield* gather(turns(2), turns(2));
  }
  const report = await explore(main, { runs: 20, mustReach: ["never mentioned"] });
  t.deepEqual(report.unreached, ["never mentioned", "unreached"]);
});

test("sameOutcome: an order that ends otherwise than the baseline run is a failure", async (t) => {
  function* main() {
    const log: string[] = [];
    function* worker(name: string) {
      yield* turns(1);
      log.push(name);
    }
    yield* gather(createTask(worker("a"), { name: "a" }), createTask(worker("b"), { name: "b" }));
    sameOutcome(log);
  }
  const { failure } = await explore(main);
  t.is(failure?.kind, "outcome");
  t.is(messageOf(failure), 'sameOutcome: this order ends with ["b","a"], the baseline run with ["a","b"]');
});

test("explore: the report counts the races that were seen in both orders", async (t) => {
  const last: ExploreProgress[] = [];
  function* main() {
    yield* gather(createTask(turns(2), { name: "A" }), createTask(turns(2), { name: "B" }));
  }
  const { races } = await explore(main, { runs: 3000, onProgress: (progress) => last.push(progress) });
  t.true(races.pairs > 4);
  t.true(races.reversed > races.pairs / 2 && races.reversed <= races.pairs);
  t.deepEqual((await explore(main, { strategy: "fifo" })).races, { pairs: races.pairs, reversed: 0 });
  for (const { phase, races: counts } of last) {
    t.is(phase, "search");
    t.is(counts.pairs, races.pairs);
  }
});

test("delays: goes over its whole grid and ends", async (t) => {
  function* main() {
    yield* gather(createTask(turns(1), { name: "A" }), createTask(turns(1), { name: "B" }));
    choose("way", ["one", "other"]);
  }
  const { verdict, runs } = await explore(main, { strategy: "delays", runs: 1e9 });
  t.is(verdict, "ok");
  // Of 2 * 7 places and one option: none, one, two or three. What gather does is not a place.
  const places = 15;
  t.is(runs - 1, 1 + places + (places * (places - 1)) / 2 + (places * (places - 1) * (places - 2)) / 6);
});

test("explore: the report of a program with a single order says so", async (t) => {
  const report = await explore(function* main() {
    yield* sleep(1);
  });
  t.is(
    String(report),
    "ok: no failing order found in 1 run, 1 distinct interleaving (strategy mix, seed 0)\n" +
      "note: the program never reaches a choice point: there is only one order",
  );
});

test("explore: a program that keeps state between runs is found out", async (t) => {
  let runs = 0;
  function* main() {
    yield* gather(turns(++runs), turns(2));
  }
  const error = await t.throwsAsync(explore(main), { instanceOf: ImpureProgramError });
  t.regex(error?.message ?? "", /the default schedule led to two different runs.*they part at step/);
});

test("explore: malformed options are refused", async (t) => {
  const main = deposits;
  const refuse = (options: object) => t.throwsAsync(explore(main, options));
  t.regex((await refuse({ runs: 0 }))?.message ?? "", /expected runs to be a positive integer/);
  t.regex((await refuse({ strategy: "best" }))?.message ?? "", /unknown strategy 'best' \(known: mix/);
  t.regex((await refuse({ strategy: "replay" }))?.message ?? "", /the strategy replay needs the token/);
  t.regex((await refuse({ token: "s1:A#2>B#5" }))?.message ?? "", /only the strategy replay takes a token, not mix/);
  t.regex((await refuse({ strategy: "replay", token: "A#2" }))?.message ?? "", /not a replay token/);
  t.regex((await refuse({ strategy: "replay", token: "s1:A#2>Z#9" }))?.message ?? "", /does not come to Z#9 any more/);
  t.regex((await refuse({ shard: { index: 3, of: 2 } }))?.message ?? "", /expected shard to be/);
  t.regex((await refuse({ shard: null }))?.message ?? "", /expected shard to be .*got null/);
  t.regex(
    (await refuse({ vary: { redy: false } }))?.message ?? "",
    /vary: unknown option 'redy'; did you mean 'ready'\?/,
  );
  t.regex((await refuse({ signal: 5 }))?.message ?? "", /expected signal to be an AbortSignal, got 5/);
  t.regex((await refuse({ stopSignal: null }))?.message ?? "", /expected stopSignal to be an AbortSignal, got null/);
  t.regex((await refuse({ onProgress: true }))?.message ?? "", /expected onProgress to be a function, got true/);
  t.regex(
    (await refuse({ mustReach: "full" }))?.message ?? "",
    /expected mustReach to be a list of labels, got "full"/,
  );
  t.regex((await refuse({ vary: { delays: -1 } }))?.message ?? "", /vary.delays/);
  t.regex((await refuse({ vary: { ties: 1 } }))?.message ?? "", /vary.ties: expected true or false/);
  t.regex((await t.throwsAsync(explore(main() as never)))?.message ?? "", /expected a coroutine function/);
});

test("explore: the same seed finds the same", async (t) => {
  const [a, b] = [await explore(deposits, { strategy: "surw" }), await explore(deposits, { strategy: "surw" })];
  t.is(String(a), String(b));
});

/** Readers and writers of an array: the measure of the papers on partial order reduction. */
const lastzero = (n: number) =>
  function* main() {
    const array = new Array<number>(n + 1).fill(0);
    function* reader() {
      yield* sleep(0);
      for (let i = n; ; i--) {
        touch(`array[${i}]`, "r");
        if (array[i] === 0) {
          return;
        }
        yield* sleep(0);
      }
    }
    function* writer(i: number) {
      yield* sleep(0);
      touch(`array[${i - 1}]`, "r");
      const before = array[i - 1]!;
      yield* sleep(0);
      touch(`array[${i}]`, "w");
      array[i] = before + 1;
    }
    const writers = Array.from({ length: n }, (_, i) => createTask(writer(i + 1), { name: `writer-${i + 1}` }));
    yield* gather(createTask(reader(), { name: "reader" }), ...writers);
  };

test("exhaustive: sees every interleaving once, and says that nothing fails", async (t) => {
  for (const [n, interleavings] of [
    [2, 5],
    [3, 12],
    [4, 28],
    [5, 64],
  ] as const) {
    const report = await explore(lastzero(n), { strategy: "exhaustive", runs: 10_000 });
    t.is(report.verdict, "verified");
    t.is(report.interleavings, interleavings);
    t.true(report.runs < 2 * interleavings);
  }
});
