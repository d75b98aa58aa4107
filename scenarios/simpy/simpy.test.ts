import { readFileSync } from "node:fs";
import test from "ava";
import { scenarioOptions, simulate } from "../../engine/index.ts";
import { simpyScenarios } from "../index.ts";

/* recorded/ holds what SimPy's documented examples print; record.py runs them and compares with the documentation. */

test("SimPy's examples: each prints what SimPy prints, to the byte, and leaves nothing to warn of", async (t) => {
  for (const scenario of await simpyScenarios()) {
    const { output, warnings, error } = await simulate(scenario.main, scenarioOptions(scenario, { trace: "off" }));
    const file = new URL(`recorded/${scenario.name.replace("simpy-", "")}.txt`, import.meta.url);
    t.deepEqual([output, warnings, error], [readFileSync(file, "utf8"), [], undefined], scenario.name);
  }
});
