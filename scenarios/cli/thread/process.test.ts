import { spawn } from "node:child_process";
import { mkdir, mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import process from "node:process";
import { fileURLToPath } from "node:url";
import test from "ava";

/*
 * How the process of a command ends. The programs print a line when they are where a test wants them: nothing waits for
 * a time.
 */

const main = fileURLToPath(new URL("../main.ts", import.meta.url));
const checkout = fileURLToPath(new URL("../../../", import.meta.url));
let root: string;

test.before(async () => {
  root = await mkdtemp(join(tmpdir(), "simloop-process-"));
});
test.after.always(() => rm(root, { recursive: true, force: true }));

interface Ended {
  readonly code: number | null;
  readonly signal: string | null;
  readonly out: string;
  readonly err: string;
}

/** Execute the command line; `onOutput` sees what it has printed so far, and may send signals. */
function cli(
  argv: readonly string[],
  onOutput: (out: string, kill: (signal: NodeJS.Signals) => void) => void = () => {},
  nodeOptions: readonly string[] = [],
): Promise<Ended> {
  const child = spawn(
    process.execPath,
    [...nodeOptions, "--conditions=simloop-source", "--import=tsx", main, ...argv],
    { stdio: ["ignore", "pipe", "pipe"], cwd: checkout },
  );
  let [out, err] = ["", ""];
  child.stdout.setEncoding("utf8").on("data", (chunk: string) => {
    out += chunk;
    onOutput(out, (signal) => child.kill(signal));
  });
  child.stderr.setEncoding("utf8").on("data", (chunk: string) => {
    err += chunk;
  });
  return new Promise((resolve, reject) => {
    child.on("error", reject);
    child.on("close", (code, signal) => resolve({ code, signal, out, err }));
  });
}

/** A directory of its own for the scenario `name` with this body; returns the directory and the file's path. */
async function scenario(name: string, body: string, before = ""): Promise<{ directory: string; path: string }> {
  const imports = 'import { defineScenario, print, sleep } from "simloop";';
  const definition = `export default defineScenario({ name: "mine", about: "it is", async *main() { ${body} } });`;
  const directory = join(root, name);
  const path = join(directory, `${name}.ts`);
  await mkdir(directory);
  await writeFile(path, `${imports}\n${before}\n${definition}\n`);
  return { directory, path };
}

const unlessWindows = process.platform === "win32" ? test.skip : test;

unlessWindows("Process: a second Ctrl-C ends a program that never returns to its loop", async (t) => {
  const body = 'print("one"); console.log("two"); print("three"); for (;;);';
  const { directory, path } = await scenario("blocks", body);
  const { signal, out } = await cli(["run", path, "--trace", join(directory, "run.jsonl")], (printed, kill) => {
    if (printed === "one\ntwo\nthree\n") {
      kill("SIGINT");
      // A signal that a process has not yet seen swallows the next of its kind.
      setInterval(() => kill("SIGINT"), 20).unref();
    }
  });
  t.deepEqual([signal, out, await readdir(directory)], ["SIGINT", "one\ntwo\nthree\n", ["blocks.ts"]]);
});

unlessWindows("Process: SIGTERM lets a program end and leaves no temporary file", async (t) => {
  const body = 'for (let i = 0; ; i++) { if (i % 1000 === 0) print("on"); yield* sleep(1); }';
  const { directory, path } = await scenario("endless", body);
  const { signal } = await cli(["run", path, "--trace", join(directory, "run.jsonl")], (_, kill) => kill("SIGTERM"));
  t.deepEqual([signal, await readdir(directory)], ["SIGTERM", ["endless.ts"]]);
});

test("Process: a program that calls process.exit() does not succeed", async (t) => {
  const { path } = await scenario("exits", 'print("one"); process.exit(0);');
  const { code, out, err } = await cli(["run", path]);
  t.deepEqual(
    { code, out, err },
    {
      code: 1,
      out: "one\n",
      err: "simloop: the program called process.exit(0)\n",
    },
  );
});

test("Process: a module that awaits for ever is explained", async (t) => {
  const { path } = await scenario("unsettled", "", "await new Promise(() => {});");
  const { code, err } = await cli(["run", path]);
  t.deepEqual({ code, err }, { code: 1, err: "simloop: it awaits something that can never settle\n" });
});

test("Process: a program that runs out of memory is explained", async (t) => {
  const { path } = await scenario("grows", "const all = []; for (;;) all.push(new Array(1000).fill(all.length));");
  const { code, err } = await cli(["run", path], undefined, ["--max-old-space-size=64"]);
  t.deepEqual({ code, err: err.slice(0, 22) }, { code: 1, err: "simloop: out of memory" });
});
