import { Command, CommanderError, InvalidArgumentError } from "commander";

/** What the command line asks for. */
export interface Options {
  /** Directories or files whose code is changed. */
  readonly directories: readonly string[];
  /** Test files or directories beside those in the directories. */
  readonly tests: readonly string[];
  readonly sample: number;
  readonly seed: number;
  readonly jobs: number;
  /** Exit with 1 below this score, in percent. */
  readonly min: number;
  /** Print the mutants instead of trying them. */
  readonly list: boolean;
}

const integerFrom =
  (min: number) =>
  (text: string): number => {
    const value = Number(text);
    if (!(text !== "" && Number.isSafeInteger(value) && value >= min)) {
      throw new InvalidArgumentError(`expected an integer, at least ${min}, got ${text}`);
    }
    return value;
  };

const command = (): Command =>
  new Command("npm run mutants --")
    .description("Plants one plausible mistake after another in a directory and counts how many its tests notice.")
    .argument("<directory...>", "directories or files, such as engine/network/tcp")
    .option("--tests <paths...>", "test files or directories beside those in the mutated directories", [])
    .option(
      "--sample <n>",
      "try that many, chosen by the seed, instead of all",
      integerFrom(1),
      Number.MAX_SAFE_INTEGER,
    )
    .option("--seed <n>", "for the sample", integerFrom(0), 1)
    .option("--jobs <n>", "mutants tried at the same time", integerFrom(1), 1)
    .option("--min <percent>", "exit with 1 below this score", integerFrom(0), 0)
    .option("--list", "print the mutants and try none", false)
    .exitOverride();

/** Reads the command line. @returns The options, or the exit code if there is nothing to do. */
export function readOptions(args: readonly string[]): Options | number {
  try {
    const parsed = command().parse(args, { from: "user" });
    return { ...parsed.opts<Omit<Options, "directories">>(), directories: parsed.args };
  } catch (error) {
    if (error instanceof CommanderError) {
      return error.exitCode === 0 ? 0 : 2;
    }
    throw error;
  }
}
