import test from "ava";
import { complaintsOf } from "./call.ts";
import { exportedTargets } from "./exports.ts";

test("Every export: hostile arguments work or are refused by name, and leave the loop usable", async (t) => {
  t.deepEqual(await complaintsOf(await exportedTargets(), 60, 1), []);
});

test("Every export: the same with other arguments each time", async (t) => {
  const seed = Math.floor(Math.random() * 2 ** 31);
  t.deepEqual(await complaintsOf(await exportedTargets(), 20, seed), [], `seed ${seed}`);
});
