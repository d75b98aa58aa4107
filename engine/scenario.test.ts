import test from "ava";
import { defineScenario, scenarioOptions, simulate, sleep, withParameters } from "./index.ts";

function* main() {
  yield* sleep(1);
}

test("defineScenario: a scenario is what was declared", (t) => {
  const scenario = { name: "two-words-2", about: "shows something", start: "15:27:26", options: { seed: 3 }, main };
  t.is(defineScenario(scenario), scenario);
});

test("scenarioOptions: the scenario's own options hold unless others are given", (t) => {
  const scenario = defineScenario({
    name: "one",
    about: "shows",
    start: "15:27:26",
    options: { seed: 3, until: 9 },
    main,
  });
  t.deepEqual(
    [
      scenarioOptions(scenario),
      scenarioOptions(scenario, { seed: 4 }),
      scenarioOptions({ name: "two", about: "x", main }),
    ],
    [
      { name: "one", start: "15:27:26", seed: 3, until: 9 },
      { name: "one", start: "15:27:26", seed: 4, until: 9 },
      { name: "two" },
    ],
  );
});

test("defineScenario: a missing or malformed part is refused, with what was expected and what came", (t) => {
  const refusal = (scenario: object): string =>
    String(t.throws(() => defineScenario({ name: "one", about: "shows", main, ...scenario } as never)));
  t.deepEqual(
    [
      refusal({ name: undefined }),
      refusal({ name: "Two Words" }),
      refusal({ name: "trailing-" }),
      refusal({ about: "" }),
      refusal({ about: undefined }),
      refusal({ main: undefined }),
      refusal({ main: main() }),
      refusal({ real: main() }),
      refusal({ timeZone: "UTC" }),
      refusal({ options: { sed: 1 } }),
      String(t.throws(() => defineScenario(undefined as never))),
    ],
    [
      "TypeError: defineScenario: expected a name of lower-case words with hyphens, such as 'tcp-server', got undefined",
      "TypeError: defineScenario: expected a name of lower-case words with hyphens, such as 'tcp-server', got \"Two Words\"",
      "TypeError: defineScenario: expected a name of lower-case words with hyphens, such as 'tcp-server', got \"trailing-\"",
      "TypeError: scenario 'one': expected a line of text as 'about', got \"\"",
      "TypeError: scenario 'one': expected a line of text as 'about', got undefined",
      "TypeError: scenario 'one': expected a coroutine function as 'main', got undefined",
      "TypeError: scenario 'one': expected a coroutine function as 'main', got [object Generator]",
      "TypeError: scenario 'one': expected a coroutine function as 'real', got [object Generator]",
      "TypeError: scenario 'one': unknown field 'timeZone' (known: name, about, start, network, options, parameters, main, real). " +
        "Put options of simulate() into the field 'options'",
      "TypeError: options of scenario one: unknown option 'sed'; did you mean 'seed'?",
      "TypeError: defineScenario: expected an object with a name, a line about and a coroutine function main, got undefined",
    ],
  );
});

test("defineScenario: parameters have their default values unless others are given, also by withParameters", async (t) => {
  const scenario = defineScenario({
    name: "shop",
    about: "a shop",
    parameters: { tills: 2, mode: "calm", open: true },
    *main(parameters) {
      yield* sleep(1);
      return JSON.stringify(parameters);
    },
  });
  const values: unknown[] = [];
  for (const { main: program } of [scenario, withParameters(scenario, { tills: 3 }), defineScenario(scenario)]) {
    values.push((await simulate(program)).value);
  }
  values.push((await simulate(() => withParameters(scenario, { tills: 3 }).main({ mode: "wild" }) as never)).value);
  t.deepEqual(values, [
    '{"tills":2,"mode":"calm","open":true}',
    '{"tills":3,"mode":"calm","open":true}',
    '{"tills":2,"mode":"calm","open":true}',
    '{"tills":3,"mode":"wild","open":true}',
  ]);
});

test("withParameters: parameters that the scenario does not have, and values of another type, are refused", (t) => {
  const scenario = defineScenario({ name: "shop", about: "a shop", parameters: { tills: 2 }, main });
  const refusal = (given: object): string => String(t.throws(() => withParameters(scenario, given as never)));
  t.deepEqual(
    [refusal({ till: 1 }), refusal({ tills: "many" }), refusal({ tills: Number.NaN })],
    [
      "TypeError: scenario shop: unknown parameter 'till'; did you mean 'tills'?",
      "TypeError: scenario shop: expected a number as parameter 'tills', got \"many\"",
      "TypeError: scenario shop: expected a finite number, a string or a boolean as parameter 'tills', got NaN",
    ],
  );
});
