import type { Command } from "commander";
import { UsageError } from "./failures.ts";
import { shellWord } from "./shell-word.ts";

/** What stands before the path of an ordinary Node program, where a scenario is named: `node:./app.mjs`. */
const PREFIX = "node:";

/** The commands that run scenarios, and take such a program in their place. */
const COMMANDS = ["run", "trace", "check", "explore", "replay", "inevitable", "debug", "stats", "sweep"];

/** Give `command` the option `--node`, if it is one that runs scenarios. */
export function addNodeOption(command: Command): void {
  if (!COMMANDS.includes(command.name())) {
    return;
  }
  command
    .option(
      "--node",
      "the file is an ordinary Node program: its top level runs in virtual time, on the simulated network",
    )
    .hook("preAction", (_command, action) => {
      const options = action.opts<{ node?: true; real?: true }>();
      if (options.node === true) {
        if (options.real === true) {
          throw new UsageError("--node simulates a Node program; expected it without --real, or node itself");
        }
        const given = action.processedArgs as string[];
        given[0] = `${PREFIX}${given[0]}`;
        delete options.node;
      }
    });
}

/** The path of the Node program that `text` means; `undefined` if it means something else. */
export const nodeProgramPath = (text: string): string | undefined =>
  text.startsWith(PREFIX) ? text.slice(PREFIX.length) : undefined;

/** What was called, as words of a command: a Node program with its option. */
export function calledWords(called: string): string {
  const path = nodeProgramPath(called);
  return path === undefined ? shellWord(called) : `--node ${shellWord(path)}`;
}
