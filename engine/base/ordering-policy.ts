import type { Runnable } from "./runnable.ts";

/** What waits to run, in some order. The plain one is a {@link RingBuffer}: first in, first out. */
export interface ReadyQueue<T> {
  /** How many items wait. */
  readonly length: number;
  /** Add an item. */
  push(item: T): void;
  /** Put an item in front of all others: it runs next. */
  unshift(item: T): void;
  /** Take the item that is to run next. */
  shift(): T | undefined;
  /**
   * The program and what it left behind have ended. Throws what is wrong with that, for a queue that checks what a
   * program states of itself.
   */
  worldEnded?(): void;
}

/** How a step uses what it touches: it reads it, or changes it. */
export type Access = "r" | "w";

/**
 * An {@link Access}, or `"c"`: the step changes it in a way that commutes with other such changes, as one that counts
 * does.
 */
export type Use = Access | "c";

/** What an option of a choice means, in words. */
export type Meaning = (option: number) => string;

/**
 * Chooses where a real system could decide otherwise: in what order ready handles run, how late a timer fires, which of
 * several options is taken. A loop without a policy takes the first option everywhere, and pays nothing.
 *
 * Implemented by `engine/explore`; the loop only asks.
 */
export interface OrderingPolicy {
  /** The ready queue of a loop that this policy rules. Called once, when the loop is made. */
  createReadyQueue(): ReadyQueue<Runnable>;
  /** One pass is over: until the next step begins, the loop itself queues what has become due. */
  passEnded(): void;
  /** The instant, in seconds, at which `timer`, set for `when`, becomes due: not before `when`. */
  timerDue(when: number, timer: object): number;
  /**
   * The step that runs wants `handle` to be called whenever something happens to `source`, a socket; calls for one
   * source keep their order.
   */
  watched(handle: object, source: object): void;
  /**
   * Which of `count` options of the choice called `name` is taken; 0 is the default. `say` describes what an option
   * means, on request.
   */
  choose(name: string, count: number, say?: Meaning): number;
  /**
   * Calls of `callback` are the engine's own bookkeeping, such as that of `gather`: they touch nothing but what they
   * say, so that when they run is not worth a choice.
   */
  internalCallback?(callback: object): void;
  /** The step that runs has made `object`, which steps will touch. */
  made(object: object): void;
  /** The step that runs touches `object` (or what a label stands for). */
  touched(object: object | string, use: Use): void;
  /** The step that runs asks a task to cancel itself, or takes such a request back, or cancels a call. */
  cancelRequested(of: object): void;
}
