import { describeValue } from "../base/describe.ts";
import { NO_OPTIONS, pick, requireOptions } from "../base/require-options.ts";
import { lessThan } from "../sync/less-than.ts";
import { ItemHeap, type Items } from "./items.ts";
import { Store, type StoreOptions } from "./store.ts";

/** An item with its priority, for a {@link PriorityStore}: smaller numbers come first. @see simpy.PriorityItem */
export class PriorityItem<T> {
  /** Smaller numbers come first. */
  readonly priority: number;
  /** The item. */
  readonly item: T;

  constructor(priority: number, item: T) {
    if (typeof priority !== "number" || Number.isNaN(priority)) {
      throw new TypeError(`PriorityItem: expected a number as priority, got ${describeValue(priority)}`);
    }
    this.priority = priority;
    this.item = item;
  }
}

/** Options of a {@link PriorityStore}. */
export interface PriorityStoreOptions<T> extends StoreOptions {
  /**
   * Whether the first item comes before the second. By default priority items compare by their priorities, and numbers,
   * strings, and arrays of them as in Python.
   */
  readonly less?: (a: T, b: T) => boolean;
}

const less = (a: unknown, b: unknown): boolean =>
  a instanceof PriorityItem && b instanceof PriorityItem ? a.priority < b.priority : lessThan(a, b);

/**
 * A store that returns the smallest item first, and equal ones in the order in which they came.
 *
 * @see simpy.PriorityStore. Differs: equal items leave in no simple order there.
 */
export class PriorityStore<T> extends Store<T> {
  /** @throws TypeError, RangeError for unknown options and values without sense. */
  constructor(options: PriorityStoreOptions<T> = NO_OPTIONS) {
    requireOptions("PriorityStore", options, ["capacity", "name", "monitor", "less"]);
    const { less: given } = options;
    if (given !== undefined && typeof given !== "function") {
      throw new TypeError(
        `PriorityStore: expected a comparison (a, b) => boolean as less, got ${describeValue(given)}`,
      );
    }
    super(pick(options as StoreOptions, ["capacity", "name", "monitor"]));
    if (given !== undefined) {
      (this as unknown as { _items: Items<T> })._items = new ItemHeap<T>(given);
    }
  }

  protected override _createItems(): Items<T> {
    return new ItemHeap<T>(less);
  }
}
