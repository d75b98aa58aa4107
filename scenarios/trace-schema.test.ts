import { readFileSync } from "node:fs";
import { Ajv } from "ajv";
import test from "ava";
import { isIntact, jsonlLines, parseJsonl, scenarioOptions, simulate } from "../engine/index.ts";
import { builtInScenarios } from "./index.ts";

const schema = JSON.parse(readFileSync(new URL("../docs/trace.schema.json", import.meta.url), "utf8"));
const isValid = new Ajv({ strict: true, allowUnionTypes: true }).compile(schema);

test("Trace schema: every line of every scenario's trace meets it, and the trace is read back whole", async (t) => {
  for (const scenario of await builtInScenarios()) {
    const { trace } = await simulate(scenario.main, scenarioOptions(scenario, { output: () => {} }));
    const lines = [...jsonlLines(trace)];
    t.is(
      lines.find((line) => !isValid(JSON.parse(line))),
      undefined,
      scenario.name,
    );
    t.true(isIntact(parseJsonl(lines.join(""))), scenario.name);
  }
});
