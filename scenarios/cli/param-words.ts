import { shellWord } from "./shell-word.ts";

/** Parameters as they were written on the command line, by name. */
export type GivenParameters = Readonly<Record<string, string>>;

/** Parameters as words of a command, each with a space before it. */
export const parameterWords = (param: Readonly<Record<string, number | string | boolean>> | undefined): string =>
  Object.entries(param ?? {})
    .map(([name, value]) => ` --param ${shellWord(`${name}=${value}`)}`)
    .join("");
