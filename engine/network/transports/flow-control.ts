import { optionNames, requireOptions } from "../../base/require-options.ts";
import type { TaskEventLoop } from "../../tasks/task-event-loop.ts";
import type { BaseProtocol, WriteBufferLimits } from "./contract.ts";

const DEFAULT_HIGH = 64 * 1024;

const WRITE_BUFFER_LIMITS = optionNames<WriteBufferLimits>({ high: true, low: true });

/** Keeps a write buffer under control. */
interface Buffering {
  getWriteBufferSize(): number;
  getProtocol(): BaseProtocol | null;
}

/** Calls a protocol's `pauseWriting` and `resumeWriting`. @see asyncio `_FlowControlMixin` */
export class FlowControl {
  private readonly _loop: TaskEventLoop;
  private readonly _transport: Buffering;
  private _high = DEFAULT_HIGH;
  private _low = DEFAULT_HIGH / 4;
  private _isPaused = false;

  constructor(loop: TaskEventLoop, transport: Buffering) {
    this._loop = loop;
    this._transport = transport;
  }

  /** The water marks, low then high. */
  get limits(): [low: number, high: number] {
    return [this._low, this._high];
  }

  /** Set the water marks. @throws RangeError unless `high >= low >= 0`. */
  setLimits(limits: WriteBufferLimits): void {
    requireOptions("setWriteBufferLimits", limits, WRITE_BUFFER_LIMITS);
    const high = limits.high ?? (limits.low === undefined ? DEFAULT_HIGH : 4 * limits.low);
    const low = limits.low ?? Math.floor(high / 4);
    if (!(high >= low && low >= 0)) {
      throw new RangeError(`setWriteBufferLimits: expected high >= low >= 0, got high ${high} and low ${low}`);
    }
    this._high = high;
    this._low = low;
  }

  /** The buffer has grown. */
  maybePause(): void {
    if (!this._isPaused && this._transport.getWriteBufferSize() > this._high) {
      this._isPaused = true;
      this._call("pauseWriting");
    }
  }

  /** The buffer has shrunk. */
  maybeResume(): void {
    if (this._isPaused && this._transport.getWriteBufferSize() <= this._low) {
      this._isPaused = false;
      this._call("resumeWriting");
    }
  }

  private _call(method: "pauseWriting" | "resumeWriting"): void {
    const protocol = this._transport.getProtocol();
    if (protocol === null) {
      return;
    }
    try {
      protocol[method]();
    } catch (exception) {
      const { _transport: transport } = this;
      this._loop.callExceptionHandler({ message: `protocol.${method}() failed`, exception, transport, protocol });
    }
  }
}
