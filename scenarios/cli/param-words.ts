import { shellWord } from "./shell-word.ts";

/** What a run is given besides its seed, as it was written on the command line. */
export interface GivenParameters {
  /** The options `--param`, by name. */
  readonly values: Readonly<Record<string, string>>;
  /** The option `--only-faults`. */
  readonly onlyFaults?: readonly number[];
}

/** Parameters and faults as words of a command, each with a space before it. */
export function parameterWords(
  param:
    | {
        readonly values: Readonly<Record<string, number | string | boolean>>;
        readonly onlyFaults?: readonly number[] | undefined;
      }
    | undefined,
): string {
  const { values = {}, onlyFaults } = param ?? {};
  const words = Object.entries(values).map(([name, value]) => ` --param ${shellWord(`${name}=${value}`)}`);
  return words.join("") + (onlyFaults === undefined ? "" : ` --only-faults ${onlyFaults.join() || "none"}`);
}
