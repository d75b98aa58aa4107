import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import test from "ava";
import { describeMutant, mutantsOf, sampleOf } from "./mutants-of.ts";
import { runTests } from "./try-mutant.ts";

const root = fileURLToPath(new URL("../..", import.meta.url));

test("Mutants: operators, conditions, bounds, flags and effects change; types and the words of errors do not", (t) => {
  const source = `import { a } from "./a.ts";
    /** 1 < 2 */
    export function clamp(value: number, isOpen = true): -1 | number {
      if (value < 0 && isOpen) {
        throw new RangeError("expected " + value + 1);
      }
      invariant(value > 0);
      count++;
      list.push(value as 3);
      list.toString();
      return Math.min(value ?? 5, -MAX) ? "a" + value : \`\${!isOpen}\`;
    }`;
  t.deepEqual(
    mutantsOf("clamp.ts", source).map((mutant) => describeMutant(mutant).replace("clamp.ts:", "")),
    [
      "3:51  true → false",
      "4:11  value < 0 && isOpen → true",
      "4:11  value < 0 && isOpen → false",
      "4:17  < → <=",
      "4:17  < → >=",
      "4:19  0 → 1",
      "4:21  && → ||",
      "8:7  count++; → (removed)",
      "8:12  ++ → --",
      "9:7  list.push(value as 3); → (removed)",
      "9:12  push → unshift",
      "10:7  list.toString(); → (removed)",
      "11:14  Math.min(value ?? 5, -MAX) → true",
      "11:14  Math.min(value ?? 5, -MAX) → false",
      "11:19  min → max",
      "11:23  value ?? 5 → 5",
      "11:32  5 → 6",
      "11:35  -MAX → MAX",
      "11:60  !isOpen → isOpen",
    ],
  );
});

test("Mutants: a sample has the size that was asked for, keeps the order, and depends on the seed alone", (t) => {
  const items = Array.from({ length: 100 }, (_, i) => i);
  const sample = sampleOf(items, 10, 1);
  t.is(sample.length, 10);
  t.deepEqual(
    sample,
    [...sample].sort((a, b) => a - b),
  );
  t.deepEqual(sampleOf(items, 10, 1), sample);
  t.notDeepEqual(sampleOf(items, 10, 2), sample);
  t.deepEqual(sampleOf(items, 1000, 1), items);
});

test("Mutants: tests see the mutant, and nothing is written", async (t) => {
  const file = "engine/network/tcp/round-trip.ts";
  const tests = ["engine/network/tcp/round-trip.test.ts"];
  const source = readFileSync(new URL(`../../${file}`, import.meta.url), "utf8");
  const mutant = mutantsOf(file, source).find(({ original }) => original === "4")!;
  t.is((await runTests(root, tests, mutant, 100)).verdict, "failed");
  t.is((await runTests(root, tests, null, 100)).verdict, "passed");
  t.is(readFileSync(new URL(`../../${file}`, import.meta.url), "utf8"), source);
});
