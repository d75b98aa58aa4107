import { execFile } from "node:child_process";
import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import process from "node:process";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import test from "ava";
import { runCommand } from "./commands/command-line.ts";
import { CORPUS, readCorpus } from "./corpus/corpus.ts";

const CLI = fileURLToPath(new URL("cli.ts", import.meta.url));
const [first, second] = readCorpus(CORPUS) as [Recorded, Recorded];
type Recorded = ReturnType<typeof readCorpus>[number];

interface Ended {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

let directory: string;

test.before(async () => {
  directory = await mkdtemp(join(tmpdir(), "simloop-conformance-"));
});

test.after.always(() => rm(directory, { recursive: true, force: true }));

/** The command line, in this process. */
async function conformance(...args: string[]): Promise<Ended> {
  let [stdout, stderr] = ["", ""];
  const code = await runCommand(args, {
    print: (text) => {
      stdout += text;
    },
    complain: (text) => {
      stderr += text;
    },
    progress: () => {},
  });
  return { code, stdout, stderr };
}

const textOf = (trace: readonly string[]): string => trace.map((line) => `${line}\n`).join("");

/** A directory with recorded programs and their traces, as `progs.py batch` writes them. */
async function recordedDirectory(name: string, traceOf: (recorded: Recorded) => readonly string[]): Promise<string> {
  const path = join(directory, name);
  await mkdir(path);
  for (const recorded of [first, second]) {
    const file = join(path, String(recorded.program.seed).padStart(6, "0"));
    await writeFile(`${file}.json`, JSON.stringify(recorded.program));
    await writeFile(`${file}.trace`, textOf(traceOf(recorded)));
  }
  return path;
}

test("Conformance: `run` prints the trace of a program and nothing else", async (t) => {
  const file = join(directory, "one.json");
  await writeFile(file, JSON.stringify(first.program));
  const args = ["--conditions=simloop-source", "--import=tsx", CLI, "run", file];
  const { stdout, stderr } = await promisify(execFile)(process.execPath, args);
  t.deepEqual({ stdout, stderr }, { stdout: textOf(first.trace), stderr: "" });
});

test("Conformance: `run` with --out writes a trace for each program", async (t) => {
  const path = await recordedDirectory("several", ({ trace }) => trace);
  const out = join(directory, "traces");
  const names = [first, second].map(({ program }) => String(program.seed).padStart(6, "0"));
  const ended = await conformance("run", ...names.map((name) => join(path, `${name}.json`)), "--out", out);
  t.deepEqual(ended, { code: 0, stdout: "", stderr: "" });
  const written = await Promise.all(names.map((name) => readFile(join(out, `${name}.trace`), "utf8")));
  t.deepEqual(written, [textOf(first.trace), textOf(second.trace)]);
});

test("Conformance: `verify` counts what it compared", async (t) => {
  const path = await recordedDirectory("good", ({ trace }) => trace);
  t.deepEqual(await conformance("verify", path), { code: 0, stdout: "2 programs compared, 0 differ\n", stderr: "" });
});

test("Conformance: `verify` shows the first line that differs, with what led to it", async (t) => {
  const doctored = (recorded: Recorded): readonly string[] =>
    recorded === first ? recorded.trace.map((line, i) => (i === 8 ? '["doctored"]' : line)) : recorded.trace;
  const { code, stdout } = await conformance("verify", await recordedDirectory("doctored", doctored));
  const numbered = (sign: string, from: number, to: number): string[] =>
    doctored(first)
      .slice(from, to)
      .map((line, i) => `${sign} ${String(from + i + 1).padStart(4)}  ${line}`);
  t.is(code, 1);
  t.deepEqual(stdout.split("\n"), [
    `${String(first.program.seed).padStart(6, "0")}.json: in plain generators, line 9 differs (- CPython, + simloop):`,
    ...numbered(" ", 2, 8),
    ...numbered("-", 8, 11),
    `+    9  ${first.trace[8]}`,
    ...numbered("+", 9, 11),
    "",
    "2 programs compared, 1 differ",
    "",
  ]);
});

for (const { title, args, message } of [
  {
    title: "no command",
    args: [],
    message: /^conformance: expected a command: run, verify, live or record; --help explains them\n$/,
  },
  { title: "an unknown command", args: ["dance"], message: /^conformance: unknown command 'dance'/ },
  { title: "a missing file", args: ["run", "nowhere.json"], message: /^conformance: cannot read nowhere.json: ENOENT/ },
  {
    title: "a file that is not a program",
    args: ["run", CLI],
    message: /^conformance: .*cli\.ts is not a program: no JSON/,
  },
  { title: "a missing directory", args: ["verify", "nowhere"], message: /^conformance: no such directory: nowhere\n$/ },
  {
    title: "several programs without --out",
    args: ["run", "a", "b"],
    message: /2 programs need a directory .*--out DIRECTORY/,
  },
  { title: "no seeds", args: ["live", "--from", "3", "--to", "3"], message: /there is no seed between them/ },
  { title: "a size out of range", args: ["live", "--from", "0", "--to", "1", "--size", "13"], message: /from 1 to 12/ },
  {
    title: "a Python that is none",
    args: ["live", "--from", "0", "--to", "1", "--python", process.execPath],
    message:
      /^conformance: CPython 3\.13 or later is needed; .*: not found\. Name it with --python PATH or SIMLOOP_PYTHON\.\n$/,
  },
]) {
  test(`Conformance: ${title} is wrong usage: exit code 2 and one line that says what was expected`, async (t) => {
    const ended = await conformance(...args);
    t.is(ended.code, 2);
    t.regex(ended.stderr, message);
    t.true(ended.stderr.split("\n").length <= 2);
  });
}

test("Conformance: --help says what there is, and what the exit codes mean", async (t) => {
  const { code, stdout } = await conformance("--help");
  t.is(code, 0);
  for (const word of ["run", "verify", "live", "record", "Exit codes: 0 no difference, 1 a difference"]) {
    t.true(stdout.includes(word), word);
  }
});
