import { CommanderError } from "commander";
import { type CommandIo, complain } from "./command-io.ts";
import { commandTable } from "./command-table.ts";
import { createProgram } from "./create-program.ts";
import { CommandFailure, EXIT, Interruption, OutputError, systemReason } from "./failures.ts";
import { type Io, Outlet } from "./outlet.ts";

/**
 * The command line of simloop.
 *
 * All output goes to the streams of `io`; it neither reads nor changes the process.
 *
 * @param argv - The arguments, without the names of the runtime and the script.
 * @returns The exit code: 0 all went well; 1 a scenario failed or an output could not be written; 2 wrong usage; 130
 * Ctrl-C.
 */
export async function simloop(argv: readonly string[], { stdout, stderr, signal, watch, lines }: Io): Promise<number> {
  const colour = colourOf(argv);
  const io: CommandIo = {
    out: new Outlet(stdout, colour),
    err: new Outlet(stderr, colour),
    signal: signal ?? new AbortController().signal,
    watch,
    lines,
  };
  const failures: CommandFailure[] = [];
  const failure = await attempt(argv, io);
  if (failure !== undefined) {
    failures.push(failure);
  }
  await io.out.close();
  if (io.out.broken.aborted && !io.out.isUnread) {
    failures.push(new OutputError(`cannot write to the standard output: ${systemReason(io.out.broken.reason)}`));
  }
  for (const one of failures) {
    complain(io, one);
  }
  await io.err.close();
  return failures[0]?.exitCode ?? EXIT.ok;
}

/** Do what `argv` says. @returns What went wrong. */
async function attempt(argv: readonly string[], io: CommandIo): Promise<CommandFailure | undefined> {
  try {
    const program = await createProgram(io, argv);
    const words = argv.filter((word) => !COLOUR.has(word));
    if (words.length === 0) {
      const { tour } = await import("./commands/tour.ts");
      await tour(program, io);
    } else {
      await program.parseAsync(withoutVainHelp(words), { from: "user" });
    }
    return undefined;
  } catch (error) {
    if (error instanceof CommandFailure) {
      return error;
    }
    if (error instanceof CommanderError && error.exitCode === 0) {
      // It has shown the help or the version, as it was asked to.
      return undefined;
    }
    if (io.signal.aborted) {
      return new Interruption("interrupted");
    }
    if (io.out.broken.aborted) {
      return undefined;
    }
    throw error;
  }
}

/** `help nosuch` is answered as `nosuch` is: commander would complain of a missing command. */
function withoutVainHelp(argv: readonly string[]): readonly string[] {
  const [first, about] = argv;
  return first === "help" && about !== undefined && !commandTable.has(about) ? argv.slice(1) : argv;
}

const COLOUR = new Map([
  ["--color", true],
  ["--no-color", false],
]);

/** What `argv` says about colours, wherever it says so. */
const colourOf = (argv: readonly string[]): boolean | undefined =>
  argv.map((word) => COLOUR.get(word)).findLast((one) => one !== undefined);
