import process from "node:process";
import type { Command } from "commander";
import { MemoryStore, type ResultStore, type Shard } from "../../../engine/experiment/index.ts";
import type { CommandIo } from "../command-io.ts";
import { parseDuration } from "../explore/option-values.ts";
import { UsageError } from "../failures.ts";
import { FileStore } from "./file-store.ts";
import { parseQueue, parseShard } from "./option-values.ts";

/** The options of commands that make many runs: where results are kept, and who makes the runs. */
export interface FleetOptions {
  readonly shard?: Shard;
  readonly results?: string;
  readonly resume?: true;
  readonly runTime: number;
  readonly queue?: string;
  readonly queuePrefix: string;
  readonly patience: number;
}

/** Jobs that are in a queue at the same time. */
export const IN_FLIGHT = 64;

/** Give `command` the options of {@link FleetOptions}. @param part - What a shard is a part of. */
export const withFleetOptions = (command: Command, part: string): Command =>
  command
    .option(
      "--shard <i/n>",
      `only part i of n of the ${part}; auto/n takes i from the array of a batch system`,
      (text: string) => parseShard(text, process.env),
    )
    .option("--results <file>", "keep results in this file, as JSON lines")
    .option("--resume", "go on with the results in that file")
    .option("--run-time <duration>", "real time that a run may take before it is reported as slow", parseDuration, 60)
    .option("--queue <url>", "have the runs made by simloop work, through this Redis or Valkey server", parseQueue)
    .option("--queue-prefix <prefix>", "what its keys begin with", "simloop")
    .option("--patience <duration>", "end when that server has been away for so long", parseDuration, 600);

/** @throws UsageError for options that need others. */
export function requireFleetOptions({ results, resume }: FleetOptions): void {
  if (resume && results === undefined) {
    throw new UsageError("--resume needs --results, the file to go on with");
  }
}

/** Where results are kept. */
export const storeOf = (called: string, { results, resume }: FleetOptions, { err }: CommandIo): ResultStore =>
  results === undefined
    ? new MemoryStore()
    : new FileStore({
        path: results,
        called,
        resume: resume ?? false,
        warn: (message) => err.write(`simloop: ${message}\n`),
      });
