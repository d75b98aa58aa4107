import test from "ava";
import {
  CancelledError,
  createTask,
  DatagramProtocol,
  DeadlockError,
  gather,
  getRunningLoop,
  Protocol,
  print,
  RuntimeError,
  sleep,
  strftime,
  wallTime,
} from "../../index.ts";
import { RealEventLoop, type RunRealOptions, runReal } from "../../real/index.ts";

const errorOf = async (act: () => Promise<unknown>): Promise<unknown> => {
  try {
    return await act();
  } catch (error) {
    return error;
  }
};

/** What `main` prints and returns, a line each; and every uncaught error. */
async function outputOf(main: () => AsyncGenerator<unknown, unknown>, options: RunRealOptions = {}) {
  const lines: string[] = [];
  const take = (text: string): void => {
    lines.push(text.trimEnd());
  };
  const result = await errorOf(() => runReal(main, { ...options, output: take, errorOutput: take }));
  return { lines, result };
}

test("RealEventLoop: sleepers wake up in the order of their times, never too early", async (t) => {
  const { lines, result } = await outputOf(async function* () {
    const loop = getRunningLoop();
    let early = 0;
    async function* sleeper(name: string, delay: number) {
      const due = loop.time() + delay;
      yield* sleep(delay);
      early += Number(loop.time() < due - 1e-9);
      print(name);
    }
    yield* gather(sleeper("c", 0.02), sleeper("a", 0), sleeper("b", 0.01));
    return early;
  });
  t.deepEqual({ lines, result }, { lines: ["a", "b", "c"], result: 0 });
});

test("RealEventLoop: handles that are ready run in passes, as in the simulation", async (t) => {
  const { lines } = await outputOf(async function* () {
    const loop = getRunningLoop();
    loop.callSoon(() => {
      print("one");
      loop.callSoon(print, "three");
    });
    loop.callSoon(print, "two");
    loop.callLater(0, print, "timer");
    yield* sleep(0);
    yield* sleep(0);
    yield* sleep(0);
  });
  t.deepEqual(lines, ["one", "two", "timer", "three"]);
});

test("RealEventLoop: a delay counts from the call, however long the step has taken", async (t) => {
  const { result } = await outputOf(async function* () {
    const loop = getRunningLoop();
    const before = loop.time();
    const end = performance.now() + 5;
    while (performance.now() < end) {
      // It takes its time.
    }
    const handle = loop.callLater(1, print, "never");
    handle.cancel();
    return handle.when() >= before + 1.004;
  });
  t.is(result, true);
});

test("RealEventLoop: a timer that was cancelled neither hurries the next one nor ends the run", async (t) => {
  const { result } = await outputOf(async function* () {
    const loop = getRunningLoop();
    const server = yield* loop.createServer(() => new Protocol(), "127.0.0.1", 0);
    const before = performance.now();
    loop.callLater(0.002, print, "never").cancel();
    yield* sleep(0.01);
    const after = performance.now();
    loop.callLater(0.002, print, "never").cancel();
    setTimeout(() => server.close(), 10);
    yield* server.waitClosed();
    return after - before > 9.9;
  });
  t.is(result, true);
});

test("RealEventLoop: the wall clock is that of the machine", async (t) => {
  const before = Date.now() / 1000;
  const { result } = await outputOf(async function* () {
    return [wallTime(), strftime("%Y %z")];
  });
  const [time, text] = result as [number, string];
  const offset = -new Date().getTimezoneOffset();
  t.true(time >= before - 0.001 && time <= Date.now() / 1000 + 0.001);
  const digits = (minutes: number): string => String(minutes).padStart(2, "0");
  const [hours, minutes] = [Math.floor(Math.abs(offset) / 60), Math.abs(offset) % 60];
  t.is(text, `${new Date().getFullYear()} ${offset < 0 ? "-" : "+"}${digits(hours)}${digits(minutes)}`);
});

test("RealEventLoop: a coroutine may await the real world", async (t) => {
  const { result } = await outputOf(async function* () {
    yield* sleep(0);
    const answer = await new Promise((resolve) => setImmediate(resolve, "answer"));
    yield* sleep(0);
    return answer;
  });
  t.is(result, "answer");
});

test("RealEventLoop: what nothing can wake any more is a deadlock, and a server is something", async (t) => {
  const stuck = await outputOf(async function* () {
    yield* getRunningLoop().createFuture();
  });
  t.true(stuck.result instanceof DeadlockError);
  const serving = await outputOf(async function* () {
    const server = yield* getRunningLoop().createServer(() => new Protocol(), "127.0.0.1", 0);
    setTimeout(() => server.close(), 1);
    yield* server.waitClosed();
    return "closed from outside";
  });
  t.is(serving.result, "closed from outside");
});

test("runReal: it ends after `until`, which is not a failure", async (t) => {
  const { lines, result } = await outputOf(
    async function* () {
      try {
        yield* sleep(1000);
      } finally {
        print("cleaned up");
      }
    },
    { until: 0.001 },
  );
  t.deepEqual({ lines, result }, { lines: ["cleaned up"], result: undefined });
});

test("RealEventLoop: it runs one pass, up to an instant, and for ever until it is stopped from outside", async (t) => {
  const loop = new RealEventLoop();
  const log: string[] = [];
  const note = (text: string): void => {
    log.push(text);
  };
  loop.callSoon(note, "soon");
  await loop.runOnce();
  note("pass over");
  loop.callLater(0.002, note, "later");
  await loop.advance(0.005);
  note(loop.time() >= 0.005 ? "advanced" : "too early");
  const waiting = loop.createServer(() => new Protocol(), "127.0.0.1", 0);
  await loop.runUntilComplete(waiting);
  setImmediate(() => loop.stop());
  await loop.runForever();
  loop.close();
  t.deepEqual(log, ["soon", "pass over", "later", "advanced"]);
});

test("runReal: when it is aborted, the program can clean up, and then the reason is thrown", async (t) => {
  const interruption = new AbortController();
  const { lines, result } = await outputOf(
    async function* () {
      createTask(
        (async function* () {
          try {
            yield* sleep(1000);
          } catch (error) {
            print("other", error instanceof CancelledError);
          }
        })(),
      );
      setImmediate(() => interruption.abort("interrupted"));
      try {
        yield* sleep(1000);
      } finally {
        yield* sleep(0);
        print("cleaned up");
      }
    },
    { signal: interruption.signal },
  );
  t.deepEqual({ lines, result }, { lines: ["cleaned up", "other true"], result: "interrupted" });
});

test("runReal: what the program fails with is thrown, and unretrieved errors are reported", async (t) => {
  const { lines, result } = await outputOf(async function* () {
    createTask(
      (async function* () {
        throw new Error("unseen");
      })(),
      { name: "failing" },
    );
    yield* sleep(0);
    throw new RangeError("mine");
  });
  t.deepEqual(
    [lines.map((line) => line.split("\n")[0]), String(result)],
    [["Task exception was never retrieved"], "RangeError: mine"],
  );
});

test("runReal: the seed decides what is drawn, in both worlds alike", async (t) => {
  const draw = async function* () {
    return getRunningLoop().random("dice").random();
  };
  const results = await Promise.all([1, 1, 2].map(async (seed) => (await outputOf(draw, { seed })).result));
  t.deepEqual([results[0] === results[1], results[0] === results[2]], [true, false]);
});

test("RealEventLoop: what needs a simulation is refused, and the line says why", async (t) => {
  const { result } = await outputOf(async function* () {
    const loop = getRunningLoop();
    const refusals: unknown[] = [];
    for (const act of [
      () => loop.network,
      () => loop.createServer(() => new Protocol(), "127.0.0.1", 0, { reuseAddress: false }),
    ]) {
      try {
        yield* act() as ReturnType<typeof sleep>;
      } catch (error) {
        refusals.push(error);
      }
    }
    const [transport] = yield* loop.createDatagramEndpoint(() => new DatagramProtocol(), {
      localAddress: ["127.0.0.1", 0],
    });
    try {
      transport.sendto(new Uint8Array(1), ["example.org", 9]);
    } catch (error) {
      refusals.push(error);
    }
    transport.close();
    return refusals.map(String);
  });
  t.deepEqual(result, [
    "RuntimeError: loop.network is the simulated network, with its hosts, links and faults; a loop on real sockets has none: use simulate() or run() for it",
    "RangeError: createServer: expected reuseAddress to be true, as Node sets it for all real sockets",
    "RuntimeError: sendto: expected an address, got the name example.org: this machine takes time to look names up; await loop.getaddrinfo for it first",
  ]);
});

test("runReal: options that make no sense are refused", async (t) => {
  const main = async function* () {};
  const refused = async (options: object): Promise<unknown> =>
    String(await errorOf(() => runReal(main, options as RunRealOptions)));
  t.regex((await refused({ start: 0 })) as string, /^TypeError: runReal: .*start/);
  t.regex((await refused({ network: {} })) as string, /^TypeError: runReal: .*network/);
  t.is(await refused({ until: -1 }), "RangeError: until: expected a number that is not negative, got -1");
  t.true((await errorOf(() => runReal(main() as never))) instanceof TypeError);
  t.true((await errorOf(() => runReal((() => 5) as never))) instanceof TypeError);
  t.throws(() => new RealEventLoop({ maxTime: 5 } as object), { instanceOf: TypeError });
});

test("runReal: inside a running loop it is refused", async (t) => {
  const { result } = await outputOf(async function* () {
    const inner = runReal(async function* () {});
    return await errorOf(() => inner);
  });
  t.true(result instanceof RuntimeError);
});
