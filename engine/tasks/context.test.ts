import test from "ava";
import {
  Context,
  ContextVar,
  copyContext,
  createTask,
  currentTask,
  getRunningLoop,
  print,
  simulate,
  sleep,
} from "../index.ts";

const variable = new ContextVar<string>("variable");
const number = new ContextVar("number", { default: 1 });

/** The error that a call throws, as a string. */
function refusal(call: () => unknown): string {
  try {
    call();
  } catch (error) {
    return String(error);
  }
  return "no error";
}

test("ContextVar: what a task sets, it and the tasks that it creates afterwards see, and no others", async (t) => {
  const { output } = await simulate(async function* () {
    async function* child(name: string) {
      print(`${name} begins with ${variable.get("nothing")}`);
      variable.set(name);
      yield* sleep(1);
      print(`${name} has ${variable.get()}`);
    }
    const before = createTask(child("before"));
    variable.set("main");
    const after = createTask(child("after"));
    yield* before;
    yield* after;
    print(`main has ${variable.get()}`);
  });
  t.deepEqual(output.split("\n"), [
    "before begins with nothing",
    "after begins with main",
    "before has before",
    "after has after",
    "main has main",
    "",
  ]);
});

test("ContextVar: callbacks run in the context in which they were scheduled", async (t) => {
  const { output } = await simulate(async function* () {
    const loop = getRunningLoop();
    const future = loop.createFuture<null>();
    variable.set("one");
    loop.callSoon(() => print("soon", variable.get()));
    loop.callLater(1, () => print("later", variable.get()));
    future.addDoneCallback(() => print("done", variable.get()));
    variable.set("two");
    future.setResult(null);
    yield* sleep(2);
  });
  t.is(output, "soon one\ndone one\nlater one\n");
});

test("ContextVar: a callback that sets it does so for itself alone", async (t) => {
  const { output } = await simulate(function* () {
    variable.set("main");
    getRunningLoop().callSoon(() => {
      variable.set("callback");
      getRunningLoop().callSoon(() => print("nested", variable.get()));
    });
    yield* sleep(1);
    print("main", variable.get());
  });
  t.is(output, "nested callback\nmain main\n");
});

test("ContextVar: reset brings back what was there before, nothing included", async (t) => {
  const { value } = await simulate(function* () {
    const first = variable.set("one");
    const second = variable.set("two");
    const seen = [variable.get()];
    variable.reset(second);
    seen.push(variable.get());
    variable.reset(first);
    seen.push(variable.get("nothing"));
    return seen;
  });
  t.deepEqual(value, ["two", "one", "nothing"]);
});

test("ContextVar: without a value there is the fallback, then the default, and then an error", async (t) => {
  const { value } = await simulate(function* () {
    return [variable.get("fallback"), number.get(), number.get(7), refusal(() => variable.get())];
  });
  t.deepEqual(value, [
    "fallback",
    1,
    7,
    'RangeError: <ContextVar "variable"> has no value in this context and no default; set it first, or give get() a fallback',
  ]);
});

test("ContextVar: a token is good once, for its variable, in its context", async (t) => {
  const { value } = await simulate(function* () {
    const token = variable.set("one");
    const other = number.set(2);
    const foreign = copyContext().run(() => variable.set("elsewhere"));
    const wrong = refusal(() => variable.reset(other as never));
    variable.reset(token);
    return [wrong, refusal(() => variable.reset(token)), refusal(() => variable.reset(foreign))];
  });
  t.deepEqual(value, [
    'RangeError: the token was made by <ContextVar "number">, not by <ContextVar "variable">',
    'RuntimeError: the token of <ContextVar "variable"> has already been used once',
    'RangeError: the token of <ContextVar "variable"> was made in another context',
  ]);
});

test.serial("ContextVar: it needs a name, and a loop to have a value in", (t) => {
  t.deepEqual(
    [
      refusal(() => new ContextVar(undefined as never)),
      refusal(() => variable.get("fallback")),
      refusal(() => variable.set("x")),
    ],
    [
      "TypeError: ContextVar: expected a name, got undefined",
      "RuntimeError: no running event loop: call this from a coroutine or callback, inside run() or simulate()",
      "RuntimeError: no running event loop: call this from a coroutine or callback, inside run() or simulate()",
    ],
  );
});

test("Context: what runs in a copy sees what was there, and keeps what it sets to it", async (t) => {
  const { value } = await simulate(function* () {
    variable.set("main");
    const copy = copyContext();
    const seen = copy.run((suffix) => {
      const before = variable.get();
      variable.set(`copy${suffix}`);
      return before;
    }, "!");
    return [
      seen,
      variable.get(),
      copy.get(variable),
      copy.has(number),
      copy.get(number),
      copy.size,
      [...copy.entries()],
    ];
  });
  t.deepEqual(value, ["main", "main", "copy!", false, undefined, 1, [[variable, "copy!"]]]);
});

test("Context: it cannot be entered while it is entered, but again afterwards, also after an error", async (t) => {
  const { value } = await simulate(function* () {
    const context = new Context();
    const nested = refusal(() => context.run(() => context.run(() => {})));
    return [nested, context.run(() => "again")];
  });
  t.deepEqual(value, ["RuntimeError: cannot enter a context that is already entered", "again"]);
});

test("Context: a task may be given one, and what it sets stays there", async (t) => {
  const { value } = await simulate(async function* () {
    const context = new Context();
    async function* set() {
      const before = variable.get("nothing");
      variable.set("set");
      yield* sleep(1);
      return [before, variable.get(), currentTask()?.getContext() === context];
    }
    const result = yield* createTask(set(), { context });
    return [result, context.get(variable), variable.get("nothing")];
  });
  t.deepEqual(value, [["nothing", "set", true], "set", "nothing"]);
});
