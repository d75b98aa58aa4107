import { relative } from "node:path";
import process from "node:process";
import { fileURLToPath } from "node:url";
import test from "ava";
import { failureReport } from "./failure-report.ts";
import { shellWord } from "./shell-word.ts";

/** An error with a stack of these lines. */
const errorFrom = (error: Error, ...stack: readonly string[]): Error =>
  Object.assign(error, {
    stack: [`${error.name}: ${error.message}`, ...stack.map((line) => `    at ${line}`)].join("\n"),
  });

/** How a report on `x` ends. */
const COMMANDS = [
  "  its trace as a page: simloop trace x --seed 0 -o trace.html",
  "  to see it again: simloop run x --seed 0",
];

const engine = new URL("../../engine/", import.meta.url).href;

test("Failure report: error, place, virtual time, seed and the command that replays it", (t) => {
  const error = errorFrom(
    new TypeError("no such\nthing"),
    `sleep (${engine}tasks/sleep.ts:1:2)`,
    "Array.map (<anonymous>)",
    "async node:internal/modules/esm/loader:1:2",
    "/elsewhere/node_modules/other/index.js:3:4",
    "worker.next (file:///elsewhere/mine.ts:5:6)",
    "file:///elsewhere/other.ts:7:8",
  );
  t.is(
    failureReport({ called: "./mine.ts", seed: "a b", until: 3, time: 1.5, error }),
    [
      "./mine.ts failed at 1.5 s with seed a b",
      "TypeError: no such",
      "thing",
      "at worker.next (/elsewhere/mine.ts:5:6)",
      "at /elsewhere/other.ts:7:8",
      "its trace as a page: simloop trace ./mine.ts --seed 'a b' --until 3 -o trace.html",
      "to see it again: simloop run ./mine.ts --seed 'a b' --until 3",
    ].join("\n  "),
  );
});

test("Failure report: of a group, the errors in it and where they came from", (t) => {
  const inner = new AggregateError(
    [errorFrom(new RangeError("two\nlines"), "file:///elsewhere/mine.ts:5:6"), 7],
    "inner",
  );
  const error = errorFrom(new AggregateError([errorFrom(new Error("one")), errorFrom(inner)], "outer"));
  t.is(
    failureReport({ called: "x", seed: 0, time: 0, error }),
    [
      "x failed at 0 s with seed 0",
      "  AggregateError: outer",
      "  - Error: one",
      "  - AggregateError: inner",
      "    - RangeError: two",
      "      lines",
      "      at /elsewhere/mine.ts:5:6",
      "    - 7 was thrown, which is not an Error",
      ...COMMANDS,
    ].join("\n"),
  );
});

test("Failure report: the cause of an error and the cause of that, with their calls; a circle ends", (t) => {
  const root: Error = errorFrom(new RangeError("root"), "file:///elsewhere/root.ts:1:2");
  const outer = errorFrom(new Error("outer", { cause: root }), "main (file:///elsewhere/mine.ts:5:6)");
  root.cause = outer;
  t.is(
    failureReport({ called: "x", seed: 0, time: 0, error: outer }),
    [
      "x failed at 0 s with seed 0",
      "  Error: outer",
      "  at main (/elsewhere/mine.ts:5:6)",
      "  caused by RangeError: root",
      "  at /elsewhere/root.ts:1:2",
      "  caused by Error: outer (as above)",
      ...COMMANDS,
    ].join("\n"),
  );
});

test("Failure report: a long stack is cut, and --stack shows all of it, with the calls of the engine", (t) => {
  const calls = Array.from({ length: 12 }, (_, i) => `f${i} (file:///elsewhere/mine.ts:${i}:6)`);
  const error = errorFrom(new Error("deep"), `sleep (${engine}tasks/sleep.ts:1:2)`, ...calls);
  const report = (stack: boolean): string[] =>
    failureReport({ called: "x", seed: 0, time: 0, error, stack }).split("\n").slice(2, -2);
  t.deepEqual(report(false).slice(9), ["  at f9 (/elsewhere/mine.ts:9:6)", "  and 2 more; --stack shows them"]);
  t.deepEqual(report(true), [`  at sleep (${engine}tasks/sleep.ts:1:2)`, ...calls.map((call) => `  at ${call}`)]);
});

test("Failure report: sources that are not installed are left out where others are", (t) => {
  const here = fileURLToPath(new URL("../index.ts", import.meta.url));
  const error = errorFrom(new Error("mapped"), "file:///elsewhere/gone.ts:1:2", `file://${here}:3:4`);
  const report = failureReport({ called: "x", seed: 0, time: 0, error }).split("\n");
  t.deepEqual(report.slice(2, -2), [`  at ${relative(process.cwd(), here)}:3:4`]);
});

test("Failure report: an error that cannot be read is reported all the same", (t) => {
  const fail = (): never => {
    throw new Error("no");
  };
  const error = Object.defineProperties(new Error("x"), {
    stack: { get: fail },
    message: { get: fail },
    cause: { get: fail },
  });
  t.is(
    failureReport({ called: "x", seed: 0, time: 0, error }).split("\n")[1],
    "  an error whose message cannot be read",
  );
});

test("Failure report: the coroutine that happened to call the loop is not blamed", (t) => {
  const error = errorFrom(
    new Error("deadlock"),
    `EventLoop._drain (${engine}loop/base-event-loop.ts:1:2)`,
    "main.next (file:///elsewhere/mine.ts:5:6)",
  );
  t.is(
    failureReport({ called: "x", seed: 0, time: 0, error }),
    ["x failed at 0 s with seed 0", "  Error: deadlock", ...COMMANDS].join("\n"),
  );
});

test("Failure report: what is thrown need not be an error", (t) => {
  const lines = [undefined, "text", { a: 1 }].map(
    (error) => failureReport({ called: "x", seed: 0, time: 0, error }).split("\n")[1],
  );
  t.deepEqual(lines, [
    "  undefined was thrown, which is not an Error",
    '  "text" was thrown, which is not an Error',
    "  [object Object] was thrown, which is not an Error",
  ]);
});

test("Failure report: words that a shell would split or change are quoted", (t) => {
  t.deepEqual(["a-b/c.ts", "a b", "it's", "$x", ""].map(shellWord), ["a-b/c.ts", "'a b'", "'it'\\''s'", "'$x'", "''"]);
});
