import process from "node:process";
import { parseArgs } from "node:util";
import { EventLoop } from "../../engine/index.ts";
import { type Difference, differenceOf, simpyLogs } from "./compare.ts";
import { findSimPy } from "./find-simpy.ts";
import { randomProgram, type Times } from "./resource-program.ts";

/*
 * `npm run simpy -- --programs 20000 --seed 1 --times distinct|equal`: random resource programs on SimPy and on
 * simloop, compared line by line. `--record` prints programs with SimPy's logs, for recorded.jsonl.
 */

const { values } = parseArgs({
  options: {
    programs: { type: "string", default: "1000" },
    seed: { type: "string", default: "1" },
    times: { type: "string", default: "distinct" },
    record: { type: "boolean", default: false },
  },
});

const print = (line: string): boolean => process.stdout.write(`${line}\n`);
const simpy = findSimPy();
if (simpy === undefined) {
  process.stderr.write(
    "SimPy is not installed: apt-get install python3-simpy3, or set SIMPY_PYTHON to a Python that has it\n",
  );
  process.exit(2);
}
const times = values.times as Times;
const random = new EventLoop({ seed: values.seed }).random("programs");
const specs = Array.from({ length: Number(values.programs) }, () => randomProgram(random, times));
const size = ({ spec }: Difference): number => JSON.stringify(spec).length;
const differences: Difference[] = [];
let index = 0;
let lines = 0;
for await (const expected of simpyLogs(simpy, specs)) {
  const spec = specs[index]!;
  lines += expected.length;
  if (values.record) {
    print(JSON.stringify([times, spec, expected]));
  } else {
    const difference = await differenceOf(index, spec, expected);
    if (difference !== undefined) {
      differences.push(difference);
    }
  }
  index++;
}
if (!values.record) {
  for (const difference of differences.toSorted((a, b) => size(a) - size(b)).slice(0, 3)) {
    print(
      `program ${difference.index}, line ${difference.line}: simloop ${difference.simloop}; SimPy ${difference.simpy}`,
    );
    print(JSON.stringify(difference.spec));
  }
  print(
    `SimPy ${simpy.version}, times ${times}: ${index} programs, ${lines} lines, ${differences.length} programs differ`,
  );
  process.exitCode = differences.length > 0 ? 1 : 0;
}
