import { describeValue } from "../base/describe.ts";
import { CancelledError } from "../base/errors.ts";
import { NO_OPTIONS, optionNames, requireOptions } from "../base/require-options.ts";
import { type Abortable, requireLimit } from "../loop/options.ts";
import { REAL_EVENT_LOOP_OPTIONS, RealEventLoop, type RealEventLoopOptions } from "../network/real/real-event-loop.ts";
import { cancelAllTasks } from "../runner.ts";
import type { Program } from "../simulation.ts";
import { describeNonCoroutine, iscoroutine } from "../tasks/coroutine.ts";
import type { Task } from "../tasks/task.ts";

/** Options of {@link runReal}. All have defaults. */
export interface RunRealOptions extends RealEventLoopOptions {
  /** Cancel the program after so many seconds, which does not count as a failure. */
  readonly until?: number;
  /** Cancels the program when it is aborted, as Ctrl-C does in `asyncio.run`. */
  readonly signal?: Abortable & {
    addEventListener(type: "abort", listener: () => void): void;
    removeEventListener(type: "abort", listener: () => void): void;
  };
}

const KNOWN_OPTIONS = [
  ...REAL_EVENT_LOOP_OPTIONS,
  ...optionNames<Omit<RunRealOptions, keyof RealEventLoopOptions>>({ until: true, signal: true }),
];

/**
 * Run a program on the clock and the network of the machine, cancel the tasks that are left, and close the loop with
 * all its sockets.
 *
 * It is the same program that `simulate(main)` runs on virtual time, with the same order of callbacks; see
 * {@link RealEventLoop} for what differs. What it prints goes to the console at once.
 *
 * @param program - A coroutine function without parameters: `runReal(main)`, not `runReal(main())`.
 * @returns What it returned; `undefined` if `until` ended it.
 * @throws what it failed with; the signal's reason if that ended it; DeadlockError if neither a timer nor a socket is
 * left that could wake it; TypeError, RangeError for options that make no sense; RuntimeError inside a running loop.
 * @see asyncio.run
 */
export async function runReal<T>(program: Program<T>, options: RunRealOptions = NO_OPTIONS): Promise<T | undefined> {
  if (typeof program !== "function") {
    throw new TypeError(`runReal: expected a coroutine function (main, not main()), got ${describeValue(program)}`);
  }
  requireOptions("runReal", options, KNOWN_OPTIONS);
  const { until, signal, ...loopOptions } = options;
  const seconds = requireLimit("until", until);
  signal?.throwIfAborted();
  const loop = new RealEventLoop(loopOptions);
  loop._requireRunnable();
  try {
    const main = loop._within(program);
    if (!iscoroutine(main)) {
      throw new TypeError(
        `runReal: expected a function that makes a coroutine, but it returned ${describeNonCoroutine(main)}`,
      );
    }
    const task = loop.createTask(main);
    task._leaveToOwner();
    return await runTask(loop, task, seconds, signal);
  } finally {
    loop.close();
    loop._reportNeglected();
  }
}

/** Run `task` to its end, which the time or the signal may bring about, and then what it left behind. */
async function runTask<T>(
  loop: RealEventLoop,
  task: Task<T>,
  seconds: number,
  signal: RunRealOptions["signal"],
): Promise<T | undefined> {
  let isEnded = false;
  const end = (): void => {
    isEnded = true;
    task.cancel();
  };
  const timer = loop.callLater(seconds, end);
  signal?.addEventListener("abort", end);
  try {
    return await loop.runUntilComplete(task);
  } catch (error) {
    if (!(isEnded && error instanceof CancelledError)) {
      throw error;
    }
    signal?.throwIfAborted();
    return undefined;
  } finally {
    timer.cancel();
    signal?.removeEventListener("abort", end);
    if (!loop._wasCutOff) {
      await cancelAllTasks(loop);
    }
  }
}
