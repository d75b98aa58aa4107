import { execFileSync } from "node:child_process";
import { existsSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import process from "node:process";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import type { ChildReport } from "./child.ts";
import { pageOf } from "./page.ts";
import { type CompatibilityResult, readResults, writeResults } from "./results.ts";

/*
 * `npm run compatibility [-- program …] [--seeds N] [--node PATH …] [--page]`: run the programs in `programs/`, which
 * use other people's libraries unmodified, and write docs/node-compatibility.md. The libraries are installed here when
 * they are first needed. With `--page`, only write the page.
 */

const here = fileURLToPath(new URL(".", import.meta.url));
const checkout = fileURLToPath(new URL("../../", import.meta.url));
const page = join(checkout, "docs/node-compatibility.md");

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    seeds: { type: "string", default: "100" },
    node: { type: "string", multiple: true, default: [process.execPath] },
    page: { type: "boolean", default: false },
  },
});

const programs = readdirSync(join(here, "programs"))
  .map((name) => name.replace(/\.mjs$/, ""))
  .filter((name) => name !== "support" && (positionals.length === 0 || positionals.includes(name)));

function child(node: string, program: string, order: string): ChildReport {
  const args = ["--conditions=simloop-source", "--import=tsx", join(here, "child.ts")];
  const output = execFileSync(node, [...args, join(here, "programs", `${program}.mjs`), values.seeds, order], {
    cwd: checkout,
    encoding: "utf8",
    maxBuffer: 2 ** 30,
    stdio: ["ignore", "pipe", "ignore"],
  });
  return JSON.parse(output.trimEnd().split("\n").at(-1) as string) as ChildReport;
}

function resultOf(node: string, program: string): CompatibilityResult {
  const major = Number(execFileSync(node, ["-p", "process.versions.node.split('.')[0]"], { encoding: "utf8" }));
  const [first, second, real] = ["forwards", "backwards", "real"].map((order) => child(node, program, order)) as [
    ChildReport,
    ChildReport,
    ChildReport,
  ];
  const differing = first.hashes.findIndex((hash, seed) => hash !== second.hashes[seed]);
  const failure = first.failure ?? second.failure ?? (differing < 0 ? null : `seed ${differing} differs`);
  const otherLines = first.lines.findIndex((lines) => lines !== real.lines[0]);
  return {
    program,
    node: major,
    seeds: Number(values.seeds),
    isIdentical: failure === null,
    isAsOnLoopback: otherLines < 0,
    seedsPerSecond: Number((1 / Math.min(first.secondsPerSeed, second.secondsPerSeed)).toPrecision(3)),
    failure,
  };
}

if (!values.page) {
  if (!existsSync(join(here, "node_modules"))) {
    execFileSync("npm", ["ci", "--ignore-scripts", "--engine-strict=false", "--no-audit", "--no-fund"], {
      cwd: here,
      stdio: "inherit",
    });
  }
  for (const node of values.node) {
    for (const program of programs) {
      let result: CompatibilityResult;
      try {
        result = resultOf(node, program);
      } catch (error) {
        console.log(program, "ended without a report:", String(error).split("\n")[0]);
        process.exitCode = 1;
        continue;
      }
      console.log(JSON.stringify(result));
      writeResults([result]);
      process.exitCode ||= result.isIdentical ? 0 : 1;
    }
  }
}
writeFileSync(page, await pageOf(readResults()));
