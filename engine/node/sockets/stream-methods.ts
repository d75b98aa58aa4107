import type { NativeRequest, NativeTcp } from "./native-tcp.ts";
import type { SimulatedTcp } from "./simulated-tcp.ts";
import { uvError } from "./uv-errors.ts";

/** The program is over, and its handles can do nothing more. */
export const GONE = Symbol("gone");

/** Finds the simulated side of a native handle; `null` for one of the real world. */
export type StateOf<S> = (handle: NativeTcp) => S | typeof GONE | null;

type Method = (this: NativeTcp, ...args: unknown[]) => unknown;

/** Replace the method `name` of all native handles of one kind. */
export function patchMethod<S, A extends unknown[]>(
  prototype: object,
  stateOf: StateOf<S>,
  name: string,
  act: (state: S, args: A, handle: NativeTcp) => unknown,
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
    return state === GONE ? uvError("ECANCELED") : act(state, args as A, this);
  };
  Object.defineProperty(prototype, name, { value, configurable: true, writable: true });
}

const bytesOf = (data: Uint8Array): Uint8Array => new Uint8Array(data.buffer, data.byteOffset, data.byteLength);

type Write = [request: NativeRequest, data: Uint8Array];
type WriteText = [request: NativeRequest, text: string];

/** Several pieces at once: a list of buffers, or buffers or strings each followed by its encoding. */
function joined(chunks: readonly unknown[], areBuffers: boolean): Uint8Array {
  const pieces: Buffer[] = [];
  for (let i = 0; i < chunks.length; i += areBuffers ? 1 : 2) {
    const chunk = chunks[i];
    pieces.push(typeof chunk === "string" ? Buffer.from(chunk, chunks[i + 1] as BufferEncoding) : (chunk as Buffer));
  }
  return bytesOf(Buffer.concat(pieces));
}

const ENCODINGS = { Utf8: "utf8", Ascii: "latin1", Latin1: "latin1", Ucs2: "utf16le" } as const;

/** What all native handles for streams of bytes can do. @see src/stream_base.cc */
export function patchStreamMethods(prototype: object, stateOf: StateOf<SimulatedTcp>): void {
  const patch = <A extends unknown[]>(name: string, act: (state: SimulatedTcp, args: A) => unknown): void =>
    patchMethod(prototype, stateOf, name, act);
  patch("listen", (state, [backlog]: [number]) => state.listen(backlog));
  patch("readStart", (state) => state.readStart());
  patch("readStop", (state) => state.readStop());
  patch("writeBuffer", (state, [request, data]: Write) => state.write(request, bytesOf(data)));
  patch("writev", (state, [request, chunks, areBuffers]: [NativeRequest, unknown[], boolean?]) =>
    state.write(request, joined(chunks, areBuffers === true)),
  );
  for (const [name, encoding] of Object.entries(ENCODINGS)) {
    patch(`write${name}String`, (state, [request, text]: WriteText) =>
      state.write(request, bytesOf(Buffer.from(text, encoding))),
    );
  }
  patch("shutdown", (state, [request]: [NativeRequest]) => state.shutdown(request));
  patch("ref", (state) => state.setRef(true));
  patch("unref", (state) => state.setRef(false));
  patch("hasRef", (state) => state.isRefed);
}

/** What {@link patchClosing} needs of the simulated side of a handle. */
interface Closable {
  close(callback: (() => void) | undefined): void;
}

/** Replace `close`. It also frees the native handle, which is not observable. */
export function patchClosing<S extends Closable>(prototype: NativeTcp, stateOf: StateOf<S>): void {
  const { close } = prototype;
  const value = function (this: NativeTcp, callback?: () => void): number {
    const state = stateOf(this);
    if (state === null) {
      return close.call(this, callback) as unknown as number;
    }
    if (state === GONE) {
      process.nextTick(callback ?? (() => {}));
    } else {
      state.close(callback);
    }
    close.call(this);
    return 0;
  };
  Object.defineProperty(prototype, "close", { value, configurable: true, writable: true });
}
