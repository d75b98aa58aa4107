import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Writable } from "node:stream";
import test from "ava";
import { strategyNames, strategyTraits } from "../../../engine/index.ts";
import { simloop } from "../cli.ts";
import { batchesOf } from "./batches.ts";
import { search } from "./search.ts";
import type { BatchWorker } from "./workers.ts";

class Text extends Writable {
  text = "";
  override _write(chunk: Buffer, _encoding: string, done: () => void): void {
    this.text += chunk;
    done();
  }
}

async function call(...argv: string[]): Promise<{ code: number; out: string; err: string }> {
  const [stdout, stderr] = [new Text(), new Text()];
  const code = await simloop(argv, { stdout, stderr });
  return { code, out: stdout.text, err: stderr.text };
}

const withoutStamp = (text: string): string => text.replace(/;0\.\d+\.\d+-[0-9a-f]{8}/g, "");

test("simloop explore: prints the smallest failing order and its token, and exits with 1", async (t) => {
  const { code, out, err } = await call("explore", "lost-update");
  t.is(code, 1);
  t.regex(
    out,
    /^failed: error at 0 s, in the default schedule but for 1 deviation\n {2}Error: balance 12 instead of 42\n/,
  );
  t.is(
    withoutStamp(err),
    "simloop: lost-update fails: error; replay with simloop replay lost-update 's1:salary#2>refund#4'\n",
  );
});

test("simloop explore: a scenario without a failing order exits with 0", async (t) => {
  const { code, out, err } = await call("explore", "lost-update-fixed", "--runs", "50");
  t.deepEqual({ code, err }, { code: 0, err: "" });
  t.regex(out, /^ok: no failing order found in 50 runs, \d+ distinct interleavings \(strategy mix\)\n$/);
});

test("simloop explore: --json prints one line, the same for any number of workers, and so does its former name --jsonl", async (t) => {
  const one = await call("explore", "late-answer-fixed", "--runs", "3000", "--json");
  const two = await call("explore", "late-answer-fixed", "--runs", "3000", "--jsonl", "--workers", "2");
  t.is(one.out, two.out);
  const { scenario, verdict, runs, shard } = JSON.parse(one.out);
  t.deepEqual(
    { scenario, verdict, runs, shard },
    { scenario: "late-answer-fixed", verdict: "ok", runs: 3000, shard: "1/1" },
  );
  t.is(one.out.split("\n").length, 2);
});

test("simloop explore: each shard makes runs of its own, the same whenever it is asked", async (t) => {
  const shard = (which: string) =>
    call("explore", "late-answer-fixed", "--runs", "40", "--strategy", "random", "--shard", which, "--json");
  const outs = [await shard("1/2"), await shard("2/2"), await shard("2/2")].map(({ out }) => out);
  const [first, second, again] = outs.map((out) => JSON.parse(out) as { readonly interleavings: number });
  t.deepEqual(second, again);
  t.not(first!.interleavings, second!.interleavings);
});

test("simloop explore: --strategy exhaustive verifies a small scenario", async (t) => {
  const { code, out } = await call("explore", "crash-between-fixed", "--strategy", "exhaustive");
  t.is(code, 0);
  t.regex(out, /^verified: no order fails \(\d+ runs, \d+ distinct interleavings\)\n$/);
});

test("simloop explore: wrong options are one line and exit code 2", async (t) => {
  const complaints: string[] = [];
  for (const option of ["--strategy=best", "--runs=0", "--shard=3/2", "--time=soon", "--workers=0", "--delays=-1"]) {
    const { code, err } = await call("explore", "lost-update", option);
    t.is(code, 2);
    complaints.push(err.replace(/^simloop: /, "").replace(/; see.*\n/, ""));
  }
  t.deepEqual(complaints.slice(1), [
    "--runs: expected a positive integer, got '0'",
    "--shard: expected i/n with i from 1 to n, such as 2/8, got '3/2'",
    "--time: expected a duration such as 60s, 5m or 1h, got 'soon'",
    "--workers: expected a positive integer, got '0'",
    "--delays: expected seconds, a number that is not negative, got '-1'",
  ]);
  const replaying = ["explore", "lost-update", "--strategy", "replay"];
  t.is((await call(...replaying)).err, "simloop: --strategy replay needs --token\n");
  const malformed = await call(...replaying, "--token", "salary");
  t.is(malformed.code, 2);
  t.regex(malformed.err, /^simloop: not a replay token: expected something like /);
  t.regex((await call(...replaying, "--token", "s1:salary#2>nobody#1")).err, /^simloop: stale replay token: /);
  const undivided = await call("explore", "lost-update", "--strategy", "reversal", "--shard", "1/2");
  t.is(undivided.err, "simloop: --strategy reversal cannot be divided; expected it without --shard\n");
});

test("simloop explore: the command that replays a failure is quoted for a shell", async (t) => {
  const folder = mkdtempSync(join(tmpdir(), "simloop explore "));
  t.teardown(() => rmSync(folder, { recursive: true }));
  const path = join(folder, "it's.ts");
  writeFileSync(path, 'export default { name: "mine", about: "mine", *main() { throw new Error("always"); } };');
  const { err } = await call("explore", path, "--seed", "a word");
  const quoted = `'${path.replace("'", "'\\''")}'`;
  t.is(
    withoutStamp(err),
    `simloop: ${path} fails: error; replay with simloop replay --seed 'a word' ${quoted} 's1:'\n`,
  );
});

test("simloop replay: runs the order of a token again", async (t) => {
  const broken = await call("replay", "lost-update", "s1:salary#2>refund#4");
  t.is(broken.code, 1);
  t.is(broken.out, "balance 12\n");
  t.regex(
    broken.err,
    /^simloop: lost-update fails: error at 0 s, in the default schedule but for 1 deviation\n {2}Error: balance 12 instead of 42\n\n {2}salary#2 waits until refund#4 has run \(both touch account.balance\)/,
  );
  const plain = await call("replay", "lost-update", "s1:");
  t.deepEqual({ code: plain.code, out: plain.out }, { code: 0, out: "balance 42\n" });
});

test("simloop replay: a token that is none, or stale, is wrong usage", async (t) => {
  t.deepEqual((await call("replay", "lost-update", "salary#2")).code, 2);
  const stale = await call("replay", "lost-update", "s1:nobody#1>refund#4");
  t.is(stale.code, 2);
  t.regex(stale.err, /^simloop: stale replay token: the program does not come to nobody#1 any more/);
});

test("simloop inevitable: shows the step that decides, as a table, as JSON and as a picture", async (t) => {
  const folder = mkdtempSync(join(tmpdir(), "simloop-inevitable-"));
  t.teardown(() => rmSync(folder, { recursive: true }));
  const picture = join(folder, "inevitable.svg");
  const token = "s1:salary#2>refund#4";
  const table = await call("inevitable", "lost-update", token, "--samples", "20", "-o", picture);
  t.is(table.code, 0);
  t.regex(table.out, /^> \d+ +\S+ +0 s +\d+ % {2}#+$/m);
  t.regex(
    table.out,
    /\nThe failure becomes likelier than not with step \d+, \S+, at 0 s: \d+ % before it, \d+ % after it\.\n$/,
  );
  t.regex(readFileSync(picture, "utf8"), /^<svg .*The failure becomes likelier.*<\/svg>\n$/s);
  const json = await call("inevitable", "lost-update", token, "--samples", "20", "--json");
  const { decisive, points } = JSON.parse(json.out) as { decisive: { step: string }; points: { samples: number }[] };
  t.true(table.out.includes(`${decisive.step}, at 0 s`));
  t.true(points.every(({ samples }) => samples === 20));
});

test("simloop inevitable: a token that passes, and wrong options, are one line and exit code 2", async (t) => {
  const passes = await call("inevitable", "lost-update", "s1:");
  t.deepEqual([passes.code, passes.err], [2, "simloop: expected a token whose run fails, but it passes\n"]);
  t.is((await call("inevitable", "lost-update", "salary#2")).code, 2);
  t.is((await call("inevitable", "lost-update", "s1:salary#2>refund#4", "--samples", "0")).code, 2);
  t.is((await call("inevitable", "lost-update", "s1:salary#2>refund#4", "-o", "picture.png")).code, 2);
});

test("simloop explore: an ended signal returns the report so far", async (t) => {
  const [stdout, stderr] = [new Text(), new Text()];
  const controller = new AbortController();
  setTimeout(() => controller.abort(), 50);
  const code = await simloop(["explore", "late-answer-fixed", "--runs", "100000000"], {
    stdout,
    stderr,
    signal: controller.signal,
  });
  t.is(code, 130);
  t.regex(stdout.text, /^ok: no failing order found in \d+ runs?,/);
});

test("simloop explore: the call that replays a failure has the options that it was found with", async (t) => {
  const { err } = await call("explore", "lost-update", "--seed", "4", "--delays", "0.5", "--callback-order");
  const argv = (/simloop replay (.*)\n$/.exec(err)?.[1] ?? "").split(" ");
  t.deepEqual(argv.slice(0, 5), ["--seed", "4", "--delays", "0.5", "--callback-order"]);
  const { code, out } = await call("replay", ...argv.map((word) => word.replaceAll("'", "")));
  t.deepEqual({ code, out }, { code: 1, out: "balance 12\n" });
});

test("simloop explore: the parts of a search print lines that can be put behind one another", async (t) => {
  let lines = "";
  for (const shard of ["1/3", "2/3", "3/3"]) {
    lines += (await call("explore", "late-answer-fixed", "--runs", "200", "--jsonl", "--shard", shard)).out;
  }
  const parts = lines
    .trimEnd()
    .split("\n")
    .map((line) => JSON.parse(line));
  t.deepEqual(
    parts.map(({ shard, runs, verdict }) => [shard, runs, verdict]),
    [
      ["1/3", 200, "ok"],
      ["2/3", 200, "ok"],
      ["3/3", 200, "ok"],
    ],
  );
});

test("simloop explore: a terminal sees how far it has come, and nothing of it is left", async (t) => {
  const stderr = Object.assign(new Text(), { columns: 100 });
  await simloop(["explore", "late-answer-fixed", "--time", "0.6s"], { stdout: new Text(), stderr });
  t.regex(
    stderr.text,
    /^\rexploring: \d+ runs, \d+ runs\/s, \d+ interleavings(?:, \d+ of \d+ races both ways)?, \d s +\r/,
  );
  t.regex(stderr.text, /\r {99}\r$/);
});

test("simloop replay: a program that keeps state from run to run is found out", async (t) => {
  const folder = mkdtempSync(join(tmpdir(), "simloop-impure-"));
  try {
    const engine = JSON.stringify(new URL("../../../engine/index.ts", import.meta.url).href);
    const file = join(folder, "impure.mjs");
    writeFileSync(
      file,
      `import { createTask, defineScenario, gather, sleep } from ${engine};
let runs = 0;
function* turns(count) { for (let i = 0; i < count; i++) yield* sleep(0); }
export default defineScenario({ name: "impure", about: "counts its runs", *main() {
  yield* gather(createTask(turns(++runs)), createTask(turns(3)));
} });`,
    );
    const replayed = await call("replay", file, "s1:");
    t.is(replayed.code, 1);
    t.regex(
      replayed.err,
      /cannot be replayed: replay: the schedule of the token led to two different runs.* part at step \d+/,
    );
    const explored = await call("explore", file);
    t.is(explored.code, 1);
    t.regex(
      explored.err,
      /cannot be explored: explore: the default schedule led to two different runs.* part at step \d+/,
    );
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});

test("simloop explore: --shard does its own part of the runs", async (t) => {
  const numbers: number[] = [];
  for (const shard of ["1/7", "2/7", "7/7"]) {
    const { out } = await call("explore", "lost-update", "--strategy", "random", "--shard", shard, "--jsonl");
    numbers.push((JSON.parse(out).failure.run - 1) % 7);
  }
  t.deepEqual(numbers, [1, 2, 0]);
});

test("search: a label is unreached if no batch reached it, though some may not even have come to it", async (t) => {
  const seen = [
    { reached: ["early"], unreached: ["late"] },
    { reached: ["early", "late"], unreached: ["never", "sometimes"] },
    { reached: ["sometimes"], unreached: ["late", "never"] },
  ];
  const worker: BatchWorker = {
    run: ({ index }) =>
      Promise.resolve({
        index,
        verdict: "ok",
        runs: 1,
        interleavings: [],
        races: { pairs: 0, reversed: 0 },
        note: undefined,
        seed: 0,
        failure: undefined,
        text: "",
        ...seen[index]!,
      }),
    close: () => Promise.resolve(),
  };
  const batches = seen.map((_, index) => ({ index, strategy: "random", runs: 1, firstRun: index }) as const);
  const { unreached } = await search(batches.values(), [worker], new AbortController().signal);
  t.deepEqual(unreached, ["never"]);
});

test("simloop explore --help: lists every strategy with what it does", async (t) => {
  const { out } = await call("explore", "--help");
  for (const name of strategyNames) {
    t.true(out.includes(`  ${name.padEnd(10)}  ${strategyTraits(name).about}\n`), name);
  }
});

test("batches: cover the runs once, and only the first does the reversals of a mix", (t) => {
  const batches = [...batchesOf("mix", 2700, true)].map(({ strategy, runs, firstRun }) => [strategy, firstRun, runs]);
  t.deepEqual(batches, [
    ["mix", 0, 2000],
    ["sampling", 2000, 500],
    ["sampling", 2500, 200],
  ]);
  t.deepEqual(
    [...batchesOf("mix", 100, false)].map(({ strategy }) => strategy),
    ["sampling"],
  );
  t.is([...batchesOf("exhaustive", 1e6, true)].length, 1);
});
