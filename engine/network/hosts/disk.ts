import { describeValue } from "../../base/describe.ts";
import { RuntimeError } from "../../base/errors.ts";
import { optionNames, requireOptions } from "../../base/require-options.ts";
import { made, touched } from "../../loop/touched.ts";
import { GeneratorOperation } from "../../tasks/generator-operation.ts";
import type { Operation, Steps } from "../../tasks/operation.ts";
import { sleep } from "../../tasks/sleep.ts";

/** What a disk stores under a name. */
export type DiskData = string | Uint8Array;

/** What a disk is like. */
export interface DiskOptions {
  /** How long `fsync()` takes, in seconds; 0 by default. */
  readonly syncTime?: number;
}

const DISK_OPTIONS = optionNames<DiskOptions>({ syncTime: true });

/** @throws TypeError for unknown options; RangeError for an invalid time. */
export function requireDiskOptions(options: DiskOptions): void {
  requireOptions("disk", options, DISK_OPTIONS);
  const { syncTime = 0 } = options;
  if (!(typeof syncTime === "number" && syncTime >= 0 && syncTime < Number.POSITIVE_INFINITY)) {
    throw new RangeError(`disk: expected syncTime in seconds, finite and not negative, got ${describeValue(syncTime)}`);
  }
}

/** @throws TypeError unless `name` is a string. */
function requireName(name: unknown): asserts name is string {
  if (typeof name !== "string") {
    throw new TypeError(`disk: expected a name, got ${describeValue(name)}`);
  }
}

const copyOf = (data: DiskData): DiskData => (typeof data === "string" ? data : data.slice());

/**
 * The disk of a host: strings and bytes by name. What was written is there at once, but a crash loses what was not
 * synced; what was synced survives it.
 */
export class Disk {
  private readonly _syncTime: number;
  /** What programs see. */
  private _current = new Map<string, DiskData>();
  /** What survives a crash. */
  private _durable = new Map<string, DiskData>();
  /** How many calls of `fsync` there were, and the last of those that are done. */
  private _syncs = 0;
  private _synced = 0;
  private _crashes = 0;

  /** @internal Disks come with their hosts. */
  constructor(options: DiskOptions) {
    requireDiskOptions(options);
    this._syncTime = options.syncTime ?? 0;
    made(this);
  }

  /** The names under which something is stored, in order of first writing. */
  get names(): readonly string[] {
    touched(this, "r");
    return [...this._current.keys()];
  }

  /** What is stored under `name`, `null` if nothing is. @throws TypeError if the name is not a string. */
  read(name: string): DiskData | null {
    requireName(name);
    touched(this, "r");
    const data = this._current.get(name);
    return data === undefined ? null : copyOf(data);
  }

  /** Store `data` under `name`. @throws TypeError if it is neither a string nor bytes, or the name is not a string. */
  write(name: string, data: DiskData): void {
    requireName(name);
    if (typeof data !== "string" && !(data instanceof Uint8Array)) {
      throw new TypeError(`disk: expected a string or a Uint8Array, got ${describeValue(data)}`);
    }
    touched(this, "w");
    this._current.set(name, copyOf(data));
  }

  /** Store nothing under `name` any more. @throws TypeError if the name is not a string. */
  delete(name: string): void {
    requireName(name);
    touched(this, "w");
    this._current.delete(name);
  }

  /**
   * Make what was written before this call survive crashes: from the end of the operation on.
   *
   * @throws RuntimeError, awaiting, if the host crashes meanwhile and a task elsewhere waits: what was written may be
   * lost.
   */
  fsync(): Operation<undefined> {
    return new GeneratorOperation("Disk.fsync", this._fsyncSteps());
  }

  /** @internal */
  _crash(): void {
    touched(this, "w");
    this._current = new Map(this._durable);
    this._crashes++;
  }

  private *_fsyncSteps(): Steps<undefined> {
    touched(this, "w");
    const written = new Map(this._current);
    const [crashes, number] = [this._crashes, ++this._syncs];
    if (this._syncTime > 0) {
      yield* sleep(this._syncTime);
      touched(this, "w");
    }
    if (this._crashes > crashes) {
      throw new RuntimeError("disk: the host crashed during fsync(); what was written is lost");
    }
    // One that began later may be done already: an exploration lets timers be late.
    if (number > this._synced) {
      this._synced = number;
      this._durable = written;
    }
    return undefined;
  }
}
