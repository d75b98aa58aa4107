import { describeValue } from "./base/describe.ts";
import { RuntimeError } from "./base/errors.ts";
import { NO_OPTIONS, optionNames, requireOptions } from "./base/require-options.ts";
import { EVENT_LOOP_OPTIONS, EventLoop, type EventLoopOptions } from "./network/event-loop.ts";
import { Context, requireContextOption } from "./tasks/context.ts";
import { type CoroutineLike, describeNonCoroutine, iscoroutine } from "./tasks/coroutine.ts";
import { closeIterator } from "./tasks/each.ts";
import type { Future } from "./tasks/future.ts";
import { gatherAll } from "./tasks/gather.ts";

/** Options of {@link Runner} and {@link run}. */
export interface RunnerOptions extends EventLoopOptions {
  /** Makes the loop; by default a new {@link EventLoop} with these options. */
  readonly loopFactory?: () => EventLoop;
}

const KNOWN_OPTIONS = [
  ...EVENT_LOOP_OPTIONS,
  ...optionNames<Omit<RunnerOptions, keyof EventLoopOptions>>({ loopFactory: true }),
];

/**
 * Runs several coroutines, one after another, on one loop, and cleans up at the end.
 *
 * Use it with `await using runner = new Runner()`, or call `close()`.
 *
 * @see asyncio.Runner
 */
export class Runner implements AsyncDisposable {
  private readonly _loopFactory: () => EventLoop;
  private _loop: EventLoop | null = null;
  private _closed = false;
  /** Shared by all runs, so that one sees what an earlier one set. */
  private readonly _context = new Context();

  /** @throws TypeError for unknown options. */
  constructor(options: RunnerOptions = NO_OPTIONS) {
    requireOptions("run", options, KNOWN_OPTIONS);
    const { loopFactory, ...loopOptions } = options;
    if (loopFactory !== undefined && typeof loopFactory !== "function") {
      throw new TypeError(
        `run: expected a function that makes a loop as loopFactory, got ${describeValue(loopFactory)}`,
      );
    }
    this._loopFactory = loopFactory ?? (() => new EventLoop(loopOptions));
  }

  /** The loop, made when first asked for. @throws RuntimeError if the runner is closed. @see asyncio.Runner.get_loop */
  getLoop(): EventLoop {
    if (this._closed) {
      throw new RuntimeError("Runner is closed");
    }
    this._loop ??= this._loopFactory();
    return this._loop;
  }

  /**
   * Run `main` to its end.
   *
   * @returns Its result.
   * @throws what it failed with, and as `loop.runUntilComplete`; TypeError if it is not a coroutine, and for unknown
   * options.
   * @see asyncio.Runner.run
   */
  async run<T>(main: CoroutineLike<T>, options: { readonly context?: Context } = NO_OPTIONS): Promise<T> {
    if (!iscoroutine(main)) {
      throw new TypeError(`run: a coroutine was expected, got ${describeNonCoroutine(main)}`);
    }
    requireContextOption("run", options);
    const loop = this.getLoop();
    loop._requireRunnable();
    const task = loop.createTask(main, { context: options.context ?? this._context });
    task._leaveToOwner();
    return await loop.runUntilComplete(task);
  }

  /**
   * Cancel the tasks that are left, let them end, and close the loop. Twice does nothing more.
   *
   * @throws what a check that the program set with `always` or `eventually` throws at the end.
   * @see asyncio.Runner.close
   */
  async close(): Promise<void> {
    this._closed = true;
    const loop = this._loop;
    if (loop === null || loop.isClosed()) {
      return;
    }
    try {
      if (!loop._wasCutOff) {
        await cancelAllTasks(loop);
        await closeAsyncGenerators(loop);
        loop._within(() => loop._ready.worldEnded?.());
      }
    } finally {
      loop.close();
      loop._reportNeglected();
    }
  }

  /** The same as {@link close}. */
  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }
}

/**
 * Cancel every task that is left, in order of creation, wait for their ends, and report those that failed.
 *
 * @see asyncio `_cancel_all_tasks`
 */
export async function cancelAllTasks(loop: EventLoop): Promise<void> {
  loop._resumeHosts();
  const left: Future<unknown>[] = loop.allTasks();
  if (left.length === 0) {
    loop._locateDeadlock();
    return;
  }
  for (const task of left) {
    task.cancel();
  }
  try {
    await loop.runUntilComplete(gatherAll(loop, left, { returnExceptions: true }));
  } finally {
    loop._locateDeadlock();
  }
  for (const task of left) {
    if (!task.cancelled() && task._hasFailed()) {
      const exception = task.exception();
      loop.callExceptionHandler({ message: "unhandled exception during run() shutdown", exception, task });
    }
  }
}

/**
 * Close the async generators that are still open, in the order of their first items, and report those that fail.
 *
 * @see asyncio `loop.shutdown_asyncgens`
 */
export async function closeAsyncGenerators(loop: EventLoop): Promise<void> {
  const open = [...loop._openGenerators];
  loop._openGenerators.clear();
  if (open.length === 0) {
    return;
  }
  const closings = open.map((generator) => loop.createTask(closeIterator(generator)));
  await loop.runUntilComplete(gatherAll(loop, closings, { returnExceptions: true }));
  for (const closing of closings) {
    if (!closing.cancelled() && closing._hasFailed()) {
      loop.callExceptionHandler({
        message: "an error occurred during closing of an asynchronous generator",
        exception: closing.exception(),
      });
    }
  }
}

/**
 * Run `main` on a new loop to its end, cancel the tasks that are left, and close the loop.
 *
 * Nothing takes real time. What `print` writes goes to the console, and unawaited coroutines and unretrieved errors are
 * reported there at the end.
 *
 * @param main - A coroutine: `run(main())`.
 * @returns Its result.
 * @throws what it failed with; DeadlockError, LimitError, ForeignAwaitError; RuntimeError inside a running loop;
 * TypeError for unknown options.
 * @see asyncio.run
 */
export async function run<T>(main: CoroutineLike<T>, options: RunnerOptions = NO_OPTIONS): Promise<T> {
  const runner = new Runner(options);
  let result: T;
  try {
    result = await runner.run(main);
  } catch (error) {
    // What failed first counts; cleaning up may fail only because of it.
    await runner.close().catch(() => {});
    throw error;
  }
  await runner.close();
  return result;
}
