import type { Command } from "commander";
import type { CommandIo } from "./command-io.ts";

/** Makes a command of commander's that works through `io`. */
export type CreateCommand = (io: CommandIo) => Command;

/**
 * The commands by name, in the order of the help. Each is loaded when it is needed: what another one uses need not be
 * there to execute it.
 */
export const commandTable: ReadonlyMap<string, () => Promise<CreateCommand>> = new Map([
  ["list", async () => (await import("./commands/list.ts")).listCommand],
  ["run", async () => (await import("./commands/run.ts")).runCommand],
  ["trace", async () => (await import("./commands/trace.ts")).traceCommand],
  ["diff", async () => (await import("./commands/diff.ts")).diffCommand],
  ["check", async () => (await import("./commands/check.ts")).checkCommand],
  ["stats", async () => (await import("./commands/stats.ts")).statsCommand],
  ["why", async () => (await import("./commands/why.ts")).whyCommand],
  ["salvage", async () => (await import("./commands/salvage.ts")).salvageCommand],
  ["explore", async () => (await import("./commands/explore.ts")).exploreCommand],
  ["replay", async () => (await import("./commands/replay.ts")).replayCommand],
  ["debug", async () => (await import("./commands/debug.ts")).debugCommand],
  ["inevitable", async () => (await import("./commands/inevitable.ts")).inevitableCommand],
  ["sweep", async () => (await import("./commands/sweep.ts")).sweepCommand],
  ["work", async () => (await import("./commands/work.ts")).workCommand],
  ["experiment", async () => (await import("./commands/experiment.ts")).experimentCommand],
  ["results", async () => (await import("./commands/results.ts")).resultsCommand],
  ["completion", async () => (await import("./commands/completion.ts")).completionCommand],
]);

/** All commands, made for `io`. */
export const allCommands = (io: CommandIo): Promise<Command[]> =>
  Promise.all([...commandTable.values()].map(async (load) => (await load())(io)));
