import { execFile } from "node:child_process";
import { mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Writable } from "node:stream";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import test from "ava";
import { simloop } from "./cli.ts";
import { commandTable } from "./command-table.ts";
import { traceFormatNames } from "./trace-formats.ts";

const COMMANDS = [...commandTable.keys()].join(", ").replace(/, (?=\w+$)/, " or ");

/** A stream that keeps what it gets, and breaks with `error` once that is set. */
class Sink extends Writable {
  text = "";
  error: NodeJS.ErrnoException | null = null;
  onWrite: (text: string) => void = () => {};

  constructor() {
    super({ decodeStrings: false, autoDestroy: false });
  }

  override _write(chunk: string, _encoding: string, done: (error?: Error | null) => void): void {
    if (this.error === null) {
      this.text += chunk;
    }
    done(this.error);
    this.onWrite(chunk);
  }
}

const FORMATS = traceFormatNames.join(", ").replace(/, (?=\w+$)/, " or ");

interface Outcome {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

const ok = (out: string, err = ""): Outcome => ({ code: 0, out, err });
const failed = (code: number, err: string, out = ""): Outcome => ({ code, out, err: `simloop: ${err}\n` });

let folder: string;

/** What the command answers, with FOLDER for the directory of the files that a test wrote. */
async function cli(...argv: readonly string[]): Promise<Outcome> {
  const [stdout, stderr] = [new Sink(), new Sink()];
  const code = await simloop(argv, { stdout, stderr });
  return { code, out: stdout.text, err: stderr.text.replaceAll(folder, "FOLDER") };
}

/** Write a scenario file with this name and body, after the imports; returns its path. */
async function file(name: string, body: string): Promise<string> {
  const path = join(folder, name);
  const imports = 'import { createTask, defineScenario, print, random, sleep } from "simloop";\n';
  await writeFile(path, `${imports}${body}\n`);
  return path;
}

test.before(async () => {
  folder = await mkdtemp(join(tmpdir(), "simloop-cli-"));
});
test.after.always(() => rm(folder, { recursive: true, force: true }));

test("Command line: run prints what the scenario prints, and nothing else", async (t) => {
  t.deepEqual(await cli("run", "create-task"), ok("hello 15:29:41\nworld 15:29:41\nhello 15:29:42\nworld 15:29:42\n"));
});

test("Command line: Python's warnings come on the standard error at the end", async (t) => {
  t.deepEqual(
    await cli("run", "coroutine-object"),
    ok(
      "<coroutine object say_hello at 0x109bf6170>\n",
      "sys:1: RuntimeWarning: coroutine 'say_hello' was never awaited\n",
    ),
  );
});

test("Command line: --until stops the world, which is not a failure", async (t) => {
  t.deepEqual(await cli("run", "await-sequence", "--until", "0.5"), ok("hello 15:27:26\n"));
});

test("Command line: without a command it runs the article's scenarios and shows the help in brief", async (t) => {
  const { code, out, err } = await cli();
  t.deepEqual([code, err], [0, "sys:1: RuntimeWarning: coroutine 'say_hello' was never awaited\n"]);
  t.regex(
    out,
    /^coroutine-object: .+\n<coroutine object say_hello at 0x109bf6170>\n\nawait-sequence: .+\nhello 15:27:26\n/,
  );
  t.regex(out, /\ncreate-task: .+\nhello 15:29:41\nworld 15:29:41\nhello 15:29:42\nworld 15:29:42\n\n/);
  t.regex(
    out,
    /\nCommands:\n {2}simloop list \[options\] +list .+\n {2}simloop run .+\n( {2}simloop \w+ .+\n)+ {2}simloop <command> --help +show its arguments and options\n$/,
  );
});

test("Command line: list shows names and what they show, aligned", async (t) => {
  const { code, out, err } = await cli("list");
  const lines = out.trimEnd().split("\n");
  t.deepEqual([code, err, lines[0]?.split(/ {2,}/)[0]], [0, "", "coroutine-object"]);
  t.is(new Set(lines.map((line) => line.search(/(?<= {2})\S/))).size, 1);
});

test("Command line: --version and every --help say it on the standard output", async (t) => {
  const { version } = JSON.parse(await readFile(new URL("../../package.json", import.meta.url), "utf8"));
  t.deepEqual(await cli("--version"), ok(`${version}\n`));
  for (const command of [[], ...[...commandTable.keys()].map((name) => [name])]) {
    const { code, out, err } = await cli(...command, "--help");
    t.deepEqual([code, err], [0, ""]);
    t.regex(out, new RegExp(`^Usage: ${["simloop", ...command].join(" ")} [^]*\nExamples?:\n  simloop`));
  }
});

test("Command line: help shows the help, of a command as well", async (t) => {
  t.deepEqual(await cli("help"), await cli("--help"));
  t.deepEqual(await cli("help", "run"), await cli("run", "--help"));
  t.is((await cli("help", "zzz")).code, 2);
});

test("Command line: a user's file runs like a built-in scenario, TypeScript as well as JavaScript", async (t) => {
  const body = 'export default defineScenario({ name: "mine", about: "it is", async *main() { print("mine"); } });';
  for (const name of ["mine.ts", "mine.mts", "mine.js", "mine.mjs"]) {
    t.deepEqual(await cli("run", await file(name, body)), ok("mine\n"), name);
  }
});

test("Command line: the seed decides what is drawn; a number and its string are the same", async (t) => {
  const body = "{ yield* sleep(1); print(random().random()); }";
  const path = await file(
    "seeded.ts",
    `export default defineScenario({ name: "s", about: "s", async *main() ${body} });`,
  );
  const runs = await Promise.all(
    [[], ["--seed", "0"], ["--seed", "7"], ["--seed=7.0"]].map((seed) => cli("run", path, ...seed)),
  );
  const [none, zero, seven, sevenToo] = runs;
  t.deepEqual([none, seven], [zero, sevenToo]);
  t.notDeepEqual(zero, seven);
});

test("Command line: --stats writes figures about the run to the standard error", async (t) => {
  const { out, err } = await cli("run", "create-task", "--stats", "--seed", "monday");
  t.is(out.split("\n").length, 5);
  t.regex(err, /^virtual time {2}1 s\nsteps {9}9\nseed {10}monday\ndigest {8}[0-9a-f]{32}\ntrace {9}\d+ records\n$/);
});

test("Command line: --trace writes the trace in the format of the file's ending, or of --format", async (t) => {
  const [lines, text, other] = ["t.jsonl", "t.txt", "t.log"].map((name) => join(folder, name)) as [
    string,
    string,
    string,
  ];
  const runs = [
    await cli("run", "create-task", "--stats", "--trace", lines),
    await cli("run", "create-task", "--stats", "--trace", text),
    await cli("run", "create-task", "--stats", "--trace", other, "--format", "jsonl"),
  ];
  t.deepEqual(
    runs.map(({ code }) => code),
    [0, 0, 0],
  );
  const { records, digest } = JSON.parse((await readFile(lines, "utf8")).trimEnd().split("\n").at(-1)!);
  t.regex(runs[0]?.err as string, new RegExp(`digest +${digest}\ntrace +${records} records`));
  t.regex(await readFile(text, "utf8"), new RegExp(`^simloop trace of create-task[^]*${digest}\n$`));
  t.is(await readFile(other, "utf8"), await readFile(lines, "utf8"));
});

test("Command line: a failed scenario is reported, with its output and its trace kept", async (t) => {
  const path = await file(
    "fails.ts",
    `async function* worker() { yield* sleep(1.5); throw new TypeError("no more"); }
async function* main() { print("begin"); yield* createTask(worker()); }
export default defineScenario({ name: "fails", about: "it fails", options: { seed: 3 }, main });`,
  );
  const trace = join(folder, "fails.jsonl");
  t.deepEqual(
    await cli("run", path, "--trace", trace),
    failed(
      1,
      `FOLDER/fails.ts failed at 1.5 s with seed 3
  TypeError: no more
  at worker (FOLDER/fails.ts:2:53)
  its trace as a page: simloop trace FOLDER/fails.ts --seed 3 -o trace.html
  to see it again: simloop run FOLDER/fails.ts --seed 3`,
      "begin\n",
    ),
  );
  t.regex(await readFile(trace, "utf8"), /"failed"[\s\S]*\n\{"records":\d+,"digest":"[0-9a-f]{32}"\}\n$/);
});

test("Command line: background failures fail a strict run; another one says that it did not", async (t) => {
  const path = await file(
    "background.ts",
    `async function* worker() { throw new TypeError("no more"); }
export default defineScenario({ name: "b", about: "b", async *main() { createTask(worker()); yield* sleep(1); } });`,
  );
  const lax = await cli("run", path);
  t.is(lax.code, 0);
  t.regex(lax.err, /\nsimloop: a background failure did not fail the run; with --strict, exit code 1\n$/);
  const strict = await cli("run", path, "--strict");
  t.is(strict.code, 1);
  t.regex(
    strict.err,
    /\nsimloop: FOLDER\/background\.ts ended with a background failure, which --strict does not allow\n$/,
  );
  t.is((await cli("run", "coroutine-object", "--strict")).code, 0);
});

test("Command line: the command that a report names shows the failure again", async (t) => {
  const body = "{ if (random().random() < 0.9) throw new Error(String(random().random())); }";
  const path = await file(
    "luck.ts",
    `export default defineScenario({ name: "l", about: "l", async *main() ${body} });`,
  );
  const first = await cli("run", path, "--seed", "it's me");
  const again = /to see it again: simloop (.+)\n/.exec(first.err)?.[1] ?? "";
  t.is(again, "run FOLDER/luck.ts --seed 'it'\\''s me'");
  t.deepEqual(await cli("run", path, "--seed", "it's me"), first);
});

test("Command line: a deadlock is a failure that names who waits", async (t) => {
  const path = await file(
    "deadlock.ts",
    `import { getRunningLoop } from "simloop";
async function* main() { yield* sleep(2); yield* getRunningLoop().createFuture(); }
export default defineScenario({ name: "deadlock", about: "it waits", main });`,
  );
  const { code, err } = await cli("run", path);
  t.is(code, 1);
  t.regex(
    err,
    /^simloop: FOLDER\/deadlock\.ts failed at 2 s with seed 0\n {2}DeadlockError: .+\n {4}Task-1 waits for .+\n/,
  );
  t.regex(err, /\n {2}to see it again: simloop run FOLDER\/deadlock\.ts --seed 0\n$/);
});

test("Command line: an unknown scenario is answered with the nearest names, or with all", async (t) => {
  t.deepEqual(
    await cli("run", "creat-tsk"),
    failed(
      2,
      "unknown scenario 'creat-tsk'; did you mean 'create-task'? For a file, give its path, such as ./creat-tsk.ts",
    ),
  );
  const { code, err } = await cli("run", "zzz");
  t.is(code, 2);
  t.regex(err, /^simloop: unknown scenario 'zzz' \(known: coroutine-object, await-sequence, .+ \.\/zzz\.ts\n$/);
});

test("Command line: a file that exports no scenario is wrong usage, and the line says why", async (t) => {
  const says = async (name: string, body: string): Promise<Outcome> => await cli("run", await file(name, body));
  const expected = "expected `export default defineScenario({ name, about, main })`, but";
  t.deepEqual(await cli("run", "./absent.ts").then(({ code, err }) => [code, err.replace(process.cwd(), "HERE")]), [
    2,
    "simloop: no such scenario file: ./absent.ts (HERE/absent.ts)\n",
  ]);
  t.deepEqual(
    [
      await cli("run", `${folder}/`),
      await says("nothing.ts", ""),
      await says("named.ts", "export const a = 1; export const b = 2;"),
      await says("number.ts", "export default 5;"),
      await says("nameless.ts", 'export default { name: "No Name", about: "x", main() {} };'),
      await says("throws.ts", 'throw new RangeError("at\\nimport");'),
      await says("imports.ts", 'export { x } from "./nowhere.ts";'),
      await says("run.jsonl", "{}"),
      await cli("run", "package.json"),
      await cli("run", "./package.json"),
    ].map(({ code, err }) => [code, err]),
    [
      [2, "simloop: FOLDER/ is a directory; expected a scenario file, such as FOLDER/my.ts\n"],
      [2, `simloop: FOLDER/nothing.ts exports no scenario: ${expected} it exports nothing\n`],
      [2, `simloop: FOLDER/named.ts exports no scenario: ${expected} it exports a, b and no default\n`],
      [2, `simloop: FOLDER/number.ts exports no scenario: ${expected} its default export is a number\n`],
      [
        2,
        "simloop: FOLDER/nameless.ts exports no scenario: TypeError: defineScenario: expected a name of lower-case " +
          "words with hyphens, such as 'tcp-server', got \"No Name\"\n",
      ],
      [2, "simloop: cannot load FOLDER/throws.ts: RangeError: at import (at FOLDER/throws.ts:2:7)\n"],
      [
        2,
        "simloop: cannot load FOLDER/imports.ts: Error: Cannot find module 'FOLDER/nowhere.ts' " +
          "imported from FOLDER/imports.ts\n",
      ],
      [
        2,
        "simloop: FOLDER/run.jsonl is a recorded trace, which simloop trace FOLDER/run.jsonl shows; expected a scenario\n",
      ],
      ...["package.json", "./package.json"].map((path) => [
        2,
        `simloop: ${path} is not a scenario file; expected a name that ends with .ts, .mts, .js or .mjs (or with .jsonl for a recorded trace)\n`,
      ]),
    ],
  );
});

test("Command line: a syntax error in a file is one line, with its place", async (t) => {
  const { code, err } = await cli("run", await file("syntax.ts", "export default {"));
  t.is(code, 2);
  t.regex(err, /^simloop: cannot load FOLDER\/syntax\.ts: .*FOLDER\/syntax\.ts:3:0: ERROR: .+\n$/);
});

test("Command line: a syntax error in JavaScript has its place, also in a file that another one imports", async (t) => {
  await file("part.mjs", "const a = 1;\nconst b = ;");
  const says = async (name: string, body: string): Promise<string> =>
    (await cli("run", await file(name, body))).err.replace(/: SyntaxError.*\(at/, ": (at");
  t.deepEqual(
    [
      await says("wrong.mjs", "const a = 1;\nconst b = ;"),
      await says("importing.mjs", 'import "./part.mjs";'),
      await says("missing.mjs", 'import { nope } from "node:fs";'),
    ],
    [
      "simloop: cannot load FOLDER/wrong.mjs: (at FOLDER/wrong.mjs:3:11)\n",
      "simloop: cannot load FOLDER/importing.mjs: (at FOLDER/part.mjs:3:11)\n",
      "simloop: cannot load FOLDER/missing.mjs: (at FOLDER/missing.mjs:2:10)\n",
    ],
  );
});

test("Command line: options of a scenario that make no sense are its failure", async (t) => {
  const body = 'export default defineScenario({ name: "o", about: "o", options: { maxSteps: -1 }, async *main() {} });';
  t.deepEqual(
    await cli("run", await file("options.ts", body)),
    failed(1, "o cannot be run: RangeError: maxSteps: expected a number that is not negative, got -1"),
  );
});

test("Command line: wrong usage is answered in one line that says what was expected, and nothing runs", async (t) => {
  const wrong: readonly (readonly [string, string])[] = [
    ["lst", "unknown command 'lst'; did you mean 'list'? See simloop --help"],
    ["help lst", "unknown command 'lst'; did you mean 'list'? See simloop --help"],
    ["zzz", `unknown command 'zzz'; expected ${COMMANDS}; see simloop --help`],
    ["create-task", "unknown command 'create-task'; did you mean 'simloop run create-task'? See simloop --help"],
    ["creat-task", "unknown command 'creat-task'; did you mean 'simloop run create-task'? See simloop --help"],
    ["foo.ts", "unknown command 'foo.ts'; did you mean 'simloop run foo.ts'? See simloop --help"],
    ["./foo.mjs --seed 5", "unknown command './foo.mjs'; did you mean 'simloop run ./foo.mjs'? See simloop --help"],
    ["foo.jsonl", "unknown command 'foo.jsonl'; did you mean 'simloop trace foo.jsonl'? See simloop --help"],
    ["--", `missing command; expected ${COMMANDS}; see simloop --help`],
    ["--sed 5", "unknown option '--sed'; see simloop --help"],
    ["run", "missing argument <scenario>; see simloop run --help"],
    ["run create-task x", "expected 1 argument, got 2; see simloop run --help"],
    ["run create-task --sed 5", "unknown option '--sed'; did you mean '--seed'? See simloop run --help"],
    ["run create-task --zzzzzz", "unknown option '--zzzzzz'; see simloop run --help"],
    ["run create-task --seed", "--seed: missing value; expected --seed <seed>; see simloop run --help"],
    ["run create-task --format text", "--format text says how to write a trace; expected --trace <file> with it"],
    [
      "run create-task --until soon",
      "--until: expected seconds, a number that is not negative, got 'soon'; see simloop run --help",
    ],
    [
      "run create-task --trace x.txt --format htm",
      `--format: unknown value 'htm'; did you mean 'html'? Expected ${FORMATS}; see simloop run --help`,
    ],
    [
      "run create-task --trace x.txt --format xyzzy",
      `--format: expected ${FORMATS}, got 'xyzzy'; see simloop run --help`,
    ],
    ["completion xonx", "<shell>: expected bash, zsh or fish, got 'xonx'; see simloop completion --help"],
    [
      "run create-task --trace x.log",
      `--trace x.log: the format follows from an ending of .txt, .jsonl, .json, .mmd, .svg, .html, .speedscope.json, .otlp.json, .shiviz.log, .pcapng; for another file, add --format ${traceFormatNames.join("|")}`,
    ],
  ];
  t.deepEqual(
    await Promise.all(wrong.map(([argv]) => cli(...argv.split(" ")))),
    wrong.map(([, line]) => failed(2, line)),
  );
});

test("Command line: a trace that cannot be written is refused before anything runs", async (t) => {
  const path = join(folder, "no", "such", "folder.txt");
  t.deepEqual(
    await cli("run", "create-task", "--trace", path),
    failed(1, "cannot write FOLDER/no/such/folder.txt: ENOENT: no such file or directory"),
  );
});

test("Command line: a run that is ended by Ctrl-C keeps its output and leaves no half trace", async (t) => {
  const body = "{ for (let i = 0; ; i++) { if (i % 1000 === 0) print(i); yield* sleep(1); } }";
  const path = await file(
    "endless.ts",
    `export default defineScenario({ name: "e", about: "e", async *main() ${body} });`,
  );
  const [stdout, stderr, interruption] = [new Sink(), new Sink(), new AbortController()];
  stdout.onWrite = () => interruption.abort();
  const here = await mkdtemp(join(folder, "endless-"));
  const trace = join(here, "endless.jsonl");
  const code = await simloop(["run", path, "--trace", trace], { stdout, stderr, signal: interruption.signal });
  t.deepEqual([code, stdout.text.slice(0, 2), stderr.text], [130, "0\n", "simloop: interrupted\n"]);
  t.deepEqual(await readdir(here), []);
});

test("Command line: a reader that goes away ends the run quietly", async (t) => {
  const path = await file(
    "printer.ts",
    'export default defineScenario({ name: "p", about: "p", async *main() { for (;;) { print("line"); yield* sleep(1); } } });',
  );
  const [stdout, stderr] = [new Sink(), new Sink()];
  stdout.onWrite = () => {
    stdout.error = Object.assign(new Error("write EPIPE"), { code: "EPIPE", syscall: "write" });
  };
  t.deepEqual([await simloop(["run", path], { stdout, stderr }), stdout.text, stderr.text], [0, "line\n", ""]);
});

test("Command line: a reader that goes away does not keep a run from being traced and reported", async (t) => {
  const body = '{ for (let i = 0; i < 30_000; i++) { print("line"); yield* sleep(1); } }';
  const path = await file(
    "long.ts",
    `export default defineScenario({ name: "l", about: "l", async *main() ${body} });`,
  );
  const [stdout, stderr, trace] = [new Sink(), new Sink(), join(folder, "long.jsonl")];
  stdout.error = Object.assign(new Error("write EPIPE"), { code: "EPIPE", syscall: "write" });
  const code = await simloop(["run", path, "--stats", "--trace", trace], { stdout, stderr });
  t.deepEqual([code, stderr.text.split("\n")[0]], [0, "virtual time  30000 s"]);
  const records = /(\d+) records/.exec(stderr.text)?.[1];
  t.regex((await readFile(trace, "utf8")).slice(-100), new RegExp(`\n\\{"records":${records},`));
});

test("Command line: a standard output that cannot be written is a failure, besides whatever else failed", async (t) => {
  const onFullDisk = async (...argv: readonly string[]): Promise<[number, string]> => {
    const [stdout, stderr] = [new Sink(), new Sink()];
    stdout.error = Object.assign(new Error("ENOSPC: no space left on device, write"), {
      code: "ENOSPC",
      syscall: "write",
    });
    return [await simloop(argv, { stdout, stderr }), stderr.text];
  };
  const full = "simloop: cannot write to the standard output: ENOSPC: no space left on device\n";
  t.deepEqual(await onFullDisk("list"), [1, full]);
  const [code, err] = await onFullDisk("explore", "lost-update");
  t.is(code, 1);
  t.deepEqual(err.replace(/^simloop: lost-update fails: .+\n/, ""), full);
});

test("Command line: titles and complaints have colour on a terminal that wants it", async (t) => {
  const onTerminal = (): Sink => Object.assign(new Sink(), { hasColors: () => true });
  const [stdout, stderr] = [onTerminal(), onTerminal()];
  await simloop([], { stdout, stderr });
  await simloop(["zzz"], { stdout, stderr });
  const code = String.fromCharCode(27);
  t.true(stdout.text.startsWith(`${code}[1mcoroutine-object: `));
  t.true(stderr.text.includes(`${code}[31msimloop:${code}[39m unknown command`));
});

test("Command line: --color and --no-color decide wherever they stand", async (t) => {
  const colours = async (stream: Sink, ...argv: readonly string[]): Promise<boolean> => {
    await simloop(argv, { stdout: new Sink(), stderr: stream });
    return stream.text.includes(String.fromCharCode(27));
  };
  const terminal = (): Sink => Object.assign(new Sink(), { hasColors: () => true });
  t.deepEqual(
    [
      await colours(new Sink(), "zzz"),
      await colours(new Sink(), "--color", "zzz"),
      await colours(new Sink(), "run", "nosuch", "--color"),
      await colours(terminal(), "zzz", "--no-color"),
      await colours(terminal(), "--color", "zzz", "--no-color"),
    ],
    [false, true, true, false, false],
  );
});

const LUCK = `export default defineScenario({ name: "luck", about: "it is", async *main() {
  print("drawn");
  yield* sleep(1);
  if (random().random() < 0.5) throw new TypeError("unlucky");
} });`;

test("Command line: run --seeds prints a line for each run and fails with the report on the first that failed", async (t) => {
  const path = await file("luck-of-seeds.ts", LUCK);
  const { code, out, err } = await cli("run", path, "--seeds", "0..3");
  t.deepEqual(
    [code, out],
    [
      1,
      "seed 0: failed at 1 s: TypeError: unlucky\nseed 1: failed at 1 s: TypeError: unlucky\nseed 2: failed at 1 s: TypeError: unlucky\nseed 3: ok, 1 s, 4 steps\n",
    ],
  );
  t.regex(err, /^simloop: 3 runs failed; the first:\n {2}FOLDER\/luck-of-seeds\.ts failed at 1 s with seed 0\n/);
  t.deepEqual(await cli("run", path, "--seeds", "3"), ok("seed 3: ok, 1 s, 4 steps\n"));
});

test("Command line: run --json prints each run as an object on a line", async (t) => {
  const path = await file("luck-in-json.ts", LUCK);
  const { code, out } = await cli("run", path, "--json", "--seeds", "2..3");
  const runs = out
    .trimEnd()
    .split("\n")
    .map((line) => JSON.parse(line.replaceAll(folder, "FOLDER")));
  const common = { scenario: "FOLDER/luck-in-json.ts", time: 1, steps: 4, output: "drawn\n", warnings: [] };
  t.is(code, 1);
  t.like(runs[0], {
    ...common,
    seed: 2,
    verdict: "failed",
    error: { message: "TypeError: unlucky", calls: ["main (FOLDER/luck-in-json.ts:5:38)"] },
  });
  t.like(runs[1], { ...common, seed: 3, verdict: "ok" });
  t.regex(runs[1].digest, /^[0-9a-f]{32}$/);
  const single = await cli("run", path, "--json", "--seed", "word");
  t.is(JSON.parse(single.out).seed, "word");
});

test("Command line: list, check and diff print JSON for programs", async (t) => {
  const scenarios = JSON.parse((await cli("list", "--json")).out);
  t.deepEqual(Object.keys(scenarios[0]), ["name", "about"]);
  const checked = (await cli("check", "create-task", "--runs", "2", "--seeds", "3..4", "--json")).out;
  t.deepEqual(
    checked
      .trimEnd()
      .split("\n")
      .map((line) => ({ ...JSON.parse(line), digest: "" })),
    [3, 4].map((seed) => ({ scenario: "create-task", seed, runs: 2, verdict: "same", digest: "" })),
  );
  const [a, b] = [join(folder, "json-a.jsonl"), join(folder, "json-b.jsonl")];
  await cli("run", "create-task", "--trace", a);
  await cli("run", "await-sequence", "--trace", b);
  t.is(JSON.parse((await cli("diff", a, a, "--json")).out).equal, true);
  const different = await cli("diff", a, b, "--json");
  t.deepEqual([different.code, JSON.parse(different.out).equal], [1, false]);
});

test("Command line: check --json says which run differs and how", async (t) => {
  const path = await file(
    "impure.ts",
    `let runs = 0;
export default defineScenario({ name: "i", about: "i", async *main() { print(++runs); } });`,
  );
  const { code, out, err } = await cli("check", path, "--json", "--seeds", "5..6");
  const { seed, runs, verdict, difference } = JSON.parse(out);
  t.deepEqual([code, seed, runs, verdict], [1, 5, 2, "different"]);
  t.regex(difference, /run 2/);
  t.is(err, "simloop: FOLDER/impure.ts is not deterministic with seed 5: run 2 differs from run 1\n");
});

test("Command line: --watch asks for a new start when a file of the scenario changes, also after a failure", async (t) => {
  await writeFile(join(folder, "watched-part.ts"), 'export const word = "watched";\n');
  const path = await file(
    "watched.ts",
    `import { word } from "./watched-part.ts";
export default defineScenario({ name: "w", about: "w", async *main() { print(word); throw new Error("no"); } });`,
  );
  const [stdout, stderr, watched] = [new Sink(), new Sink(), [] as string[]];
  const io = { stdout, stderr, watch: (files: readonly string[]) => watched.push(...files) };
  t.is(await simloop(["run", path, "--watch"], io), 0);
  t.is(stdout.text, "watched\n");
  t.regex(stderr.text, /failed at 0 s[\s\S]*\nwatching \d+ files; Ctrl-C ends it\n$/);
  t.true(
    [path, join(folder, "watched-part.ts")].every((one) => watched.includes(one)),
    watched.join(", "),
  );
  t.deepEqual(
    [await cli("run", "create-task", "--watch"), await cli("run", path, "--watch")],
    [
      failed(2, "--watch: expected the path of a scenario file, got 'create-task'"),
      failed(2, "--watch works only in a process of its own"),
    ],
  );
});

test("Command line: options for one run are refused for many", async (t) => {
  const refused = (name: string, other: string): Outcome =>
    failed(2, `--${name} prints a line for each run and nothing else; expected it without --${other}`);
  t.deepEqual(
    [
      await cli("run", "create-task", "--seeds", "0..1", "--stats"),
      await cli("run", "create-task", "--seeds", "0..1", "--seed", "1"),
      await cli("run", "create-task", "--json", "--trace", "x.jsonl"),
    ],
    [refused("seeds", "stats"), refused("seeds", "seed"), refused("json", "trace")],
  );
});

test("Command line: the process answers like the function", async (t) => {
  const main = fileURLToPath(new URL("./main.ts", import.meta.url));
  const run = (...argv: readonly string[]) =>
    promisify(execFile)(process.execPath, ["--conditions=simloop-source", "--import=tsx", main, ...argv]);
  const [good, bad] = await Promise.allSettled([run("run", "create-task"), run("zzz")]);
  t.like(good, { value: { stdout: "hello 15:29:41\nworld 15:29:41\nhello 15:29:42\nworld 15:29:42\n", stderr: "" } });
  t.like(bad, {
    reason: {
      code: 2,
      stdout: "",
      stderr: `simloop: unknown command 'zzz'; expected ${COMMANDS}; see simloop --help\n`,
    },
  });
});
