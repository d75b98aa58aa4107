import { describeValue } from "../base/describe.ts";
import { requireFields } from "../base/require-argument.ts";
import { optionNames, requireOptions } from "../base/require-options.ts";
import { runningTaskLoop } from "../tasks/current.ts";
import { GeneratorOperation } from "../tasks/generator-operation.ts";
import type { Operation, Steps } from "../tasks/operation.ts";
import { sleep } from "../tasks/sleep.ts";
import { anyOf } from "./combination.ts";
import type { Store } from "./store.ts";

/** Options of {@link takeBatch}. */
export interface BatchOptions {
  /** How many items make a batch. */
  readonly size: number;
  /** Seconds from the first item on after which a smaller batch goes; without limit by default. */
  readonly timeout?: number;
}

const BATCH_OPTIONS = optionNames<BatchOptions>({ size: true, timeout: true });

function* batchSteps<T>(store: Store<T>, size: number, timeout: number): Steps<T[]> {
  const items = [(yield store.get()) as T];
  const loop = runningTaskLoop();
  const end = loop.time() + timeout;
  try {
    while (items.length < size) {
      const outcome = (yield anyOf([store.get(), sleep(end - loop.time())])) as Map<number, T>;
      if (!outcome.has(0)) {
        break;
      }
      items.push(outcome.get(0) as T);
      if (outcome.has(1)) {
        break;
      }
    }
  } catch (error) {
    // The batch goes no further: its items are not lost.
    for (const item of items.reverse()) {
      store._giveBack(item);
    }
    throw error;
  }
  return items;
}

/**
 * Take items out of a store until there are enough for a batch, or the time is up: a bus that leaves full, or after ten
 * minutes.
 *
 * It waits for the first item however long that takes. A batch that is cancelled or interrupted puts its items back.
 *
 * @throws TypeError, RangeError for unknown options and values without sense.
 * @see simmer's `batch`
 */
export function takeBatch<T>(store: Store<T>, options: BatchOptions): Operation<T[]> {
  requireFields("takeBatch", "a Store", store, { get: "function", _giveBack: "function" });
  requireOptions("takeBatch", options, BATCH_OPTIONS);
  const { size, timeout = Number.POSITIVE_INFINITY } = options;
  if (!(Number.isInteger(size) && size > 0)) {
    throw new RangeError(`takeBatch: expected a positive integer as size, got ${describeValue(size)}`);
  }
  if (typeof timeout !== "number" || !(timeout >= 0)) {
    throw new RangeError(
      `takeBatch: expected a timeout in seconds that is not negative, got ${describeValue(timeout)}`,
    );
  }
  return new GeneratorOperation("takeBatch", batchSteps(store, size, timeout));
}
