import net from "node:net";
import { currentWorld, here } from "../loop/current.ts";
import { symbolOf } from "../loop/internals.ts";
import { coerceDuration, SimulatedTimeout } from "../loop/simulated-timeout.ts";
import { patchConnectionAttempts } from "./connection-attempts.ts";
import { type NativeRequest, type NativeTcp, nativeTcp } from "./native-tcp.ts";
import { SimulatedTcp } from "./simulated-tcp.ts";
import { GONE, patchClosing, patchMethod, patchStreamMethods } from "./stream-methods.ts";

/** The simulated side of `handle`, made now if a simulation uses it first; `null` for one of the real world. */
function stateOf(handle: NativeTcp): SimulatedTcp | typeof GONE | null {
  const known = SimulatedTcp.of(handle);
  if (known !== undefined) {
    return known;
  }
  if (currentWorld() === null || handle.fd >= 0) {
    return null;
  }
  const process = here();
  return process === null ? GONE : SimulatedTcp.adopt(process, handle);
}

type Bind = [address: string, port: number, flags?: number];
type Connect = [request: NativeRequest, address: string, port: number];

function patchHandles(prototype: NativeTcp): void {
  const patch = <A extends unknown[]>(name: string, act: (state: SimulatedTcp, args: A) => unknown): void =>
    patchMethod(prototype, stateOf, name, act);
  patch("bind", (state, [address, port]: Bind) => state.bind(address, port, 4));
  patch("bind6", (state, [address, port, flags]: Bind) => state.bind(address, port, 6, ((flags ?? 0) & 1) !== 0));
  const connect = (state: SimulatedTcp, [request, address, port]: Connect): number =>
    state.connect(request, address, port);
  patch("connect", connect);
  patch("connect6", connect);
  patch("getsockname", (state, [out]: [object]) => state.localAddress(out));
  patch("getpeername", (state, [out]: [object]) => state.peerAddress(out));
  patch("setNoDelay", (state, [isOn]: [boolean]) => state.setNoDelay(isOn));
  patch("setKeepAlive", (state, [isOn, idle]: [boolean, number]) => state.setKeepAlive(isOn, idle));
}

/**
 * What later versions of Node can set of a handle, such as its type of service, has no counterpart in the simulated
 * network, and no effect.
 */
function patchOthers(prototype: NativeTcp, known: ReadonlySet<string>): void {
  for (const name of Object.getOwnPropertyNames(prototype)) {
    if (!known.has(name) && /^(?:get|set|open$)/.test(name)) {
      patchMethod(prototype, stateOf, name, () => 0);
    }
  }
}

/** `reset` closes the handle, and the other side gets a reset. */
function patchReset(prototype: NativeTcp): void {
  const { close } = prototype;
  patchMethod(prototype, stateOf, "reset", (state, [callback]: [() => void], handle) => {
    state.close(callback, true);
    close.call(handle);
    return 0;
  });
}

/**
 * The idle timers of sockets, which Node sets with a function of its own.
 *
 * @see `setStreamTimeout` in lib/internal/stream_base_commons.js
 */
function patchTimeouts(): void {
  const key = symbolOf(new net.Socket(), "timeout");
  if (key === undefined) {
    return;
  }
  const prototype = net.Socket.prototype as unknown as {
    setTimeout: (milliseconds: number, callback?: () => void) => unknown;
  };
  const { setTimeout } = prototype;
  prototype.setTimeout = function (
    this: net.Socket & { timeout: number; _onTimeout(): void } & Record<symbol, SimulatedTimeout | null>,
    milliseconds: number,
    callback?: () => void,
  ): unknown {
    const process = here();
    if (process === null || this.destroyed || !(milliseconds > 0 && milliseconds < Number.POSITIVE_INFINITY)) {
      return setTimeout.call(this, milliseconds, callback);
    }
    this.timeout = milliseconds;
    this[key]?.close();
    this[key] = new SimulatedTimeout(process, () => this._onTimeout(), coerceDuration(milliseconds), [], false, false);
    if (callback !== undefined) {
      this.once("timeout", callback);
    }
    return this;
  };
}

/** TCP: what `node:net` does with native handles, and the idle timers of sockets. */
export function patchTcp(): void {
  const { prototype } = nativeTcp().TCP as unknown as { prototype: NativeTcp };
  patchReset(prototype);
  patchClosing(prototype, stateOf);
  patchStreamMethods(prototype, stateOf);
  patchHandles(prototype);
  patchOthers(prototype, new Set(["constructor", "getsockname", "getpeername", "setNoDelay", "setKeepAlive"]));
  patchTimeouts();
  patchConnectionAttempts();
}
