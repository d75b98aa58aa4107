import { type Command, InvalidArgumentError } from "commander";
import { withFaults } from "../../engine/experiment/index.ts";
import { type Scenario, withParameters } from "../../engine/index.ts";
import { UsageError } from "./failures.ts";
import { errorLine } from "./load/error-text.ts";
import { findScenario } from "./load/find-scenario.ts";
import type { GivenParameters } from "./param-words.ts";

/** The commands that take one value for each parameter; `sweep` takes several. */
const COMMANDS = ["run", "trace", "check", "explore", "replay", "inevitable", "debug", "stats", "why"];

/** Give `command` the option `--param`, if it is one that runs a scenario. */
export function addParamOption(command: Command): void {
  if (COMMANDS.includes(command.name())) {
    command
      .option(
        "--param <name=value>",
        "value of a parameter of the scenario; once for each parameter",
        parseParameterValue,
      )
      .option(
        "--only-faults <numbers>",
        "of the faults that the scenario plans, let only these happen, such as 1,3, or none",
        parseFaults,
      )
      .hook("preAction", (_command, action) => {
        const options = action.opts<{ param?: GivenParameters; onlyFaults?: readonly number[] }>();
        const { onlyFaults } = options;
        if (onlyFaults !== undefined) {
          options.param = { values: {}, ...options.param, onlyFaults };
          delete options.onlyFaults;
        }
      });
  }
}

/** Collects `--param name=value`. @throws InvalidArgumentError */
export function parseParameterValue(text: string, others: GivenParameters = { values: {} }): GivenParameters {
  const [, name = "", value = ""] = /^([^=\s]+)=(.*)$/s.exec(text) ?? [];
  if (name === "") {
    throw new InvalidArgumentError("Expected a parameter with its value, such as clients=10.");
  }
  if (Object.hasOwn(others.values, name)) {
    throw new InvalidArgumentError(`Parameter ${name} is given twice.`);
  }
  return { values: { ...others.values, [name]: value } };
}

/** The value of `--only-faults`. @throws InvalidArgumentError */
export function parseFaults(text: string): readonly number[] {
  const numbers = text === "none" ? [] : text.split(",").map((word) => (/^\d{1,6}$/.test(word) ? Number(word) : 0));
  if (numbers.includes(0)) {
    throw new InvalidArgumentError("Expected numbers of planned faults, from 1, such as 1,3, or none.");
  }
  return numbers;
}

/**
 * `text` as a value of the parameter `name`, with the type that its default has.
 *
 * @throws UsageError for values of another type.
 */
export function typedValue(scenario: Scenario, name: string, text: string): number | string | boolean {
  const known = scenario.parameters?.[name];
  if (typeof known === "number") {
    const number = text.trim() === "" ? Number.NaN : Number(text);
    if (!Number.isFinite(number)) {
      throw new UsageError(`parameter ${name} of ${scenario.name}: expected a number, got '${text}'`);
    }
    return number;
  }
  if (typeof known === "boolean") {
    if (text !== "true" && text !== "false") {
      throw new UsageError(`parameter ${name} of ${scenario.name}: expected true or false, got '${text}'`);
    }
    return text === "true";
  }
  return text;
}

/**
 * The scenario that `called` means, with these values of its parameters.
 *
 * @throws UsageError for parameters that it does not have.
 */
export async function findConfigured(called: string, param: GivenParameters | undefined): Promise<Scenario> {
  const scenario = await findScenario(called);
  return param === undefined ? scenario : configured(scenario, param);
}

function configured(scenario: Scenario, { values: given, onlyFaults }: GivenParameters): Scenario {
  const values = Object.entries(given).map(([name, text]) => [name, typedValue(scenario, name, text)] as const);
  try {
    const own = withParameters(scenario, Object.fromEntries(values));
    const { network = own.network, ...options } = own.options ?? {};
    return onlyFaults === undefined
      ? own
      : { ...own, options: withFaults({ ...options, ...(network === undefined ? {} : { network }) }, onlyFaults) };
  } catch (error) {
    throw new UsageError(errorLine(error).replace(/^TypeError: /, ""), { cause: error });
  }
}
