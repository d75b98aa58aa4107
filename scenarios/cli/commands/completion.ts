import { Argument, Command } from "commander";
import { builtInNames } from "../../index.ts";
import type { CommandIo } from "../command-io.ts";
import { allCommands } from "../command-table.ts";
import { describeCommands } from "../completion/described-commands.ts";
import { completionScripts } from "../completion/scripts.ts";

const EXAMPLES = `
Examples:
  simloop completion bash
  source <(simloop completion bash)
  source <(simloop completion zsh)
  simloop completion fish | source`;

/** The command `simloop completion`. */
export const completionCommand = (io: CommandIo): Command =>
  new Command("completion")
    .description("print a script that lets a shell complete commands, options and scenarios")
    .addArgument(new Argument("<shell>", "the shell").choices(Object.keys(completionScripts)))
    .addHelpText("after", EXAMPLES)
    .action(async (shell: keyof typeof completionScripts) => {
      const commands = await allCommands(io);
      io.out.write(completionScripts[shell](describeCommands(commands, builtInNames())));
    });
