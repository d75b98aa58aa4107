import test from "ava";
import * as fc from "fast-check";
import { compare, type Difference, differenceOf } from "./compare.ts";
import { FAMILIES, programs } from "./program.ts";
import { RealNode } from "./real-node.ts";
import { readRecording } from "./recordings.ts";
import { REGRESSIONS } from "./regressions.ts";
import { sourceOf } from "./source.ts";

/*
 * Random programs of timers, ticks, promises, events, streams and sockets, in the simulation and on real Node. The
 * recorded ones need no second Node: `npm run node-order -- --programs 60 --record` makes them, with each version.
 * `npm run node-order` compares as many others as wanted.
 */

const inWords = ({ program, simulated, real, entry }: Difference): string =>
  `${sourceOf(program)}\nentry ${entry}: simulated ${simulated[entry]}; real Node ${real[entry]}`;

const recording = readRecording();

test("Node's order: random programs log what they logged on real Node, entry by entry", async (t) => {
  if (recording === null) {
    t.log(`skipped: there is no recording of Node ${process.version}`);
    t.pass();
    return;
  }
  const differences: string[] = [];
  for (const [program, log] of recording.programs) {
    const difference = await differenceOf(program, log);
    if (difference !== null) {
      differences.push(inWords(difference));
    }
  }
  t.deepEqual(differences, []);
  t.true(recording.programs.length >= 50);
});

for (const [title, log] of Object.entries(recording?.regressions ?? {})) {
  test(`Node's order: ${title}`, async (t) => {
    const difference = await differenceOf(REGRESSIONS[title] ?? [], log);
    t.is(difference === null ? null : inWords(difference), null);
  });
}

test("Node's order: random programs on the Node of this machine, where it can run on a virtual clock", async (t) => {
  const node = await RealNode.start(true);
  if (node === null) {
    t.log("skipped: the virtual clock needs Linux and a C compiler; only the recorded programs were compared");
    t.pass();
    return;
  }
  const { differences, compared } = await compare(node, fc.sample(programs(FAMILIES), { numRuns: 40, seed: 7 }));
  await node.stop();
  t.deepEqual(differences.map(inWords), []);
  t.true(compared > 30);
});
