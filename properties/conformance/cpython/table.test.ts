import { readdirSync, readFileSync } from "node:fs";
import test from "ava";

const root = new URL("../../../", import.meta.url);
const table = readFileSync(new URL("docs/conformance.md", root), "utf8");

/** The titles of all tests of a directory, as patterns: a placeholder stands for anything. */
function titlesIn(directory: string): RegExp[] {
  const files = readdirSync(new URL(directory, root), { recursive: true, encoding: "utf8" });
  return files
    .filter((file) => file.endsWith(".test.ts"))
    .flatMap((file) => {
      const text = readFileSync(new URL(`${directory}${file}`, root), "utf8");
      return [...text.matchAll(/\btest(?:\.serial)?\(\s*(["'`])((?:\\.|(?!\1)[^\\])*)\1/g)].map(([, , title]) =>
        patternOf(title!),
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

/**
 * The items of the lists of methods: how many methods, and the tests that cover them, none for methods that do not
 * apply.
 */
const itemsOf = (page: string): { readonly methods: number; readonly titles: readonly string[] }[] =>
  [...page.matchAll(/^- (`test_.*`)\n((?: {2}- .*\n)+)/gm)].map(([, methods = "", cover = ""]) => ({
    methods: methods.split(", ").length,
    titles: [...cover.matchAll(/^ {2}- \*(.*)\*$/gm)].map(([, title = ""]) => title),
  }));

const pages = readdirSync(new URL("docs/conformance/", root))
  .sort((a, b) => (a < b ? -1 : 1))
  .map((file) => ({
    name: file.replace(/\.md$/, ""),
    items: itemsOf(readFileSync(new URL(`docs/conformance/${file}`, root), "utf8")),
  }));
const items = pages.flatMap((page) => page.items);

test("Conformance: every test that the pages of docs/conformance name exists", (t) => {
  const known = [...titlesIn("properties/conformance/cpython/"), ...titlesIn("engine/")];
  const named = new Set(items.flatMap(({ titles }) => titles));
  t.true(named.size > 200);
  t.deepEqual(
    [...named].filter((title) => !known.some((pattern) => pattern.test(title))),
    [],
  );
});

test("Conformance: the table of docs/conformance.md counts what its pages list", (t) => {
  const count = (of: typeof items, covered: boolean): number =>
    of.filter(({ titles }) => titles.length > 0 === covered).reduce((sum, { methods }) => sum + methods, 0);
  const row = (name: string, of: typeof items): string =>
    `| ${name} | ${count(of, true) + count(of, false)} | ${count(of, true)} | ${count(of, false)} |`;
  const expected = [
    ...pages.map(({ name, items: of }) => row(`[${name}](conformance/${name}.md)`, of)),
    row("sum", items),
  ];
  t.deepEqual(
    expected.filter((start) => !table.includes(`\n${start}`)),
    [],
  );
});
