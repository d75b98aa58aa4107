import { spawnSync } from "node:child_process";
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import process from "node:process";
import test from "ava";
import { findPython } from "../conformance/live/find-python.ts";
import { type CodeBlock, codeBlocks, examples } from "./code-blocks.ts";
import { comparable, runAlone, runCommandLine, runPython, runTypeScript } from "./run-block.ts";
import { asUser, checkout, Stage } from "./stage.ts";

/*
 * In the pages, a block marked `run` is run, and prints what the next block marked `output` shows; several programs
 * before one output all print that. An output marked `part` leaves lines out. A block marked `file=PATH` shows that
 * file of the checkout if there is one, or else makes it, for other programs to import.
 */

const inDocs = readdirSync(join(checkout, "docs"), { recursive: true, encoding: "utf8" });
const pages = ["README.md", ...inDocs.map((name) => `docs/${name.replaceAll("\\", "/")}`)]
  .filter((name) => name.endsWith(".md"))
  .map((name) => ({ name, blocks: codeBlocks(readFileSync(join(checkout, name), "utf8")) }));

const ENDINGS = new Map([
  ["ts", "ts"],
  ["python", "py"],
]);

const isProgram = ({ language, marks }: CodeBlock): boolean =>
  ENDINGS.has(language) && (marks.has("run") || marks.has("file"));

/** The name of a block on the stage. */
const fileName = (page: string, { language, line, marks }: CodeBlock): string =>
  marks.get("file")?.split("/").at(-1) ?? `${page.replace(/\W/g, "-")}-${line}.${ENDINGS.get(language)}`;

let stage: Stage;

test.before(async () => {
  stage = await Stage.build();
  const written = new Map<string, string>();
  for (const { name, blocks } of pages) {
    for (const block of blocks.filter(isProgram)) {
      const file = fileName(name, block);
      if ((written.get(file) ?? block.code) !== block.code) {
        throw new Error(`${name}, line ${block.line}: there is another ${file} already`);
      }
      written.set(file, block.code);
      await stage.write(file, block.code);
    }
  }
});

/**
 * Whether to put what the programs print now into the pages: `npm run docs` does. Read the change before you commit it.
 */
const WRITE = process.argv.includes("--write-outputs");
const outputs: { readonly page: string; readonly output: CodeBlock; readonly printed: string }[] = [];

/**
 * Put what was printed into the pages, from the last block of a page to its first, so that lines keep their numbers.
 */
function writeOutputs(): void {
  for (const { page, output, printed } of outputs.toSorted((a, b) => b.output.line - a.output.line)) {
    const lines = readFileSync(join(checkout, page), "utf8").split("\n");
    lines.splice(output.line, output.code.split("\n").length - 1, ...printed.replace(/\n$/, "").split("\n"));
    writeFileSync(join(checkout, page), lines.join("\n"));
  }
}

test.after.always(() => {
  writeOutputs();
  return stage?.remove();
});

const python = findPython();

/** What a program of a page prints, in a form that can be compared with `expected`. */
async function outputOf(page: string, program: CodeBlock): Promise<string> {
  if (program.language === "sh") {
    return await runCommandLine(program.code, stage.directory);
  }
  const name = fileName(page, program);
  if (program.code.includes('import "simloop/node"')) {
    return await runAlone(stage.directory, name);
  }
  if (program.language === "ts") {
    return await runTypeScript(join(stage.directory, name));
  }
  if ("missing" in python) {
    throw new Error(python.missing);
  }
  return comparable(await runPython(python.command, stage.directory, name, program.marks.get("start") ?? "00:00:00"));
}

/**
 * The lines of `printed` that `shown` holds, in the order printed and indented as shown; all of `printed` if one is
 * missing.
 */
function partOf(printed: string, shown: string): string {
  let rest = printed.split("\n").map((line) => line.trim());
  for (const line of shown.trim().split("\n")) {
    const index = rest.indexOf(line.trim());
    if (index < 0) {
      return printed;
    }
    rest = rest.slice(index + 1);
  }
  return shown;
}

for (const { name, blocks } of pages) {
  for (const block of blocks.filter(({ marks }) => marks.get("file")?.includes("/"))) {
    const path = block.marks.get("file")!;
    test(`Docs: ${name} shows ${path} as it is`, async (t) => {
      t.is(block.code, asUser(await readFile(join(checkout, path), "utf8")));
    });
  }

  for (const { programs, output } of examples(blocks)) {
    for (const program of programs.filter(({ language }) => language !== "python" || !("missing" in python))) {
      // Those that write to this process's console go one after another.
      const declare = program.language === "ts" ? test.serial : test;
      declare(`Docs: the program in line ${program.line} of ${name} prints what the page says`, async (t) => {
        const expected = program.language === "python" ? comparable(output.code) : output.code;
        const printed = await outputOf(name, program);
        if (WRITE && !output.marks.has("part")) {
          outputs.push({ page: name, output, printed });
        }
        t.is(output.marks.has("part") ? partOf(printed, expected) : printed, expected);
      });
    }
  }
}

if ("missing" in python) {
  test("Docs: the programs in Python were not compared", (t) => {
    t.log(python.missing);
    t.pass();
  });
}

test("Docs: every program type-checks as strictly as the engine", async (t) => {
  const options = {
    extends: join(checkout, "tsconfig.json"),
    compilerOptions: { typeRoots: [join(checkout, "node_modules/@types")] },
  };
  await stage.write("tsconfig.json", JSON.stringify({ ...options, include: ["*.ts", "*.mts"] }));
  await stage.write("control.ts", 'export const number: number = "text";\n');
  const compiler = join(checkout, "node_modules/typescript/bin/tsc");
  const { stdout } = spawnSync(process.execPath, [compiler, "-p", stage.directory], {
    cwd: stage.directory,
    encoding: "utf8",
  });
  const errors = stdout.split("\n").filter((line) => /^(?:[\w.-]+\.ts\(|error)/.test(line));
  t.deepEqual(errors, ["control.ts(1,14): error TS2322: Type 'string' is not assignable to type 'number'."]);
});

/** Layers that have no counterpart in asyncio, so that their pages are others. */
const WITHOUT_COUNTERPART = /^\.\/(?:explore|resources|trace)\//;

test("Docs: semantics.md speaks of every function and class that could have a counterpart in asyncio", async (t) => {
  const index = await readFile(join(checkout, "engine/index.ts"), "utf8");
  const semantics = await readFile(join(checkout, "docs/semantics.md"), "utf8");
  const values = [...index.matchAll(/^export \{([^}]*)\} from "([^"]+)"/gm)]
    .filter(([, , file = ""]) => !WITHOUT_COUNTERPART.test(file))
    .flatMap(([, names = ""]) => names.split(",").map((name) => name.trim()))
    .filter((name) => name !== "" && !name.startsWith("type "));
  t.deepEqual(
    values.filter((name) => !new RegExp(`\\b${name}\\b`).test(semantics)),
    [],
  );
  t.true(values.length > 50);
});
