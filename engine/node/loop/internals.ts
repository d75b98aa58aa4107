import type { Server, Socket } from "node:net";

/*
 * Everything that Node does not document and that the simulation rests on. Seen to be there in Node 20.20, 22.23, 24.21
 * and 26.10; each entry names what would break without it.
 */

interface UndocumentedProcess {
  /**
   * Runs all callbacks of `process.nextTick` and all microtasks until both are empty (`runNextTicks` of
   * lib/internal/process/task_queues.js).
   */
  _tickCallback(): void;
  /** Gives the native modules behind `node:net`, `node:dgram` and `node:dns`. */
  binding(name: string): Record<string, unknown>;
}

const undocumented = process as unknown as UndocumentedProcess;

/**
 * Run all ticks and microtasks.
 *
 * What a tick throws passes through here and must not be caught: Node's stack of async ids would be left corrupt, and
 * the process aborts.
 */
export const drainTicks = (): void => undocumented._tickCallback();

const [, uvMinor = 0] = process.versions.uv.split(".").map(Number);

/**
 * Whether libuv reports the end of a connection that both ends have closed together with its last data, as it did up to
 * 1.51, that of Node 22; later, it reports it when it polls next. @see `uv__stream_io`
 */
export const REPORTS_END_WITH_DATA = uvMinor < 52;

/** A native module, by Node's name for it: `tcp_wrap`, `stream_wrap`, `udp_wrap`. */
export const nativeModule = (name: string): Record<string, unknown> => undocumented.binding(name);

/** What the native side and `lib/internal/stream_base_commons.js` report to each other about the last read or write. */
export interface StreamState {
  readonly state: Int32Array;
  readonly readBytesOrError: number;
  readonly arrayBufferOffset: number;
  readonly bytesWritten: number;
  readonly lastWriteWasAsync: number;
}

let streamState: StreamState | null = null;

/** The state that streams share; read when it is first needed. */
export function sharedStreamState(): StreamState {
  if (streamState === null) {
    const native = nativeModule("stream_wrap");
    streamState = {
      state: native["streamBaseState"] as Int32Array,
      readBytesOrError: native["kReadBytesOrError"] as number,
      arrayBufferOffset: native["kArrayBufferOffset"] as number,
      bytesWritten: native["kBytesWritten"] as number,
      lastWriteWasAsync: native["kLastWriteWasAsync"] as number,
    };
  }
  return streamState;
}

/**
 * The key under which a native handle of a socket or server keeps it, for `Symbol(owner_symbol)` cannot be imported.
 */
export function ownerOf(handle: object): Socket | Server | undefined {
  for (const key of Object.getOwnPropertySymbols(handle)) {
    if (key.description === "owner_symbol") {
      return (handle as Record<symbol, unknown>)[key] as Socket | Server;
    }
  }
  return undefined;
}

/** The key `description` of `object` or of what it inherits from; Node's own symbols cannot be imported. */
export function symbolOf(object: object, description: string): symbol | undefined {
  for (let each: object | null = object; each !== null; each = Object.getPrototypeOf(each) as object | null) {
    const found = Object.getOwnPropertySymbols(each).find((key) => key.description === description);
    if (found !== undefined) {
      return found;
    }
  }
  return undefined;
}
