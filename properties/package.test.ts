import { execFile } from "node:child_process";
import { cp, mkdir, mkdtemp, readdir, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import test from "ava";
import { build } from "esbuild";
import { publint } from "publint";
import { formatMessage } from "publint/utils";

/*
 * The package as its users get it: compiled, packed and installed in an empty project.
 * Everything happens in a temporary directory, because packing builds `dist/` anew and others may be using it.
 */

const execute = promisify(execFile);
const checkout = fileURLToPath(new URL("..", import.meta.url));
const inModules = (path: string): string => join(checkout, "node_modules", path);

let directory: string;
let project: string;
let tarball: string;
const installed = (path: string): string => join(project, "node_modules", path);

/** Run `command` in the project and return what it printed; a command that fails fails the test, with all it said. */
async function run(command: string, args: readonly string[], cwd = project): Promise<string> {
  const shell = process.platform === "win32";
  return (await execute(command, args, { cwd, shell })).stdout;
}

const node = (...args: string[]): Promise<string> => run(process.execPath, args);

/** `npm pack`, with its own build, in a copy of the checkout. */
async function pack(): Promise<string> {
  const copy = join(directory, "checkout");
  const leftOut = ["node_modules", "dist", "coverage", ".git"].map((name) => join(checkout, name));
  await cp(checkout, copy, { recursive: true, filter: (path) => !leftOut.includes(path) });
  await symlink(inModules("."), join(copy, "node_modules"), "junction");
  await run("npm", ["pack", "--silent", "--pack-destination", directory], copy);
  return join(directory, (await readdir(directory)).find((name) => name.endsWith(".tgz"))!);
}

async function installInEmptyProject(): Promise<void> {
  await mkdir(project);
  await writeFile(join(project, "package.json"), '{ "private": true, "type": "module" }');
  await run("npm", ["install", "--prefer-offline", "--ignore-scripts", "--no-audit", "--no-fund", tarball]);
}

test.before(async () => {
  directory = await mkdtemp(join(tmpdir(), "simloop-package-"));
  project = join(directory, "project");
  tarball = await pack();
  await installInEmptyProject();
});

test.after.always(() => rm(directory, { recursive: true, force: true }));

test("Package: plain JavaScript imports every public name", async (t) => {
  const program = 'import * as simloop from "simloop"; console.log(Object.keys(simloop).join("\\n"));';
  const names = await readFile(join(checkout, "engine", "public-names.txt"), "utf8");
  const values = names.split("\n").filter((name) => name !== "" && !name.startsWith("type "));
  t.deepEqual((await node("--input-type=module", "--eval", program)).trim().split("\n").toSorted(), values.toSorted());
});

test("Package: the entries for one use export what simloop exports, the very same things", async (t) => {
  const program =
    'import * as simloop from "simloop";' +
    'for (const entry of ["explore", "network", "trace"]) {' +
    '  const all = Object.entries(await import("simloop/" + entry));' +
    "  console.log(entry, all.length > 5, all.every(([name, value]) => simloop[name] === value));" +
    "}";
  const expected = "explore true true\nnetwork true true\ntrace true true\n";
  t.is(await node("--input-type=module", "--eval", program), expected);
});

test("Package: what is public is called as its users call it, in texts and stacks", async (t) => {
  const program =
    'import * as simloop from "simloop"; const all = Object.entries(simloop);' +
    'const renamed = all.filter(([name, value]) => typeof value === "function" && value.name !== name);' +
    "console.log(JSON.stringify(renamed.map(([name]) => name)));";
  t.is(await node("--input-type=module", "--eval", program), "[]\n");
});

test("Package: a task's place is in the user's file, not in the engine's, also when the host reads source maps", async (t) => {
  const program =
    'import { createTask, simulate, sleep } from "simloop";\n' +
    "await simulate(function* () {\n" +
    "  const task = createTask(sleep(1));\n" +
    "  console.log(task.createdAt().replace(/.*[/]/, ''));\n" +
    "  yield* task;\n" +
    "});\n";
  await writeFile(join(project, "place.mjs"), program);
  const seen = [await node("place.mjs"), await node("--enable-source-maps", "place.mjs")];
  t.deepEqual(seen, ["place.mjs:3:16\n", "place.mjs:3:16\n"]);
});

test("Package: a bundler puts it into a script that knows of no modules, and there it runs", async (t) => {
  const program =
    'import { createTask, simulate, sleep } from "simloop";' +
    "simulate(function* () { const task = createTask(sleep(1)); yield* task; return String(task.createdAt()); })" +
    ".then(({ value, time }) => console.log(value, time));";
  await writeFile(join(project, "page.mjs"), program);
  await build({
    entryPoints: [join(project, "page.mjs")],
    outfile: join(project, "page.cjs"),
    bundle: true,
    format: "iife",
    logLevel: "silent",
  });
  t.is(await node("page.cjs"), "undefined 1\n");
});

test("Package: simloop/real runs a program of simloop's in real time", async (t) => {
  const program =
    'import { print, sleep } from "simloop"; import { runReal } from "simloop/real";' +
    'await runReal(function* () { yield* sleep(0.001); print("awake"); });';
  t.is(await node("--input-type=module", "--eval", program), "awake\n");
});

test("Package: simloop/node simulates an async function with what Node has", async (t) => {
  const program =
    'import "simloop/node"; import { simulate } from "simloop"; import { createServer } from "node:http";' +
    "const { value, time } = await simulate(async () => { createServer((request, response) => setTimeout(() => response.end('answer'), 1000))" +
    ".listen(80); return await (await fetch('http://localhost/')).text(); }); console.log(value, time);";
  t.is(await node("--input-type=module", "--eval", program), "answer 1\n");
});

test("Package: its types need no others", async (t) => {
  const options = ["--noEmit", "--strict", "--module", "nodenext", "--target", "es2023", "--lib", "es2022"];
  const entries = [
    "simloop",
    "simloop/explore",
    "simloop/network",
    "simloop/real",
    "simloop/resources",
    "simloop/trace",
  ];
  const consumer = entries.map((entry, i) => `export * as entry${i} from "${entry}";\n`).join("");
  await writeFile(join(project, "consumer.ts"), consumer);
  t.is(await node(inModules("typescript/bin/tsc"), ...options, "--types", "", "--ignoreConfig", "consumer.ts"), "");
});

test("Package: simloop/properties works beside the user's own fast-check", async (t) => {
  await mkdir(installed("@fast-check"), { recursive: true });
  for (const peer of ["fast-check", "@fast-check/ava", "ava"]) {
    await symlink(inModules(peer), installed(peer), "junction");
  }
  const program = 'import * as properties from "simloop/properties"; console.log(Object.keys(properties).length > 0);';
  t.is(await node("--input-type=module", "--eval", program), "true\n");
});

test("Package: the command lists the article's scenarios", async (t) => {
  const names = (await run("npx", ["--no", "simloop", "list"])).split("\n").map((line) => line.trim().split(/\s+/)[0]);
  const article = ["coroutine-object", "await-sequence", "create-task", "tcp-server"];
  t.deepEqual(
    article.filter((name) => !names.includes(name)),
    [],
  );
});

test("Package: the command runs the article's program", async (t) => {
  const lines = ["hello 15:29:41", "world 15:29:41", "hello 15:29:42", "world 15:29:42"];
  t.is(await run("npx", ["--no", "simloop", "run", "create-task"]), lines.map((line) => `${line}\n`).join(""));
});

test("Package: it holds what users need and nothing else", async (t) => {
  const [packed] = JSON.parse(await run("npm", ["pack", "--json", "--dry-run", tarball]));
  const paths: string[] = packed.files.map((file: { path: string }) => file.path);
  const expected =
    /^(?:package\.json|README\.md|LICENSE|CONTRIBUTING\.md|docs\/.+\.(?:md|svg|json|yaml|yml|sh)|properties\/(?:lint\/forgotten-yield\.grit|bench\/README\.md|conformance\/python\/DSL\.md)|dist\/(?:engine\/|scenarios\/|properties\/(?!laws|races|docs|bench|browser|conformance)).+(?:\.js|\.js\.map|\.d\.ts))$/;
  t.deepEqual(
    paths.filter((path) => !expected.test(path) || /\.test\.|^dist\/.*\/(?:bench|conformance)\//.test(path)),
    [],
  );
});

test("Package: publint and arethetypeswrong find nothing to say", async (t) => {
  const { messages, pkg } = await publint({ pkgDir: installed("simloop"), pack: false, strict: true });
  t.deepEqual(
    messages.map((message) => formatMessage(message, pkg)),
    [],
  );
  const attw = inModules("@arethetypeswrong/cli/dist/index.js");
  await t.notThrowsAsync(node(attw, tarball, "--profile", "esm-only", "--no-color", "--no-emoji"));
});
