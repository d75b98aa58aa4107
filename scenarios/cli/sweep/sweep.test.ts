import { appendFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import process from "node:process";
import { Writable } from "node:stream";
import test from "ava";
import { simloop } from "../cli.ts";
import { parseShard } from "./option-values.ts";
import { ProcessWorker } from "./process-worker.ts";

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

const folder = mkdtempSync(join(tmpdir(), "simloop-sweep-"));
test.after.always(() => rmSync(folder, { recursive: true, force: true }));

const inFolder = (name: string): string => join(folder, name);

/** Writes a scenario, and returns its path. */
function scenario(name: string, body: string): string {
  const path = inFolder(`${name}.mjs`);
  const head = 'import { defineScenario, getRunningLoop, random, sleep } from "simloop";\n';
  writeFileSync(path, `${head}export default defineScenario({ name: "${name}", about: "a test", ${body} });\n`);
  return path;
}

const unlucky = scenario(
  "unlucky",
  'parameters: { odds: 0.02, mode: "calm", loud: false }, *main({ odds }) { yield* sleep(random().uniform(1, 2));' +
    ' if (random().uniform(0, 1) < odds) throw new Error("seat " + random().integer(1, 99)); return 1; }',
);

test.serial(
  "simloop sweep: finds the failing seeds of the canary, and names the command that repeats the first",
  async (t) => {
    const { code, out, err } = await call("sweep", "canary", "--seeds", "7780..7840", "--workers", "1");
    t.is(code, 1);
    t.regex(
      out,
      /^failed: 61 runs, 1 failed in 1 way, about 61 distinct\n\n1 × Error: gas in the mine\n {2}at main \(canary\.ts:\d+:\d+\)\n {2}first: simloop run canary --seed 7832 /,
    );
    t.regex(err, /^simloop: canary fails in 1 of 61 runs; to see one again: simloop run canary --seed 7832\n$/);
  },
);

test.serial(
  "simloop sweep: the report is equal, to the byte, for any number of workers, and with results kept or not",
  async (t) => {
    const args = ["sweep", unlucky, "--seeds", "0..499", "--param", "odds=0.01,0.02", "--json"];
    const [one, three] = await Promise.all([
      call(...args, "--workers", "1", "--results", inFolder("one.jsonl")),
      call(...args, "--workers", "3"),
    ]);
    t.is(one.out, three.out);
    const report = JSON.parse(one.out);
    t.deepEqual([report.runs, report.planned, report.settings.length, report.verdict], [1000, 1000, 2, "failed"]);
    t.is((await call("results", inFolder("one.jsonl"), "--json")).out, one.out);
  },
);

test.serial(
  "simloop sweep: goes on with --resume after the end of a file was lost, and keeps damaged lines aside",
  async (t) => {
    const args = ["sweep", unlucky, "--seeds", "0..199", "--workers", "1", "--json"];
    const store = inFolder("resumed.jsonl");
    const whole = await call(...args, "--results", store);
    const lines = readFileSync(store, "utf8").split("\n");
    writeFileSync(store, `${lines.slice(0, 3).join("\n")}\nnot JSON\n${lines[3]?.slice(0, 40)}`);
    const refused = await call(...args, "--results", store);
    t.deepEqual(refused, {
      code: 2,
      out: "",
      err: `simloop: ${store} holds results already; pass --resume to go on with them, or name another file\n`,
    });
    const resumed = await call(...args, "--results", store, "--resume");
    t.is(resumed.out, whole.out);
    t.true(resumed.err.includes(`${store} has 2 damaged lines, kept in ${store}.damaged; their runs are made again\n`));
    t.is(readFileSync(`${store}.damaged`, "utf8"), `${lines[3]?.slice(0, 40)}\nnot JSON\n`);
  },
);

test.serial("simloop sweep: a store of another campaign is refused, with the difference", async (t) => {
  const store = inFolder("other.jsonl");
  await call("sweep", unlucky, "--seeds", "0..9", "--workers", "1", "--results", store);
  const { code, err } = await call(
    "sweep",
    unlucky,
    "--seeds",
    "0..19",
    "--workers",
    "1",
    "--results",
    store,
    "--resume",
  );
  t.is(code, 2);
  t.is(err, `simloop: ${store} belongs to another campaign: other seeds: {"from":0,"to":9}; name another file\n`);
});

test.serial("simloop sweep: shards add up to the whole", async (t) => {
  const args = ["sweep", unlucky, "--seeds", "0..99", "--workers", "1"];
  const [first, second] = [inFolder("first.jsonl"), inFolder("second.jsonl")];
  const [, , whole] = await Promise.all([
    call(...args, "--shard", "1/2", "--results", first),
    call(...args, "--shard", "2/2", "--results", second),
    call(...args, "--json"),
  ]);
  t.is(JSON.parse((await call("results", second, first, "--json")).out).digest, JSON.parse(whole.out).digest);
});

test.serial(
  "simloop sweep: a run that ends its process, and one that never ends, are lost, and no other",
  async (t) => {
    const path = scenario(
      "deadly",
      "*main() { const seat = random().integer(1, 1e9); yield* sleep(1); " +
        "if (globalThis.process.argv.length > 0 && seat % 10 === 3) globalThis.process.kill(globalThis.process.pid, 'SIGKILL');" +
        " if (seat % 10 === 4) for (;;); return seat % 10; }",
    );
    const { code, out } = await call("sweep", path, "--seeds", "7..10", "--workers", "1", "--run-time", "2s", "--json");
    const { runs, lost, settings } = JSON.parse(out);
    t.deepEqual(
      { code, runs, lost, returned: settings[0].metrics["value.value"].n },
      {
        code: 1,
        runs: 2,
        lost: [
          { setting: 0, seed: 8, reason: "crash" },
          { setting: 0, seed: 9, reason: "slow" },
        ],
        returned: 2,
      },
    );
  },
);

test.serial("ProcessWorker: a job whose process is killed again and again is done all the same", async (t) => {
  const plan = { called: unlucky, settings: [{}], until: undefined, exploreRuns: undefined };
  let kills = 0;
  const worker = new ProcessWorker({
    plan,
    runTime: 600,
    onStart: (pid) => {
      if (kills++ < 2) {
        process.kill(pid, "SIGKILL");
      }
    },
  });
  const undisturbed = new ProcessWorker({ plan, runTime: 600 });
  const job = { setting: 0, from: 0, to: 99 };
  t.deepEqual(await worker.run(job), await undisturbed.run(job));
  t.is(kills, 3);
  worker.close();
  undisturbed.close();
});

test.serial("ProcessWorker: runs are not to blame for a process that is killed before the first", async (t) => {
  const plan = { called: unlucky, settings: [{}], until: undefined, exploreRuns: undefined };
  let kills = 0;
  const worker = new ProcessWorker({
    plan,
    runTime: 600,
    onStart: (pid) => {
      if (kills++ < 6) {
        process.kill(pid, "SIGKILL");
      }
    },
  });
  const { runs, lost } = await worker.run({ setting: 0, from: 0, to: 9 });
  worker.close();
  t.deepEqual({ runs, lost, kills }, { runs: 10, lost: [], kills: 7 });
});

test.serial("simloop sweep: a scenario that ends its process while it is loaded is said in a line", async (t) => {
  const path = inFolder("ends.mjs");
  const body = "export default defineScenario({ name: 'ends', about: 'a test', *main() {} });";
  // Only in a worker process, which has a channel.
  writeFileSync(
    path,
    `import { defineScenario } from "simloop"; if (process.send) process.kill(process.pid, "SIGKILL"); ${body}`,
  );
  const worker = new ProcessWorker({ plan: { called: path, settings: [{}] }, runTime: 600 });
  const error = await t.throwsAsync(worker.run({ setting: 0, from: 0, to: 9 }));
  worker.close();
  t.is(error?.message, `${path} cannot be run: its process ends, again and again, while it is loaded`);
});

test.serial("simloop sweep: bad input is refused with a line that says what was expected", async (t) => {
  const bad: [args: string[], message: string][] = [
    [["canary"], "missing option --seeds <range>; see simloop sweep --help"],
    [
      ["canary", "--seeds", "9..1"],
      "--seeds: the first seed comes after the last; did you mean 1..9? See simloop sweep --help",
    ],
    [["canary", "--seeds", "0..9", "--param", "x=1"], "scenario canary: unknown parameter 'x'"],
    [
      [unlucky, "--seeds", "0..9", "--param", "odd=1"],
      "scenario unlucky: unknown parameter 'odd'; did you mean 'odds'?",
    ],
    [[unlucky, "--seeds", "0..9", "--param", "odds=much"], "parameter odds of unlucky: expected a number, got 'much'"],
    [
      [unlucky, "--seeds", "0..9", "--param", "loud=yes"],
      "parameter loud of unlucky: expected true or false, got 'yes'",
    ],
    [["canary", "--seeds", "0..9", "--shard", "20/30"], "shard 20/30 has no seeds: there are only 10"],
    [["canary", "--seeds", "0..9", "--resume"], "--resume needs --results, the file to go on with"],
  ];
  for (const [args, message] of bad) {
    t.deepEqual(await call("sweep", ...args), { code: 2, out: "", err: `simloop: ${message}\n` }, message);
  }
});

test("--shard: takes its part from the arrays of batch systems", (t) => {
  t.deepEqual(parseShard("2/8", {}), { index: 2, of: 8 });
  t.deepEqual(parseShard("auto/8", { JOB_COMPLETION_INDEX: "0" }), { index: 1, of: 8 });
  const slurm = { SLURM_ARRAY_TASK_ID: "7", SLURM_ARRAY_TASK_MIN: "5", SLURM_ARRAY_TASK_COUNT: "4" };
  t.deepEqual(parseShard("auto", slurm), { index: 3, of: 4 });
  t.deepEqual(parseShard("auto", { AWS_BATCH_JOB_ARRAY_INDEX: "3", AWS_BATCH_JOB_ARRAY_SIZE: "4" }), {
    index: 4,
    of: 4,
  });
  t.deepEqual(parseShard("auto", { STRATEGY_JOB_INDEX: "1", STRATEGY_JOB_TOTAL: "2" }), { index: 2, of: 2 });
  t.throws(() => parseShard("auto/2", { JOB_COMPLETION_INDEX: "2" }), { message: /^Expected i\/n/ });
  t.throws(() => parseShard("auto", { JOB_COMPLETION_INDEX: "2" }), { message: /does not say how many parts/ });
  t.throws(() => parseShard("auto/2", {}), { message: /^None of JOB_COMPLETION_INDEX/ });
  t.throws(() => parseShard("0/2", {}), { message: /^Expected i\/n/ });
});

test.serial("simloop sweep: a store that is cut within its first line is not taken for one", async (t) => {
  const store = inFolder("cut.jsonl");
  appendFileSync(store, '{"format":"simloop-sw');
  const { code, err } = await call("results", store);
  t.is(code, 1);
  t.is(err, `simloop: ${store} is not a store of sweep results: its first line is ""\n`);
});

const faulty = scenario(
  "faulty",
  "network: { hosts: { a: {}, b: {} } }, parameters: { clients: 1 }, *main({ clients }) { const { network } = getRunningLoop();" +
    ' network.faults.schedule({ faults: [{ fault: "pause", at: 1, until: 2, host: "a" }, { fault: "crash", at: 3, until: 4, host: "b" }] });' +
    ' yield* sleep(3.5); if (clients > 4 && network.get("b").state === "down") throw new Error("lost"); }',
);

test.serial("simloop sweep: the command of a shrunk failure repeats it, and its page has the trace", async (t) => {
  const [store, html] = [inFolder("faulty.jsonl"), inFolder("faulty.html")];
  const args = ["sweep", faulty, "--seeds", "0..1", "--param", "clients=4,64", "--workers", "1"];
  const { out } = await call(...args, "--results", store, "--html", html);
  const line = /\n {2}shrunk: (.*) \(\d+ steps, 3.5 s\)/.exec(out)?.[1] ?? "";
  t.is(line, `simloop run ${faulty} --seed 0 --param clients=5 --only-faults 2`);
  const again = await call(...line.split(" ").slice(1));
  t.regex(again.err, /Error: lost\n/);
  t.true(again.err.includes(`to see it again: ${line}\n`));
  t.is((await call("run", faulty, "--param", "clients=5", "--only-faults", "none")).code, 0);
  const page = readFileSync(html, "utf8");
  t.regex(page, /<a href="faulty-failure-1\.html">Its trace<\/a>/);
  t.regex(page, /<h3>steps<\/h3>\n<svg [\s\S]*<h2>Longest runs<\/h2>/);
  t.notRegex(page, /<(?:script|link|img)|https?:/);
  t.true(
    readFileSync(inFolder("faulty-failure-1.html"), "utf8").includes(
      `${line.replace(/ --only.*/, "")} --only-faults 2`,
    ),
  );
  t.is((await call("results", store)).out, out);
  t.is((await call(...args, "--results", store, "--resume")).out, out);
});

test.serial("simloop sweep --explore: the replay command of a failure repeats it", async (t) => {
  const { out } = await call("sweep", "lost-update", "--seeds", "3..4", "--explore", "30", "--workers", "1");
  const line = /first: (simloop replay .*) \(/.exec(out)?.[1] ?? "";
  const words = [...line.matchAll(/'([^']*)'|(\S+)/g)].map(([, quoted, plain]) => quoted ?? plain ?? "");
  t.regex((await call(...words.slice(1))).err, /lost-update fails/);
  t.regex(out, /^failed: 2 runs, 2 failed in 1 way/);
});

test.serial(
  "simloop sweep --json: progress lines have the rate, the runs, the failures and the distinct traces",
  async (t) => {
    const { err } = await call("sweep", unlucky, "--seeds", "0..199", "--workers", "1", "--json");
    const { progress } = JSON.parse(err.split("\n", 1)[0]!);
    t.deepEqual(Object.keys(progress), ["runs", "planned", "runsPerSecond", "secondsLeft", "distinct", "failures"]);
  },
);
