import { NO_OPTIONS, optionNames, requireOptions } from "../base/require-options.ts";
import { runningTaskLoop } from "./current.ts";
import { ensureOwnFuture, requireWaitable, type Waitable } from "./ensure-future.ts";
import { Future } from "./future.ts";
import { PENDING } from "./future-state.ts";
import type { TaskEventLoop } from "./task-event-loop.ts";

/** How {@link gather} treats errors. */
export interface GatherOptions {
  /** Give errors in the place of results instead of failing with the first. */
  readonly returnExceptions?: boolean;
}

const GATHER_OPTIONS = optionNames<GatherOptions>({ returnExceptions: true });

/** The results of a tuple of waitables. */
export type Results<W extends readonly unknown[]> = {
  -readonly [K in keyof W]: W[K] extends Waitable<infer T> ? T : never;
};

/** The results of a tuple of waitables, or the error in the place of each that failed. */
export type Outcomes<W extends readonly unknown[]> = { -readonly [K in keyof W]: Results<W>[K] | Error };

/** The future that `gather` returns. It follows its children; cancelling it cancels them. */
class GatheringFuture<T> extends Future<T[]> {
  private readonly _children: readonly Future<T>[];
  private readonly _returnExceptions: boolean;
  private _pending: number;
  private _cancelRequested = false;

  /** @param pending - How many different children there are. */
  constructor(loop: TaskEventLoop, children: readonly Future<T>[], pending: number, returnExceptions: boolean) {
    super(loop);
    this._children = children;
    this._pending = pending;
    this._returnExceptions = returnExceptions;
  }

  override get _kind(): string {
    return "gather";
  }

  /** Cancel every child; this future ends when all of them have ended. @returns Whether any child accepted. */
  override cancel(reason?: string): boolean {
    if (this.done()) {
      return false;
    }
    let accepted = false;
    for (const child of this._children) {
      accepted = child.cancel(reason) || accepted;
    }
    this._cancelRequested ||= accepted;
    return accepted;
  }

  _childDone(child: Future<T>): void {
    this._pending--;
    const isFailure = !this._returnExceptions && child._hasFailed();
    // Only of failures it matters which comes first.
    this._loop._ordering?.touched(this, isFailure ? "w" : "c");
    if (this._state !== PENDING) {
      child._markSeen();
    } else if (isFailure) {
      this._fail(child._takeError());
    } else if (this._pending === 0) {
      this._finish();
    }
  }

  private _finish(): void {
    const results = this._children.map((child) => (child._hasFailed() ? child._errorAsResult() : (child._take() as T)));
    if (this._cancelRequested) {
      // Even with returnExceptions: the code that cancelled this future must see a cancellation.
      this._fail(this._children.at(-1)!._cancellation());
    } else {
      this.setResult(results as T[]);
    }
  }
}

/**
 * A bag of options is a plain object. Anything else that stands last, such as a promise, was meant to be waited for.
 */
const isOptions = (value: unknown): value is GatherOptions =>
  typeof value === "object" && value !== null && Object.getPrototypeOf(value) === Object.prototype;

/**
 * Wait for all of `waitables` at once, which run concurrently; the result is an array of theirs, in the order given.
 *
 * Coroutines become tasks. The first error is passed on at once, and the others go on running. Given twice, a waitable
 * runs once. Cancelling what `gather` returns cancels all of them. Takes them as arguments or as one array, then
 * options.
 *
 * @returns A future of the results; await it with `yield*`.
 * @throws TypeError if something given is neither future nor coroutine, and for unknown options; RuntimeError if no
 * loop runs.
 * @see asyncio.gather
 */
export function gather<const W extends readonly Waitable<unknown>[]>(
  waitables: W,
  options: GatherOptions & { readonly returnExceptions: true },
): Future<Outcomes<W>>;
/**
 * Wait for all of `waitables` at once, which run concurrently; the first error is passed on at once.
 *
 * @see asyncio.gather
 */
export function gather<const W extends readonly Waitable<unknown>[]>(
  waitables: W,
  options?: GatherOptions & { readonly returnExceptions?: false },
): Future<Results<W>>;
/**
 * Wait for all of `waitables` at once, which run concurrently; with `returnExceptions`, errors are among the results.
 *
 * @see asyncio.gather
 */
export function gather<const W extends readonly Waitable<unknown>[]>(
  waitables: W,
  options: GatherOptions,
): Future<Outcomes<W>>;
/**
 * Wait for all of `waitables` at once, which run concurrently; the result is an array of theirs, in the order given.
 * Coroutines become tasks; the first error is passed on at once, and the others go on running.
 *
 * @throws TypeError if something given is neither future nor coroutine; RuntimeError if no loop runs.
 * @see asyncio.gather
 */
export function gather<const W extends readonly Waitable<unknown>[]>(...waitables: W): Future<Results<W>>;
/** Wait for all of `waitables` at once; the options stand at the end. @see asyncio.gather */
export function gather<const W extends readonly Waitable<unknown>[]>(
  ...waitables: [...W, GatherOptions]
): Future<Outcomes<W>>;
export function gather(...args: unknown[]): Future<unknown> {
  const options = isOptions(args.at(-1)) ? (args.pop() as GatherOptions) : NO_OPTIONS;
  requireOptions("gather", options, GATHER_OPTIONS);
  const waitables = args.length === 1 && Array.isArray(args[0]) ? (args[0] as unknown[]) : args;
  for (const waitable of waitables) {
    requireWaitable("gather", waitable);
  }
  return gatherAll(runningTaskLoop(), waitables as Waitable<unknown>[], options);
}

/** @internal {@link gather} on a given loop, which need not run yet. */
export function gatherAll<T>(
  loop: TaskEventLoop,
  waitables: readonly Waitable<T>[],
  options: GatherOptions,
): Future<T[]> {
  if (waitables.length === 0) {
    const nothing = loop.createFuture<T[]>();
    nothing.setResult([]);
    return nothing;
  }
  const futures = new Map<Waitable<T>, Future<T>>();
  const doneAlready: Future<T>[] = [];
  let outer: GatheringFuture<T> | null = null;
  const onDone = (child: Future<T>): void => outer?._childDone(child);
  loop._ordering?.internalCallback?.(onDone);
  for (const waitable of waitables) {
    if (futures.has(waitable)) {
      continue;
    }
    const future = ensureOwnFuture(waitable, loop);
    futures.set(waitable, future);
    if (future.done()) {
      doneAlready.push(future);
    } else {
      future.addDoneCallback(onDone);
    }
  }
  const children = waitables.map((waitable) => futures.get(waitable)!);
  outer = new GatheringFuture(loop, children, futures.size, options.returnExceptions ?? false);
  doneAlready.forEach(onDone);
  return outer;
}
