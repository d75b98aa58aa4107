import { existsSync, readFileSync } from "node:fs";
import { Command } from "commander";
import { debug } from "../../../engine/index.ts";
import type { CommandIo } from "../command-io.ts";
import { DebugSession, DebugUsageError } from "../debug/debug-session.ts";
import { Interruption, UsageError } from "../failures.ts";
import { findConfigured } from "../param-option.ts";
import { addTokenOptions, replayOptionsOf, type TokenOptions, tokenFailure } from "../token-options.ts";

interface DebugCommandOptions extends TokenOptions {
  readonly exec?: string;
}

const EXAMPLES = `
Commands are read from the standard input, a line each; help lists them.

Examples:
  simloop debug cache-stampede
  simloop debug cache-stampede 's1:first#3>second#5'
  simloop debug cache-stampede --exec 'touch cache; values; tasks; back; ready'`;

/** The command `simloop debug`. */
export const debugCommand = (io: CommandIo): Command =>
  addTokenOptions(
    new Command("debug")
      .description("step through a run forwards and backwards, look at its tasks, and let it go on otherwise")
      .argument("<scenario>", "a built-in name, or the path of a file that exports a scenario by default")
      .argument("[token]", "what explore printed, in quotes; the default schedule without one"),
  )
    .option("--exec <commands>", "execute these commands, separated by semicolons, instead of reading some")
    .addHelpText("after", EXAMPLES)
    .action((called: string, token: string | undefined, options: DebugCommandOptions) =>
      run(called, token, options, io),
    );

async function run(
  called: string,
  token: string | undefined,
  options: DebugCommandOptions,
  { out, err, signal, lines }: CommandIo,
): Promise<void> {
  if (options.exec === undefined && lines === undefined) {
    throw new UsageError("debug reads commands from the standard input; expected --exec without one");
  }
  const scenario = await findConfigured(called, options.param);
  try {
    const debugged = await debug(scenario.main, token ?? null, replayOptionsOf(scenario, options, signal));
    const session = await DebugSession.begin(debugged, lineReader());
    out.say(String(session));
    const prompt = (): void => {
      if (out.isTerminal && options.exec === undefined) {
        out.write("> ");
      }
    };
    prompt();
    for await (const line of options.exec === undefined ? lines!() : split(options.exec)) {
      const command = line.trim();
      if (command === "quit" || command === "q") {
        return;
      }
      if (command !== "") {
        try {
          out.say(await session.execute(command));
        } catch (error) {
          if (!(error instanceof DebugUsageError)) {
            throw error;
          }
          err.say(`${error.message}\n`);
        }
      }
      prompt();
    }
    if (signal.aborted) {
      throw new Interruption("interrupted");
    }
  } catch (error) {
    throw tokenFailure(called, error);
  }
}

async function* split(commands: string): AsyncGenerator<string, void, undefined> {
  yield* commands.split(";");
}

/** Reads lines of source files, each file once. */
function lineReader(): (place: string) => string | undefined {
  const files = new Map<string, readonly string[]>();
  return (place) => {
    const [, path = "", line = ""] = /^(?:file:\/\/)?(.+?):(\d+):\d+$/.exec(place) ?? [];
    if (!files.has(path)) {
      files.set(path, existsSync(path) ? readFileSync(path, "utf8").split("\n") : []);
    }
    return files.get(path)![Number(line) - 1];
  };
}
