import { readdirSync, readFileSync } from "node:fs";
import { basename, join } from "node:path";
import test from "ava";
import { checkout } from "./stage.ts";
import { writtenFiles } from "./written-files.ts";

/** Characters that a row of a table may have; what needs more stands below the table. */
const WIDEST_ROW = 200;

const read = (name: string): string => readFileSync(join(checkout, name), "utf8");

test("Docs: table rows are short", (t) => {
  const wide = writtenFiles(/\.md$/).flatMap((name) =>
    read(name)
      .split("\n")
      .map((line, i) => ({ line, place: `${name}:${i + 1}: ${line.length} characters` }))
      .filter(({ line }) => line.startsWith("|") && line.length > WIDEST_ROW)
      .map(({ place }) => place),
  );
  t.deepEqual(wide, []);
});

/** Columns of a comment; tables in comments may be wider, as in pages. */
const WIDEST_COMMENT = 120;

test("Docs: comments stay within 120 columns", (t) => {
  const wide = writtenFiles(/\.ts$/).flatMap((name) =>
    read(name)
      .split("\n")
      .map((line, i) => ({ line, place: `${name}:${i + 1}: ${line.length} columns` }))
      .filter(({ line }) => /^\s*(?:\/?\*|\/\/)(?! \|)/.test(line) && [...line].length > WIDEST_COMMENT)
      .map(({ place }) => place),
  );
  t.deepEqual(wide, []);
});

test("Docs: docs/README.md links to every page", (t) => {
  const index = read("docs/README.md");
  const names = readdirSync(join(checkout, "docs")).filter((name) => /\.(md|schema\.json)$/.test(name));
  const missing = names.filter((name) => name !== "README.md" && !index.includes(`](${name}`));
  t.deepEqual(
    missing.map((name) => basename(name)),
    [],
  );
});
