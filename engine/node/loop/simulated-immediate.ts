import { AsyncResource } from "node:async_hooks";
import type { Handle } from "../../loop/handle.ts";
import { real } from "./real.ts";
import type { SimulatedProcess } from "./simulated-process.ts";

type ImmediateCallback = (...args: unknown[]) => unknown;

/** What `setImmediate` returns in a simulation: an `instanceof` Node's `Immediate`. */
export class SimulatedImmediate {
  /** @internal */
  _isRefed = true;
  /** The function that is called; `null` once it was, or was cancelled. Setting it to `null` does not cancel it. */
  _onImmediate: ImmediateCallback | null;
  private readonly _args: readonly unknown[];
  private readonly _resource = new AsyncResource("Immediate");
  private readonly _handle: Handle;
  private readonly _process: SimulatedProcess;

  constructor(process: SimulatedProcess, callback: ImmediateCallback, args: readonly unknown[]) {
    this._process = process;
    this._onImmediate = callback;
    this._args = args;
    this._handle = process.handleFor(this._fire);
    const { loop } = process.world;
    loop._ordering?.watched(this._handle, process);
    loop._instrument?.handleScheduled(this._handle.id, loop._hostName(process.context));
    process.immediates.push(this);
  }

  ref(): this {
    this._isRefed = true;
    return this;
  }

  unref(): this {
    this._isRefed = false;
    return this;
  }

  hasRef(): boolean {
    return this._isRefed;
  }

  /** @internal */
  _cancel(): void {
    this._onImmediate = null;
    if (!this._process.world.isSilent) {
      this._handle.cancel();
    }
    const place = this._process.immediates.indexOf(this);
    if (place >= 0) {
      this._process.immediates.splice(place, 1);
    }
  }

  /** @internal The check phase has come: queue its call. */
  _queue(): void {
    this._process.world.loop._ready.push(this._handle);
  }

  private readonly _fire = (): void => {
    const callback = this._onImmediate;
    if (callback !== null) {
      this._onImmediate = null;
      this._process.callIn(this._resource, callback, this, this._args)?.();
    }
  };
}

const probe = real.setImmediate(() => {});
real.clearImmediate(probe);
Object.setPrototypeOf(SimulatedImmediate.prototype, Object.getPrototypeOf(probe) as object);
Object.defineProperty(SimulatedImmediate, "name", { value: "Immediate" });
if (Symbol.dispose !== undefined) {
  Object.defineProperty(SimulatedImmediate.prototype, Symbol.dispose, {
    value(this: SimulatedImmediate): void {
      this._cancel();
    },
    configurable: true,
    writable: true,
  });
}
