import test from "ava";
import { compare } from "../compare.ts";
import { CORPUS, readCorpus } from "../corpus/corpus.ts";
import type { Program } from "../dsl/program.ts";
import { allOps, checkProgram } from "../dsl/read-program.ts";
import { runProgram } from "../interpreter/run-program.ts";
import { shrink, simplerPrograms } from "./shrink.ts";

/** An oracle that agrees with simloop, but for a line of its own after each `cancel` that found something to cancel. */
const contrarian = {
  run: async (program: Program) => {
    const trace = (await runProgram(program, "plain")).map((line) => line.replace(/(:cancel",\["ok",)true/, "$1maybe"));
    return { program, trace, error: undefined };
  },
};

test("Conformance: a program that differs shrinks to what makes it differ", async (t) => {
  const differing = readCorpus(CORPUS).filter(({ trace }) => trace.some((line) => /:cancel",\["ok",true/.test(line)));
  for (const { program } of differing.slice(0, 3)) {
    const { trace } = await contrarian.run(program);
    const difference = (await compare(program, trace))!;
    const smallest = await shrink({ program, difference }, contrarian, () => {});
    t.regex(smallest.difference.expected[smallest.difference.line]!, /maybe/);
    t.true([...allOps(smallest.program.main)].length < [...allOps(program.main)].length / 2);
    for (const simpler of simplerPrograms(smallest.program)) {
      t.is(await compare(simpler, (await contrarian.run(simpler)).trace), null);
    }
  }
});

test("Conformance: every simpler program is one, and simpler", (t) => {
  for (const { program } of readCorpus(CORPUS).slice(0, 10)) {
    for (const simpler of simplerPrograms(program)) {
      t.true(JSON.stringify(checkProgram(simpler)).length <= JSON.stringify(program).length + 2);
    }
  }
});
