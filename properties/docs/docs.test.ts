import { spawnSync } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import test from "ava";
import { findPython } from "../conformance/live/find-python.ts";
import { type CodeBlock, codeBlocks, examples } from "./code-blocks.ts";
import { comparable, runPython, runTypeScript } from "./run-block.ts";
import { asUser, checkout, Stage } from "./stage.ts";

/*
 * In the pages, a block marked `run` is run, and prints what the next block marked `output` shows; several programs before one output all print
 * that. A block marked `file=PATH` shows that file of the checkout if there is one, or else makes it, for other programs to import.
 */

const pages = ["README.md", ...readdirSync(join(checkout, "docs")).map((name) => `docs/${name}`)]
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
  for (const { name, blocks } of pages) {
    for (const block of blocks.filter(isProgram)) {
      await stage.write(fileName(name, block), block.code);
    }
  }
});

test.after.always(() => stage?.remove());

const python = findPython();

for (const { name, blocks } of pages) {
  for (const block of blocks.filter(({ marks }) => marks.get("file")?.includes("/"))) {
    const path = block.marks.get("file") as string;
    test(`Docs: ${name} shows ${path} as it is`, async (t) => {
      t.is(block.code, asUser(await readFile(resolve(checkout, path), "utf8")));
    });
  }

  for (const { programs, output } of examples(blocks)) {
    for (const program of programs) {
      const title = `Docs: the program in line ${program.line} of ${name} prints what the page says`;
      if (program.language === "ts") {
        test.serial(title, async (t) => {
          t.is(await runTypeScript(resolve(stage.folder, fileName(name, program))), output.code);
        });
      } else if ("missing" in python) {
        test(title, (t) => {
          t.log(`not compared with Python: ${python.missing}`);
          t.pass();
        });
      } else {
        test(title, async (t) => {
          const start = program.marks.get("start") ?? "00:00:00";
          const printed = await runPython(python.command, stage.folder, fileName(name, program), start);
          t.is(comparable(printed), comparable(output.code));
        });
      }
    }
  }
}

test("Docs: every program type-checks as strictly as the engine", async (t) => {
  const options = { extends: join(checkout, "tsconfig.json"), compilerOptions: { typeRoots: [join(checkout, "node_modules/@types")] } };
  await stage.write("tsconfig.json", JSON.stringify({ ...options, include: ["*.ts"] }));
  const compiler = join(checkout, "node_modules/typescript/bin/tsc");
  const { stdout } = spawnSync(process.execPath, [compiler, "-p", stage.folder], { cwd: stage.folder, encoding: "utf8" });
  t.deepEqual(
    stdout.split("\n").filter((line) => /^[\w-]+\.ts\(/.test(line)),
    [],
  );
});
