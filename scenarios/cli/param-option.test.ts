import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Writable } from "node:stream";
import test from "ava";
import { simloop } from "./cli.ts";

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

/** Calls what a message recommends, word by word. */
const callLine = (line: string): ReturnType<typeof call> =>
  call(...[...line.matchAll(/'([^']*)'|(\S+)/g)].slice(1).map(([, quoted, plain]) => quoted ?? plain ?? ""));

const directory = mkdtempSync(join(tmpdir(), "simloop-param-"));
test.after.always(() => rmSync(directory, { recursive: true, force: true }));

const fragile = join(directory, "fragile.mjs");
writeFileSync(
  fragile,
  `import { createTask, defineScenario, gather, print, random, sleep } from "simloop";
   export default defineScenario({ name: "fragile", about: "a test", parameters: { load: 1, mode: "calm", races: false },
     *main({ load, mode, races }) {
       let value = 0;
       function* add() { const seen = value; yield* sleep(0); value = seen + 1; }
       if (races) { yield* gather(createTask(add()), createTask(add())); if (value < 2) throw new Error("lost"); }
       yield* sleep(load);
       print(mode);
       if (load > 5 && random().uniform(0, 1) < 0.5) throw new Error("too much");
     } });`,
);

test.serial("--param: run, trace, stats, check and why take parameters", async (t) => {
  const given = ["--param", "load=3", "--param", "mode=a=b c"];
  t.deepEqual(await call("run", fragile, ...given), { code: 0, out: "a=b c\n", err: "" });
  t.regex((await call("run", fragile, "--seeds", "0..1", ...given)).out, /^seed 0: ok, 3 s, .*\nseed 1: ok, 3 s/);
  const trace = join(directory, "run.jsonl");
  t.is((await call("trace", fragile, ...given, "-o", trace)).code, 0);
  t.true(readFileSync(trace, "utf8").includes("a=b c"));
  t.is(JSON.parse((await call("stats", fragile, "--json", ...given)).out).time, 3);
  t.regex((await call("check", fragile, "--runs", "2", ...given)).out, /^2 runs, all the same/);
  t.is((await call("why", fragile, "2", ...given)).code, 0);
});

test.serial("--param: the command in a failure's report repeats the failure", async (t) => {
  const failed = await call("run", fragile, "--param", "load=6", "--param", "mode=it's", "--seeds", "0..9");
  const line = /to see it again: (.*)/.exec(failed.err)?.[1] ?? "";
  t.regex(line, /^simloop run \S+ --seed \d --param load=6 --param 'mode=it'\\''s'$/);
  const again = await callLine(line.replace("'mode=it'\\''s'", "mode=calm"));
  t.regex(again.err, /fragile\.mjs failed at 6 s with seed \d\n {2}Error: too much/);
});

test.serial("--param: explore and replay take parameters, and the replay command names them", async (t) => {
  const found = await call("explore", fragile, "--param", "races=true", "--runs", "20");
  const line = /replay with (.*)/.exec(found.err)?.[1] ?? "";
  t.regex(line, /^simloop replay --param races=true \S+ 's1:.*'$/);
  t.regex((await callLine(line)).err, /fails.*\n.*Error: lost/);
});

test.serial("--param: unknown parameters, those of another type, given twice, or for a recorded run", async (t) => {
  const trace = join(directory, "recorded.jsonl");
  await call("trace", fragile, "-o", trace);
  const bad: [argv: string[], message: string][] = [
    [["run", fragile, "--param", "lod=1"], "scenario fragile: unknown parameter 'lod'; did you mean 'load'?"],
    [["trace", fragile, "--param", "load=1,2"], "parameter load of fragile: expected a number, got '1,2'"],
    [["check", fragile, "--param", "races=1"], "parameter races of fragile: expected true or false, got '1'"],
    [
      ["run", fragile, "--param", "load=1", "--param", "load=2"],
      "--param: parameter load is given twice; see simloop run --help",
    ],
    [
      ["run", fragile, "--param", "load"],
      "--param: expected a parameter with its value, such as clients=10, got 'load'; see simloop run --help",
    ],
    [["stats", trace, "--param", "load=1"], `--seed, --param and --until are for runs; ${trace} is a recorded one`],
  ];
  for (const [argv, message] of bad) {
    t.deepEqual(await call(...argv), { code: 2, out: "", err: `simloop: ${message}\n` }, message);
  }
});

test.serial("--param: the commands that a failure of a Node program names have its option --node", async (t) => {
  const program = join(directory, "app.mjs");
  writeFileSync(program, "setTimeout(() => { throw new Error('boom'); }, 1000);");
  const { err } = await call("run", "--node", program, "--seed", "3");
  const line = /to see it again: (.*)/.exec(err)?.[1] ?? "";
  t.is(line, `simloop run --node ${program} --seed 3`);
  t.regex((await callLine(line)).err, /boom/);
  t.regex(
    (await call("run", "--node", program, "--param", "a=1")).err,
    /^simloop: scenario app: unknown parameter 'a'/,
  );
});
