import { execFile } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import test from "ava";

const root = fileURLToPath(new URL("../../", import.meta.url));
const fromSource = ["--conditions=simloop-source", `--import=${import.meta.resolve("tsx")}`];

/** What Node writes with these arguments, and its exit code. */
const node = (...args: string[]): Promise<{ out: string; err: string; code: number }> =>
  new Promise((resolve) => {
    execFile(process.execPath, [...fromSource, ...args], { cwd: root }, (error, out, err) =>
      resolve({ out, err, code: error === null ? 0 : Number(error.code) }),
    );
  });

let folder: string;
let app: string;

test.before(async () => {
  folder = await mkdtemp(join(tmpdir(), "simloop-node-"));
  app = join(folder, "app.mjs");
  await writeFile(
    app,
    `await new Promise((resolve) => setTimeout(resolve, 86_400_000));
     console.log(new Date().toISOString(), Math.random() < 2);
     process.exitCode = Number(process.argv[2] ?? 0);`,
  );
});
test.after.always(() => rm(folder, { recursive: true, force: true }));

const simloop = (...args: string[]) => node("scenarios/cli/main.ts", ...args);

test("simloop run --node: runs an ordinary program in virtual time", async (t) => {
  t.deepEqual(await simloop("run", app, "--node"), { out: "2000-01-02T00:00:00.000Z true\n", err: "", code: 0 });
});

test("simloop check --node: runs of an ordinary program are the same", async (t) => {
  const { out, code } = await simloop("check", app, "--node", "--runs", "2");
  t.regex(out, /^2 runs, all the same: [0-9a-f]{32}\n$/);
  t.is(code, 0);
});

test("simloop run --node: refuses --real, and a missing file", async (t) => {
  const real = await simloop("run", app, "--node", "--real");
  t.regex(real.err, /--node simulates a Node program; expected it without --real/);
  t.is(real.code, 2);
  t.is((await simloop("run", "./missing.mjs", "--node")).code, 2);
});

test("simloop/node/register: Node's own command runs the program in the simulation, with its arguments and exit code", async (t) => {
  const register = `--import=${new URL("engine/node/register.ts", `file://${root}`).href}`;
  const { out, code } = await node(register, app, "3");
  t.deepEqual([out, code], ["2000-01-02T00:00:00.000Z true\n", 3]);
});
