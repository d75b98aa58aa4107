import test from "ava";
import { parseSeconds, parseSeed } from "./option-values.ts";

test("Option values: seconds are decimal numbers that are not negative", (t) => {
  t.deepEqual(["0", "1.5", ".5", "2.", "1e3", "+4"].map(parseSeconds), [0, 1.5, 0.5, 2, 1000, 4]);
  for (const text of ["", "-1", "Infinity", "NaN", "1e999", "0x10", "1 s", "1,5", "--stats"]) {
    t.throws(() => parseSeconds(text), { message: "Expected seconds, a number that is not negative." }, text);
  }
});

test("Option values: a seed is a number where a double holds it, and a word otherwise", (t) => {
  t.deepEqual(["0", "-7", "5.0", "1e3", "12345678901234567890", "0x10", "monday", " ", "Infinity"].map(parseSeed), [
    0,
    -7,
    5,
    1000,
    "12345678901234567890",
    "0x10",
    "monday",
    " ",
    "Infinity",
  ]);
  t.throws(() => parseSeed(""), { message: "Expected a number or a word." });
});
