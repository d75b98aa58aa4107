import { EventEmitter } from "node:events";
import { PassThrough } from "node:stream";
import test from "ava";
import type { FromThread, ToThread } from "./messages.ts";
import { type Host, Supervisor, type Thread } from "./supervisor.ts";

/** A supervisor whose process and threads do nothing but write down what is asked of them. */
function supervised() {
  const log: string[] = [];
  const threads: EventEmitter[] = [];
  const timers: (() => void)[] = [];
  let change = (): void => {};
  const host: Host = {
    start: () => {
      const name = `thread ${threads.length + 1}`;
      log.push(`start ${name}`);
      const thread = Object.assign(new EventEmitter(), {
        postMessage: (message: ToThread) => log.push(`to ${name}: ${Object.values(message).map(text).join(" ")}`),
        terminate: () => log.push(`terminate ${name}`),
        stdin: new PassThrough(),
      });
      threads.push(thread);
      return thread as Thread;
    },
    write: (to, chunk, done) => {
      log.push(`write ${to}: ${chunk}`);
      done();
    },
    listen: () => {
      log.push("listen");
      return () => log.push("stop listening");
    },
    remove: (path) => log.push(`remove ${path}`),
    dieOf: (signal) => log.push(`die of ${signal}`),
    after: (seconds, callback) => {
      log.push(`timer ${seconds} s`);
      timers.push(callback);
    },
    watch: (files, onChange) => {
      log.push(`watch ${files.join(", ")}`);
      change = onChange;
      return () => log.push("stop watching");
    },
  };
  const supervisor = new Supervisor(host, true);
  void supervisor.exitCode.then((code) => log.push(`exit code ${code}`));
  return {
    log,
    supervisor,
    from: (message: FromThread) => threads.at(-1)?.emit("message", message),
    emit: (event: string, value: unknown) => threads.at(-1)?.emit(event, value),
    fire: () => {
      for (const callback of timers) {
        callback();
      }
    },
    change: () => change(),
  };
}

const text = (value: unknown): string => (typeof value === "object" ? String((value as Error).message) : String(value));

test("Supervisor: output is written and acknowledged, and the exit code is that of the command", async (t) => {
  const { log, from, supervisor } = supervised();
  from({ kind: "write", to: 1, chunk: "hello\n" });
  from({ kind: "ended", code: 3 });
  await supervisor.exitCode;
  t.deepEqual(log, [
    "start thread 1",
    "write 1: hello\n",
    "to thread 1: written 1 6",
    "terminate thread 1",
    "exit code 3",
  ]);
});

test("Supervisor: the standard input is sent when the command asks for it, up to its end", async (t) => {
  const { log, from, supervisor } = supervised();
  from({ kind: "listen" });
  from({ kind: "listen" });
  from({ kind: "ended", code: 0 });
  await supervisor.exitCode;
  t.deepEqual(log, ["start thread 1", "listen", "stop listening", "terminate thread 1", "exit code 0"]);
});

test("Supervisor: the first Ctrl-C asks, the second removes temporary files and ends the process at once", (t) => {
  const { log, from, fire, supervisor } = supervised();
  from({ kind: "made", path: "a.tmp" });
  from({ kind: "made", path: "b.tmp" });
  from({ kind: "removed", path: "a.tmp" });
  supervisor.receive("SIGINT");
  fire();
  supervisor.receive("SIGINT");
  t.deepEqual(log.slice(1), [
    "to thread 1: interrupt",
    "timer 0.5 s",
    "write 2: simloop: still running; Ctrl-C again ends it at once\n",
    "remove b.tmp",
    "die of SIGINT",
  ]);
});

for (const signal of ["SIGTERM", "SIGHUP"] as const) {
  test(`Supervisor: ${signal} asks, and ends a process that does not listen`, async (t) => {
    const deaf = supervised();
    deaf.from({ kind: "made", path: "a.tmp" });
    deaf.supervisor.receive(signal);
    deaf.fire();
    t.deepEqual(deaf.log.slice(1), ["to thread 1: interrupt", "timer 2 s", "remove a.tmp", `die of ${signal}`]);
    const polite = supervised();
    polite.supervisor.receive(signal);
    polite.from({ kind: "ended", code: 130 });
    polite.fire();
    t.deepEqual(polite.log.slice(1), ["to thread 1: interrupt", "timer 2 s", "terminate thread 1", `die of ${signal}`]);
  });
}

test("Supervisor: a thread that ends without a word is explained", (t) => {
  const outcome = (event: "message" | "error" | "exit", value: unknown): string | undefined => {
    const { log, emit } = supervised();
    emit(event, value);
    return log[1];
  };
  t.deepEqual(
    [
      outcome("exit", 3),
      outcome("message", { kind: "stuck" }),
      outcome("error", Object.assign(new Error("no memory"), { code: "ERR_WORKER_OUT_OF_MEMORY" })),
      outcome("error", Object.assign(new Error("mine"), { stack: "Error: mine\n    at here" })),
    ],
    [
      "write 2: simloop: the program called process.exit(3)\n",
      "write 2: simloop: it awaits something that can never settle\n",
      "write 2: simloop: out of memory; NODE_OPTIONS=--max-old-space-size=8192 allows 8 GB\n",
      "write 2: simloop: uncaught Error: mine\n    at here\n",
    ],
  );
});

test("Supervisor: a broken stream is reported to the command", (t) => {
  const { log, supervisor } = supervised();
  supervisor.broke(1, new Error("write EPIPE"));
  t.deepEqual(log.slice(1), ["to thread 1: broken 1 write EPIPE"]);
});

test("Supervisor: a command that watches starts again when a file changes, until Ctrl-C", (t) => {
  const { log, from, emit, change, supervisor } = supervised();
  from({ kind: "watch", files: ["a.ts"] });
  from({ kind: "watch", files: ["a.ts", "b.ts"] });
  from({ kind: "ended", code: 1 });
  emit("exit", 0);
  change();
  emit("error", new TypeError("mine"));
  supervisor.receive("SIGINT");
  t.deepEqual(
    log.map((line) => line.split("\n")[0]),
    [
      "start thread 1",
      "watch a.ts",
      "stop watching",
      "watch a.ts, b.ts",
      "stop watching",
      "watch a.ts, b.ts",
      "terminate thread 1",
      "start thread 2",
      "write 2: simloop: uncaught TypeError: mine",
      "stop watching",
      "watch a.ts, b.ts",
      "stop watching",
      "die of SIGINT",
    ],
  );
});
