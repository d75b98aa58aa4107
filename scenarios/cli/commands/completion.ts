import { Argument, Command } from "commander";
import { builtInNames } from "../../index.ts";
import type { CommandIo } from "../command-io.ts";
import { describeCommands } from "../completion/described-commands.ts";
import { completionScripts } from "../completion/scripts.ts";

const EXAMPLES = `
Examples:
  simloop completion bash
  source <(simloop completion bash)
  source <(simloop completion zsh)
  simloop completion fish | source`;

/** The command `simloop completion`, which describes all commands of its program. */
export const completionCommand = ({ out }: CommandIo): Command =>
  new Command("completion")
    .description("print a script that lets a shell complete commands, options and scenarios")
    .addArgument(new Argument("<shell>", "the shell").choices(Object.keys(completionScripts)))
    .addHelpText("after", EXAMPLES)
    .action((shell: keyof typeof completionScripts, _options: object, { parent }: Command) => {
      out.write(completionScripts[shell](describeCommands(parent?.commands ?? [], builtInNames())));
    });
