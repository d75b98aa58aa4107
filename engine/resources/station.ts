import { describeValue } from "../base/describe.ts";
import { RuntimeError } from "../base/errors.ts";
import type { PrimitiveEvent } from "../base/instrument.ts";
import { type TracedPrimitive, tell } from "../sync/tell.ts";
import type { TaskEventLoop } from "../tasks/task-event-loop.ts";
import { type Monitoring, ResourceMonitor, requireMonitoring } from "./monitor.ts";

/** What resources, containers and stores have in common: a name, a capacity, a monitor. */
export abstract class Station {
  /** @internal */
  _traced: TracedPrimitive | null = null;
  /** What it is called in reports and traces. */
  readonly name: string;
  protected _capacity: number;
  /** The monitor, once the first use has shown the loop; `null` when it is off. */
  protected _monitor: ResourceMonitor | null = null;
  private readonly _monitoring: Monitoring;

  constructor(what: string, name: string | undefined, capacity: number, monitoring: Monitoring | undefined) {
    if (name !== undefined && typeof name !== "string") {
      throw new TypeError(`${what}: expected a string as name, got ${describeValue(name)}`);
    }
    requireCapacity(what, capacity);
    requireMonitoring(what, monitoring);
    this.name = name ?? "";
    this._capacity = capacity;
    this._monitoring = monitoring ?? false;
  }

  /** How much it holds at most. @see simpy's `capacity` */
  get capacity(): number {
    return this._capacity;
  }

  /**
   * What it records of itself.
   *
   * @throws RuntimeError unless it was made with `monitor: true`, and before its first use in a loop.
   */
  get monitor(): ResourceMonitor {
    if (this._monitor === null) {
      throw new RuntimeError(
        this._monitoring === false
          ? `${this} is not monitored; make it with { monitor: true }`
          : `${this} was not used yet, so that its monitor has no clock; call startMonitor() inside of the simulation`,
      );
    }
    return this._monitor;
  }

  /**
   * Begin to record now, where `monitor` would begin with the first use.
   *
   * @returns The monitor.
   * @throws RuntimeError as {@link monitor}, and outside of a loop.
   */
  startMonitor(): ResourceMonitor {
    this._runningLoop();
    return this.monitor;
  }

  /** @internal The running loop; the monitor begins with its first use. */
  protected abstract _runningLoop(): TaskEventLoop;

  /** How much of the capacity is taken now. */
  protected abstract _inUse(): number;

  protected _attachMonitor(loop: TaskEventLoop): void {
    if (this._monitoring !== false && this._monitor === null) {
      this._monitor = new ResourceMonitor(
        () => loop.time(),
        this._monitoring === "keep",
        this._inUse(),
        this._capacity,
      );
    }
  }

  /** @internal Whether a use has to attach the monitor first. */
  protected get _needsMonitor(): boolean {
    return this._monitoring !== false && this._monitor === null;
  }

  protected _tell(event: PrimitiveEvent, waiting: number, items: number): void {
    tell(this, event, waiting, items);
  }

  /** What a message calls it: `resource 'pump'`. */
  protected _label(): string {
    const kind = this.constructor.name.replace(/(?<=[a-z])(?=[A-Z])/g, " ").toLowerCase();
    return this.name === "" ? `a ${kind}` : `${kind} '${this.name}'`;
  }

  toString(): string {
    return this._label();
  }
}

/** @throws TypeError or RangeError unless `capacity` is a number above 0, which may be infinite. */
export function requireCapacity(what: string, capacity: unknown): asserts capacity is number {
  requirePositive(what, "capacity", capacity);
}

/** @throws TypeError or RangeError unless `value` is a number above 0, which may be infinite. */
export function requirePositive(what: string, name: string, value: unknown): asserts value is number {
  if (typeof value !== "number") {
    throw new TypeError(`${what}: expected a number as ${name}, got ${describeValue(value)}`);
  }
  if (!(value > 0)) {
    throw new RangeError(`${what}: expected a number above 0 as ${name}, got ${describeValue(value)}`);
  }
}
