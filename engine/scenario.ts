import { type AsyncProgram, type Program, requireSimulateOptions, type SimulateOptions } from "./simulation.ts";

/** A program with a name and the world it runs in. */
export interface Scenario<T = unknown> {
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
  /** The main coroutine function; an `async` function if the scenario's module imports `simloop/node`. */
  readonly main: Program<T> | AsyncProgram<T>;
  /**
   * The main coroutine function on the real clock and real sockets (`simloop run --real`), where it is another one: a server that has its
   * clients beside it in the simulation waits for real ones there.
   */
  readonly real?: Program<unknown>;
}

const FIELDS = ["name", "about", "start", "network", "options", "main", "real"];
const NAME = /^[a-z0-9]+(-[a-z0-9]+)*$/;

/**
 * Declare a scenario, which a module exports by default so that `simloop run` finds it.
 *
 * @throws TypeError if the name, the description or the main function is missing or of a wrong kind, and for fields and options that there are not.
 */
export function defineScenario<T>(scenario: Scenario<T>): Scenario<T> {
  const { name, about, main } = scenario;
  if (typeof name !== "string" || !NAME.test(name)) {
    throw new TypeError(
      `defineScenario: name must be lower-case words with hyphens, such as "tcp-server"; got ${String(name)}`,
    );
  }
  if (typeof about !== "string" || about === "") {
    throw new TypeError(`defineScenario: ${name} needs a line "about" that says what it shows; got ${String(about)}`);
  }
  if (typeof main !== "function") {
    throw new TypeError(`defineScenario: ${name} needs a coroutine function "main"; got ${String(main)}`);
  }
  if (scenario.real !== undefined && typeof scenario.real !== "function") {
    throw new TypeError(
      `defineScenario: ${name} needs a coroutine function as "real", or none; got ${String(scenario.real)}`,
    );
  }
  const unknown = Object.keys(scenario).find((field) => !FIELDS.includes(field));
  if (unknown !== undefined) {
    throw new TypeError(
      `defineScenario: ${name} has a field ${unknown}, which there is not; there are ${FIELDS.join(", ")}, and what simulate takes goes into options`,
    );
  }
  requireSimulateOptions(`options of scenario ${name}`, scenario.options ?? {});
  return scenario;
}

/** The options to simulate `scenario` with; `overrides` come first. */
export const scenarioOptions = (scenario: Scenario, overrides: SimulateOptions = {}): SimulateOptions => ({
  name: scenario.name,
  ...(scenario.start === undefined ? {} : { start: scenario.start }),
  ...(scenario.network === undefined ? {} : { network: scenario.network }),
  ...scenario.options,
  ...overrides,
});
