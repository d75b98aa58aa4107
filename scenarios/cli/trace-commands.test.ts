import { existsSync } from "node:fs";
import { mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Writable } from "node:stream";
import test from "ava";
import { simloop } from "./cli.ts";
import { traceFormatNames } from "./trace-formats.ts";

/** A stream that keeps what it gets. */
class Sink extends Writable {
  text = "";
  onWrite: (text: string) => void = () => {};

  override _write(chunk: Buffer | string, _encoding: string, done: () => void): void {
    this.text += String(chunk);
    this.onWrite(String(chunk));
    done();
  }
}

interface Outcome {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

let folder: string;
const at = (name: string): string => join(folder, name);

/** What the command answers, with FOLDER for the directory of the files that a test wrote. */
async function cli(...argv: readonly string[]): Promise<Outcome> {
  const [stdout, stderr] = [new Sink(), new Sink()];
  const code = await simloop(argv, { stdout, stderr });
  const told = (text: string): string => text.replaceAll(folder, "FOLDER");
  return { code, out: told(stdout.text), err: told(stderr.text) };
}

const failed = (code: number, err: string, out = ""): Outcome => ({ code, out, err: `simloop: ${err}\n` });

/** Write a scenario file with this body of its main function; returns its path. */
async function scenario(name: string, body: string, before = ""): Promise<string> {
  const path = at(name);
  const imports = 'import { defineScenario, print, sleep } from "simloop";\n';
  await writeFile(
    path,
    `${imports}${before}
export default defineScenario({ name: "mine", about: "mine", async *main() { ${body} } });\n`,
  );
  return path;
}

test.before(async () => {
  folder = await mkdtemp(join(tmpdir(), "simloop-trace-"));
});
test.after.always(() => rm(folder, { recursive: true, force: true }));

test("Command line: trace shows a run as text, and nothing of what it prints besides", async (t) => {
  const { code, out, err } = await cli("trace", "create-task");
  t.deepEqual([code, err], [0, ""]);
  t.regex(out, /^simloop trace of create-task, [\s\S]*\n {2}1 {2}0 .* creates Task-1\n[\s\S]*\ndigest [0-9a-f]{32}\n$/);
});

test("Command line: a recorded trace is written in every format as the run itself is", async (t) => {
  const recorded = at("recorded.jsonl");
  await cli("trace", "await-sequence", "-o", recorded);
  for (const format of traceFormatNames.filter((name) => !["html", "pcapng"].includes(name))) {
    const direct = await cli("trace", "await-sequence", "--format", format);
    t.deepEqual([direct.code, direct.err, direct.out.length > 100], [0, "", true], format);
    t.deepEqual(await cli("trace", recorded, "--format", format), direct, format);
  }
});

test("Command line: equal runs give equal bytes in every format, also from a file", async (t) => {
  const recorded = at("recorded-equal.jsonl");
  await cli("trace", "tcp-server", "-o", recorded);
  for (const format of traceFormatNames) {
    const written: Buffer[] = [];
    for (const what of ["tcp-server", "tcp-server", recorded]) {
      const path = at(`equal.${format}`);
      t.deepEqual(await cli("trace", what, "--format", format, "-o", path), { code: 0, out: "", err: "" });
      written.push(await readFile(path));
    }
    const [first, second, third] = written as [Buffer, Buffer, Buffer];
    t.true(first.equals(second), format);
    // A page of a run has the lines of its source besides.
    t.true(format === "html" || first.equals(third), `${format} from a file`);
  }
});

test("Command line: the form of a trace follows from the ending of -o", async (t) => {
  for (const [ending, begin] of [
    [".txt", "simloop trace of"],
    [".jsonl", '{"format":"simloop-trace"'],
    [".trace.json", '{"displayTimeUnit"'],
    [".mmd", "sequenceDiagram"],
    [".svg", "<svg "],
    [".html", "<!doctype html>"],
  ] as const) {
    const path = at(`form${ending}`);
    t.deepEqual(await cli("trace", "create-task", "-o", path), { code: 0, out: "", err: "" });
    const text = await readFile(path, "utf8");
    t.true(text.replace(/^---[\s\S]*?---\n/, "").startsWith(begin), `${ending}: ${text.slice(0, 60)}`);
  }
});

test("Command line: the packets of a run are written as bytes", async (t) => {
  const path = at("packets.pcapng");
  t.deepEqual(await cli("trace", "tcp-server", "-o", path), { code: 0, out: "", err: "" });
  const bytes = await readFile(path);
  t.deepEqual([bytes.readUInt32LE(0).toString(16), bytes.includes("GET /block HTTP/1.1")], ["a0d0d0a", true]);
});

test("Command line: a capture of one link has its packets only; an unknown link is refused, and so are other forms", async (t) => {
  const [path, whole] = [at("one.pcapng"), at("all.pcapng")];
  t.deepEqual(await cli("trace", "dns-failover", "-o", whole), { code: 0, out: "", err: "" });
  t.deepEqual(await cli("trace", "dns-failover", "--link", "home:backup", "-o", path), { code: 0, out: "", err: "" });
  const [one, all] = [await readFile(path), await readFile(whole)];
  t.deepEqual(
    ["home–backup", "backup–home", "home–primary"].map((name) => one.includes(name)),
    [false, true, false],
  );
  t.true(one.length < all.length);
  const nowhere = await cli("trace", "dns-failover", "--link", "home:nobody", "-o", path);
  t.is(nowhere.code, 2);
  t.regex(
    nowhere.err,
    /^simloop: --link: no packet was sent on the link 'home:nobody'; packets were sent on .*home→backup/,
  );
  t.deepEqual(await readFile(path), one);
  t.deepEqual(
    await cli("trace", "dns-failover", "--link", "a:b"),
    failed(2, "--link is for captures; expected --format pcapng with it"),
  );
  t.regex((await cli("trace", "x", "--link", "home", "-o", path)).err, /expected two hosts separated by a colon/);
});

test("Command line: a capture is not written to a terminal", async (t) => {
  const terminal = Object.assign(new Sink(), { columns: 80 });
  const stderr = new Sink();
  t.is(await simloop(["trace", "tcp-server", "--format", "pcapng"], { stdout: terminal, stderr }), 2);
  t.is(terminal.text, "");
  t.regex(stderr.text, /write it to a file with -o run\.pcapng, or pipe it to one/);
});

test("Command line: a trace of some tasks, kinds and times has only those", async (t) => {
  const { out } = await cli("trace", "create-task", "--format", "jsonl", "--kinds", "print,end", "--from", "1");
  const kinds = out
    .trim()
    .split("\n")
    .slice(1, -1)
    .map((line) => JSON.parse(line).kind);
  t.deepEqual(kinds, ["print", "end", "print", "end", "end"]);
  const one = await cli("trace", "create-task", "--format", "jsonl", "--kinds", "print", "--tasks", "Task-2");
  t.deepEqual([one.code, one.out.split("\n").length], [0, 5]);
});

test("Command line: what a filter does not let through is not written while the run goes on, nor afterwards", async (t) => {
  const filter = ["--kinds", "print,end", "--tasks", "Task-2"];
  const streamed = at("streamed-part.jsonl");
  const { err } = await cli("run", "create-task", "--trace", streamed, ...filter);
  t.is(err, "");
  const { out } = await cli("trace", "create-task", "--format", "jsonl", ...filter);
  t.is(await readFile(streamed, "utf8"), out);
  t.is(out.split("\n").length, 6);
  const whole = at("whole-run.jsonl");
  await cli("trace", "create-task", "-o", whole);
  t.is((await cli("trace", whole, "--format", "jsonl", ...filter)).out, out);
});

test("Command line: a task that the run does not have is refused, and no file is written", async (t) => {
  const message =
    "--tasks: no task of the run is called nobody, nor 99; simloop trace create-task --kinds create shows the names";
  const tasks = ["--tasks", "Task-2,nobody,3,99"];
  const path = at("nobody.jsonl");
  t.deepEqual(await cli("trace", "create-task", ...tasks), failed(2, message));
  t.deepEqual(await cli("trace", "create-task", ...tasks, "-o", path), failed(2, message));
  t.deepEqual(await cli("run", "create-task", ...tasks, "--trace", path), {
    ...failed(2, message),
    out: "hello 15:29:41\nworld 15:29:41\nhello 15:29:42\nworld 15:29:42\n",
  });
  t.deepEqual(await cli("trace", path), failed(2, "no such trace file: FOLDER/nobody.jsonl"));
  const whole = at("somebody.jsonl");
  await cli("trace", "create-task", "-o", whole);
  t.deepEqual(
    await cli("trace", whole, ...tasks),
    failed(2, message.replace("trace create-task", "trace FOLDER/somebody.jsonl")),
  );
});

test("Command line: a page shows the lines of the source that create tasks", async (t) => {
  const path = await scenario(
    "sourced.ts",
    "yield* createTask(child());",
    'import { createTask } from "simloop";\nasync function* child() {}',
  );
  const { out } = await cli("trace", path, "--format", "html");
  const [, options = ""] = /id="page-options">(.*?)<\/script>/.exec(out) ?? [];
  t.deepEqual(JSON.parse(options).sources, { "sourced.ts": await readFile(path, "utf8") });
});

test("Command line: the trace of a run that fails is written, and the failure reported", async (t) => {
  const path = await scenario("fails.ts", 'yield* sleep(1); throw new Error("no more");');
  const trace = at("fails.jsonl");
  const { code, err } = await cli("trace", path, "-o", trace);
  t.is(code, 1);
  t.regex(err, /^simloop: FOLDER\/fails\.ts failed at 1 s with seed 0\n {2}Error: no more\n/);
  t.regex(await readFile(trace, "utf8"), /"failed"[\s\S]*\n\{"records":\d+,"digest":"[0-9a-f]{32}"\}\n$/);
});

test("Command line: a trace that grows while the run goes on is whole at the end, or not there", async (t) => {
  const path = await scenario(
    "endless.ts",
    "for (let i = 0; ; i++) { if (i % 5000 === 0) print(i); yield* sleep(1); }",
  );
  const interruption = new AbortController();
  const trace = join(await mkdtemp(join(folder, "endless-")), "endless.jsonl");
  const stdout = new Sink();
  stdout.onWrite = (text) => {
    if (text.includes("5000")) {
      interruption.abort();
    }
  };
  const code = await simloop(["run", path, "--trace", trace], {
    stdout,
    stderr: new Sink(),
    signal: interruption.signal,
  });
  t.deepEqual([code, await readdir(join(trace, ".."))], [130, []]);
});

test("Command line: a file that is not a whole trace is refused with the line", async (t) => {
  const whole = at("whole.jsonl");
  await cli("trace", "create-task", "-o", whole);
  const lines = (await readFile(whole, "utf8")).split("\n");
  const says = async (name: string, text: string): Promise<Outcome> => {
    await writeFile(at(name), text);
    return await cli("trace", at(name), "-o", at("unwritten.svg"));
  };
  t.regex(
    (await says("cut.jsonl", lines.slice(0, 5).join("\n"))).err,
    /cut\.jsonl: line 6: expected more records or the last line/,
  );
  t.regex(
    (await says("torn.jsonl", lines.join("\n").slice(0, 300))).err,
    /torn\.jsonl: line \d: expected a record as a JSON object/,
  );
  t.regex((await says("foreign.jsonl", '{"a":1}\n')).err, /foreign\.jsonl: line 1: expected the header of a trace/);
  t.regex(
    (await says("empty.jsonl", "")).err,
    /empty\.jsonl: line 1: expected the header of a simloop-trace, got an empty file/,
  );
  t.regex(
    (await says("future.jsonl", lines.join("\n").replace('"version":1', '"version":99'))).err,
    /line 1: the trace has format version 99/,
  );
  t.is((await says("future.jsonl", "x")).code, 1);
  t.regex(
    (await says("gap.jsonl", [...lines.slice(0, 4), ...lines.slice(5)].join("\n"))).err,
    /line 34: expected "records" to be 32, the number of records before this line; got 33/,
  );
  await writeFile(
    at("bytes.jsonl"),
    Buffer.concat([Buffer.from(lines.slice(0, 3).join("\n")), Buffer.from([10, 0xff])]),
  );
  t.regex((await cli("trace", at("bytes.jsonl"))).err, /bytes\.jsonl: line 4: expected UTF-8/);
  const endless = await says("endless-line.jsonl", "x".repeat(5_000_000));
  t.regex(endless.err, /line 1: expected the header of a simloop-trace as a JSON object, got x{60}…\n$/);
  t.false((await readdir(folder)).includes("unwritten.svg"));
});

test("Command line: Windows newlines and a byte order mark do no harm", async (t) => {
  const plain = at("plain.jsonl");
  await cli("trace", "create-task", "-o", plain);
  const text = await readFile(plain, "utf8");
  for (const other of [text.replaceAll("\n", "\r\n"), `\ufeff${text}`]) {
    await writeFile(at("other.jsonl"), other);
    t.deepEqual(await cli("trace", at("other.jsonl"), "--format", "jsonl"), { code: 0, out: text, err: "" });
  }
});

test("Command line: an output that is the file that is read is refused, and the file stays", async (t) => {
  const path = at("both-ways.jsonl");
  await cli("trace", "create-task", "-o", path);
  const before = await readFile(path, "utf8");
  const message = "-o FOLDER/both-ways.jsonl is the file that is read; expected another one";
  t.deepEqual(await cli("trace", path, "--kinds", "print", "-o", path), failed(2, message));
  t.deepEqual(await cli("diff", path, path, "-o", path), failed(2, message));
  t.deepEqual(await cli("stats", path, "-o", path), failed(2, message));
  t.is(await readFile(path, "utf8"), before);
});

test("Command line: wrong usage of the commands for traces is answered in a line", async (t) => {
  t.deepEqual(
    await cli("trace", "create-task", "-o", at("x.log")),
    failed(
      2,
      "-o FOLDER/x.log: the format follows from an ending of .txt, .jsonl, .json, .mmd, .svg, .html, .speedscope.json, .otlp.json, .shiviz.log, .pcapng; " +
        `for another file, add --format ${traceFormatNames.join("|")}`,
    ),
  );
  t.deepEqual(
    await cli("run", "create-task", "--kinds", "print"),
    failed(2, "--kinds, --tasks, --from and --to keep a part of a trace; expected --trace <file> with them"),
  );
  t.deepEqual(
    await cli("stats", "create-task", "-o", at("x.png")),
    failed(2, "-o FOLDER/x.png: the pictures are SVG; expected a name that ends with .svg"),
  );
  t.deepEqual(
    await cli("diff", at("a.jsonl"), at("b.jsonl"), "-o", at("x.svg")),
    failed(2, "-o FOLDER/x.svg: the page is HTML; expected a name that ends with .html"),
  );
  t.deepEqual(await cli("trace", at("absent.jsonl")), failed(2, "no such trace file: FOLDER/absent.jsonl"));
  t.regex(
    (await cli("trace", "create-task", "--kinds", "prnt")).err,
    /^simloop: --kinds: unknown kind 'prnt'; did you mean 'print'\? [^\n]+\n$/,
  );
  t.is((await cli("trace", "create-task", "--kinds", "prnt")).code, 2);
  t.deepEqual(
    await cli("trace", "create-task", "--from", "2", "--to", "1"),
    failed(2, "--from 2 is later than --to 1; expected the earlier time first"),
  );
  t.regex((await cli("check", "create-task", "--runs", "1")).err, /--runs: expected an integer of at least 2, got '1'/);
  t.regex(
    (await cli("trace", at("absent.jsonl"), "--seed", "1")).err,
    /--seed, --param and --until are for runs; FOLDER\/absent\.jsonl is a recorded one/,
  );
  t.deepEqual(
    await cli("trace", "create-task", "-o", at("no/such/x.svg")),
    failed(1, "cannot write FOLDER/no/such/x.svg: ENOENT: no such file or directory"),
  );
});

test("Command line: a full disk is reported, and leaves no file that looks whole", async (t) => {
  t.deepEqual(
    await cli("trace", "tcp-server", "--format", "jsonl", "-o", "/dev/full"),
    failed(1, "cannot write /dev/full: ENOSPC: no space left on device"),
  );
  const { code, err } = await cli("run", "create-task", "--trace", "/dev/full", "--format", "jsonl");
  t.deepEqual([code, err], [1, "simloop: cannot write /dev/full: ENOSPC: no space left on device\n"]);
  for (const [command, ...options] of [["stats"], ["trace", "--format", "html"]] as const) {
    const failure = await cli(command, "create-task", ...options, "-o", "/dev/full");
    t.deepEqual([failure.code, failure.err], [1, "simloop: cannot write /dev/full: ENOSPC: no space left on device\n"]);
  }
});

test("Command line: an unknown format is answered with the list", async (t) => {
  for (const command of ["trace", "run"]) {
    const { code, err } = await cli(command, "create-task", "--format", "nope");
    t.is(code, 2);
    t.true(
      err.includes("expected text, jsonl, chrome, mermaid, gantt, svg, html, speedscope, otlp, shiviz or pcapng"),
      err,
    );
  }
});

test("Command line: diff shows where two traces differ first, on the page as well; equal ones are exit code 0", async (t) => {
  const [a, b, page] = [at("a.jsonl"), at("b.jsonl"), at("both.html")];
  await cli("trace", await scenario("a.ts", 'yield* sleep(1); print("one");'), "-o", a);
  await cli("trace", await scenario("b.ts", 'yield* sleep(1); print("two");'), "-o", b);
  const { code, out, err } = await cli("diff", a, b, "-o", page);
  t.deepEqual([code, err], [1, "simloop: FOLDER/a.jsonl and FOLDER/b.jsonl differ\n"]);
  t.regex(out, /\n- +\d+ {2}1 s {2}Task-1 prints "one"\n[\s\S]*\n\+ +\d+ {2}1 s {2}Task-1 prints "two"\n/);
  t.regex(await readFile(page, "utf8"), /id="other-run"/);
  t.deepEqual(await cli("diff", a, a), {
    code: 0,
    out: "FOLDER/a.jsonl and FOLDER/a.jsonl have the same events\n",
    err: "",
  });
});

test("Command line: check finds that a scenario is the same run each time, in processes of their own as well", async (t) => {
  const { code, out, err } = await cli("check", "create-task", "--runs", "3");
  t.deepEqual([code, err], [0, ""]);
  t.regex(out, /^3 runs, all the same: [0-9a-f]{32}\n$/);
  const fresh = await cli("check", "create-task", "--runs", "2", "--processes");
  t.deepEqual([fresh.code, fresh.err], [0, ""]);
  t.is(fresh.out.replace("2 runs in processes of their own", "3 runs"), out);
});

test("Command line: check finds a scenario that keeps something from run to run", async (t) => {
  const path = await scenario("impure.ts", 'runs++; print(runs > 3 ? "late" : "early");', "let runs = 0;");
  const { code, out, err } = await cli("check", path);
  t.deepEqual([code, err], [1, "simloop: FOLDER/impure.ts is not deterministic: run 4 differs from run 1\n"]);
  t.regex(out, /\n- +\d+ {2}0 s {2}Task-1 prints "early"\n[\s\S]*\+ +\d+ {2}0 s {2}Task-1 prints "late"\n/);
});

test("Command line: check --processes finds what differs between processes only", async (t) => {
  const path = await scenario("process.ts", "print(pid);", 'import { pid } from "node:process";');
  t.is((await cli("check", path, "--runs", "2")).code, 0);
  const { code, err } = await cli("check", path, "--runs", "2", "--processes");
  t.deepEqual([code, err], [1, "simloop: FOLDER/process.ts is not deterministic: run 2 differs from run 1\n"]);
});

test("Command line: check reports that each run failed alike", async (t) => {
  const { code, out, err } = await cli(
    "check",
    await scenario("alike.ts", 'throw new Error("always");'),
    "--runs",
    "2",
  );
  t.is(code, 1);
  t.regex(out, /^2 runs, all the same: /);
  t.regex(err, /^simloop: each run failed: FOLDER\/alike\.ts failed at 0 s/);
});

test("Command line: stats shows the numbers of a run as tables, as JSON and as pictures", async (t) => {
  const picture = at("stats.svg");
  await cli("stats", "create-task", "-o", picture);
  const { code, out, err } = await cli("stats", "create-task");
  t.deepEqual([code, err], [0, ""]);
  t.regex(out, /^\d+ events in 1 s\n[\s\S]*\nwaits for +count +total +p50 +p90 +p99 +max\n/);
  t.regex(await readFile(picture, "utf8"), /^<svg [\s\S]*waits for sleep[\s\S]*<\/svg>\n$/);
  const json = JSON.parse((await cli("stats", "create-task", "--json")).out);
  t.deepEqual([json.time, json.tasks.length], [1, 3]);
});

test("Command line: - is the standard output, and nothing else goes there", async (t) => {
  const svg = await cli("trace", "create-task", "--format", "svg");
  t.deepEqual(await cli("trace", "create-task", "--format", "svg", "-o", "-"), svg);
  t.deepEqual(await cli("trace", "create-task", "-o", "-"), await cli("trace", "create-task"));
  const jsonl = await cli("trace", "create-task", "--format", "jsonl");
  t.deepEqual(await cli("run", "create-task", "--trace", "-", "--format", "jsonl"), jsonl);
  t.regex((await cli("run", "create-task", "--trace", "-")).out, /^simloop trace of create-task/);
  t.regex((await cli("stats", "create-task", "-o", "-")).out, /^<svg [\s\S]*<\/svg>\n$/);
  const path = at("minus.jsonl");
  await cli("trace", "create-task", "-o", path);
  t.regex((await cli("diff", path, path, "-o", "-")).out, /^<!doctype html>[\s\S]*<\/html>\n$/);
  t.deepEqual(
    await cli("stats", "create-task", "--json", "-o", "-"),
    failed(2, "--json and -o - both write to the standard output; expected one of them"),
  );
  t.deepEqual(
    (await readdir(".")).filter((name) => name === "-"),
    [],
  );
});

test("Command line: stats -o writes the pictures only", async (t) => {
  const path = at("stats-only.svg");
  t.deepEqual(await cli("stats", "create-task", "-o", path), { code: 0, out: "", err: "" });
  t.regex(await readFile(path, "utf8"), /^<svg /);
  t.regex((await cli("stats", "create-task", "--json", "-o", path)).out, /^\{\n {2}"time"/);
});

(existsSync("/dev/full") ? test : test.skip)(
  "Command line: where the run failed and its trace cannot be written, both are reported, and the code is 1",
  async (t) => {
    const broken = await scenario("broken-twice.ts", 'throw new Error("first");');
    for (const [command, option, format] of [
      ["trace", "-o", "jsonl"],
      ["trace", "-o", "text"],
      ["run", "--trace", "jsonl"],
      ["run", "--trace", "text"],
    ] as const) {
      const { code, err } = await cli(command, broken, option, "/dev/full", "--format", format);
      t.is(code, 1);
      t.regex(
        err,
        /^simloop: .*broken-twice\.ts failed at 0 s[\s\S]*Error: first[\s\S]*\nsimloop: cannot write \/dev\/full: ENOSPC/,
      );
    }
    const stream = await cli("trace", broken, "--tasks", "nobody", "-o", at("never.jsonl"));
    t.is(stream.code, 2, "wrong usage, found after the run had failed");
    t.regex(stream.err, /Error: first[\s\S]*\nsimloop: --tasks: /);
  },
);

test("Command line: a failing order makes a page with both runs, the error, the token, the command and the sources", async (t) => {
  const [found, again] = [at("found.html"), at("again.html")];
  const { code, out } = await cli("explore", "cache-stampede", "-o", found);
  t.is(code, 1);
  const token = /replay token: (\S+)/.exec(out)?.[1] ?? "";
  t.is((await cli("replay", "cache-stampede", token, "-o", again)).code, 1);
  const page = await readFile(found, "utf8");
  t.is(await readFile(again, "utf8"), page, "equal runs give equal pages");
  const data = (id: string): string => new RegExp(`id="${id}">(.*)</script>`).exec(page)?.[1] ?? "";
  const { names, failure, sources } = JSON.parse(data("page-options"));
  t.deepEqual(names, ["default schedule", "failing schedule"]);
  t.regex(failure.error, /^failed: error at 0 s[\s\S]*stampede: the page was made 2 times$/);
  t.is(failure.token, token);
  t.is(failure.command, `simloop replay cache-stampede '${token}'`);
  t.deepEqual(Object.keys(sources), ["cache-stampede.ts"]);
  const [{ text, records }] = failure.marks;
  t.regex(text, /^first#3 waits until second#5 has run/);
  t.true(records[0] < records[1], "the held step comes later in the failing run");
  t.true(data("run") !== "" && data("other-run") !== "");
});

test("Command line: replay --trace writes the trace of the failing order; an order that passes makes a page, too", async (t) => {
  const token = "s1:first#3>second#5";
  const { code, out } = await cli("replay", "cache-stampede", token, "--trace", "-");
  t.is(code, 1);
  t.regex(out, /^simloop trace of cache-stampede/);
  const page = at("passes.html");
  t.is((await cli("replay", "cache-stampede", "s1:", "-o", page)).code, 0);
  t.regex(await readFile(page, "utf8"), /this schedule does not fail/);
});

test("Command line: check -o writes a page where runs differ; run --page-on-failure where the run fails", async (t) => {
  const counter = await scenario("counter.ts", "print(count++);", "let count = 0;\n");
  const [checked, failing] = [at("checked.html"), at("failing.html")];
  t.is((await cli("check", counter, "--runs", "3", "-o", checked)).code, 1);
  t.regex(
    await readFile(checked, "utf8"),
    /"names":\["run 1","run 2"\].*is not deterministic with seed 0: run 2 differs from run 1/,
  );
  t.is((await cli("check", "create-task", "--runs", "2", "-o", at("same.html"))).code, 0);
  const broken = await scenario("page-fails.ts", 'yield* sleep(1); print("so far"); throw new Error("broken");');
  t.is((await cli("run", broken, "--page-on-failure", failing)).code, 1);
  const page = await readFile(failing, "utf8");
  t.regex(page, /"error":"[^"]*page-fails\.ts failed at 1 s with seed 0[^"]*Error: broken/);
  t.regex(page, /"command":"simloop run [^"]*fails\.ts --seed 0"/);
  t.deepEqual((await readdir(folder)).includes("same.html"), false);
});

test("Command line: a page of two recorded runs has the lines of their source", async (t) => {
  const path = await scenario(
    "shown.ts",
    "yield* createTask(nap());",
    'import { createTask } from "simloop";\nasync function* nap() { yield* sleep(1); }\n',
  );
  const [a, b, page] = [at("shown-a.jsonl"), at("shown-b.jsonl"), at("shown.html")];
  await cli("trace", path, "-o", a);
  await cli("trace", path, "--seed", "2", "-o", b);
  await cli("diff", a, b, "-o", page);
  t.regex(await readFile(page, "utf8"), /"sources":\{"shown\.ts":"/);
});

test("Command line: why shows the critical path of an event, as a table and as JSON", async (t) => {
  const path = at("why.jsonl");
  await cli("trace", "create-task", "-o", path);
  const last =
    (await readFile(path, "utf8"))
      .split("\n")
      .filter((line) => line.includes('"kind":"print"'))
      .at(-1) ?? "";
  const seq = String(JSON.parse(last).seq);
  const { code, out } = await cli("why", path, seq);
  t.is(code, 0);
  t.regex(out, /^event +time +after +what[\s\S]*prints "[^\n]*\n\nspent on +times +total\nsleep of [^\n]* 1 s\n$/);
  t.deepEqual(await cli("why", "create-task", seq), { code, out, err: "" });
  t.is(JSON.parse((await cli("why", path, seq, "--json")).out).steps.at(-1).seq, Number(seq));
  t.regex((await cli("why", path, "99999")).err, /^simloop: the trace has no event 99999; its events are 1 to \d+\n$/);
});

test("Command line: salvage keeps the events of a truncated trace, and says where it ends", async (t) => {
  const [whole, broken, saved] = [at("salvage.jsonl"), at("salvage-broken.jsonl"), at("salvage-saved.jsonl")];
  await cli("trace", "create-task", "-o", whole);
  const text = await readFile(whole, "utf8");
  await writeFile(broken, text.slice(0, text.length / 2));
  t.is((await cli("trace", broken)).code, 1);
  const { code, err } = await cli("salvage", broken, "-o", saved);
  t.is(code, 0);
  t.regex(err, /^saved \d+ events of FOLDER\/salvage-broken\.jsonl; line \d+: expected /);
  t.is((await cli("trace", saved)).code, 0);
  t.regex((await cli("salvage", whole, "-o", saved)).err, /^FOLDER\/salvage\.jsonl is whole: \d+ events\n$/);
  t.is(await readFile(saved, "utf8"), text);
});
