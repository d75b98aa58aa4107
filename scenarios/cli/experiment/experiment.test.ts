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
      [1, "simloop: b, replication 0 (seed 0): no tellers\n"],
      [1, "simloop: b, replication 0 (seed 0): no tellers\n"],
    ],
  );
});
