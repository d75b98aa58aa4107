/**
 * A source of events beside the timers, as the network is.
 *
 * @see asyncio's selector: where a pass polls file descriptors, a loop asks this.
 */
export interface Selector {
  /** The instant of the earliest event to come, in seconds; `Infinity` when there is none. */
  nextEvent(): number;
  /**
   * Let everything happen that is due at `time`, and queue the callbacks that it makes ready. Timers due join behind
   * them.
   */
  poll(time: number): void;
}
