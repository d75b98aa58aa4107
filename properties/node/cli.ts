import process from "node:process";
import { parseArgs } from "node:util";
import * as fc from "fast-check";
import { agreedLogs, compare, type Difference, minimised } from "./compare.ts";
import { type Body, FAMILIES, type Family, programs } from "./program.ts";
import { RealNode } from "./real-node.ts";
import { writeRecording } from "./recordings.ts";
import { REGRESSIONS } from "./regressions.ts";
import { sourceOf } from "./source.ts";

/*
 * `npm run node-order -- --programs 20000 --seed 1`: random programs on real Node, of the version that runs this, and
 * in the simulation, compared entry by entry. For another version:
 * `npx -p node@24 -c "npm run node-order -- --programs 5000"`.
 *
 * --families core,events,streams,sockets,http what programs consist of; each family alone, and all together, by default
 * --clock virtual|real virtual: a virtual clock beneath real Node, in which timers are never late (needs cc and Linux)
 * --record store what this version of Node logs in recorded/, for the tests
 */

const MOST_IN_A_BATCH = 250;

const { values } = parseArgs({
  options: {
    programs: { type: "string", default: "1000" },
    seed: { type: "string", default: "1" },
    families: { type: "string" },
    clock: { type: "string", default: "virtual" },
    record: { type: "boolean", default: false },
  },
});

const print = (line: string): boolean => process.stdout.write(`${line}\n`);
const total = Number(values.programs);
const seed = Number(values.seed);
/** Each batch takes the next of these. */
const mixes: readonly (readonly Family[])[] =
  values.families === undefined
    ? [["core"], ["core", "events"], ["core", "events", "streams"], ["sockets"], ["http"], FAMILIES]
    : [values.families.split(",") as Family[]];

function show({ program, simulated, real, entry }: Difference): void {
  const around = (log: readonly string[]): string => log.slice(Math.max(0, entry - 3), entry + 3).join(" | ");
  print(`${JSON.stringify(program)}\n${sourceOf(program)}`);
  print(`entry ${entry}\n  simulated: ${around(simulated)}\n  real Node: ${around(real)}`);
}

const BATCH = Math.min(MOST_IN_A_BATCH, Math.ceil(total / mixes.length));

const node = await RealNode.start(values.clock === "virtual");
if (node === null) {
  process.stderr.write("the virtual clock needs Linux and a C compiler (cc); without them: --clock real\n");
  process.exit(2);
}
/** Those of `list` whose order real runs agree on, with their logs. */
async function withLogs(real: RealNode, list: readonly Body[]): Promise<[Body, readonly string[]][]> {
  const logs = await agreedLogs(real, list);
  return list.flatMap((program, index) => {
    const log = logs[index] ?? null;
    return log === null ? [] : [[program, log] as [Body, readonly string[]]];
  });
}

const found: Difference[] = [];
const recorded: [Body, readonly string[]][] = [];
let [compared, open, entries] = [0, 0, 0];
for (let batch = 0; batch * BATCH < total; batch++) {
  const numRuns = Math.min(BATCH, total - batch * BATCH);
  const mix = mixes[batch % mixes.length] as readonly Family[];
  const list = fc.sample(programs(mix), { numRuns, seed: seed * 1_000_003 + batch });
  if (values.record) {
    recorded.push(...(await withLogs(node, list)));
    continue;
  }
  const comparison = await compare(node, list);
  compared += comparison.compared;
  open += comparison.open;
  entries += comparison.entries;
  found.push(...comparison.differences);
  process.stderr.write(`${mix.join()}: ${comparison.compared} programs, ${comparison.differences.length} differ\n`);
}
if (values.record) {
  const titles = Object.keys(REGRESSIONS);
  const logs = await agreedLogs(node, Object.values(REGRESSIONS));
  writeRecording({
    programs: recorded,
    regressions: Object.fromEntries(titles.map((title, index) => [title, logs[index] ?? []])),
  });
} else {
  print(
    `Node ${process.version}, ${values.clock} clock, seed ${seed}: ${compared} programs, ${entries} entries, ${found.length} programs differ; ${open} more whose order real runs do not agree on`,
  );
  const size = ({ program }: Difference): number => sourceOf(program).length;
  for (const difference of found.toSorted((a, b) => size(a) - size(b)).slice(0, 3)) {
    show(difference);
    print("the smallest program like it:");
    show(await minimised(node, difference));
  }
  process.exitCode = found.length > 0 ? 1 : 0;
}
await node.stop();
