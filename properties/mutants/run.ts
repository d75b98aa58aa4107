import { fileURLToPath } from "node:url";
import { describeMutant, type Mutant, sampleOf } from "./mutants-of.ts";
import { mutantsIn, testsOf } from "./mutated-files.ts";
import { type Options, readOptions } from "./options.ts";
import { endTests, runTests, type Verdict } from "./try-mutant.ts";

const root = fileURLToPath(new URL("../..", import.meta.url));

/** A mutant gets this many times as long as the unchanged code, and some seconds for a busy machine. */
const PATIENCE = 4;
const PATIENCE_SECONDS = 30;

/** Seconds that each test file takes with the unchanged code; `null` if one fails. */
async function measure(tests: readonly string[]): Promise<Map<string, number> | null> {
  const seconds = new Map<string, number>();
  for (const test of tests) {
    const run = await runTests(root, [test], null, 600);
    if (run.verdict !== "passed") {
      console.error(`${run.output}\nmutants: ${test} ${run.verdict} without any mutant`);
      return null;
    }
    seconds.set(test, run.seconds);
  }
  return seconds;
}

/** The tests in two portions: that of the file itself, if there is one, and the others, quick ones first. */
function portionsFor({ file }: Mutant, seconds: ReadonlyMap<string, number>): string[][] {
  const own = file.replace(/\.ts$/, ".test.ts");
  const others = [...seconds.keys()].filter((test) => test !== own);
  others.sort((a, b) => seconds.get(a)! - seconds.get(b)!);
  return [seconds.has(own) ? [own] : [], others].filter((portion) => portion.length > 0);
}

async function tryMutant(mutant: Mutant, seconds: ReadonlyMap<string, number>): Promise<Verdict> {
  for (const tests of portionsFor(mutant, seconds)) {
    const usual = tests.reduce((sum, test) => sum + seconds.get(test)!, 0);
    const { verdict } = await runTests(root, tests, mutant, PATIENCE * usual + PATIENCE_SECONDS);
    if (verdict !== "passed") {
      return verdict;
    }
  }
  return "passed";
}

/** Try all mutants, `jobs` at a time. @returns Those that survived, in order of their places. */
async function survivorsOf(mutants: readonly Mutant[], seconds: ReadonlyMap<string, number>, jobs: number) {
  const survived = new Array<boolean>(mutants.length).fill(false);
  let next = 0;
  let done = 0;
  async function work(): Promise<void> {
    while (next < mutants.length) {
      const i = next++;
      survived[i] = (await tryMutant(mutants[i]!, seconds)) === "passed";
      const word = survived[i] ? "SURVIVED" : "noticed";
      console.error(`${++done}/${mutants.length} ${word}  ${describeMutant(mutants[i]!)}`);
    }
  }
  await Promise.all(Array.from({ length: jobs }, work));
  return mutants.filter((_, i) => survived[i]);
}

async function score({ directories, tests, sample, seed, jobs, min, list }: Options): Promise<number> {
  const all = mutantsIn(root, directories);
  const mutants = sampleOf(all, sample, seed);
  if (list) {
    console.log(mutants.map(describeMutant).join("\n"));
    return 0;
  }
  const files = testsOf(root, directories, tests);
  if (mutants.length === 0 || files.length === 0) {
    console.error(
      `mutants: ${directories.join(" ")}: ${all.length} mutants and ${files.length} test files; name more with --tests`,
    );
    return 2;
  }
  const seconds = await measure(files);
  if (seconds === null) {
    return 2;
  }
  const survivors = await survivorsOf(mutants, seconds, jobs);
  const noticed = mutants.length - survivors.length;
  const percent = (100 * noticed) / mutants.length;
  const of = mutants.length < all.length ? `, a sample of ${all.length} (seed ${seed})` : "";
  console.log([...survivors.map(describeMutant), ""].join("\n"));
  console.log(
    `${directories.join(" ")}: ${noticed} of ${mutants.length} mutants noticed, ${percent.toFixed(1)} %${of}`,
  );
  return percent < min ? 1 : 0;
}

for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) {
  process.on(signal, () => {
    endTests();
    process.exit(130);
  });
}
const options = readOptions(process.argv.slice(2));
try {
  process.exitCode = typeof options === "number" ? options : await score(options);
} catch (error) {
  console.error(`mutants: ${error instanceof Error ? error.message : String(error)}`);
  process.exitCode = 2;
}
