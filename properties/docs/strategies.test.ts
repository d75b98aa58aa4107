import { readFileSync } from "node:fs";
import test from "ava";
import { strategyNames } from "../../engine/index.ts";

const sorted = (names: readonly (string | undefined)[]): string[] => names.map(String).sort((a, b) => (a < b ? -1 : 1));

test("Docs: strategies.md has a row that says what each strategy does", (t) => {
  const page = readFileSync(new URL("../../docs/strategies.md", import.meta.url), "utf8");
  const table = page.slice(page.indexOf("| strategy | does |")).split("\n\n")[0] ?? "";
  const named = [...table.matchAll(/^\| ([^|]+) \|/gm)].flatMap(([, cell = ""]) =>
    [...cell.matchAll(/`(\w+)`/g)].map(([, name]) => name),
  );
  t.deepEqual(sorted(named), sorted(strategyNames));
});
