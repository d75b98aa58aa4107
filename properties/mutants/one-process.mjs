// Runs test files with ava's own runner, one after the other in this process, up to the first failure. Exit code 0: all passed.
// ava starts a process for each file, which compiles the engine anew; here it is compiled once for all of them.
import { register } from "node:module";
import { pathToFileURL } from "node:url";
import { set as setChalk } from "../../node_modules/ava/lib/chalk.js";
import Runner from "../../node_modules/ava/lib/runner.js";
import optionsOfAva from "../../node_modules/ava/lib/worker/options.cjs";

register("./resolve-ava.mjs", import.meta.url);
setChalk({ level: 0 });
optionsOfAva.set({});

const exit = process.exit.bind(process);
const fail = (what, error) => {
  console.log(what, error?.message ?? error, error?.stack ?? "");
  exit(1);
};
process.on("uncaughtException", (error) => fail("uncaught", error));
process.on("unhandledRejection", (error) => fail("unhandled rejection", error));
process.exit = () => fail("process.exit()");

/** Run the tests of one file. */
async function runFile(file) {
  const runner = new Runner({ file, projectDir: process.cwd(), failFast: true });
  globalThis.chainOfTests = runner.chain;
  const finished = new Promise((resolve) => runner.on("finish", resolve));
  runner.on("error", (error) => fail(file, error));
  runner.on("stateChange", (event) => {
    const { data = event } = event;
    if (data.type === "test-failed" || data.type === "hook-failed") {
      fail(`${file}: ${data.title}:`, { message: JSON.stringify(data.err)?.slice(0, 2000) });
    }
  });
  await import(pathToFileURL(file).href);
  await finished;
}

const keepAlive = setInterval(() => {}, 1 << 30);
for (const file of process.argv.slice(2)) {
  const begin = performance.now();
  await runFile(file);
  console.log(`passed ${file} ${((performance.now() - begin) / 1000).toFixed(3)}`);
}
// A rejection of the last test that nothing handles shows within a turn of the host.
await new Promise((resolve) => setTimeout(resolve, 10));
clearInterval(keepAlive);
exit(0);
