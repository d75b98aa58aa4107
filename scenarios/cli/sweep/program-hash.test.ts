import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import test from "ava";
import { programHash } from "./program-hash.ts";

const directory = mkdtempSync(join(tmpdir(), "simloop-hash-"));
test.after.always(() => rmSync(directory, { recursive: true, force: true }));

function write(name: string, text: string): string {
  const path = join(directory, name);
  writeFileSync(path, text);
  return path;
}

const builtIn = (): string => "text";

test.serial("programHash: changes with the file and with what it imports or requires by relative paths", async (t) => {
  const main = write("main.mjs", 'import "./part.mjs";');
  const common = write("main.cjs", 'require("./part");');
  const hashes = new Set<string>();
  for (const [part, text] of [
    ["part.mjs", "1"],
    ["part.mjs", "2"],
    ["part.js", "1"],
    ["part.js", "2"],
  ] as const) {
    write(part, text);
    hashes.add(`${await programHash(main, builtIn)} ${await programHash(common, builtIn)}`);
  }
  t.is(hashes.size, 4);
});

test.serial("programHash: an ordinary Node program has its own", async (t) => {
  const [one, two] = [write("one.mjs", "1"), write("two.mjs", "2")];
  t.is(await programHash(`node:${one}`, builtIn), await programHash(one, builtIn));
  t.not(await programHash(`node:${one}`, builtIn), await programHash(`node:${two}`, builtIn));
});
