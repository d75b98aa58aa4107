import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import test from "ava";

const rule = resolve("properties/lint/forgotten-yield.grit");
const biome = resolve("node_modules/@biomejs/biome/bin/biome");

/** The numbers of the lines of `source` that the rule objects to. */
function objections(source: string): number[] {
  const directory = mkdtempSync(join(tmpdir(), "simloop-lint-"));
  try {
    writeFileSync(
      join(directory, "biome.json"),
      JSON.stringify({ plugins: [rule], linter: { rules: { preset: "none" } } }),
    );
    writeFileSync(join(directory, "program.ts"), source);
    const { stdout } = spawnSync(process.execPath, [biome, "lint", "--colors=off", "--reporter=github", "program.ts"], {
      cwd: directory,
      encoding: "utf8",
    });
    return [...stdout.matchAll(/,line=(\d+),/g)].map((match) => Number(match[1])).sort((a, b) => a - b);
  } finally {
    rmSync(directory, { recursive: true });
  }
}

test("Lint: an awaitable without yield* is visible, whatever makes it", (t) => {
  const source = `
sleep(1);
gather(a(), b());
lock.acquire();
queue.join();
reader.readline();
`;
  t.deepEqual(objections(source), [2, 3, 4, 5, 6]);
});

test("Lint: a bare call of a coroutine function is visible, however the function was declared", (t) => {
  const source = `
async function* a(n: number) { yield* sleep(n); }
function* b() { yield sleep(1); }
const c = async function* () {};
const d = coroutine(async function* d() {});
async function* main() {
  a(1);
  b();
  c();
  d();
}
`;
  t.deepEqual(objections(source), [7, 8, 9, 10]);
});

test("Lint: what is awaited, kept, passed on or no coroutine at all is left alone", (t) => {
  const source = `
async function* a(n: number) { yield* sleep(n); }
async function* main() {
  yield* sleep(1);
  yield sleep(1);
  yield* a(1);
  createTask(a(2));
  const later = sleep(3);
  print("x");
  text.split(",");
  lock.release();
  return yield* gather(a(1), later);
}
`;
  t.deepEqual(objections(source), []);
});
