import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { fc, testProp } from "@fast-check/ava";
import test from "ava";
import { createTask, gather, type Program, print, random, simulate, sleep } from "../../engine/index.ts";
import { knownDigests } from "./digests.ts";
import { mainOf, programs } from "./programs.ts";

testProp(
  "Law: the same program with the same seed leads to the same digest, output, warnings and times, in any mode of recording",
  [programs, fc.oneof(fc.integer(), fc.string())],
  async (t, program, seed) => {
    const summary = async (trace: "full" | "digest") => {
      const { digest, output, warnings, time, steps } = await simulate(mainOf(program), { seed, trace });
      return { digest, output, warnings, time, steps };
    };
    t.deepEqual(await summary("digest"), await summary("full"));
  },
);

test("Law: the same digests come in another process", async (t) => {
  const { stdout } = await promisify(execFile)(process.execPath, [
    "--conditions=simloop-source",
    "--import=tsx",
    fileURLToPath(new URL("print-digests.ts", import.meta.url)),
  ]);
  t.deepEqual(JSON.parse(stdout), await knownDigests());
});

/** Keep the processor busy, so that the loop finds it time to let the host have a turn. */
function work(milliseconds: number): void {
  const end = performance.now() + milliseconds;
  while (performance.now() < end) {
    // Nothing else would do.
  }
}

test("Law: a run that pauses for the host, and whose host is busy meanwhile, has the same digest", async (t) => {
  const program = (interlude: () => void): Program<void> =>
    async function* () {
      async function* direct(name: string) {
        for (let i = 0; i < 1000; i++) {
          yield* sleep(random(name).random());
          if (i % 100 === 0) {
            interlude();
          }
        }
      }
      function* plain(name: string) {
        for (let i = 0; i < 1000; i++) {
          yield sleep(random(name).random());
        }
      }
      yield* gather(direct("a"), plain("b"), direct("c"), plain("d"));
    };
  const smooth = await simulate(
    program(() => {}),
    { trace: "digest" },
  );
  let pauses = 0;
  const interrupted = await simulate(
    program(() => work(2)),
    { trace: "digest", onProgress: () => pauses++ },
  );
  t.deepEqual([interrupted.digest, interrupted.steps, interrupted.time], [smooth.digest, smooth.steps, smooth.time]);
  t.true(pauses > 0);
});

test("Law: what a program draws follows from its seed, and so does its digest", async (t) => {
  const program: Program<void> = function* () {
    yield* sleep(random().random());
  };
  const digests = await Promise.all([1, 2, 3, 4].map(async (seed) => (await simulate(program, { seed })).digest));
  t.is(new Set(digests).size, 4);
});

/** How often each of the programs below has run: what a pure program could not know. */
const runs = { slept: 0, printed: 0, named: 0, ordered: 0 };

/** Programs that depend on something other than themselves and their seed. */
const impure: Readonly<Record<string, Program<unknown>>> = {
  "real chance": async function* () {
    yield* sleep(Math.random());
  },
  "the real clock": async function* () {
    print(process.hrtime.bigint());
  },
  "earlier runs, in the length of a sleep": function* () {
    yield* sleep(++runs.slept);
  },
  "earlier runs, in what it prints": function* () {
    print(++runs.printed);
  },
  "earlier runs, in the name of a task": function* () {
    yield* createTask(sleep(1), { name: `worker ${++runs.named}` });
  },
  "earlier runs, in the order of its tasks": function* () {
    for (const delay of ++runs.ordered % 2 === 0 ? [1, 2] : [2, 1]) {
      createTask(sleep(delay));
    }
    yield* sleep(3);
  },
};

for (const [source, program] of Object.entries(impure)) {
  test(`Control: a program that depends on ${source} is caught by its digests`, async (t) => {
    const first = await simulate(program);
    const second = await simulate(program);
    t.not(second.digest, first.digest);
  });
}
