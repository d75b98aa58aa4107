import test from "ava";
import { articleScenarios, builtInNames, builtInScenario, builtInScenarios } from "./index.ts";

test("Scenarios: each is found by its own name", async (t) => {
  const scenarios = await builtInScenarios();
  t.deepEqual(
    scenarios.map(({ name }) => name),
    builtInNames(),
  );
  t.deepEqual(await Promise.all(builtInNames().map(builtInScenario)), scenarios);
  t.is(await builtInScenario("toString"), undefined);
});

test("Scenarios: the article's come first", async (t) => {
  const article = (await articleScenarios()).map(({ name }) => name);
  t.deepEqual(builtInNames().slice(0, article.length), article);
});
