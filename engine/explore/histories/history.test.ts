import test from "ava";
import {
  checkLinearizable,
  createTask,
  explore,
  gather,
  History,
  InvalidStateError,
  type Model,
  registerModel,
  requireLinearizable,
  requireSession,
  sleep,
} from "../../index.ts";

const messageOf = (failure: { readonly error: unknown } | undefined): string =>
  failure?.error instanceof Error ? failure.error.message : "no error";

const text = (history: History): string => {
  const { verdict, badPrefix } = checkLinearizable(history, registerModel(0));
  return [verdict, ...badPrefix.map(({ client, name, end }) => `${client} ${name} ${end}`)].join(", ");
};

test("checkLinearizable: overlapping operations may take effect in either order", (t) => {
  const history = new History();
  const write = history.invoke("a", "write", 1);
  const read = history.invoke("b", "read");
  read.ok(0);
  write.ok();
  history.invoke("b", "read").ok(1);
  t.is(text(history), "ok");
});

test("checkLinearizable: a read that goes back behind a finished write is bad, and the beginning up to it is given", (t) => {
  const history = new History();
  history.invoke("a", "write", 1).ok();
  history.invoke("b", "read").ok(0);
  history.invoke("b", "read").ok(1);
  t.is(text(history), "bad, a write ok, b read ok");
});

test("checkLinearizable: two reads that see a write and then miss it are bad", (t) => {
  const history = new History();
  const write = history.invoke("a", "write", 1);
  history.invoke("b", "read").ok(1);
  history.invoke("b", "read").ok(0);
  write.ok();
  t.is(text(history), "bad, a write open, b read ok, b read ok");
});

test("checkLinearizable: what ended with info may take effect late or never, what failed did not", (t) => {
  const late = new History();
  late.invoke("a", "write", 1).info();
  late.invoke("b", "read").ok(0);
  late.invoke("b", "read").ok(1);
  t.is(text(late), "ok");
  const failed = new History();
  failed.invoke("a", "write", 1).fail();
  failed.invoke("b", "read").ok(1);
  t.is(text(failed), "bad, b read ok");
});

test("checkLinearizable: keys are looked at apart, and a budget too small leads to unknown", (t) => {
  const model: Model<Record<string, number>> = {
    initial: {},
    key: (_name, input) => (input as [string])[0],
    apply(state, name, input) {
      const [key, value] = input as [string, number];
      return name === "put" ? { state: { ...state, [key]: value }, output: undefined } : { state, output: state[key] };
    },
  };
  const history = new History();
  const open = Array.from({ length: 12 }, (_, i) => history.invoke(`p${i}`, "put", [i % 2 === 0 ? "x" : "y", i]));
  for (const invocation of open) {
    invocation.ok();
  }
  history.invoke("r", "get", ["x"]).ok(4);
  t.is(checkLinearizable(history, model).verdict, "ok");
  t.is(checkLinearizable(history, model, 3).verdict, "unknown");
});

test("History: an operation ends once", (t) => {
  const invocation = new History().invoke("a", "write", 1);
  invocation.info();
  t.throws(() => invocation.ok(), {
    instanceOf: InvalidStateError,
    message: "ok: write of a has ended already, with info",
  });
});

/** The input of a write and the output of a read are versions. */
const versions = {
  kind: ({ name }: { name: string }) => (name === "write" ? ("write" as const) : ("read" as const)),
  version: ({ name, input, output }: { name: string; input: unknown; output: unknown }) =>
    Number(name === "write" ? input : output),
};

test("requireSession: reads do not go back behind what the client wrote or read", (t) => {
  const options = versions;
  const own = new History();
  own.invoke("a", "write", 2).ok();
  own.invoke("b", "read").ok(1);
  t.notThrows(() => requireSession(own, options));
  own.invoke("a", "read").ok(1);
  t.throws(() => requireSession(own, options), {
    message: "readYourWrites is broken: a: read() -> 1 came after a: write(2) -> nothing",
  });
  const back = new History();
  back.invoke("a", "read").ok(2);
  back.invoke("a", "read").ok(1);
  t.throws(() => requireSession(back, options), { message: /^monotonicReads is broken/ });
  t.notThrows(() => requireSession(back, { ...options, guarantees: ["readYourWrites"] }));
});

test("requireSession: only what had ended when a read began came before it", (t) => {
  const history = new History();
  const writing = history.invoke("a", "write", 2);
  history.invoke("a", "read").ok(1);
  writing.ok();
  t.notThrows(() => requireSession(history, versions));
  const slow = history.invoke("a", "read");
  history.invoke("a", "write", 3).ok();
  slow.ok(2);
  t.notThrows(() => requireSession(history, versions));
  history.invoke("a", "read").ok(2);
  t.throws(() => requireSession(history, versions), {
    message: "readYourWrites is broken: a: read() -> 2 came after a: write(3) -> nothing",
  });
});

test("requireSession: malformed options are refused", (t) => {
  const refuse = (options: unknown) => t.throws(() => requireSession(new History(), options as never))?.message;
  t.regex(
    refuse(["readYourWrites"]) ?? "",
    /requireSession: unknown option '0' \(known: guarantees, kind, version, key\)/,
  );
  t.regex(refuse({}) ?? "", /requireSession: expected { kind, version }, two functions/);
  t.is(
    refuse({ ...versions, guarantees: ["monotonicWrites"] }),
    'requireSession: guarantees: expected one of readYourWrites, monotonicReads, got "monotonicWrites"',
  );
});

test("explore: a register that answers from a stale copy is not linearizable in some order", async (t) => {
  const store = (isFixed: boolean) =>
    function* main() {
      const history = new History();
      let primary = 0;
      let copy = 0;
      function* write(value: number) {
        const invocation = history.invoke("writer", "write", value);
        primary = value;
        if (isFixed) {
          copy = value;
        }
        yield* sleep(0);
        invocation.ok();
        yield* sleep(0);
        copy = value;
      }
      function* read() {
        for (let i = 0; i < 4; i++) {
          yield* sleep(0);
        }
        const invocation = history.invoke("reader", "read");
        yield* sleep(0);
        invocation.ok(isFixed ? primary : copy);
      }
      yield* gather(createTask(write(1), { name: "writer" }), createTask(read(), { name: "reader" }));
      requireLinearizable(history, registerModel(0));
    };
  const { failure } = await explore(store(false));
  t.is(failure?.kind, "notLinearizable");
  t.is(messageOf(failure), "not linearizable: no order explains\n  writer: write(1) -> nothing\n  reader: read() -> 0");
  t.is((await explore(store(true))).verdict, "ok");
});
