import { spawn } from "node:child_process";
import { dirname, join } from "node:path";
import process from "node:process";
import { fileURLToPath } from "node:url";
import test from "ava";
import { comparedLine } from "./compare.ts";
import type { Report } from "./measure.ts";
import { readOptions } from "./options.ts";
import { median, ratio, rowsOf } from "./results.ts";
import type { Measurement } from "./rounds.ts";
import { subjects } from "./subjects.ts";
import { table } from "./table.ts";
import { targetLines } from "./targets.ts";
import { workloads } from "./workloads/index.ts";
import { yieldPing } from "./workloads/w2-yield-ping.ts";
import { millionTasks } from "./workloads/w7-million-tasks.ts";

const script = join(dirname(fileURLToPath(import.meta.url)), "run.ts");

function bench(...args: string[]): Promise<{ code: number | null; out: string; err: string }> {
  const child = spawn(process.execPath, ["--conditions=simloop-source", "--import=tsx", script, ...args], {
    env: { ...process.env, SIMJS_PATH: undefined },
  });
  let out = "";
  let err = "";
  child.stdout.setEncoding("utf8").on("data", (text: string) => {
    out += text;
  });
  child.stderr.setEncoding("utf8").on("data", (text: string) => {
    err += text;
  });
  return new Promise((settle) => {
    child.on("close", (code) => settle({ code, out, err }));
  });
}

/** One round of W2: a subject, its CPU seconds for a million switches, and its checksum. */
function measured(id: string, round: number, cpu: number, check = "0/1000000"): Measurement {
  const subject = subjects.find((one) => one.id === id)!;
  const outcome: Report = {
    version: "",
    runtime: "",
    units: 1_000_000,
    seconds: cpu,
    cpu,
    warm: cpu / 2,
    peak: 50,
    check,
  };
  return { workload: "W2", subject, round, scale: 1, outcome };
}

test("bench: a quick run has every row of the floors and of simloop, each with the right checksum", async (t) => {
  // The network's workloads take their time even when they are small.
  const quick = workloads.filter(({ name }) => !["W5", "W8", "W9", "W10"].includes(name));
  const names = quick.map(({ name }) => name).join(",");
  const { code, out, err } = await bench("--quick", "--workloads", names, "--peers", "limit-gen,limit-agen,simloop");
  const rows = out.split("\n").filter((line) => line.startsWith("  "));
  const expected = quick.flatMap(({ name }) =>
    subjects.filter(({ peer, shares }) => !["asyncio", "simpy", "simjs", "node-net"].includes(peer) && name in shares),
  );
  t.deepEqual(
    rows.filter((line) => line.endsWith("  ok")).map((line) => line.trim().split(/ {2,}/)[0]),
    expected.map(({ title }) => title),
  );
  t.deepEqual({ code, err }, { code: 0, err: "" }, out);
});

test("bench: a peer that is not there is skipped, and the output says what would bring it", async (t) => {
  const { code, out } = await bench("--quick", "--peers", "simjs");
  t.true(out.includes("Skipped simjs: pass the directory of the package with --simjs or SIMJS_PATH."), out);
  t.is(code, 0);
});

test("bench: a mistake on the command line prints one clear line and exit code 2", async (t) => {
  t.deepEqual(await bench("--workloads", "W1,W99"), {
    code: 2,
    out: "",
    err: "option '--workloads <names>' argument 'W1,W99' is invalid. Expected names of W0,W1,W2,W3,W5,W6,W7,W8,W9,W10,W11.\n",
  });
});

test("bench: every bad option is refused with what was expected", (t) => {
  const messageFor = (...args: string[]) => t.throws(() => readOptions(args))?.message;
  t.deepEqual(
    [
      messageFor("--rounds", "0"),
      messageFor("--scale", "-1"),
      messageFor("--peers", "asincio"),
      messageFor("--wat"),
      messageFor("W1"),
      messageFor("--json", "/nowhere/at/all.json"),
    ],
    [
      "option '--rounds <n>' argument '0' is invalid. Expected a whole number from 1 to 9999.",
      "option '--scale <s>' argument '-1' is invalid. Expected a number above 0, at most 100.",
      "option '--peers <names>' argument 'asincio' is invalid. Expected names of limit-gen,limit-agen,simloop,asyncio,simpy,simjs,node-net.",
      "unknown option '--wat'",
      "too many arguments. Expected 0 arguments but got 1.",
      "--json: cannot write to /nowhere/at/all.json: ENOENT: no such file or directory, open '/nowhere/at/all.json'",
    ],
  );
});

test("bench: a row shows the median of the ratios within a round, not the ratio of the medians", (t) => {
  const rows = rowsOf(yieldPing, [
    measured("limit-gen", 1, 0.1),
    measured("gen", 1, 0.2),
    measured("limit-gen", 2, 0.4),
    measured("gen", 2, 0.6),
    measured("limit-gen", 3, 0.2),
    measured("gen", 3, 0.2),
  ]);
  t.is(ratio(rows[1]!.costs, rows[0]!.costs).toFixed(2), "1.50");
  t.is(
    table(yieldPing, rows),
    [
      "W2 yield ping: 100 tasks sleep(0) 10,000 times each",
      "                     scale  ns/switch  min..max  x floor  warm  x floor  peak MiB  checksum",
      "  limit-gen (floor)      1        200  100..400     1.00   100     1.00        50  ok",
      "  gen yield              1        200  200..600     1.50   100     1.50        50  ok",
    ].join("\n"),
  );
  t.deepEqual(targetLines(new Map([["W2", rows]])), ["W2 gen yield <= 2x of limit-gen: 1.50x ok (warm 1.50x ok)"]);
});

test("bench: a wrong checksum in any round and a failed program are visible, and count for no target", (t) => {
  const failed = { ...measured("gen-star", 1, 1), outcome: "Error: no such engine" };
  const rows = rowsOf(yieldPing, [
    measured("limit-gen", 1, 0.1),
    measured("gen", 1, 0.1),
    failed,
    measured("gen", 2, 0.1, "0/999999"),
  ]);
  t.deepEqual(
    rows.map(({ fault }) => fault),
    [undefined, "BAD 0/999999, not 0/1000000", "FAILED Error: no such engine"],
  );
  t.deepEqual(targetLines(new Map([["W2", rows]])), [
    "W2 gen yield <= 2x of limit-gen: not measured",
    "W2 gen yield* <= 2x of limit-gen: not measured",
  ]);
});

test("bench: the checksums at full size are those of the published definitions", (t) => {
  t.deepEqual(
    workloads.map(({ name, expected }) => `${name} ${expected(1)}`),
    [
      "W0 0/10000",
      "W1 552997634/1000000",
      "W2 0/1000000",
      "W3 19999900000",
      "W5 6400000",
      "W6 1073739760/500000",
      "W7 1048576/1000000",
      "W8 10000",
      "W9 1800000",
      "W10 19200000",
      "W11 20000/30",
    ],
  );
  t.is(millionTasks.expected(0.000001), `${millionTasks.delay(0)}/1`);
});

test("bench: a comparison looks at what every program does, unless workloads are named; a row shows before, after and growth", (t) => {
  t.deepEqual(
    [readOptions(["--compare", "main"])?.workloads, readOptions(["--compare", "main", "--workloads", "W5"])?.workloads],
    [["W1", "W2", "W3", "W6"], ["W5"]],
  );
  t.is(
    comparedLine({ workload: "W3", title: "gen yield*", before: 8000.4, after: 4000, ratio: 0.5 }),
    "  W3  gen yield*                     8,000 ->   4,000  0.50x",
  );
});

test("bench: --compare refuses what is not a commit, in one line", async (t) => {
  t.deepEqual(await bench("--compare", "no-such-commit"), {
    code: 2,
    out: "",
    err: "--compare: git finds no commit 'no-such-commit'\n",
  });
});

test("bench: the median of an even number of values lies between the middle two", (t) => {
  t.deepEqual([median([3, 1, 2]), median([4, 1, 3, 2]), median([])], [2, 2.5, Number.NaN]);
});
