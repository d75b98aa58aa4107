import type { Runnable } from "../../base/runnable.ts";
import type { StepName } from "../schedule/names.ts";

/** A step that is ready. */
export interface Entry {
  readonly item: Runnable;
  readonly name: StepName;
  /** When it joined, as a number in that order. */
  readonly arrival: number;
  /** The step that made or woke it. */
  readonly maker: number;
  /** The step that had to come before it, once that has run. */
  leader: number;
  /** What has to wait for it: what the same step made next. */
  follower: Entry | null;
  /** Whether it may be picked: nothing that must come before it is left. */
  isFree: boolean;
  /** For strategies. */
  priority: number;
}

/** Chooses in one run after another: the heart of a strategy. */
export interface Chooser {
  /**
   * Where in `pool` the entry stands that goes next; it must be free. The oldest stands at 0 and is always free.
   *
   * Asked only when there are at least two entries, unless {@link wantsAll} is set.
   */
  pick(pool: readonly Entry[]): number;
  /** Which of `count` options of the choice `name` is taken. */
  option(name: string, count: number): number;
  /** To be asked even when there is no choice. */
  readonly wantsAll?: boolean;
}

/** Takes what is oldest, and the first option of everything: the default schedule. */
export const FIFO: Chooser = {
  pick: () => 0,
  option: () => 0,
};

/** The entries of `pool` that may be picked, as their places. */
export function freePlaces(pool: readonly Entry[], into: number[]): number[] {
  into.length = 0;
  for (let i = 0; i < pool.length; i++) {
    if (pool[i]!.isFree) {
      into.push(i);
    }
  }
  return into;
}
