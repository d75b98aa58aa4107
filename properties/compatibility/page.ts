import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import type { CompatibilityResult } from "./results.ts";

/** What a program says of itself. */
interface ProgramModule {
  readonly library: string;
  readonly alsoUses?: readonly string[];
  readonly about: string;
}

const { dependencies } = JSON.parse(readFileSync(fileURLToPath(new URL("package.json", import.meta.url)), "utf8")) as {
  readonly dependencies: Readonly<Record<string, string>>;
};

const HEAD = `# Compatibility with libraries

Which libraries run in the simulation without a change? Those that build on Node's timers, sockets, streams and clocks should; these have been run. For each, a
program in \`properties/compatibility/programs\` uses the library against servers in the same simulation. \`npm run compatibility\` runs the programs and writes
this page.

- *Identical*: two fresh processes ran each seed, one from the first to the last, the other from the last to the first. For each seed, trace, output, delivered
  bytes and virtual times were equal, and no run failed.
- *As on loopback*: every run wrote the lines, in some order, that the program writes on the real loopback of the machine.
- *Seeds per second* is of processor time, one core, with all that the process spends on loading and compiling.

`;

const number = (value: number): string => value.toLocaleString("en-US");

const versionOf = (library: string): string => dependencies[library] ?? "of Node";

function row(result: CompatibilityResult, { library }: ProgramModule): string {
  const identical = result.isIdentical ? "yes" : "no";
  const cells = [library, versionOf(library), result.node, number(result.seeds), identical];
  return `| ${[...cells, result.isAsOnLoopback ? "yes" : "no", result.seedsPerSecond].join(" | ")} |`;
}

/** The page that shows `results`. */
export async function pageOf(results: readonly CompatibilityResult[]): Promise<string> {
  const modules = new Map<string, ProgramModule>();
  for (const { program } of results) {
    const source = readFileSync(fileURLToPath(new URL(`programs/${program}.mjs`, import.meta.url)), "utf8");
    const field = (name: string): string | undefined =>
      new RegExp(`export const ${name} =\\s*(.*?);\\n`, "s").exec(source)?.[1];
    modules.set(program, {
      library: JSON.parse(field("library") as string),
      alsoUses: JSON.parse(field("alsoUses") ?? "[]"),
      about: JSON.parse(field("about") as string),
    });
  }
  const head = "| library | version | Node | seeds | identical | as on loopback | seeds per second |";
  const rows = results.map((result) => row(result, modules.get(result.program) as ProgramModule));
  const details = [...modules.values()].map(
    ({ library, alsoUses = [], about }) =>
      `- **${library}**${alsoUses.map((name) => `, ${name} ${versionOf(name)}`).join("")}: ${about}.`,
  );
  const failures = results.filter(({ failure }) => failure !== null);
  const exceptions = failures.map(({ program, node, failure }) => `- ${program}, Node ${node}: ${failure}`);
  return [
    HEAD,
    `${head}\n| --- | --- | --- | --- | --- | --- | --- |\n${rows.join("\n")}\n`,
    `\n## What was run\n\n${details.join("\n")}\n`,
    exceptions.length === 0 ? "" : `\n## What differs\n\n${exceptions.join("\n")}\n`,
  ].join("");
}
