import { describeValue } from "./base/describe.ts";
import { isObject, requireArgument, requireFields } from "./base/require-argument.ts";
import { unknownName } from "./base/unknown-name.ts";
import { type Program, requireSimulateOptions, type SimulateOptions } from "./simulation.ts";
import type { CoroutineLike } from "./tasks/coroutine.ts";

/** Parameters of a scenario, with their default values. */
export type ParameterDefaults = Readonly<Record<string, number | string | boolean>>;

/** A program with a name and the world it runs in. */
export interface Scenario<T = unknown, P extends ParameterDefaults = ParameterDefaults> {
  /** The name by which the command line finds it: letters, digits and hyphens. */
  readonly name: string;
  /** What it shows, in a line. */
  readonly about: string;
  /** The simulated wall clock at the beginning, as the option `start` of `simulate`. */
  readonly start?: number | string;
  /** The simulated network, as the option `network` of `simulate`. */
  readonly network?: NonNullable<SimulateOptions["network"]>;
  /** Other options of `simulate`. */
  readonly options?: SimulateOptions;
  /**
   * The parameters of the program, with the values that they have unless others are given: numbers, strings or
   * booleans.
   */
  readonly parameters?: P;
  /**
   * The main coroutine function; an `async` function if the scenario's module imports `simloop/node`. It takes the
   * parameters; those that are not given have their default values.
   */
  readonly main: ((parameters?: Partial<P>) => CoroutineLike<T>) | ((parameters?: Partial<P>) => PromiseLike<T>);
  /**
   * The main coroutine function on the real clock and real sockets (`simloop run --real`), where it is another one: a
   * server that has its clients beside it in the simulation waits for real ones there.
   */
  readonly real?: Program<unknown>;
}

/** A scenario as {@link defineScenario} takes it: its main function gets all parameters. */
export interface ScenarioDefinition<T, P extends ParameterDefaults> extends Omit<Scenario<T, P>, "main"> {
  readonly main: ((parameters: P) => CoroutineLike<T>) | ((parameters: P) => PromiseLike<T>);
}

const FIELDS = ["name", "about", "start", "network", "options", "parameters", "main", "real"];
const NAME = /^[a-z0-9]+(-[a-z0-9]+)*$/;

/**
 * Declare a scenario, which a module exports by default so that `simloop run` finds it.
 *
 * @throws TypeError if the name, the description or the main function is missing or of a wrong kind, and for unknown
 * fields and options.
 */
export function defineScenario<T, P extends ParameterDefaults = Record<never, never>>(
  scenario: ScenarioDefinition<T, P>,
): Scenario<T, P> {
  const isGiven: boolean = isObject(scenario);
  requireArgument(
    "defineScenario",
    "an object with a name, a line about and a coroutine function main",
    isGiven,
    scenario,
  );
  const { name, about, main } = scenario;
  requireArgument(
    "defineScenario",
    "a name of lower-case words with hyphens, such as 'tcp-server'",
    typeof name === "string" && NAME.test(name),
    name,
  );
  const what = `scenario '${name}'`;
  requireArgument(what, "a line of text as 'about'", typeof about === "string" && about !== "", about);
  requireArgument(what, "a coroutine function as 'main'", typeof main === "function", main);
  const { real } = scenario;
  requireArgument(what, "a coroutine function as 'real'", real === undefined || typeof real === "function", real);
  const unknown = Object.keys(scenario).find((field) => !FIELDS.includes(field));
  if (unknown !== undefined) {
    throw new TypeError(
      `${what}: ${unknownName("field", unknown, FIELDS)}. Put options of simulate() into the field 'options'`,
    );
  }
  requireSimulateOptions(`options of scenario ${name}`, scenario.options ?? {});
  const { parameters } = scenario;
  if (parameters === undefined) {
    return scenario as Scenario<T, P>;
  }
  requireParameters(`parameters of scenario ${name}`, parameters);
  const withDefaults = (given?: Partial<P>) => main({ ...parameters, ...given });
  return { ...scenario, main: withDefaults as Scenario<T, P>["main"] };
}

/** @throws TypeError unless all `parameters` are finite numbers, strings or booleans. */
function requireParameters(what: string, parameters: unknown): void {
  if (typeof parameters !== "object" || parameters === null) {
    throw new TypeError(`${what}: expected an object with default values, got ${describeValue(parameters)}`);
  }
  for (const [name, value] of Object.entries(parameters)) {
    requireParameterValue(what, name, value);
  }
}

/** @throws TypeError unless `value` is a finite number, a string or a boolean. */
export function requireParameterValue(what: string, name: string, value: unknown): void {
  if (!Number.isFinite(value) && typeof value !== "string" && typeof value !== "boolean") {
    throw new TypeError(
      `${what}: expected a finite number, a string or a boolean as parameter '${name}', got ${describeValue(value)}`,
    );
  }
}

/**
 * `scenario` with other values of its parameters.
 *
 * @throws TypeError for parameters that the scenario does not have, and for values of another type than the default.
 */
export function withParameters<T, P extends ParameterDefaults>(
  scenario: Scenario<T, P>,
  given: Partial<P>,
): Scenario<T, P> {
  requireScenario("withParameters", scenario);
  requireArgument("withParameters", "an object with values", isObject(given), given);
  const what = `scenario ${scenario.name}`;
  const defaults: ParameterDefaults = scenario.parameters ?? {};
  for (const [name, value] of Object.entries(given)) {
    if (!Object.hasOwn(defaults, name)) {
      throw new TypeError(`${what}: ${unknownName("parameter", name, Object.keys(defaults))}`);
    }
    requireParameterValue(what, name, value);
    if (typeof value !== typeof defaults[name]) {
      throw new TypeError(
        `${what}: expected a ${typeof defaults[name]} as parameter '${name}', got ${describeValue(value)}`,
      );
    }
  }
  const withGiven = (others?: Partial<P>) => scenario.main({ ...given, ...others });
  return { ...scenario, main: withGiven as Scenario<T, P>["main"] };
}

/** @internal `options` with no other planned faults than those of these numbers. */
export const withFaults = <O extends Pick<SimulateOptions, "network">>(
  options: O,
  onlyFaults: readonly number[],
): O => {
  requireArgument("withFaults", "an object with options", isObject(options), options);
  requireArgument("withFaults", "an array of numbers", Array.isArray(onlyFaults), onlyFaults);
  return { ...options, network: { ...options.network, onlyFaults } };
};

/** The options to simulate `scenario` with; `overrides` come first. @throws TypeError if it is not a scenario */
export function scenarioOptions(scenario: Scenario, overrides: SimulateOptions = {}): SimulateOptions {
  requireScenario("scenarioOptions", scenario);
  requireArgument("scenarioOptions", "an object with options", isObject(overrides), overrides);
  return {
    name: scenario.name,
    ...(scenario.start === undefined ? {} : { start: scenario.start }),
    ...(scenario.network === undefined ? {} : { network: scenario.network }),
    ...scenario.options,
    ...overrides,
  };
}

const requireScenario = (what: string, scenario: unknown): void =>
  requireFields(what, "a scenario, as defineScenario() returns it", scenario, { name: "string", main: "function" });
