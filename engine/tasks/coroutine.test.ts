import test from "ava";
import {
  coroutine,
  createTask,
  EventLoop,
  type Future,
  gather,
  getRunningLoop,
  iscoroutine,
  print,
  run,
  simulate,
  sleep,
} from "../index.ts";

const sayHello = coroutine(async function* say_hello(name: string) {
  yield* sleep(1);
  print(`hello ${name}`);
  return name;
});

const plain = coroutine(function* plain_hello() {
  yield* sleep(1);
  return "plain";
});

test("coroutine: a call makes an object with Python's string form, whose addresses are the same in every run", async (t) => {
  const texts = async (): Promise<string> => {
    const { output } = await simulate(function* () {
      print(sayHello("a"));
      print(sayHello("b"), plain());
    });
    return output;
  };
  const expected =
    "<coroutine object say_hello at 0x109bf6170>\n" +
    "<coroutine object say_hello at 0x109bf6220> <coroutine object plain_hello at 0x109bf62d0>\n";
  t.deepEqual([await texts(), await texts()], [expected, expected]);
});

test.serial(
  "coroutine: objects made elsewhere in the process between two steps of a run leave no mark on it",
  async (t) => {
    async function* program() {
      yield* sleep(1);
      createTask(sayHello("task"));
      print(sayHello("printed"));
      yield* sleep(2);
    }
    async function elsewhere(): Promise<void> {
      for (let i = 0; i < 20; i++) {
        await Promise.resolve();
        sayHello("elsewhere").close();
      }
    }
    const alone = await simulate(program);
    const [beside] = await Promise.all([simulate(program), elsewhere()]);
    t.deepEqual([beside.output, beside.digest], [alone.output, alone.digest]);
  },
);

test("coroutine: one that never begins is reported at the end of the run, in order of creation, in Python's words", async (t) => {
  const { output, warnings } = await simulate(async function* () {
    sayHello("never");
    yield* sleep(1);
    plain();
    sayHello("given up").close();
    yield* sayHello("awaited");
    createTask(sayHello("task"));
    gather(sayHello("gathered"));
    yield* sleep(5);
  });
  t.deepEqual(
    [output, warnings],
    [
      "hello awaited\nhello task\nhello gathered\n",
      [
        "sys:1: RuntimeWarning: coroutine 'say_hello' was never awaited",
        "sys:1: RuntimeWarning: coroutine 'plain_hello' was never awaited",
      ],
    ],
  );
});

test("coroutine: its objects are awaited in every way, in both kinds of generator, and run as tasks", async (t) => {
  const { value, warnings } = await simulate(async function* () {
    function* inPlain(): Generator<unknown, unknown[]> {
      return [yield* plain(), yield plain(), yield* sayHello("a"), yield sayHello("b"), yield* createTask(plain())];
    }
    return [
      yield* plain(),
      yield plain(),
      yield* sayHello("c"),
      yield sayHello("d"),
      yield* createTask(sayHello("e")),
      yield inPlain(),
    ];
  });
  t.deepEqual([value, warnings], [["plain", "plain", "c", "d", "e", ["plain", "plain", "a", "b", "plain"]], []]);
});

test.serial("coroutine: the wrapper keeps the name of its function; one without a name is a lambda", (t) => {
  const anonymous = coroutine((() => async function* () {})());
  t.deepEqual(
    [sayHello.name, String(anonymous()).replace(/0x.*/, "")],
    ["say_hello", "<coroutine object <lambda> at "],
  );
});

test.serial("coroutine: outside of any loop it is not reported", async (t) => {
  const object = sayHello("outside");
  const { value, output, warnings } = await simulate(async function* () {
    return yield* object;
  });
  t.deepEqual([value, output, warnings], ["outside", "hello outside\n", []]);
});

test("coroutine: only generator functions can be wrapped", (t) => {
  const wrong = (value: unknown): never => value as never;
  t.deepEqual(
    [async () => {}, () => {}, "text", sleep(1)].map(
      (value) => t.throws(() => coroutine(wrong(value)), { instanceOf: TypeError })?.message,
    ),
    [
      "coroutine: expected an async function* or a function*, got the function (anonymous); call it",
      "coroutine: expected an async function* or a function*, got the function (anonymous); call it",
      'coroutine: expected an async function* or a function*, got "text"',
      "coroutine: expected an async function* or a function*, got sleep(1)",
    ],
  );
});

test("iscoroutine: generators and what begins when it is awaited are coroutines; functions, futures and promises are not", async (t) => {
  const { value } = await simulate(function* () {
    const future: Future<unknown> = getRunningLoop().createFuture();
    return [
      (function* () {})(),
      (async function* () {})(),
      plain(),
      sleep(1),
      sleep(0),
      future,
      createTask(sleep(1)),
      Promise.resolve(),
      function* () {},
      null,
      "text",
    ].map(iscoroutine);
  });
  t.deepEqual(value, [true, true, true, true, true, false, false, false, false, false, false]);
});

test("run: what is not a coroutine is refused, with a hint at what would be right", async (t) => {
  const wrong = (value: unknown): never => value as never;
  const loop = new EventLoop();
  const refusals = [
    await t.throwsAsync(run(wrong(sayHello)), { instanceOf: TypeError }),
    await t.throwsAsync(run(wrong(Promise.resolve())), { instanceOf: TypeError }),
    await t.throwsAsync(run(wrong(42)), { instanceOf: TypeError }),
    await t.throwsAsync(loop.runUntilComplete(wrong(sayHello)), { instanceOf: TypeError }),
    t.throws(() => loop.createTask(wrong(loop.createFuture())), { instanceOf: TypeError }),
    t.throws(() => loop.createTask(wrong(undefined)), { instanceOf: TypeError }),
  ];
  t.deepEqual(
    refusals.map((error) => error?.message),
    [
      "run: a coroutine was expected, got the function say_hello; call it",
      "run: a coroutine was expected, got a promise, which belongs to the real world; write the function as async function*",
      "run: a coroutine was expected, got 42",
      "runUntilComplete: a future or a coroutine was expected, got the function say_hello; call it",
      "createTask: a coroutine was expected, got <Future pending>",
      "createTask: a coroutine was expected, got undefined",
    ],
  );
});
