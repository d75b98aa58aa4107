import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import test from "ava";

const root = fileURLToPath(new URL("../../..", import.meta.url));

/** What a new process prints whose ES module has `beginning`, then a first run that fetches. */
async function printed(beginning: string): Promise<string> {
  const module = `
    ${beginning}
    const { output, error } = await simulate(async () => {
      const server = createServer((request, response) => response.end("answer")).listen(8080);
      console.log(await (await fetch("http://localhost:8080")).text(), performance.now());
      server.close();
    }, { until: 60 });
    console.log(output, error);`;
  const options = ["--conditions=simloop-source", "--import=tsx", "--input-type=module", "--eval", module];
  const { stdout } = await promisify(execFile)(process.execPath, options, { cwd: root });
  return stdout;
}

const IMPORTS = 'import "simloop/node"; import { simulate } from "simloop"; import { createServer } from "node:http";';

test("Compilations: fetch works in the first run of a process", async (t) => {
  t.is(await printed(IMPORTS), "answer 0\n undefined\n");
});

test("Compilations: a run waits for the parser of fetch that was loaded just before", async (t) => {
  t.is(await printed(`${IMPORTS} await new Promise(setImmediate); new Response();`), "answer 0\n undefined\n");
});

test("Compilations: a run waits for WebAssembly, also when one compilation begins the next", async (t) => {
  const beginning = `${IMPORTS}
    await new Promise(setImmediate);
    const empty = new Uint8Array([0, 97, 115, 109, 1, 0, 0, 0]);
    let compiled = WebAssembly.compile(empty);
    for (let n = 0; n < 20; n++) compiled = compiled.then(() => WebAssembly.compile(empty));
    const instance = compiled.then((module) => WebAssembly.instantiate(module));
    await simulate(async () => console.log(String(await instance)), { until: 60, output: (text) => process.stdout.write(text) });`;
  t.is(await printed(beginning), "[object WebAssembly.Instance]\nanswer 0\n undefined\n");
});

test("Compilations: a rejection outside of simulations stays unhandled until the program handles it", async (t) => {
  const beginning = `${IMPORTS}
    WebAssembly.compile(new Uint8Array(1));
    await new Promise((resolve) => process.once("unhandledRejection", resolve));
    console.log("unhandled");
    await WebAssembly.compile(new Uint8Array(1)).catch(({ name }) => console.log("handled", name));`;
  t.is(await printed(beginning), "unhandled\nhandled CompileError\nanswer 0\n undefined\n");
});
