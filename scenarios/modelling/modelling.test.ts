import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import process from "node:process";
import test from "ava";
import { scenarioOptions, simulate } from "../../engine/index.ts";
import { modellingScenarios } from "../index.ts";
import { erlangC, meanWait } from "./mmc-queue.ts";

/*
 * recorded/ holds what the scenarios print. After a change that is meant to change it:
 *
 *     npx ava scenarios/modelling/modelling.test.ts -- --record
 */

test("Models: each prints what was recorded, which the page about them shows, and leaves nothing to warn of", async (t) => {
  const page = readFileSync(new URL("../../docs/modelling.md", import.meta.url), "utf8");
  for (const scenario of await modellingScenarios()) {
    const file = new URL(`recorded/${scenario.name}.txt`, import.meta.url);
    const { output, warnings, error } = await simulate(scenario.main, scenarioOptions(scenario, { trace: "off" }));
    t.deepEqual([error, warnings], [undefined, []], scenario.name);
    if (process.argv.includes("--record")) {
      mkdirSync(new URL(".", file), { recursive: true });
      writeFileSync(file, output);
    }
    t.is(output, readFileSync(file, "utf8"), scenario.name);
    t.true(page.includes(output), scenario.name);
  }
});

test("mmc-queue: Erlang's formula is that of the tables", (t) => {
  const queue = { lambda: 2, mu: 1, servers: 3 };
  t.deepEqual([erlangC(queue).toFixed(9), meanWait(queue).toFixed(9)], ["0.444444444", "0.444444444"]);
});
