import { Command, CommanderError, InvalidArgumentError } from "commander";
import { OracleError } from "../live/oracle.ts";
import type { Console } from "./console.ts";
import { live } from "./live.ts";
import { record } from "./record.ts";
import { run } from "./run.ts";
import { UsageError } from "./usage-error.ts";
import { verify } from "./verify.ts";

const wholeNumber = (value: string): number => {
  if (!/^\d{1,12}$/.test(value)) {
    throw new InvalidArgumentError("Expected a whole number.");
  }
  return Number(value);
};

const numberUpTo =
  (most: number) =>
  (value: string): number => {
    const number = wholeNumber(value);
    if (number < 1 || number > most) {
      throw new InvalidArgumentError(`Expected a whole number from 1 to ${most}.`);
    }
    return number;
  };

const MOST_TASKS = 12;
const sizeOf = (value: string): number => (value === "large" ? MOST_TASKS : numberUpTo(MOST_TASKS)(value));

const PYTHON = "CPython 3.13 or later (default: $SIMLOOP_PYTHON, python3.13 or python3)";

function program(console: Console, finish: (code: number) => void): Command {
  const root = new Command("npm run conformance --")
    .description("Compares simloop with CPython's asyncio: programs of python/DSL.md, event by event.")
    .exitOverride()
    .configureOutput({ writeOut: (text) => console.print(text), writeErr: () => undefined })
    .addHelpText("after", "\nExit codes: 0 no difference, 1 a difference or a run that broke down, 2 wrong usage.");
  root
    .command("run")
    .description("print the trace of a program")
    .argument("<file...>", "programs in JSON")
    .option("--out <directory>", "write one .trace file for each program there instead")
    .action(async (files: string[], options: { out?: string }) => finish(await run(files, options.out, console)));
  root
    .command("verify")
    .description("compare every N.json of a directory with the trace that is recorded beside it, N.trace")
    .argument("<directory>")
    .action(async (directory: string) => finish(await verify(directory, console)));
  root
    .command("live")
    .description("generate programs, run them on CPython and on simloop, and compare; shrink a program that differs")
    .requiredOption("--from <seed>", "first seed", wholeNumber)
    .requiredOption("--to <seed>", "seed to stop before", wholeNumber)
    .option("--python <path>", PYTHON)
    .option(
      "--size <n>",
      `large programs: up to n tasks (1 to ${MOST_TASKS}, or "large") of up to 40 operations`,
      sizeOf,
    )
    .option("--jobs <n>", "Python processes at a time", numberUpTo(64), 2)
    .option("--all", "go on after the first difference, and list all")
    .action(async (options) => finish(await live(options, console)));
  root
    .command("record")
    .description("choose programs that cover what the generator can make, and write them with CPython's traces")
    .option("--from <seed>", "first seed to choose from", wholeNumber, 0)
    .option("--to <seed>", "seed to stop before", wholeNumber, 30_000)
    .option("--python <path>", PYTHON)
    .option("--out <file>", "the file to write (default: the recorded corpus of the tests)")
    .action(async (options) => finish(await record(options, console)));
  return root;
}

/**
 * Do what the command line asks for.
 *
 * @param args - The arguments, without node and script.
 * @returns The exit code.
 */
export async function runCommand(args: readonly string[], console: Console): Promise<number> {
  let code = 0;
  const finish = (given: number): void => {
    code = given;
  };
  const complain = (message: string): number => {
    console.complain(`conformance: ${message.replaceAll("\n", " ")}\n`);
    return 2;
  };
  try {
    await program(console, finish).parseAsync(args, { from: "user" });
    return code;
  } catch (error) {
    if (error instanceof CommanderError && error.code === "commander.help") {
      return complain("expected a command: run, verify, live or record; --help explains them");
    }
    if (error instanceof CommanderError) {
      return error.exitCode === 0 ? 0 : complain(error.message.replace(/^error: /, ""));
    }
    if (error instanceof UsageError) {
      return complain(error.message);
    }
    if (error instanceof OracleError) {
      complain(error.message);
      return 1;
    }
    throw error;
  }
}
