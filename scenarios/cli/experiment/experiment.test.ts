import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Writable } from "node:stream";
import test from "ava";
import { simloop } from "../cli.ts";

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

const directory = mkdtempSync(join(tmpdir(), "simloop-experiment-"));
test.after.always(() => rmSync(directory, { recursive: true, force: true }));

/** Writes a module, and returns its path. */
function moduleFile(name: string, text: string): string {
  const path = join(directory, `${name}.mjs`);
  writeFileSync(path, text);
  return path;
}

const bank = moduleFile(
  "bank",
  `import { defineExperiment } from "simloop/experiment";
   import { random, sleep } from "simloop";
   import { Tally } from "simloop/resources";
   export default defineExperiment({
     name: "bank", about: "a test", parameters: { tellers: [1, 2] }, replications: 12,
     model: function* ({ tellers }) {
       const wait = new Tally({ keep: true });
       for (let i = 0; i < 20; i++) { wait.add(random().exponential(1 / tellers), i); yield* sleep(1); }
       return { wait };
     },
   });`,
);

test.serial("simloop experiment: the report is equal, to the byte, for any number of workers", async (t) => {
  const one = await call("experiment", bank, "--json");
  const two = await call("experiment", bank, "--json", "--workers", "2");
  t.deepEqual([one.code, one.err, two.out], [0, "", one.out]);
  const { settings } = JSON.parse(one.out);
  t.deepEqual(
    settings.map(({ setting, replications }: { setting: object; replications: number }) => [setting, replications]),
    [
      [{ tellers: 1 }, 12],
      [{ tellers: 2 }, 12],
    ],
  );
});

test.serial("simloop experiment: a table, CSV, and a page with plots that needs nothing else", async (t) => {
  const [csv, html] = [join(directory, "bank.csv"), join(directory, "bank.html")];
  const { code, out } = await call("experiment", bank, "--csv", csv, "--html", html, "--seed", "5");
  t.is(code, 0);
  t.regex(out, /^bank: seed 5\n\nsetting {4}measure {2}runs +mean +95 % +interval\ntellers=1 {2}wait +12 /);
  t.regex(readFileSync(csv, "utf8"), /^tellers,replication,wait\n1,0,[\d.]+\n/);
  const page = readFileSync(html, "utf8");
  t.is(page.match(/<svg /g)?.length, 5);
  t.notRegex(page, /<(?:script|link|img)|https?:/);
});

test.serial("simloop experiment: what is not an experiment, and a model that fails, are said in a line", async (t) => {
  const nothing = moduleFile("nothing", "export const x = 1;");
  const broken = moduleFile(
    "broken",
    'import { defineExperiment } from "simloop/experiment"; export default defineExperiment({ name: "b", about: "c", model: function* () { throw new Error("no tellers"); } });',
  );
  const told = async (...argv: string[]): Promise<[number, string]> => {
    const { code, err } = await call("experiment", ...argv);
    return [code, err.replaceAll(directory, "")];
  };
  t.deepEqual(
    [await told("nosuch"), await told(nothing), await told(broken), await told(broken, "--workers", "2")],
    [
      [
        2,
        "simloop: unknown experiment 'nosuch' (known: mmc-queue, call-centre). For a file, give its path, such as ./nosuch.ts\n",
      ],
      [2, "simloop: /nothing.mjs exports x: expected `export default defineExperiment({ name, about, model })`\n"],
      [1, "simloop: b, replication 0 (seed 0): no tellers\n  to see it again: simloop run /broken.mjs --seed 0\n"],
      [1, "simloop: b, replication 0 (seed 0): no tellers\n  to see it again: simloop run /broken.mjs --seed 0\n"],
    ],
  );
});

test.serial(
  "simloop experiment: goes on with --resume after its store was cut off, and results reports the same",
  async (t) => {
    const [store, csv] = [join(directory, "kept.jsonl"), join(directory, "kept.csv")];
    const args = ["experiment", bank, "--results", store, "--json"];
    const whole = await call(...args);
    const lines = readFileSync(store, "utf8").split("\n");
    t.true(lines.length > 8);
    writeFileSync(store, `${lines.slice(0, 4).join("\n")}\n${lines[4]?.slice(0, 50)}`);
    t.is((await call(...args)).code, 2);
    const resumed = await call(...args, "--resume");
    t.deepEqual([resumed.code, resumed.out], [0, whole.out]);
    t.is((await call("results", store, "--json", "--csv", csv)).out, whole.out);
    t.regex(readFileSync(csv, "utf8"), /^tellers,replication,wait\n1,0,/);
  },
);

test.serial("simloop experiment: shards add up to the whole", async (t) => {
  const parts = [1, 2, 3].map((i) => join(directory, `part-${i}.jsonl`));
  for (const [i, part] of parts.entries()) {
    const { code, out } = await call("experiment", bank, "--shard", `${i + 1}/3`, "--results", part, "--json");
    t.deepEqual([code, JSON.parse(out).settings[0].replications], [0, 4]);
  }
  const whole = await call("experiment", bank, "--json");
  t.is((await call("results", ...parts.toReversed(), "--json")).out, whole.out);
});

test.serial("simloop experiment: a shard of replications without a fixed number is refused", async (t) => {
  const precise = moduleFile(
    "precise",
    'import { defineExperiment } from "simloop/experiment"; export default defineExperiment({ name: "p", about: "c", replications: { until: { x: 0.1 } }, model: function* () { return { x: 1 }; } });',
  );
  t.deepEqual(await call("experiment", precise, "--shard", "1/2"), {
    code: 2,
    out: "",
    err: "simloop: p: a shard needs a fixed number of replications; expected a number as replications, got a precision\n",
  });
});

test.serial("Experiments are scenarios: a replication can be run, swept and explored by its seed", async (t) => {
  const { settings } = JSON.parse((await call("experiment", bank, "--json")).out);
  const { out } = await call("sweep", bank, "--seeds", "0..11", "--param", "tellers=1,2", "--workers", "1", "--json");
  const swept = JSON.parse(out).settings;
  for (const i of [0, 1]) {
    t.deepEqual(swept[i].setting, settings[i].setting);
    t.true(Math.abs(swept[i].metrics["value.wait"].mean - settings[i].measures.wait.mean) < 1e-12);
  }
  t.is((await call("run", bank, "--seed", "3", "--param", "tellers=2")).code, 0);
  t.is((await call("check", bank, "--runs", "2")).code, 0);
  t.is((await call("explore", bank, "--runs", "3")).code, 0);
});

test.serial("simloop experiment: a model that depends on more than its seed is found out", async (t) => {
  const impure = moduleFile(
    "impure",
    'import { defineExperiment } from "simloop/experiment"; let x = 0; export default defineExperiment({ name: "i", about: "c", model: function* () { return { x: ++x }; } });',
  );
  const { code, err } = await call("experiment", impure);
  t.is(code, 1);
  t.regex(err, /^simloop: i: a replication measured something else the second time \(seeds 0 to 0 had other results/);
});

test.serial(
  "simloop experiment --best: selects a setting with a guarantee, and refuses what it cannot compare",
  async (t) => {
    const select = (...more: string[]): ReturnType<typeof call> => call("experiment", bank, "--best", ...more);
    const { code, out } = await select("wait", "--smallest", "--indifference", "0.2");
    t.is(code, 0);
    t.regex(
      out,
      /^setting {4,}runs +mean wait\ntellers=1 +\d+ +1\.0\d+\ntellers=2 +\d+ +0\.5\d*\n\nbest: tellers=2, with confidence 0\.95, if it is better than the others by 0\.2 at least\n$/,
    );
    t.deepEqual(JSON.parse((await select("wait", "--indifference", "0.2", "--json")).out).best, { tellers: 1 });
    t.deepEqual(
      [(await select("wait")).err, (await select("wayt", "--indifference", "1")).err],
      [
        "simloop: --best needs --indifference, the smallest difference of means that matters\n",
        "simloop: bank: unknown measure 'wayt'; did you mean 'wait'?\n",
      ],
    );
  },
);
