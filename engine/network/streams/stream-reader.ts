import { describeValue } from "../../base/describe.ts";
import { RuntimeError } from "../../base/errors.ts";
import { NO_OPTIONS, optionNames, requireOptions } from "../../base/require-options.ts";
import { describeError } from "../../loop/exceptions.ts";
import { runningTaskLoop } from "../../tasks/current.ts";
import type { Future } from "../../tasks/future.ts";
import { GeneratorOperation } from "../../tasks/generator-operation.ts";
import type { Operation, Steps } from "../../tasks/operation.ts";
import type { TaskEventLoop } from "../../tasks/task-event-loop.ts";
import { encode, requireBytes } from "../text.ts";
import { ByteQueue } from "./byte-queue.ts";
import { checkedSeparators, IncompleteReadError, LimitOverrunError } from "./errors.ts";

/**
 * How much of a stream is buffered by default: lines up to this length can be read, and reading pauses at twice of it.
 */
export const DEFAULT_LIMIT = 64 * 1024;

/** What a reader needs of the transport that feeds it. */
interface Feeder {
  pauseReading(): void;
  resumeReading(): void;
}

const NEWLINE = encode("\n");
const NOTHING = new Uint8Array(0);

/** What a reader may be given. */
interface ReaderOptions {
  readonly limit?: number;
  readonly loop?: TaskEventLoop;
}

const READER_OPTIONS = optionNames<ReaderOptions>({ limit: true, loop: true });

/**
 * The receiving side of a connection, to be read by one task at a time.
 *
 * @see asyncio.StreamReader. Differs: instead of `async for line in reader`, call `readline()` until it returns
 * nothing.
 */
export class StreamReader {
  private readonly _loop: TaskEventLoop;
  private readonly _limit: number;
  private readonly _buffer = new ByteQueue();
  private _isEof = false;
  private _waiter: Future<undefined> | null = null;
  private _exception: Error | null = null;
  private _feeder: Feeder | null = null;
  private _isPaused = false;

  /**
   * @param options - `limit` in bytes, 65536 by default; `loop`, the running one by default.
   * @throws TypeError for unknown options; RangeError unless the limit is above 0; RuntimeError if no loop is given and
   * none runs.
   */
  constructor(options: ReaderOptions = NO_OPTIONS) {
    requireOptions("StreamReader", options, READER_OPTIONS);
    const { limit = DEFAULT_LIMIT } = options;
    if (!(typeof limit === "number" && limit > 0)) {
      throw new RangeError(`StreamReader: expected a limit above 0 bytes, got ${describeValue(limit)}`);
    }
    this._limit = limit;
    this._loop = options.loop ?? runningTaskLoop();
  }

  /**
   * Read up to `count` bytes, as soon as there are any; without `count`, all until the end of the stream.
   *
   * @returns The bytes; none at the end of the stream.
   * @throws RangeError at the call if `count` is not an integer; the error that the connection was lost with;
   * RuntimeError if another task is reading.
   * @see asyncio `StreamReader.read`
   */
  read(count = -1): Operation<Uint8Array> {
    if (!Number.isInteger(count)) {
      throw new RangeError(
        `read: expected a whole number of bytes, or a negative one for all, got ${describeValue(count)}`,
      );
    }
    return new GeneratorOperation("StreamReader.read", count < 0 ? this._readAllSteps() : this._readSteps(count));
  }

  /**
   * Read a line, with its newline `\n`; at the end of the stream, what is left, or nothing.
   *
   * @throws RangeError if the line is longer than the limit (the line, or all that is there of it, is dropped); as
   * {@link read}.
   * @see asyncio `StreamReader.readline`
   */
  readline(): Operation<Uint8Array> {
    return new GeneratorOperation("StreamReader.readline", this._readlineSteps());
  }

  /**
   * Read exactly `count` bytes.
   *
   * @throws RangeError at the call if `count` is negative or no integer; IncompleteReadError if the stream ends before;
   * as {@link read}.
   * @see asyncio `StreamReader.readexactly`
   */
  readexactly(count: number): Operation<Uint8Array> {
    if (!(Number.isInteger(count) && count >= 0)) {
      throw new RangeError(
        `readexactly: expected a whole number that is not less than zero, got ${describeValue(count)}`,
      );
    }
    return new GeneratorOperation("StreamReader.readexactly", this._readexactlySteps(count));
  }

  /**
   * Read up to and with a separator; of several, the one that ends first.
   *
   * @throws RangeError, TypeError at the call for separators that are none; LimitOverrunError if there is none within
   * the limit (nothing is taken); IncompleteReadError if the stream ends before; as {@link read}.
   * @see asyncio `StreamReader.readuntil`
   */
  readuntil(separator: Uint8Array | readonly Uint8Array[] = NEWLINE): Operation<Uint8Array> {
    return new GeneratorOperation("StreamReader.readuntil", this._readuntilSteps(checkedSeparators(separator)));
  }

  /** Whether the stream has ended and all of it was read. @see asyncio `StreamReader.at_eof` */
  atEof(): boolean {
    return this._isEof && this._buffer.length === 0;
  }

  /** The error that ended the stream, or `null`. @see asyncio `StreamReader.exception` */
  exception(): Error | null {
    return this._exception;
  }

  /** End the stream with `error`: reads throw it, now and later. @see asyncio `StreamReader.set_exception` */
  setException(error: Error): void {
    this._exception = error;
    const waiter = this._waiter;
    this._waiter = null;
    if (waiter?.done() === false) {
      waiter.setException(error);
    }
  }

  /**
   * Add `data` to the stream.
   *
   * @throws RuntimeError after `feedEof()`; TypeError if it is not a Uint8Array.
   * @see asyncio `StreamReader.feed_data`
   */
  feedData(data: Uint8Array): void {
    requireBytes("feedData", data);
    if (this._isEof) {
      throw new RuntimeError("feedData after feedEof: the stream has ended");
    }
    if (data.length === 0) {
      return;
    }
    this._buffer.push(data);
    this._wakeUp();
    if (this._feeder !== null && !this._isPaused && this._buffer.length > 2 * this._limit) {
      this._feeder.pauseReading();
      this._isPaused = true;
    }
  }

  /** End the stream. @see asyncio `StreamReader.feed_eof` */
  feedEof(): void {
    this._isEof = true;
    this._wakeUp();
  }

  /** The same as {@link toString}, so that `JSON.stringify` works. */
  toJSON(): string {
    return this.toString();
  }

  toString(): string {
    const parts = [
      this._buffer.length > 0 ? ` ${this._buffer.length} bytes` : "",
      this._isEof ? " eof" : "",
      this._limit === DEFAULT_LIMIT ? "" : ` limit=${this._limit}`,
      this._waiter === null ? "" : ` waiter=${this._waiter}`,
      this._exception === null ? "" : ` exception=${describeError(this._exception)}`,
      this._feeder === null ? "" : ` transport=${this._feeder}`,
      this._isPaused ? " paused" : "",
    ];
    return `<StreamReader${parts.join("")}>`;
  }

  /** @internal Pause and resume `feeder` so that it does not feed too much. */
  _setTransport(feeder: Feeder): void {
    this._feeder = feeder;
  }

  private _wakeUp(): void {
    const waiter = this._waiter;
    if (waiter !== null) {
      this._waiter = null;
      if (!waiter.done()) {
        waiter.setResult(undefined);
      }
    }
  }

  private _resumeIfDrained(): void {
    if (this._isPaused && this._buffer.length <= this._limit) {
      this._resume();
    }
  }

  private _resume(): void {
    this._isPaused = false;
    this._feeder?.resumeReading();
  }

  private _failIfBroken(): void {
    if (this._exception !== null) {
      throw this._exception;
    }
  }

  /** Wait for data, or the end. */
  private *_waitForData(method: string): Steps<void> {
    if (this._waiter !== null) {
      throw new RuntimeError(
        `${method}() called while another coroutine is already waiting for incoming data of ${this}`,
      );
    }
    if (this._isPaused) {
      // What is wanted is more than the limit allows to buffer: waiting while paused would never end.
      this._resume();
    }
    const waiter = this._loop._futureFor<undefined>("StreamReader.read");
    this._waiter = waiter;
    try {
      yield waiter;
    } finally {
      this._waiter = null;
    }
  }

  private *_readSteps(count: number): Steps<Uint8Array> {
    this._failIfBroken();
    if (count === 0) {
      return NOTHING;
    }
    if (this._buffer.length === 0 && !this._isEof) {
      yield* this._waitForData("read");
    }
    const data = this._buffer.take(count);
    this._resumeIfDrained();
    return data;
  }

  private *_readAllSteps(): Steps<Uint8Array> {
    const all = new ByteQueue();
    for (;;) {
      const data = yield* this._readSteps(this._limit);
      if (data.length === 0) {
        return all.take(all.length);
      }
      all.push(data);
    }
  }

  private *_readlineSteps(): Steps<Uint8Array> {
    try {
      return yield* this._readuntilSteps([NEWLINE]);
    } catch (error) {
      if (error instanceof IncompleteReadError) {
        return error.partial;
      }
      if (!(error instanceof LimitOverrunError)) {
        throw error;
      }
      if (this._buffer.hasAt(NEWLINE, error.consumed)) {
        this._buffer.take(error.consumed + NEWLINE.length);
      } else {
        this._buffer.clear();
      }
      this._resumeIfDrained();
      throw new RangeError(error.message, { cause: error });
    }
  }

  private *_readexactlySteps(count: number): Steps<Uint8Array> {
    this._failIfBroken();
    while (this._buffer.length < count) {
      if (this._isEof) {
        throw new IncompleteReadError(this._buffer.take(this._buffer.length), count);
      }
      yield* this._waitForData("readexactly");
    }
    if (count === 0) {
      return NOTHING;
    }
    const data = this._buffer.take(count);
    this._resumeIfDrained();
    return data;
  }

  /** @param separators - The shortest first. */
  private *_readuntilSteps(separators: readonly Uint8Array[]): Steps<Uint8Array> {
    this._failIfBroken();
    const longest = separators.at(-1)!.length;
    // No separator ends before here.
    let searched = 0;
    for (;;) {
      const match = this._findFirst(separators, searched);
      if (match !== null) {
        return this._takeMatch(match);
      }
      searched = Math.max(searched, this._buffer.length + 1 - longest);
      if (searched > this._limit) {
        throw new LimitOverrunError("Separator is not found, and chunk exceed the limit", searched);
      }
      if (this._isEof) {
        throw new IncompleteReadError(this._buffer.take(this._buffer.length), null);
      }
      yield* this._waitForData("readuntil");
    }
  }

  private _takeMatch({ start, end }: Match): Uint8Array {
    if (start > this._limit) {
      throw new LimitOverrunError("Separator is found, but chunk is longer than limit", start);
    }
    const data = this._buffer.take(end);
    this._resumeIfDrained();
    return data;
  }

  /** The separator that ends first, and of those the shortest. */
  private _findFirst(separators: readonly Uint8Array[], from: number): Match | null {
    let match: Match | null = null;
    for (const separator of separators) {
      const start = this._buffer.indexOf(separator, from);
      if (start >= 0 && (match === null || start + separator.length < match.end)) {
        match = { start, end: start + separator.length };
      }
    }
    return match;
  }
}

interface Match {
  readonly start: number;
  readonly end: number;
}
