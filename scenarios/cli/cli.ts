import { createRequire } from "node:module";
import { Command, CommanderError } from "commander";
import { builtInNames } from "../index.ts";
import { type CommandIo, complain } from "./command-io.ts";
import { checkCommand } from "./commands/check.ts";
import { diffCommand } from "./commands/diff.ts";
import { exploreCommand } from "./commands/explore.ts";
import { listCommand } from "./commands/list.ts";
import { replayCommand } from "./commands/replay.ts";
import { resultsCommand } from "./commands/results.ts";
import { runCommand } from "./commands/run.ts";
import { statsCommand } from "./commands/stats.ts";
import { sweepCommand } from "./commands/sweep.ts";
import { tour } from "./commands/tour.ts";
import { traceCommand } from "./commands/trace.ts";
import { CommandFailure, EXIT, Interruption, OutputError, systemReason, UsageError } from "./failures.ts";
import { type Io, Outlet } from "./outlet.ts";

const commands = [
  listCommand,
  runCommand,
  traceCommand,
  diffCommand,
  checkCommand,
  statsCommand,
  exploreCommand,
  replayCommand,
  sweepCommand,
  resultsCommand,
];

const EXAMPLES = `
Examples:
  simloop
  simloop list
  simloop run create-task
  simloop run ./my-scenario.ts --seed 7 --trace run.jsonl
  simloop trace tcp-server -o server.html

Exit codes:
  0  all went well
  1  a scenario failed, runs differ, an input was no trace, or an output could not be written
  2  wrong usage
  130  interrupted`;

/**
 * The command line of simloop.
 *
 * Everything it has to say goes to the streams of `io`; it neither reads nor changes the process.
 *
 * @param argv - The arguments, without the names of the runtime and the script.
 * @returns The exit code: 0 all went well; 1 a scenario failed or an output could not be written; 2 wrong usage; 130 Ctrl-C.
 */
export async function simloop(argv: readonly string[], { stdout, stderr, signal }: Io): Promise<number> {
  const io: CommandIo = {
    out: new Outlet(stdout),
    err: new Outlet(stderr),
    signal: signal ?? new AbortController().signal,
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

/** Do what `argv` says, and give what went wrong. */
async function attempt(argv: readonly string[], io: CommandIo): Promise<CommandFailure | undefined> {
  const program = createProgram(io);
  try {
    await (argv.length === 0
      ? tour(program, io)
      : program.parseAsync(withoutVainHelp(program, argv), { from: "user" }));
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
function withoutVainHelp(program: Command, argv: readonly string[]): readonly string[] {
  const [first, about] = argv;
  const isVain = first === "help" && about !== undefined && !program.commands.some((one) => one.name() === about);
  return isVain ? argv.slice(1) : argv;
}

function createProgram(io: CommandIo): Command {
  const program = new Command("simloop")
    .description("Run programs in simulated time: deterministic, headless, traced. Without a command: a tour.")
    .version(createRequire(import.meta.url)("simloop/package.json").version, "-V, --version", "show the version")
    .addHelpText("after", EXAMPLES);
  program.helpCommand("help [command]", "show the help of a command");
  for (const createCommand of commands) {
    program.addCommand(createCommand(io));
  }
  for (const command of [program, ...program.commands]) {
    speakThrough(io, command);
  }
  return program;
}

/** Let `command` write to the outputs of `io`, and throw its complaints. */
function speakThrough({ out }: CommandIo, command: Command): void {
  command
    .helpOption("-h, --help", "show this help")
    .configureOutput({
      writeOut: (text) => out.write(text),
      writeErr: () => {},
      outputError: () => {},
      getOutHelpWidth: () => out.width,
    })
    .exitOverride((error) => {
      throw error.exitCode === 0 ? error : new UsageError(usageMessage(command, error));
    });
}

/** What commander complains of, in a line. */
function usageMessage(command: Command, error: CommanderError): string {
  const what = error.message
    .replace(/^error: /, "")
    .replace(/\s*\n\s*/g, " ")
    .replace(/\.$/, "");
  const name = command.parent === null ? "simloop" : `simloop ${command.name()}`;
  return `${hintedComplaint(command, error.code, what)}; see ${name} --help`;
}

/** `complaint`, with what may have been meant where it is about a command. */
function hintedComplaint(program: Command, code: string, complaint: string): string {
  const expected = `expected ${program.commands.map((command) => command.name()).join(" or ")}`;
  if (code === "commander.help") {
    return `missing command; ${expected}`;
  }
  if (code !== "commander.unknownCommand" || complaint.endsWith("?)")) {
    return complaint;
  }
  const unknown = /'(.*)'/.exec(complaint)?.[1] ?? "";
  return builtInNames().includes(unknown) ? `${complaint} (Did you mean run ${unknown}?)` : `${complaint}; ${expected}`;
}
