import { describeValue } from "../base/describe.ts";
import { Level } from "../statistics/level.ts";
import { noteStatistic } from "../statistics/run-statistics.ts";
import { Tally } from "../statistics/tally.ts";

/**
 * What a resource, a container or a store records of itself, if it was made with `monitor: true`. All of it can be
 * reset at the end of a warm-up.
 */
export class ResourceMonitor {
  /** How long each request that was met waited, in seconds. */
  readonly waiting: Tally;
  /** How long each holder held what it was granted, in seconds; of resources only. */
  readonly holding: Tally;
  /** How many requests waited, over time. */
  readonly queueLength: Level;
  /** How many units were in use, over time; of a container its level, of a store its items. */
  readonly inUse: Level;
  /** The capacity, over time. */
  readonly capacity: Level;
  /** Requests that did not join the queue, by their own decision. */
  balked = 0;
  /** Requests that left the queue without being met. */
  reneged = 0;
  /** Requests that found the queue full. */
  rejected = 0;
  /** Holders that lost what they held. */
  preempted = 0;

  constructor(clock: () => number, keep: boolean, inUse: number, capacity: number) {
    this.waiting = new Tally({ name: "waiting", keep });
    this.holding = new Tally({ name: "holding", keep });
    this.queueLength = new Level({ name: "queue length", clock, keep });
    this.inUse = new Level({ name: "in use", clock, keep, initial: inUse });
    this.capacity = new Level({
      name: "capacity",
      clock,
      keep,
      initial: Number.isFinite(capacity) ? capacity : Number.MAX_VALUE,
    });
    noteStatistic(this);
  }

  /** The share of the capacity that was in use over time; NaN before any time has passed. */
  get utilization(): number {
    return this.inUse.area / this.capacity.area;
  }

  /** Forget what was, as at the end of a warm-up; the present state stays. */
  reset(): void {
    this.waiting.reset();
    this.holding.reset();
    this.queueLength.reset();
    this.inUse.reset();
    this.capacity.reset();
    this.balked = 0;
    this.reneged = 0;
    this.rejected = 0;
    this.preempted = 0;
  }
}

/**
 * How a resource, a container or a store is monitored: not at all, in constant memory, or with every observation kept.
 */
export type Monitoring = boolean | "keep";

/** @throws TypeError unless `value` is a {@link Monitoring}. */
export function requireMonitoring(what: string, value: unknown): asserts value is Monitoring | undefined {
  if (value !== undefined && typeof value !== "boolean" && value !== "keep") {
    throw new TypeError(`${what}: expected monitor to be true, false or "keep", got ${describeValue(value)}`);
  }
}
