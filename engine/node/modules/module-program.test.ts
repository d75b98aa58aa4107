import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import test from "ava";
import { simulate } from "../../simulation.ts";
import { moduleProgram } from "../index.ts";

let directory: string;

test.before(async () => {
  directory = await mkdtemp(join(tmpdir(), "simloop-modules-"));
});
test.after.always(() => rm(directory, { recursive: true, force: true }));

/** The program of a new module with this source. */
async function programOf(name: string, text: string, args: readonly string[] = []): Promise<() => Promise<void>> {
  await writeFile(join(directory, name), text);
  return moduleProgram(pathToFileURL(join(directory, name)), { args });
}

test("moduleProgram: the top level is the program, awaits and imported modules included, and each run begins anew", async (t) => {
  await writeFile(
    join(directory, "counter.mjs"),
    'console.log("loaded at", Date.now()); let n = 0; export const count = () => ++n;',
  );
  const program = await programOf(
    "app.mjs",
    `import { createServer } from "node:http";
     import { count } from "./counter.mjs";
     console.log(count(), count(), process.argv.slice(2).join());
     const server = createServer((request, response) => response.end(request.url)).listen(3000);
     await new Promise((resolve) => setTimeout(resolve, 1000));
     console.log(await (await fetch("http://localhost:3000/path")).text());
     setTimeout(() => { server.close(); server.closeAllConnections(); }, 60_000);
     process.on("exit", (code) => console.log("exit", code, performance.now()));`,
    ["--flag"],
  );
  const [first, second] = [await simulate(program), await simulate(program)];
  t.is(first.error, undefined);
  t.is(first.output, "loaded at 946684800000\n1 2 --flag\n/path\nexit 0 61000\n");
  t.deepEqual([second.output, second.digest], [first.output, first.digest]);
});

test("moduleProgram: exit codes and errors are those of the process", async (t) => {
  const endOf = async (name: string, text: string): Promise<string> =>
    String((await simulate(await programOf(name, text))).error);
  t.is(await endOf("code.mjs", "setTimeout(() => { process.exitCode = 3; }, 5);"), "ProcessExit: process.exit(3)");
  t.is(await endOf("exit.mjs", "setInterval(() => {}, 5); process.exit(2);"), "ProcessExit: process.exit(2)");
  t.is(await endOf("throw.mjs", 'throw new Error("at the top");'), "Error: at the top");
  t.is(await endOf("late.mjs", 'setTimeout(() => { throw new Error("late"); }, 5);'), "Error: late");
  t.regex(await endOf("syntax.mjs", "const = 5;"), /^SyntaxError/);
  t.is(
    await endOf("end.cjs", 'setTimeout(() => {}, 5).unref(); module.exports = require("node:path").sep;'),
    "undefined",
  );
});

test("moduleProgram: what is not a file is refused", (t) => {
  t.throws(() => moduleProgram("app.mjs" as never), {
    instanceOf: TypeError,
    message: 'moduleProgram: expected the URL of a file, got "app.mjs"',
  });
});

test("moduleProgram: a .js file is what package.json or its syntax says, and runs anew each time", async (t) => {
  await writeFile(join(directory, "package.json"), '{ "type": "commonjs" }');
  const commonJs = await programOf("common.js", "let n = 0; setTimeout(() => console.log(++n, typeof require), 5);");
  const outputs = [(await simulate(commonJs)).output, (await simulate(commonJs)).output];
  await writeFile(join(directory, "package.json"), "{}");
  const bySyntax = await simulate(await programOf("undeclared.js", "console.log(typeof module);"));
  t.deepEqual([...outputs, bySyntax.output], ["1 function\n", "1 function\n", "object\n"]);
});
