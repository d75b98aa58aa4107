import { readdirSync, readFileSync } from "node:fs";
import test from "ava";

const root = new URL("../../../", import.meta.url);
const table = readFileSync(new URL("docs/conformance.md", root), "utf8");

/** The titles of all tests of a folder, as patterns: a placeholder stands for anything. */
function titlesIn(folder: string): RegExp[] {
  const files = readdirSync(new URL(folder, root), { recursive: true, encoding: "utf8" });
  return files
    .filter((file) => file.endsWith(".test.ts"))
    .flatMap((file) => {
      const text = readFileSync(new URL(`${folder}${file}`, root), "utf8");
      return [...text.matchAll(/\btest(?:\.serial)?\(\s*(["'`])((?:\\.|(?!\1)[^\\])*)\1/g)].map(([, , title]) =>
        patternOf(title as string),
      );
    });
}

const patternOf = (title: string): RegExp =>
  new RegExp(
    `^${title
      .replaceAll(/\\(["'`])/g, "$1")
      .split(/\$\{[^}]*\}/)
      .map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, "\\$&"))
      .join(".*")}$`,
  );

/** The rows of the tables of methods: which methods, and what stands for them. */
const rows = [...table.matchAll(/^\| (`test_.*?`) \| (.*) \|$/gm)].map(([, methods, cover]) => ({
  methods: (methods as string).split("<br>").length,
  titles: (cover as string).startsWith("does not apply: ")
    ? []
    : (cover as string).split("<br>").map((title) => title.slice(1, -1)),
}));

test("Conformance: every test that docs/conformance.md names exists", (t) => {
  const known = [...titlesIn("properties/conformance/cpython/"), ...titlesIn("engine/")];
  const named = new Set(rows.flatMap(({ titles }) => titles));
  t.true(named.size > 200);
  t.deepEqual(
    [...named].filter((title) => !known.some((pattern) => pattern.test(title))),
    [],
  );
});

test("Conformance: the sums of docs/conformance.md are those of its rows", (t) => {
  const [, all, covered, not] = /^\| sum \| (\d+) \| (\d+) \| (\d+) \|/m.exec(table) ?? [];
  const count = (wanted: boolean): number =>
    rows.filter(({ titles }) => titles.length > 0 === wanted).reduce((sum, { methods }) => sum + methods, 0);
  t.deepEqual([Number(covered), Number(not), Number(all)], [count(true), count(false), count(true) + count(false)]);
});
