import { AsyncResource } from "node:async_hooks";
import type { Handle } from "../../loop/handle.ts";
import { currentWorld, here } from "./current.ts";
import { real } from "./real.ts";
import type { SimulatedProcess } from "./simulated-process.ts";
import type { TimerList } from "./timer-lists.ts";

/** The longest duration that Node knows, in milliseconds; what is longer, or below 1, or no number, counts as 1. */
const LONGEST = 2 ** 31 - 1;

/** Node's rule for the duration of a timer, in milliseconds. */
export function coerceDuration(given: unknown): number {
  const milliseconds = Number(given);
  return milliseconds >= 1 && milliseconds <= LONGEST ? milliseconds : 1;
}

type TimerCallback = (...args: unknown[]) => unknown;

/** A timer that was set outside of the present simulation, by a library that keeps it. */
export interface ForeignTimer {
  readonly _idleTimeout: number;
  readonly _onTimeout: TimerCallback | null;
  readonly _timerArgs?: readonly unknown[] | undefined;
  hasRef(): boolean;
}

/** For each foreign timer that code of the simulation `world` has refreshed, what stands for it there. */
let stand: { world: object; timers: WeakMap<object, SimulatedTimeout> } | null = null;

/**
 * A foreign timer is refreshed in `process`: it becomes simulated there. undici keeps one timer for all its
 * connections.
 */
export function standIn(timer: ForeignTimer, process: SimulatedProcess): void {
  if (stand?.world !== process.world) {
    stand = { world: process.world, timers: new WeakMap() };
  }
  const simulated = stand.timers.get(timer);
  if (simulated === undefined) {
    const call = (...args: unknown[]): unknown => timer._onTimeout?.(...args);
    const { _idleTimeout: duration, _timerArgs: args = [] } = timer;
    stand.timers.set(timer, new SimulatedTimeout(process, call, duration, args, false, timer.hasRef()));
  } else {
    simulated.refresh();
  }
}

/** Numbers of timers, for those who use one in the place of a number. */
const timersByNumber = new WeakMap<object, Map<number, SimulatedTimeout>>();

/**
 * What `setTimeout` and `setInterval` return in a simulation.
 *
 * It is an `instanceof` Node's `Timeout`, and has its fields, which libraries and Node's own modules look at: they
 * cancel a timer by setting `_onTimeout` to null.
 */
export class SimulatedTimeout {
  _idleTimeout: number;
  _idleStart = 0;
  _repeat: number | null;
  _timerArgs: readonly unknown[] | undefined;
  _idleNext = null;
  _idlePrev = null;
  /** Its call has ended, or it was cancelled. */
  _destroyed = false;
  /** @internal */
  _list: TimerList | null = null;
  /** @internal */
  _isTaken = false;
  /** @internal */
  _isRefed: boolean;
  /** @internal How many milliseconds an exploration lets it come late. */
  _late = 0;
  private _callback: TimerCallback | null;
  private readonly _process: SimulatedProcess;
  private _resource = new AsyncResource("Timeout");
  private _handle: Handle | null = null;
  private _number = 0;

  constructor(
    process: SimulatedProcess,
    callback: TimerCallback,
    duration: unknown,
    args: readonly unknown[],
    isRepeating: boolean,
    isRefed = true,
  ) {
    this._process = process;
    this._callback = callback;
    this._idleTimeout = coerceDuration(duration);
    this._timerArgs = args.length === 0 ? undefined : args;
    this._repeat = isRepeating ? this._idleTimeout : null;
    this._isRefed = isRefed;
    process.timers.refed += isRefed ? 1 : 0;
    this._start(process.now());
  }

  /**
   * The function that is called; `null` once the timer was cancelled. Setting it to `null`, or as Node 24 does to
   * `undefined`, cancels it.
   */
  get _onTimeout(): TimerCallback | null {
    return this._callback;
  }

  set _onTimeout(callback: TimerCallback | null | undefined) {
    if (typeof callback !== "function") {
      this.close();
    } else {
      this._callback = callback;
    }
  }

  /** @internal When it is due, in milliseconds. */
  _due(): number {
    return this._idleStart + Math.trunc(this._idleTimeout) + this._late;
  }

  /** Start anew, now, with the same duration. @see Timeout.refresh, `insertGuarded` of lib/internal/timers.js */
  refresh(): this {
    const { _process: process } = this;
    const world = currentWorld();
    if (world !== null && world !== process.world && this._callback !== null) {
      // Also while the timers of that simulation run dry.
      standIn(this, here() ?? world.root);
      return this;
    }
    if (this._idleTimeout < 0 || (process.world.isSilent && !process.isRunningDry)) {
      return this;
    }
    if (this._list !== null && !this._isTaken) {
      process.timers.insert(this, process.now());
    } else {
      // It has run, or is about to.
      this._dropHandle();
      this._start(process.now());
    }
    if (this._destroyed) {
      this._destroyed = false;
      this._resource = new AsyncResource("Timeout");
      process.timers.refed += this._isRefed ? 1 : 0;
    }
    return this;
  }

  ref(): this {
    this._setRef(true);
    return this;
  }

  unref(): this {
    this._setRef(false);
    return this;
  }

  hasRef(): boolean {
    return this._isRefed;
  }

  /** Cancel the timer. @see Timeout.close, `unenroll` of lib/timers.js */
  close(): this {
    const { timers } = this._process;
    if (this._callback !== null) {
      this._callback = null;
      if (!this._destroyed) {
        this._destroy();
        timers.remove(this, this._isRefed);
        this._idleTimeout = -1;
        this._dropHandle();
      }
    }
    return this;
  }

  /** A number that `clearTimeout` takes as well. */
  [Symbol.toPrimitive](): number {
    if (this._number === 0) {
      const { world } = this._process;
      let timers = timersByNumber.get(world);
      if (timers === undefined) {
        timers = new Map();
        timersByNumber.set(world, timers);
      }
      this._number = timers.size + 1;
      timers.set(this._number, this);
    }
    return this._number;
  }

  /** @internal It is due: queue its call. */
  _queue(): void {
    this._process.world.loop._ready.push(this._handle!);
  }

  /** @internal Call it after the end of the program, if it is one that does not keep a process alive and comes once. */
  _runDry(): void {
    if (!this._isRefed && this._repeat === null) {
      this._callback?.(...(this._timerArgs ?? []));
    }
  }

  /** Its call does not come. Once the program is over, none does, and nothing is recorded any more. */
  private _dropHandle(): void {
    if (!this._process.world.isSilent) {
      this._handle?.cancel();
    }
    this._handle = null;
  }

  private _setRef(isRefed: boolean): void {
    if (isRefed !== this._isRefed && !this._destroyed) {
      this._process.timers.refed += isRefed ? 1 : -1;
    }
    this._isRefed = isRefed;
  }

  private _destroy(): void {
    this._destroyed = true;
    this._process.timers.refed -= this._isRefed ? 1 : 0;
  }

  private _start(start: number): void {
    const { _process: process } = this;
    if (process.world.isSilent) {
      if (process.isRunningDry) {
        process.timers.insert(this, start);
      }
      return;
    }
    const { loop } = process.world;
    const handle = process.handleFor(this._fire);
    this._handle = handle;
    this._isTaken = false;
    this._late = 0;
    const when = (start + Math.trunc(this._idleTimeout)) / 1000;
    if (loop._ordering !== null) {
      this._late = Math.ceil((loop._ordering.timerDue(when, handle) - when) * 1000);
    }
    process.timers.insert(this, start);
    loop._ordering?.watched(handle, this._list as object);
    loop._instrument?.timerScheduled(handle.id, when, loop._hostName(process.context));
  }

  private readonly _fire = (): void => {
    const { timers } = this._process;
    const start = this._process.now();
    const handle = this._handle;
    const list = timers.begin(this, start);
    const uncaught =
      this._callback === null
        ? null
        : this._process.callIn(this._resource, this._callback, this, this._timerArgs ?? []);
    this._afterCall(handle, start);
    timers.ended(list, start);
    uncaught?.();
  };

  /** An interval begins again when its callback began, not when it ended. */
  private _afterCall(handle: Handle | null, start: number): void {
    const wasRefreshed = this._handle !== handle;
    if (!wasRefreshed) {
      this._handle = null;
    }
    if (this._repeat !== null && this._idleTimeout !== -1) {
      this._idleTimeout = this._repeat;
      if (wasRefreshed) {
        this._process.timers.insert(this, start);
      } else {
        this._start(start);
      }
    } else if (!wasRefreshed && !this._destroyed) {
      this._destroy();
    }
  }
}

/** The timer that code of `world` knows by `number`. */
export const timerByNumber = (world: object, number: unknown): SimulatedTimeout | undefined =>
  timersByNumber.get(world)?.get(Number(number));

const probe = real.setTimeout(() => {}, 1);
real.clearTimeout(probe);
const TimeoutPrototype = Object.getPrototypeOf(probe) as object;
Object.setPrototypeOf(SimulatedTimeout.prototype, TimeoutPrototype);
Object.defineProperty(SimulatedTimeout, "name", { value: "Timeout" });
if (Symbol.dispose !== undefined) {
  Object.defineProperty(SimulatedTimeout.prototype, Symbol.dispose, {
    value(this: SimulatedTimeout): void {
      this.close();
    },
    configurable: true,
    writable: true,
  });
}
