import { AsyncResource } from "node:async_hooks";
import type { Handle } from "../../loop/handle.ts";
import { currentWorld, here } from "./current.ts";
import { real } from "./real.ts";
import type { SimulatedProcess } from "./simulated-process.ts";

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

/** A foreign timer is refreshed in `process`: it becomes simulated there. undici keeps one timer for all its connections. */
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
 * It is an `instanceof` Node's `Timeout`, and has its fields, which libraries and Node's own modules look at: they cancel a timer by setting
 * `_onTimeout` to null.
 */
export class SimulatedTimeout {
  _idleTimeout: number;
  _idleStart = 0;
  _repeat: number | null;
  _timerArgs: readonly unknown[] | undefined;
  _idleNext = null;
  _idlePrev = null;
  /** @internal */
  _list: object | null = null;
  /** @internal */
  _isRefed: boolean;
  /** @internal How many milliseconds an exploration lets it come late. */
  _late = 0;
  private _callback: TimerCallback | null;
  private readonly _process: SimulatedProcess;
  private readonly _resource = new AsyncResource("Timeout");
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
    this._start();
  }

  /** The function that is called; `null` once the timer was cancelled, and setting it to `null` cancels it. */
  get _onTimeout(): TimerCallback | null {
    return this._callback;
  }

  set _onTimeout(callback: TimerCallback | null) {
    if (callback === null) {
      this.close();
    } else {
      this._callback = callback;
    }
  }

  get _destroyed(): boolean {
    return this._handle === null;
  }

  /** @internal When it is due, in milliseconds. */
  _due(): number {
    return this._idleStart + Math.trunc(this._idleTimeout) + this._late;
  }

  /** Start anew, now, with the same duration. @see Timeout.refresh */
  refresh(): this {
    const world = currentWorld();
    if (world !== null && world !== this._process.world && this._callback !== null) {
      // Also while the timers of that simulation run dry.
      standIn(this, here() ?? world.root);
      return this;
    }
    if (this._callback !== null && (!this._process.world.isSilent || this._process.isRunningDry)) {
      if (this._list === null) {
        // It has run, or is about to.
        this._dropHandle();
        this._start();
      } else {
        this._process.timers.restart(this, this._process.now());
      }
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

  /** Cancel the timer. @see Timeout.close */
  close(): this {
    this._callback = null;
    this._repeat = null;
    this._process.timers.remove(this);
    this._dropHandle();
    this._idleTimeout = -1;
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
    if (isRefed !== this._isRefed && this._list !== null) {
      this._process.timers.refed += isRefed ? 1 : -1;
    }
    this._isRefed = isRefed;
  }

  private _start(): void {
    const { _process: process } = this;
    if (process.world.isSilent) {
      if (process.isRunningDry) {
        process.timers.insert(this, process.now());
      }
      return;
    }
    const { loop } = process.world;
    const handle = process.handleFor(this._fire);
    this._handle = handle;
    this._late = 0;
    const start = process.now();
    const when = (start + Math.trunc(this._idleTimeout)) / 1000;
    if (loop._ordering !== null) {
      this._late = Math.ceil((loop._ordering.timerDue(when, handle) - when) * 1000);
    }
    process.timers.insert(this, start);
    loop._ordering?.watched(handle, this._list as unknown as object);
    loop._instrument?.timerScheduled(handle.id, when, loop._hostName(process.context));
  }

  private readonly _fire = (): void => {
    const callback = this._callback;
    if (callback === null) {
      return;
    }
    const start = this._process.now();
    const handle = this._handle;
    try {
      this._resource.runInAsyncScope(callback, this, ...(this._timerArgs ?? []));
    } finally {
      if (this._handle === handle) {
        this._handle = null;
        if (this._repeat !== null && this._callback !== null) {
          this._idleTimeout = this._repeat;
          this._startAt(start);
        }
      }
    }
  };

  /** An interval begins again when its callback began, not when it ended. */
  private _startAt(start: number): void {
    this._start();
    this._idleStart = start;
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
