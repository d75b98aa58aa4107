import { fileURLToPath } from "node:url";
import { describeMutant, type Mutant, sampleOf } from "./mutants-of.ts";
import { mutantsIn, testsOf } from "./mutated-files.ts";
import { type Options, readOptions } from "./options.ts";
import { endTests, runTests, runTogether, type Verdict } from "./try-mutant.ts";

const root = fileURLToPath(new URL("../..", import.meta.url));

/** A mutant gets this many times as long as the unchanged code, and some seconds for a busy machine. */
const PATIENCE = 4;
const PATIENCE_SECONDS = 30;

/** The tests of a room, and how long each takes with the unchanged code. */
interface Timed {
  /** Those that run in one process, quick ones first. */
  readonly together: ReadonlyMap<string, number>;
  /** Those that need a process of their own. */
  readonly alone: ReadonlyMap<string, number>;
}

const bySeconds = (seconds: Iterable<[string, number]>): Map<string, number> =>
  new Map([...seconds].sort(([, a], [, b]) => a - b));

/** Find out which tests can share a process, and how long each takes; `null` if one fails anyhow. */
async function measure(tests: readonly string[]): Promise<Timed | null> {
  const together = new Map<string, number>();
  const alone = new Map<string, number>();
  for (let rest = [...tests]; rest.length > 0; ) {
    const { output } = await runTogether(root, rest, null, 600);
    for (const [, file, seconds] of output.matchAll(/^passed (\S+) (\S+)$/gm)) {
      together.set(file!, Number(seconds));
    }
    const disturbed = rest.find((test) => !together.has(test));
    if (disturbed !== undefined) {
      const run = await runTests(root, [disturbed], null, 600);
      if (run.verdict !== "passed") {
        console.error(`${run.output}\nmutants: ${disturbed} ${run.verdict} without any mutant`);
        return null;
      }
      alone.set(disturbed, run.seconds);
    }
    rest = rest.filter((test) => !together.has(test) && !alone.has(test));
  }
  return { together: bySeconds(together), alone: bySeconds(alone) };
}

/** `tests` with that of the mutated file itself in front. */
function ownFirst({ file }: Mutant, tests: Iterable<string>): string[] {
  const own = file.replace(/\.ts$/, ".test.ts");
  const all = [...tests];
  return [...all.filter((test) => test === own), ...all.filter((test) => test !== own)];
}

async function tryMutant(mutant: Mutant, { together, alone }: Timed): Promise<Verdict> {
  for (const [seconds, run] of [
    [together, runTogether],
    [alone, runTests],
  ] as const) {
    if (seconds.size > 0) {
      const usual = [...seconds.values()].reduce((sum, each) => sum + each, 0);
      const { verdict } = await run(
        root,
        ownFirst(mutant, seconds.keys()),
        mutant,
        PATIENCE * usual + PATIENCE_SECONDS,
      );
      if (verdict !== "passed") {
        return verdict;
      }
    }
  }
  return "passed";
}

/** Try all mutants, `jobs` at a time. @returns Those that survived, in order of their places. */
async function survivorsOf(mutants: readonly Mutant[], timed: Timed, jobs: number) {
  const survived = new Array<boolean>(mutants.length).fill(false);
  let next = 0;
  let done = 0;
  async function work(): Promise<void> {
    while (next < mutants.length) {
      const i = next++;
      survived[i] = (await tryMutant(mutants[i]!, timed)) === "passed";
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
  const timed = await measure(files);
  if (timed === null) {
    return 2;
  }
  const survivors = await survivorsOf(mutants, timed, jobs);
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
