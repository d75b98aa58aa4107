import { readFile } from "node:fs/promises";
import { join } from "node:path";
import test from "ava";
import { traceFormatNames } from "../../scenarios/cli/trace-formats.ts";
import { commandNames, fieldsOf, referencePages } from "./reference.ts";
import { checkout } from "./stage.ts";

test("Reference: the pages are those that the code makes; `npm run reference` writes them", async (t) => {
  for (const [path, text] of Object.entries(await referencePages())) {
    t.is(await readFile(join(checkout, path), "utf8"), text, path);
  }
});

test("Reference: every section of the options has some", async (t) => {
  const { "docs/options.md": page = "" } = await referencePages();
  const sections = page.split("\n## ").slice(1);
  t.deepEqual(
    sections.filter((section) => !section.includes("\n- `")).map((section) => section.split("\n")[0]),
    [],
  );
  t.true(sections.length > 10);
});

test("Reference: every command and every trace format is in the docs", async (t) => {
  const { "docs/cli.md": page = "" } = await referencePages();
  const traces = await readFile(join(checkout, "docs/traces.md"), "utf8");
  t.deepEqual(
    [
      ...commandNames.filter((name) => !page.includes(`\n## simloop ${name}\n`)),
      ...traceFormatNames.filter((name) => !new RegExp(`\\b${name}\\b`).test(traces)),
    ],
    [],
  );
});

test("Reference: every field of an interface of options is found, of one line and of several", (t) => {
  const source = `export interface AOptions extends BOptions {
  /** One. */
  readonly one?: number;
  /**
   * Two, as {@link One} in
   * lines.
   */
  readonly two?: (
    a: number,
  ) => void;

  /** Three. */
  readonly three: { readonly a: 1; readonly b: 2 };
}
`;
  t.deepEqual(fieldsOf(source, "AOptions"), [
    { name: "one", type: "number", about: "One." },
    { name: "two", type: "( a: number, ) => void", about: "Two, as `One` in lines." },
    { name: "three", type: "{ readonly a: 1; readonly b: 2 }", about: "Three." },
  ]);
});
