import { describeValue, safeString } from "../base/describe.ts";
import { isObject, requireArgument } from "../base/require-argument.ts";
import { requireParameterValue } from "../scenario.ts";

/** The value of a parameter of a program. */
export type ParameterValue = number | string | boolean;

/** One value for each parameter of a program. */
export type Setting = Readonly<Record<string, ParameterValue>>;

/** Values to try for each parameter: every combination is a setting. */
export type Grid = Readonly<Record<string, readonly ParameterValue[]>>;

/**
 * All combinations of the values of `grid`: the last parameter varies fastest. An empty grid has one setting, without
 * parameters.
 *
 * @throws TypeError for values that are not numbers, strings or booleans; RangeError for a parameter without values, or
 * with a value twice.
 */
export function settingsOf(what: string, grid: Grid): readonly Setting[] {
  requireArgument("settingsOf", "a string as what takes the grid", typeof what === "string", what);
  requireArgument(what, "an object with values for each parameter", isObject(grid), grid);
  let settings: readonly Setting[] = [{}];
  for (const [name, values] of Object.entries(grid)) {
    if (!Array.isArray(values) || values.length === 0) {
      throw new RangeError(`${what}: expected a list of values for parameter '${name}', got ${describeValue(values)}`);
    }
    for (const value of values) {
      requireParameterValue(what, name, value);
    }
    if (new Set(values).size < values.length) {
      throw new RangeError(`${what}: parameter '${name}' has a value twice: ${values.join(", ")}`);
    }
    settings = settings.flatMap((setting) => values.map((value) => ({ ...setting, [name]: value })));
  }
  return settings;
}

/** A setting as the command line takes it: `clients=10 mode=fast`; empty without parameters. */
export function settingText(setting: Setting): string {
  requireArgument("settingText", "an object with parameters", isObject(setting), setting);
  return Object.entries(setting)
    .map(([name, value]) => `${name}=${safeString(value)}`)
    .join(" ");
}
