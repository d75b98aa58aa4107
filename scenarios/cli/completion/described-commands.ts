import type { Command, Option } from "commander";

/** An option, as shells need to know it. */
export interface DescribedOption {
  /** `--seed`. */
  readonly long: string;
  /** `-o`; `undefined` if there is none. */
  readonly short: string | undefined;
  readonly about: string;
  /** What it takes: nothing, one of these words, or anything, such as a file. */
  readonly takes: "nothing" | "anything" | readonly string[];
}

/** A command, as shells need to know it. */
export interface DescribedCommand {
  readonly name: string;
  readonly about: string;
  readonly options: readonly DescribedOption[];
  /** What its arguments may be: words, and files unless that is `false`. */
  readonly words: readonly string[];
  readonly files: boolean;
}

/** Describe `commands`. @param scenarios - The names of the built-in scenarios. */
export const describeCommands = (commands: readonly Command[], scenarios: readonly string[]): DescribedCommand[] =>
  commands.map((command) => ({
    name: command.name(),
    about: command.description(),
    options: command.createHelp().visibleOptions(command).flatMap(describeOption),
    ...argumentsOf(command, scenarios),
  }));

function describeOption({ long, short, description, required, optional, argChoices }: Option): DescribedOption[] {
  const takes = argChoices ?? (required || optional ? "anything" : "nothing");
  return long == null ? [] : [{ long, short: short ?? undefined, about: description, takes }];
}

function argumentsOf(
  { registeredArguments }: Command,
  scenarios: readonly string[],
): Pick<DescribedCommand, "words" | "files"> {
  const words = registeredArguments.flatMap((argument) => argument.argChoices ?? []);
  const takesScenario = registeredArguments.some((argument) => argument.name().includes("scenario"));
  return {
    words: [...words, ...(takesScenario ? scenarios : [])],
    files: registeredArguments.length > 0 && words.length === 0,
  };
}
