import test, { type ExecutionContext } from "ava";
import { withoutPlaces } from "./golden/recorded-logs.ts";
import {
  CancelledError,
  createTask,
  getRunningLoop,
  print,
  random,
  type SimulateOptions,
  simulate,
  sleep,
  strftime,
  wallTime,
} from "./index.ts";

test("simulate: it returns the value, the time, the output, the warnings and the steps", async (t) => {
  const { value, error, time, output, warnings, steps, trace, digest } = await simulate(async function* () {
    print("begin");
    yield* sleep(1.5);
    getRunningLoop().callExceptionHandler({ message: "something happened" });
    print("end");
    return { answer: 42 };
  });
  t.deepEqual(
    { value, error, time, output, warnings, steps },
    {
      value: { answer: 42 },
      error: undefined,
      time: 1.5,
      output: "begin\nend\n",
      warnings: ["something happened"],
      steps: 4,
    },
  );
  t.regex(digest, /^[0-9a-f]{32}$/);
  t.true(trace.records.length > 0);
});

test("simulate: what the program throws is the result's error, and what came before is kept", async (t) => {
  for (const thrown of [new Error("no"), "a string", undefined, null]) {
    const result = await simulate(async function* () {
      print("begin");
      yield* sleep(1);
      throw thrown;
    });
    t.deepEqual(
      { ...result, trace: undefined, digest: undefined, events: undefined },
      {
        value: undefined,
        error: thrown,
        time: 1,
        output: "begin\n",
        warnings: [],
        trace: undefined,
        digest: undefined,
        events: undefined,
        steps: 4,
      },
    );
    t.true("error" in result);
  }
});

test("simulate: only a program that failed has an error in its result", async (t) => {
  t.false("error" in (await simulate(function* () {})));
});

test("simulate: the tasks that are left are cancelled and waited for, in order of creation", async (t) => {
  async function* worker(name: string) {
    try {
      yield* sleep(100);
    } catch (error) {
      yield* sleep(1);
      print(name, error instanceof CancelledError, getRunningLoop().time());
      throw error;
    }
  }
  const { output, warnings, time, value } = await simulate(async function* () {
    createTask(worker("a"));
    createTask(worker("b"));
    yield* sleep(5);
    return "value";
  });
  t.deepEqual([output, warnings, time, value], ["a true 6\nb true 6\n", [], 6, "value"]);
});

test("simulate: a task that fails while it is cancelled at the end is a warning; one that waits for ever then, another", async (t) => {
  const { warnings, value } = await simulate(async function* () {
    createTask(
      (async function* () {
        try {
          yield* sleep(100);
        } catch (error) {
          throw new Error("while cleaning up", { cause: error });
        }
      })(),
      { name: "failing" },
    );
    yield* sleep(5);
    return "value";
  });
  const stuck = await simulate(async function* () {
    createTask(
      (async function* () {
        try {
          yield* sleep(100);
        } catch {
          yield* getRunningLoop().createFuture();
        }
      })(),
      { name: "stuck" },
    );
    yield* sleep(5);
    return "value";
  });
  t.deepEqual(
    [
      value,
      withoutPlaces(warnings),
      stuck.value,
      withoutPlaces(stuck.warnings).map((warning) => warning.replace(/ \(created at .*?\)/, "")),
    ],
    [
      "value",
      [
        "unhandled exception during run() shutdown\n" +
          "task: <Task finished name='failing' coro=<coroutine()> exception=Error: while cleaning up>\nError: while cleaning up",
      ],
      "value",
      [
        "the tasks that were left could not be cancelled\n" +
          "DeadlockError: deadlock at 5 s: nothing is ready and no timer is pending; 1 waiting:\n  stuck waits for <Future pending>",
        "Task was destroyed but it is pending!\ntask: <Task cancelling name='stuck' coro=<coroutine()> wait_for=<Future pending>>",
      ],
    ],
  );
});

test("until: the world stops at that instant, when all that is due there has happened, and nothing is cleaned up", async (t) => {
  async function* program() {
    try {
      for (let i = 1; ; i++) {
        yield* sleep(1);
        print("tick", i);
      }
    } finally {
      print("cleaned up");
    }
  }
  const summary = async (until: number) => {
    const { output, time, value, warnings, ...rest } = await simulate(program, { until });
    return [output, time, value, warnings, "error" in rest];
  };
  t.deepEqual(
    [await summary(2), await summary(2.5), await summary(0)],
    [
      ["tick 1\ntick 2\n", 2, undefined, [], false],
      ["tick 1\ntick 2\n", 2.5, undefined, [], false],
      ["", 0, undefined, [], false],
    ],
  );
});

test("until: a program that ends before ends then", async (t) => {
  const { time, value } = await simulate(
    function* () {
      yield* sleep(1);
      return "value";
    },
    { until: 10 },
  );
  t.deepEqual([time, value], [1, "value"]);
});

test("output: it is handed on line by line as it is printed, and is in the result as well", async (t) => {
  const streamed: string[] = [];
  const { output } = await simulate(
    function* () {
      print("one");
      streamed.push("-");
      yield* sleep(1);
      print("two\nlines");
    },
    { output: (text) => streamed.push(text) },
  );
  t.deepEqual([streamed, output], [["one\n", "-", "two\nlines\n"], "one\ntwo\nlines\n"]);
});

test("print: values stand side by side, strings as they are, bytes as in Python", async (t) => {
  const { output } = await simulate(function* () {
    print();
    print("text", 1, null, undefined, [1, 2], true, 0.1 + 0.2);
    print(new TextEncoder().encode("/block"), new Uint8Array([0, 9, 10, 13, 31, 92, 127, 200]));
    print(new TextEncoder().encode("it's"), new TextEncoder().encode(`both ' and "`), new Uint8Array());
  });
  t.deepEqual(output.split("\n"), [
    "",
    "text 1 null undefined 1,2 true 0.30000000000000004",
    String.raw`b'/block' b'\x00\t\n\r\x1f\\\x7f\xc8'`,
    String.raw`b"it's" b'both \' and "' b''`,
    "",
  ]);
});

test("start, timeZone: the simulated wall clock begins there and goes on with virtual time", async (t) => {
  const { output } = await simulate(
    function* () {
      print(strftime("%Y-%m-%d %X %Z"));
      yield* sleep(90.5);
      print(strftime("%X"), wallTime());
    },
    { start: "2021-03-04T15:27:26", timeZone: "+08:00" },
  );
  t.is(output, "2021-03-04 15:27:26 UTC+08:00\n15:28:56 1614842936.5\n");
});

test("seed: the random streams of a program follow from it", async (t) => {
  function* program() {
    yield* sleep(random().random());
    return [random().integer(1, 100), random("other").integer(1, 100)];
  }
  const runs = await Promise.all([0, 0, 1, "1", "text"].map((seed) => simulate(program, { seed })));
  const values = runs.map(({ value, time }) => `${value} ${time}`);
  t.deepEqual(
    [values[0] === values[1], values[2] === values[3], new Set(values).size, (await simulate(program)).value],
    [true, true, 3, runs[0]?.value],
  );
});

test("trace: full and digest give the same digest, which off does without; only full keeps the records", async (t) => {
  async function* program() {
    print("printed");
    yield* sleep(1);
    yield* createTask(sleep(1));
  }
  const [full, digest, off, byDefault] = await Promise.all(
    (["full", "digest", "off", undefined] as const).map((trace) =>
      simulate(program, trace === undefined ? {} : { trace }),
    ),
  );
  t.deepEqual(
    [digest?.digest, off?.digest, byDefault?.digest, digest?.trace.records.length, off?.trace.records.length],
    [full?.digest, "", full?.digest, 0, 0],
  );
  t.true((full?.trace.records.length ?? 0) > 5);
});

test("simulate: what a program does in one run leaves nothing for the next", async (t) => {
  async function* program() {
    const task = createTask(sleep(1));
    print(task.getName(), task.id, random().random(), getRunningLoop().time());
    yield* task;
    createTask(sleep(100));
  }
  const first = await simulate(program);
  const second = await simulate(program);
  t.deepEqual([second.output, second.digest, second.steps], [first.output, first.digest, first.steps]);
});

/** The error that simulate throws, as a string. */
const refusal = async (t: ExecutionContext, program: unknown, options: unknown = {}): Promise<string> =>
  String(await t.throwsAsync(simulate(program as never, options as SimulateOptions)));

test("simulate: a program that is not a coroutine function is refused", async (t) => {
  async function* main() {}
  t.deepEqual(
    [
      await refusal(t, undefined),
      await refusal(t, main()),
      await refusal(t, () => 42),
      await refusal(t, async () => {}),
      await refusal(t, () => main),
    ],
    [
      "TypeError: simulate: expected a coroutine function (main, not main()), got undefined",
      "TypeError: simulate: expected a coroutine function (main, not main()), got [object AsyncGenerator]",
      "TypeError: simulate: expected a function that makes a coroutine, but it returned 42",
      'TypeError: simulate: expected a function that makes a coroutine, but it returned a promise, which belongs to the real world; to simulate async functions, import "simloop/node" before everything else, or write the function as async function*',
      "TypeError: simulate: expected a function that makes a coroutine, but it returned the function main; call it",
    ],
  );
});

test("simulate: options out of range are refused before anything runs", async (t) => {
  let ran = false;
  function* main() {
    ran = true;
  }
  t.deepEqual(
    [
      await refusal(t, main, { until: Number.NaN }),
      await refusal(t, main, { until: -1 }),
      await refusal(t, main, { until: "10" }),
      await refusal(t, main, { maxSteps: Number.NaN }),
      await refusal(t, main, { seed: {} }),
      await refusal(t, main, { timerTies: "random" }),
      await refusal(t, main, { sed: 1 }),
    ],
    [
      "RangeError: until: expected a number that is not negative, got NaN",
      "RangeError: until: expected a number that is not negative, got -1",
      'RangeError: until: expected a number that is not negative, got "10"',
      "RangeError: maxSteps: expected a number that is not negative, got NaN",
      "TypeError: seed: expected a finite number or a string, got {}",
      'RangeError: timerTies: expected one of fifo, heapq, got "random"',
      "TypeError: simulate: unknown option 'sed'; did you mean 'seed'?",
    ],
  );
  t.false(ran);
});

test("simulate: a bad start or time zone is refused before anything runs", async (t) => {
  let ran = false;
  function* main() {
    ran = true;
  }
  await t.throwsAsync(simulate(main, { start: "yesterday" }), { instanceOf: RangeError, message: /yesterday/ });
  await t.throwsAsync(simulate(main, { timeZone: "Mars/Olympus" }), {
    instanceOf: RangeError,
    message: /Mars\/Olympus/,
  });
  t.false(ran);
});

test("simulate: an unknown kind of trace is refused before anything runs", async (t) => {
  t.is(
    await refusal(t, function* () {}, { trace: "some" }),
    'RangeError: trace: expected one of full, digest, off, got "some"',
  );
});
