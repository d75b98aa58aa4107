import test from "ava";
import { failureReport, shellWord } from "./failure-report.ts";

/** An error with a stack of these lines. */
const errorFrom = (error: Error, ...stack: readonly string[]): Error =>
  Object.assign(error, {
    stack: [`${error.name}: ${error.message}`, ...stack.map((line) => `    at ${line}`)].join("\n"),
  });

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
      "at /elsewhere/mine.ts:5:6",
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
      "      lines (at /elsewhere/mine.ts:5:6)",
      "    - 7 was thrown, which is no Error",
      "  to see it again: simloop run x --seed 0",
    ].join("\n"),
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
    "x failed at 0 s with seed 0\n  Error: deadlock\n  to see it again: simloop run x --seed 0",
  );
});

test("Failure report: what is thrown need not be an error", (t) => {
  const lines = [undefined, "text", { a: 1 }].map(
    (error) => failureReport({ called: "x", seed: 0, time: 0, error }).split("\n")[1],
  );
  t.deepEqual(lines, [
    "  undefined was thrown, which is no Error",
    '  "text" was thrown, which is no Error',
    "  [object Object] was thrown, which is no Error",
  ]);
});

test("Failure report: words that a shell would split or change are quoted", (t) => {
  t.deepEqual(["a-b/c.ts", "a b", "it's", "$x", ""].map(shellWord), ["a-b/c.ts", "'a b'", "'it'\\''s'", "'$x'", "''"]);
});
