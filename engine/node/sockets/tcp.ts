import net from "node:net";
import { currentWorld, here } from "../loop/current.ts";
import { symbolOf } from "../loop/internals.ts";
import { coerceDuration, SimulatedTimeout } from "../loop/simulated-timeout.ts";
import { type NativeRequest, type NativeTcp, nativeTcp } from "./native-tcp.ts";
import { SimulatedTcp } from "./simulated-tcp.ts";
import { uvError } from "./uv-errors.ts";

/** The program is over, and its handles can do nothing more. */
const GONE = Symbol("gone");

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

type Method = (this: NativeTcp, ...args: unknown[]) => unknown;

/** Replace the method `name` of all native TCP handles. */
function patch<A extends unknown[]>(
  prototype: object,
  name: string,
  act: (state: SimulatedTcp, args: A) => unknown,
): void {
  const original = (prototype as Record<string, Method | undefined>)[name];
  if (original === undefined) {
    return;
  }
  const value = function (this: NativeTcp, ...args: unknown[]): unknown {
    const state = stateOf(this);
    if (state === null) {
      return original.apply(this, args);
    }
    return state === GONE ? uvError("ECANCELED") : act(state, args as A);
  };
  Object.defineProperty(prototype, name, { value, configurable: true, writable: true });
}

const bytesOf = (data: Uint8Array): Uint8Array => new Uint8Array(data.buffer, data.byteOffset, data.byteLength);

type Write = [request: NativeRequest, data: Uint8Array];
type WriteText = [request: NativeRequest, text: string];
type Bind = [address: string, port: number, flags?: number];
type Connect = [request: NativeRequest, address: string, port: number];

/** Several pieces at once: a list of buffers, or buffers or strings each followed by its encoding. */
function joined(chunks: readonly unknown[], areBuffers: boolean): Uint8Array {
  const pieces: Buffer[] = [];
  for (let i = 0; i < chunks.length; i += areBuffers ? 1 : 2) {
    const chunk = chunks[i];
    pieces.push(typeof chunk === "string" ? Buffer.from(chunk, chunks[i + 1] as BufferEncoding) : (chunk as Buffer));
  }
  return bytesOf(Buffer.concat(pieces));
}

function patchWrites(prototype: object): void {
  patch(prototype, "writeBuffer", (state, [request, data]: Write) => state.write(request, bytesOf(data)));
  patch(prototype, "writev", (state, [request, chunks, areBuffers]: [NativeRequest, unknown[], boolean?]) =>
    state.write(request, joined(chunks, areBuffers === true)),
  );
  const encodings = { Utf8: "utf8", Ascii: "latin1", Latin1: "latin1", Ucs2: "utf16le" } as const;
  for (const [name, encoding] of Object.entries(encodings)) {
    patch(prototype, `write${name}String`, (state, [request, text]: WriteText) =>
      state.write(request, bytesOf(Buffer.from(text, encoding))),
    );
  }
}

function patchHandles(prototype: NativeTcp): void {
  patch(prototype, "bind", (state, [address, port]: Bind) => state.bind(address, port, 4));
  patch(prototype, "bind6", (state, [address, port, flags]: Bind) =>
    state.bind(address, port, 6, ((flags ?? 0) & 1) !== 0),
  );
  patch(prototype, "listen", (state, [backlog]: [number]) => state.listen(backlog));
  const connect = (state: SimulatedTcp, [request, address, port]: Connect): number =>
    state.connect(request, address, port);
  patch(prototype, "connect", connect);
  patch(prototype, "connect6", connect);
  patch(prototype, "readStart", (state) => state.readStart());
  patch(prototype, "readStop", (state) => state.readStop());
  patchWrites(prototype);
  patch(prototype, "shutdown", (state, [request]: [NativeRequest]) => state.shutdown(request));
  patch(prototype, "getsockname", (state, [out]: [object]) => state.localAddress(out));
  patch(prototype, "getpeername", (state, [out]: [object]) => state.peerAddress(out));
  patch(prototype, "setNoDelay", (state, [isOn]: [boolean]) => state.setNoDelay(isOn));
  patch(prototype, "setKeepAlive", (state, [isOn, idle]: [boolean, number]) => state.setKeepAlive(isOn, idle));
  patch(prototype, "ref", (state) => state.setRef(true));
  patch(prototype, "unref", (state) => state.setRef(false));
  patch(prototype, "hasRef", (state) => state.isRefed);
}

/** What later versions of Node can set of a handle, such as its type of service, has no counterpart in the simulated network, and no effect. */
function patchOthers(prototype: NativeTcp, known: ReadonlySet<string>): void {
  for (const name of Object.getOwnPropertyNames(prototype)) {
    if (!known.has(name) && /^(?:get|set|open$)/.test(name)) {
      patch(prototype, name, () => 0);
    }
  }
}

/** Closing also frees the native handle, which is not observable. */
function patchClosing(prototype: NativeTcp): void {
  const { close } = prototype;
  const closeAs = (isReset: boolean) =>
    function (this: NativeTcp, callback?: () => void): number {
      const state = stateOf(this);
      if (state === null) {
        return close.call(this, callback) as unknown as number;
      }
      if (state === GONE) {
        process.nextTick(callback ?? (() => {}));
      } else {
        state.close(callback, isReset);
      }
      close.call(this);
      return 0;
    };
  const reset = (prototype as unknown as Record<string, Method>)["reset"];
  Object.defineProperty(prototype, "close", { value: closeAs(false), configurable: true, writable: true });
  if (reset !== undefined) {
    const resetSimulated = closeAs(true);
    const value = function (this: NativeTcp, ...args: unknown[]): unknown {
      return stateOf(this) === null ? reset.apply(this, args) : resetSimulated.call(this, args[0] as () => void);
    };
    Object.defineProperty(prototype, "reset", { value, configurable: true, writable: true });
  }
}

/** The idle timers of sockets, which Node sets with a function of its own. @see `setStreamTimeout` in lib/internal/stream_base_commons.js */
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
  patchClosing(prototype);
  patchHandles(prototype);
  patchOthers(prototype, new Set(["constructor", "getsockname", "getpeername", "setNoDelay", "setKeepAlive"]));
  patchTimeouts();
}
