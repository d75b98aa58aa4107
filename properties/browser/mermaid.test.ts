import { existsSync } from "node:fs";
import process from "node:process";
import { fileURLToPath } from "node:url";
import test from "ava";
import {
  createTask,
  print,
  scenarioOptions,
  simulate,
  sleep,
  type Trace,
  toMermaidGantt,
  toMermaidSequence,
} from "../../engine/index.ts";
import { builtInScenarios } from "../../scenarios/index.ts";
import { browserPath, openBrowser, openPage } from "./chromium.ts";

/*
 * Diagrams, read by Mermaid itself. It brings a hundred packages, so it is not a dependency: the test takes the one in
 * node_modules, if there is one, or the file that the environment variable MERMAID names (`mermaid.min.js`), and is
 * skipped without.
 */

const installed = fileURLToPath(new URL("../../node_modules/mermaid/dist/mermaid.min.js", import.meta.url));
const mermaidFile = [process.env["MERMAID"] ?? "", installed].find((path) => path !== "" && existsSync(path));
const inMermaid = mermaidFile === undefined || browserPath === undefined ? test.skip : test;

interface Mermaid {
  initialize(options: object): void;
  parse(text: string): Promise<unknown>;
  render(id: string, text: string): Promise<{ readonly svg: string }>;
}

/** Names that mean something to Mermaid, or would end what they stand in. */
const NAMES = [
  "a;b",
  "end",
  "x: y",
  "<b>",
  "# hash",
  "a->>b",
  "loop",
  '"q"',
  "participant p",
  "ü→λ",
  "a\nb",
  "%%{init}",
  "",
  " ",
  "section s",
  "done, 1d",
  "note over",
  "&amp;",
  "{}[]()",
];

async function* named(name: string) {
  print(`from ${name}; # x: y\nnext`);
  yield* sleep(1);
  throw new Error(`bad: ${name};#`);
}

async function* crowd() {
  for (const name of NAMES) {
    createTask(named(name), { name });
  }
  yield* sleep(2);
}

async function traces(): Promise<Trace[]> {
  const all = [(await simulate(crowd)).trace];
  for (const scenario of await builtInScenarios()) {
    const { trace } = await simulate(scenario.main, scenarioOptions(scenario, { output: () => {} }));
    all.push(trace);
  }
  return all;
}

inMermaid("Mermaid: it reads and draws the diagrams of all scenarios, and of tasks with any name", async (t) => {
  const browser = await openBrowser(browserPath as string);
  try {
    const page = await openPage(browser);
    await page.addScriptTag({ path: mermaidFile as string });
    for (const trace of await traces()) {
      for (const text of [toMermaidSequence(trace), toMermaidGantt(trace)]) {
        const complaint = await page.evaluate(async (diagram) => {
          const { mermaid } = globalThis as unknown as { readonly mermaid: Mermaid };
          mermaid.initialize({ startOnLoad: false });
          try {
            await mermaid.parse(diagram);
            return (await mermaid.render("diagram", diagram)).svg.length > 0 ? "" : "nothing was drawn";
          } catch (error) {
            return String(error);
          }
        }, text);
        t.is(complaint, "", trace.header.program);
      }
    }
  } finally {
    await browser.close();
  }
});
