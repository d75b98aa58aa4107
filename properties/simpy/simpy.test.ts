import { readFileSync } from "node:fs";
import test from "ava";
import { EventLoop } from "../../engine/index.ts";
import { type Difference, differenceOf, simpyLogs } from "./compare.ts";
import { findSimPy } from "./find-simpy.ts";
import { type ProgramSpec, randomProgram, type Times } from "./resource-program.ts";

/*
 * Random programs of resources, containers, stores and interrupts, on simloop and on SimPy. The recorded ones need no
 * SimPy;
 *
 *     npm run simpy -- --programs 60 --seed 17 [--times equal] --record
 *
 * prints them. `npm run simpy` compares as many others as wanted.
 */

const inWords = ({ index, line, simloop, simpy }: Difference): string =>
  `program ${index}, line ${line}: simloop ${simloop}; SimPy ${simpy}`;

test("Random resource programs: events come in the order in which SimPy 3.0.11 had them, also where many share a time", async (t) => {
  const lines = readFileSync(new URL("recorded/programs.jsonl", import.meta.url), "utf8")
    .trim()
    .split("\n");
  const differences: string[] = [];
  for (const [index, line] of lines.entries()) {
    const [, spec, log] = JSON.parse(line) as [Times, ProgramSpec, string[]];
    const difference = await differenceOf(index, spec, log);
    if (difference !== undefined) {
      differences.push(inWords(difference));
    }
  }
  t.deepEqual([lines.length, differences], [120, []]);
});

test("Random resource programs: those of SimPy on this machine, if it has one", async (t) => {
  const simpy = findSimPy();
  if (simpy === undefined) {
    t.log(
      "skipped: SimPy is not installed (python3-simpy3, or SIMPY_PYTHON); only the recorded programs were compared",
    );
    t.pass();
    return;
  }
  const random = new EventLoop({ seed: 1 }).random("live programs");
  const specs = Array.from({ length: 200 }, () => randomProgram(random, "distinct"));
  const differences: string[] = [];
  let index = 0;
  for await (const log of simpyLogs(simpy, specs)) {
    const difference = await differenceOf(index, specs[index]!, log);
    index++;
    if (difference !== undefined) {
      differences.push(inWords(difference));
    }
  }
  t.deepEqual([index, differences], [200, []]);
});
