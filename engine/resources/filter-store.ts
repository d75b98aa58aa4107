import { Store } from "./store.ts";

/**
 * A store whose requests choose their item: `store.get((item) => item.size === 3)`. A request that nothing fits lets
 * those behind it pass.
 *
 * @see simpy.FilterStore
 */
export class FilterStore<T> extends Store<T> {
  protected override _asksAll(): boolean {
    return true;
  }
}
