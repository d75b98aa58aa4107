import { requireArgument, requireFields } from "../../base/require-argument.ts";
import { iscoroutine } from "../../tasks/coroutine.ts";
import type { Future } from "../../tasks/future.ts";
import type { Steps } from "../../tasks/operation.ts";
import type { Task } from "../../tasks/task.ts";
import type { TaskEventLoop } from "../../tasks/task-event-loop.ts";
import { NetworkError } from "../errors.ts";
import { Protocol, type Transport } from "../transports/contract.ts";
import type { StreamReader } from "./stream-reader.ts";
import { StreamWriter, type WriterProtocol } from "./stream-writer.ts";

/** Called for each connection that a server of streams accepts; a coroutine that it returns becomes a task. */
export type ClientConnected = (reader: StreamReader, writer: StreamWriter) => unknown;

/**
 * Connects a transport with a reader and a writer.
 *
 * @see asyncio.StreamReaderProtocol
 */
export class StreamReaderProtocol extends Protocol implements WriterProtocol {
  /** @internal */
  readonly _closed: Future<undefined>;
  private readonly _loop: TaskEventLoop;
  private readonly _reader: StreamReader;
  private readonly _clientConnected: ClientConnected | null;
  private readonly _drainWaiters = new Set<Future<undefined>>();
  private _isPaused = false;
  private _isLost = false;

  constructor(loop: TaskEventLoop, reader: StreamReader, clientConnected: ClientConnected | null = null) {
    super();
    requireFields("StreamReaderProtocol", "an event loop", loop, { _futureFor: "function" });
    requireFields("StreamReaderProtocol", "a StreamReader", reader, { _setTransport: "function" });
    const isCallback = clientConnected === null || typeof clientConnected === "function";
    requireArgument("StreamReaderProtocol", "a function or null", isCallback, clientConnected);
    this._loop = loop;
    this._reader = reader;
    this._clientConnected = clientConnected;
    this._closed = loop._futureFor("StreamWriter.waitClosed");
  }

  override connectionMade(transport: Transport): void {
    this._reader._setTransport(transport);
    if (this._clientConnected === null) {
      return;
    }
    const handled = this._clientConnected(this._reader, new StreamWriter(transport, this, this._reader));
    if (iscoroutine(handled)) {
      const task = this._loop.createTask(handled);
      task.addDoneCallback(() => this._handlerDone(task, transport));
    }
  }

  override dataReceived(data: Uint8Array): void {
    this._reader.feedData(data);
  }

  override eofReceived(): boolean {
    this._reader.feedEof();
    return true;
  }

  override connectionLost(error: Error | null): void {
    if (error === null) {
      this._reader.feedEof();
    } else {
      this._reader.setException(error);
    }
    this._settle(this._closed, error);
    // The end of a connection need not be awaited.
    this._closed._markSeen();
    this._isLost = true;
    if (this._isPaused) {
      for (const waiter of this._drainWaiters) {
        this._settle(waiter, error);
      }
    }
  }

  override pauseWriting(): void {
    this._isPaused = true;
  }

  override resumeWriting(): void {
    this._isPaused = false;
    for (const waiter of this._drainWaiters) {
      this._settle(waiter, null);
    }
  }

  /** @internal */
  *_drainSteps(): Steps<void> {
    if (this._isLost) {
      throw new NetworkError("ECONNRESET", "write");
    }
    if (!this._isPaused) {
      return;
    }
    const waiter = this._loop._futureFor<undefined>("StreamWriter.drain");
    this._drainWaiters.add(waiter);
    try {
      yield waiter;
    } finally {
      this._drainWaiters.delete(waiter);
    }
  }

  private _settle(future: Future<undefined>, error: Error | null): void {
    if (future.done()) {
      return;
    }
    if (error === null) {
      future.setResult(undefined);
    } else {
      future.setException(error);
    }
  }

  /** The task for a client has ended: if badly, that is reported, and the connection closed. */
  private _handlerDone(task: Task<unknown>, transport: Transport): void {
    if (task.cancelled()) {
      transport.close();
      return;
    }
    const exception = task.exception();
    if (exception !== null) {
      this._loop.callExceptionHandler({ message: "Unhandled exception in client_connected_cb", exception, transport });
      transport.close();
    }
  }
}
