import { requireFields } from "../../base/require-argument.ts";
import type { Future } from "../../tasks/future.ts";
import { GeneratorOperation } from "../../tasks/generator-operation.ts";
import type { Operation, Steps } from "../../tasks/operation.ts";
import { sleep } from "../../tasks/sleep.ts";
import type { ExtraInfo, Transport } from "../transports/contract.ts";
import { SocketTransport } from "../transports/socket-transport.ts";
import type { StreamReader } from "./stream-reader.ts";

/** What a writer needs of the protocol behind it. */
export interface WriterProtocol {
  /** @internal Done when the connection is over. */
  readonly _closed: Future<undefined>;
  /** @internal Wait while writing is paused. */
  _drainSteps(): Steps<void>;
}

/**
 * The sending side of a connection.
 *
 * Write, then `yield* writer.drain()`, so that a slow reader slows the writer down.
 *
 * @see asyncio.StreamWriter
 */
export class StreamWriter {
  /** The transport underneath. */
  readonly transport: Transport;
  private readonly _protocol: WriterProtocol;
  private readonly _reader: StreamReader | null;

  /** @internal Writers are made by `openConnection()` and `startServer()`. */
  constructor(transport: Transport, protocol: WriterProtocol, reader: StreamReader | null) {
    requireFields("StreamWriter", "a transport; writers are made by openConnection() and startServer()", transport, {});
    this.transport = transport;
    this._protocol = protocol;
    this._reader = reader;
    if (transport instanceof SocketTransport) {
      transport._holder = this;
    }
  }

  /**
   * Send `data`, in the background.
   *
   * @throws TypeError if it is not a Uint8Array; RuntimeError after `writeEof()`.
   * @see asyncio `StreamWriter.write`
   */
  write(data: Uint8Array): void {
    this.transport.write(data);
  }

  /** Send several pieces, one behind the other. @throws as {@link write}. @see asyncio `StreamWriter.writelines` */
  writelines(pieces: Iterable<Uint8Array>): void {
    this.transport.writelines(pieces);
  }

  /** End the own direction; the other one stays open. @see asyncio `StreamWriter.write_eof` */
  writeEof(): void {
    this.transport.writeEof();
  }

  /** Whether {@link writeEof} works. @see asyncio `StreamWriter.can_write_eof` */
  canWriteEof(): boolean {
    return this.transport.canWriteEof();
  }

  /** Close both directions, once everything is sent. @see asyncio `StreamWriter.close` */
  close(): void {
    this.transport.close();
  }

  /** Whether it is closed or being closed. @see asyncio `StreamWriter.is_closing` */
  isClosing(): boolean {
    return this.transport.isClosing();
  }

  /** Something about the connection. @see asyncio `StreamWriter.get_extra_info` */
  getExtraInfo<K extends keyof ExtraInfo>(name: K): ExtraInfo[K];
  getExtraInfo<T = null>(name: string, fallback?: T): unknown;
  getExtraInfo(name: string, fallback: unknown = null): unknown {
    return this.transport.getExtraInfo(name, fallback);
  }

  /**
   * Wait until there is room for more.
   *
   * @throws NetworkError ECONNRESET if the connection is lost, or the error that it was lost with.
   * @see asyncio `StreamWriter.drain`
   */
  drain(): Operation<undefined> {
    return new GeneratorOperation("StreamWriter.drain", this._drainSteps());
  }

  /**
   * Wait until the connection is over.
   *
   * @throws the error that it was lost with.
   * @see asyncio `StreamWriter.wait_closed`
   */
  waitClosed(): Operation<undefined> {
    return new GeneratorOperation("StreamWriter.waitClosed", this._waitClosedSteps());
  }

  /** The same as {@link toString}, so that `JSON.stringify` works. */
  toJSON(): string {
    return this.toString();
  }

  toString(): string {
    return `<StreamWriter transport=${this.transport}${this._reader === null ? "" : ` reader=${this._reader}`}>`;
  }

  private *_drainSteps(): Steps<undefined> {
    const error = this._reader?.exception() ?? null;
    if (error !== null) {
      throw error;
    }
    if (this.transport.isClosing()) {
      // Lets the loss of the connection be noticed; otherwise a loop of write and drain would never hear of it.
      yield* sleep(0);
    }
    yield* this._protocol._drainSteps();
    return undefined;
  }

  private *_waitClosedSteps(): Steps<undefined> {
    yield this._protocol._closed;
    return undefined;
  }
}
