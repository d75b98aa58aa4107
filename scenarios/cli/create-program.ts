import { readFileSync } from "node:fs";
import { Command } from "commander";
import { builtInNames } from "../index.ts";
import type { CommandIo } from "./command-io.ts";
import { allCommands, commandTable } from "./command-table.ts";
import { UsageError } from "./failures.ts";
import { addNodeOption } from "./node-option.ts";
import { addParamOption } from "./param-option.ts";
import { packageRoot } from "./places.ts";
import { usageMessage } from "./usage-message.ts";

const EXAMPLES = `
Examples:
  simloop
  simloop list
  simloop run create-task
  simloop run ./my-scenario.ts --seed 7 --trace run.jsonl
  simloop trace tcp-server -o server.html

Exit codes:
  0  all went well
  1  a scenario failed, runs differ, an input was not a trace, or an output could not be written
  2  wrong usage
  130  interrupted`;

/**
 * The program of commander's that understands `argv`: with the one command that is called, or with all where that is
 * not clear.
 */
export async function createProgram(io: CommandIo, argv: readonly string[] = []): Promise<Command> {
  const name = argv.find((word) => !word.startsWith("-")) ?? "";
  const called = commandTable.get(name);
  const isAboutAll = called === undefined || name === "completion";
  const commands = isAboutAll ? await allCommands(io) : [(await called())(io)];
  const program = new Command("simloop")
    .description("Run programs in virtual time: deterministic, headless, traced. Without a command: a tour.")
    .option("--color", "use colors, also where the output is not a terminal")
    .option("--no-color", "use no colors")
    .version(version(), "-V, --version", "show the version")
    .addHelpText("after", EXAMPLES);
  program.helpCommand("help [command]", "show the help of a command");
  for (const command of commands) {
    addNodeOption(command);
    addParamOption(command);
    program.addCommand(command);
  }
  for (const command of [program, ...program.commands]) {
    speakThrough(io, command);
  }
  return program;
}

const version = (): string => JSON.parse(readFileSync(new URL("package.json", packageRoot), "utf8")).version;

/** Let `command` write to the outputs of `io`, and throw its complaints. */
function speakThrough({ out }: CommandIo, command: Command): void {
  const known = { commands: [...commandTable.keys()], scenarios: builtInNames() };
  command
    .helpOption("-h, --help", "show this help")
    .configureOutput({
      writeOut: (text) => out.write(text),
      writeErr: () => {},
      outputError: () => {},
      getOutHelpWidth: () => out.width,
    })
    .exitOverride((error) => {
      throw error.exitCode === 0 ? error : new UsageError(usageMessage(command, error, known));
    });
}
