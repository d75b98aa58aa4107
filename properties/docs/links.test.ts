import { existsSync, readdirSync, readFileSync } from "node:fs";
import { dirname, join, normalize } from "node:path";
import test from "ava";
import { checkout } from "./stage.ts";

const inDocs = readdirSync(join(checkout, "docs"), { recursive: true, encoding: "utf8" });
const atTop = readdirSync(checkout).filter((name) => name.endsWith(".md"));
const pages = [
  ...atTop,
  ...inDocs.filter((name) => name.endsWith(".md")).map((name) => `docs/${name.replaceAll("\\", "/")}`),
];

/** A page without its code, in which nothing is a link or a heading. */
const prose = (page: string): string =>
  readFileSync(join(checkout, page), "utf8")
    .replace(/^```[\s\S]*?^```$/gm, "")
    .replace(/^ {4}.*$/gm, "");

/** The anchors of a page's headings, as GitHub makes them. */
const anchors = (page: string): string[] =>
  [...prose(page).matchAll(/^#+ (.*)$/gm)].map(([, heading = ""]) =>
    heading
      .toLowerCase()
      .replace(/[^\p{L}\p{N}\s_-]/gu, "")
      .replaceAll(" ", "-"),
  );

/** What npm packs, besides `package.json`, the README and the licence. */
const { files } = JSON.parse(readFileSync(join(checkout, "package.json"), "utf8")) as {
  readonly files: readonly string[];
};

const isPacked = (file: string): boolean =>
  ["README.md", "LICENSE"].includes(file) || files.some((one) => file === one || file.startsWith(`${one}/`));

/** What is wrong with a link of `page` to `target`; `null` if nothing is. */
function problem(page: string, target: string): string | null {
  const [path = "", anchor] = target.split("#", 2);
  const file = path === "" ? page : normalize(join(dirname(page), path));
  if (!existsSync(join(checkout, file))) {
    return `${page}: no such file ${file}`;
  }
  if (!isPacked(file)) {
    return `${page}: ${file} is not in the package, but the page is`;
  }
  return anchor === undefined || anchors(file).includes(anchor) ? null : `${page}: ${file} has no heading #${anchor}`;
}

test("Docs: every link within the project leads to something", (t) => {
  const links = pages.flatMap((page) =>
    [
      ...prose(page)
        .replace(/`[^`\n]*`/g, "")
        .matchAll(/\]\(([^)\s]+)\)/g),
    ]
      .map(([, target = ""]) => ({ page, target }))
      .filter(({ target }) => !/^[a-z]+:/.test(target)),
  );
  t.deepEqual(
    links.map(({ page, target }) => problem(page, target)).filter((each) => each !== null),
    [],
  );
  t.true(links.length > 5);
});

test("Docs: a link that leads nowhere is found", (t) => {
  t.deepEqual(
    [
      problem("README.md", "docs/no-such-page.md"),
      problem("README.md", "docs/article.md#no-such-heading"),
      problem("README.md", "engine/index.ts"),
    ],
    [
      "README.md: no such file docs/no-such-page.md",
      "README.md: docs/article.md has no heading #no-such-heading",
      "README.md: engine/index.ts is not in the package, but the page is",
    ],
  );
});
