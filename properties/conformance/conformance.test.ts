import { readFileSync } from "node:fs";
import test from "ava";
import { firstDifference, linesOf } from "./compare.ts";
import { CORPUS, readCorpus } from "./corpus/corpus.ts";
import { featuresOf } from "./corpus/features.ts";
import { ASYNC_OPS, SYNC_OPS } from "./dsl/grammar.ts";
import { readProgram } from "./dsl/read-program.ts";
import { FLAVOURS } from "./interpreter/flavours.ts";
import { runProgram } from "./interpreter/run-program.ts";
import { findPython } from "./live/find-python.ts";
import { compareLive } from "./live/live.ts";

/*
 * simloop against CPython 3.13, event by event: on recorded programs, and, where a Python 3.13 is at hand, on generated
 * ones. `python/DSL.md` defines the programs and their traces.
 */

const read = (path: string): string => readFileSync(new URL(path, import.meta.url), "utf8");

for (const flavour of FLAVOURS) {
  test(`Conformance: the recorded programs run as on CPython in ${flavour} generators`, async (t) => {
    const different: number[] = [];
    for (const { program, trace } of readCorpus(CORPUS)) {
      if (firstDifference(trace, await runProgram(program, flavour)) !== null) {
        different.push(program.seed);
      }
    }
    t.deepEqual(different, []);
  });
}

test("Conformance: the recorded programs use every operation of the DSL, each to a good end", (t) => {
  const shown = new Set(readCorpus(CORPUS).flatMap(({ program, trace }) => [...featuresOf(program, trace).essential]));
  const wellEnded = (op: string): boolean =>
    [...shown].some((each) => each.startsWith(`${op}:ok`) || each.startsWith(`${op}:err:AppError`));
  t.deepEqual(
    [...Object.keys(SYNC_OPS), ...Object.keys(ASYNC_OPS)].filter((op) => !wellEnded(op)),
    [],
  );
});

for (const { seeds, size } of [
  { seeds: { from: 5_000_000, to: 5_000_300 }, size: undefined },
  { seeds: { from: 5_000_000, to: 5_000_060 }, size: 12 },
]) {
  const programs = size === undefined ? "programs" : `programs of up to ${size} tasks with 40 operations each`;
  test(`Conformance: freshly generated ${programs} run as on CPython 3.13, if that is installed`, async (t) => {
    const python = findPython();
    if ("missing" in python || !python.version.startsWith("3.13.")) {
      t.log(`skipped: ${"missing" in python ? python.missing : `CPython ${python.version} is not 3.13`}`);
      t.pass();
      return;
    }
    const tally = await compareLive({ python, seeds, size, jobs: 1 });
    t.deepEqual(
      { compared: tally.compared, differ: tally.differences.map(({ program }) => program.seed) },
      { compared: seeds.to - seeds.from, differ: [] },
    );
  });
}

test("Conformance: the example of DSL.md gives the trace that stands there", async (t) => {
  const blocks = read("python/DSL.md").split("## 9. Example")[1]?.split("```") ?? [];
  const [program, trace] = [blocks[1] ?? "", blocks[3] ?? ""];
  for (const flavour of FLAVOURS) {
    t.deepEqual(await runProgram(readProgram(program), flavour), linesOf(trace), flavour);
  }
});

test("Conformance: the interpreter in async generators is the one in plain generators, word for word", (t) => {
  const asPlain = read("interpreter/async-flow.ts")
    .replaceAll("async *", "*")
    .replaceAll("AsyncGenerator", "Generator")
    .replaceAll("AsyncFlow", "PlainFlow")
    .replaceAll("waits-async", "waits-plain")
    .replaceAll("async generators", "plain generators");
  t.is(asPlain, read("interpreter/plain-flow.ts"));
});
