import type { Command } from "commander";
import { filterTrace, Trace, type TraceFilter } from "../../engine/index.ts";
import { UsageError } from "./failures.ts";
import { parseList, parseSeconds } from "./option-values.ts";
import { shellWord } from "./shell-word.ts";
import { withoutFunction } from "./without-function.ts";

/** The options that keep a part of a trace. */
export interface FilterOptions {
  readonly kinds?: readonly string[];
  readonly tasks?: readonly string[];
  readonly from?: number;
  readonly to?: number;
}

/** Give `command` the options that keep a part of a trace. */
export const withFilterOptions = (command: Command): Command =>
  command
    .option("--kinds <kinds>", "keep events of these kinds only, such as print,network.", parseList)
    .option("--tasks <names>", "keep events of these tasks only", parseList)
    .option("--from <seconds>", "keep events from this virtual time on", parseSeconds)
    .option("--to <seconds>", "keep events up to this virtual time", parseSeconds);

/**
 * What the options ask for; `undefined` if they ask for all.
 *
 * @throws UsageError if they name an unknown kind, or no time at all.
 */
export function filterOf({ kinds, tasks, from, to }: FilterOptions): TraceFilter | undefined {
  if (kinds === undefined && tasks === undefined && from === undefined && to === undefined) {
    return undefined;
  }
  if (from !== undefined && to !== undefined && from > to) {
    throw new UsageError(`--from ${from} is later than --to ${to}; expected the earlier time first`);
  }
  const filter = {
    ...(kinds === undefined ? {} : { kinds }),
    // A task may be meant by its number.
    ...(tasks === undefined ? {} : { tasks: tasks.flatMap((task) => [task, Number(task)]) }),
    ...(from === undefined ? {} : { from }),
    ...(to === undefined ? {} : { to }),
  };
  try {
    filterTrace(Trace.EMPTY, filter);
  } catch (error) {
    throw error instanceof RangeError
      ? new UsageError(`--kinds: ${withoutFunction(error.message)}`, { cause: error })
      : error;
  }
  return filter;
}

/**
 * @param called - The run that `trace` is of, or the file.
 * @throws UsageError if a task that was asked for is not in it.
 */
export function requireTasks({ missingTasks }: Trace, { tasks = [] }: FilterOptions, called: string): void {
  const missing = tasks.filter((task) => missingTasks.includes(task) && missingTasks.includes(Number(task)));
  if (missing.length > 0) {
    throw new UsageError(
      `--tasks: no task of the run is called ${missing.join(", nor ")}; ` +
        `simloop trace ${shellWord(called)} --kinds create shows the names`,
    );
  }
}
