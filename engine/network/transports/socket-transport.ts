import { RuntimeError } from "../../base/errors.ts";
import type { TaskEventLoop } from "../../tasks/task-event-loop.ts";
import type { Poller } from "../poller.ts";
import type { StreamSocket } from "../sockets/contract.ts";
import { requireBytes } from "../text.ts";
import type { BufferedProtocol, Protocol, StreamProtocol, Transport } from "./contract.ts";
import { SelectorTransport, type TransportOwner } from "./selector-transport.ts";
import { socketHandle } from "./socket-handle.ts";

/** Most bytes that one call of `dataReceived` brings. */
const RECEIVED_AT_ONCE = 256 * 1024;

const isBuffered = (protocol: StreamProtocol): protocol is BufferedProtocol => "getBuffer" in protocol;

const failedCall = (method: string): string => `Fatal error: protocol.${method}() call failed.`;

/** The transport of a connection. @see asyncio `_SelectorSocketTransport` */
export class SocketTransport extends SelectorTransport<StreamProtocol, StreamSocket> implements Transport {
  /** What the socket had no room for, in order; the first without its first `_skipped` bytes. */
  private _pieces: Uint8Array[] = [];
  private _skipped = 0;
  private _size = 0;
  private _isEof = false;

  /** @param onReady - Called a moment after `connectionMade`. */
  constructor(
    loop: TaskEventLoop,
    poller: Poller,
    socket: StreamSocket,
    protocol: StreamProtocol,
    owner: TransportOwner | null,
    onReady: () => void,
  ) {
    super(loop, poller, socket, protocol, owner);
    socket.noDelay = true;
    this._begin(() => protocol.connectionMade(this), onReady);
  }

  write(data: Uint8Array): void {
    requireBytes("write", data);
    if (this._isEof) {
      throw new RuntimeError("cannot call write() after writeEof()");
    }
    if (data.length === 0) {
      return;
    }
    if (this._lost > 0) {
      this._countLostWrite();
      return;
    }
    let rest = data;
    if (this._size === 0) {
      const count = this._trySend(data);
      if (count === data.length || count < 0 || this._lost > 0) {
        return;
      }
      rest = data.subarray(count);
      this._waitForRoom();
    }
    this._keep(rest);
    this._flow.maybePause();
  }

  writelines(pieces: Iterable<Uint8Array>): void {
    if (this._isEof) {
      throw new RuntimeError("cannot call writelines() after writeEof()");
    }
    const all = [...pieces];
    for (const piece of all) {
      requireBytes("writelines", piece);
    }
    if (this._lost > 0) {
      if (all.length > 0) {
        this._countLostWrite();
      }
      return;
    }
    const wasEmpty = this._size === 0;
    for (const piece of all) {
      this._keep(piece);
    }
    if (this._size > 0 && this._sendKept() && wasEmpty && this._size > 0) {
      this._waitForRoom();
    }
    this._flow.maybePause();
  }

  writeEof(): void {
    if (this._isClosing || this._isEof) {
      return;
    }
    this._isEof = true;
    if (this._size === 0) {
      this._socket.shutdown();
    }
  }

  canWriteEof(): boolean {
    return true;
  }

  override getWriteBufferSize(): number {
    return this._size;
  }

  protected override _clearBuffer(): void {
    this._pieces = [];
    this._skipped = 0;
    this._size = 0;
  }

  protected override _readReady(): void {
    if (this._lost > 0) {
      return;
    }
    const protocol = this._protocol;
    if (isBuffered(protocol)) {
      this._receiveInto(protocol);
    } else {
      this._receiveFor(protocol);
    }
  }

  private _receiveFor(protocol: Protocol): void {
    const data = this._tryReceive(RECEIVED_AT_ONCE);
    if (data === null) {
      return;
    }
    if (data.length === 0) {
      this._endOfStream();
      return;
    }
    try {
      protocol.dataReceived(data);
    } catch (error) {
      this._fatalError(error, failedCall("dataReceived"));
    }
  }

  private _receiveInto(protocol: BufferedProtocol): void {
    const buffer = this._borrowBuffer(protocol);
    const data = buffer === null ? null : this._tryReceive(buffer.length);
    if (buffer === null || data === null) {
      return;
    }
    if (data.length === 0) {
      this._endOfStream();
      return;
    }
    buffer.set(data);
    try {
      // As in asyncio, it is the present protocol that is called, also if getBuffer() has set another one.
      (this._protocol as BufferedProtocol).bufferUpdated(data.length);
    } catch (error) {
      this._fatalError(error, failedCall("bufferUpdated"));
    }
  }

  private _borrowBuffer(protocol: BufferedProtocol): Uint8Array | null {
    try {
      const buffer = protocol.getBuffer(-1);
      requireBytes("getBuffer", buffer);
      if (buffer.length === 0) {
        throw new RuntimeError("getBuffer() returned an empty buffer");
      }
      return buffer;
    } catch (error) {
      this._fatalError(error, failedCall("getBuffer"));
      return null;
    }
  }

  private _endOfStream(): void {
    let keepsOpen: boolean;
    try {
      keepsOpen = Boolean(this._protocol.eofReceived());
    } catch (error) {
      this._fatalError(error, failedCall("eofReceived"));
      return;
    }
    if (keepsOpen) {
      // Our direction stays open; there is nothing left to read.
      this._poller.removeReader(this._socket);
    } else {
      this.close();
    }
  }

  private _tryReceive(limit: number): Uint8Array | null {
    try {
      return this._socket.receive(limit);
    } catch (error) {
      this._fatalError(error, "Fatal read error on socket transport");
      return null;
    }
  }

  /** @returns How much was sent; -1 after an error. */
  private _trySend(data: Uint8Array): number {
    try {
      return this._socket.send(data);
    } catch (error) {
      this._fatalError(error, "Fatal write error on socket transport");
      return -1;
    }
  }

  private _waitForRoom(): void {
    this._poller.addWriter(
      this._socket,
      socketHandle(this._loop, () => this._writeReady()),
    );
  }

  private _keep(data: Uint8Array): void {
    if (data.length > 0) {
      this._pieces.push(data.slice());
      this._size += data.length;
    }
  }

  private _writeReady(): void {
    if (this._lost === 0 && this._sendKept() && this._size === 0) {
      this._poller.removeWriter(this._socket);
      if (this._isClosing) {
        this._callConnectionLost(null);
      } else if (this._isEof) {
        this._socket.shutdown();
      }
    }
  }

  /** Send as much of what is kept as there is room for. @returns False after an error. */
  private _sendKept(): boolean {
    let index = 0;
    while (index < this._pieces.length) {
      const piece = this._pieces[index]!;
      const part = this._skipped === 0 ? piece : piece.subarray(this._skipped);
      const count = this._trySend(part);
      if (count < 0 || this._lost > 0) {
        // An error; or the connection was aborted from within, by a rule of the network that saw the segment.
        return false;
      }
      this._size -= count;
      if (count < part.length) {
        this._skipped += count;
        break;
      }
      this._skipped = 0;
      index++;
    }
    this._pieces.splice(0, index);
    this._flow.maybeResume();
    return true;
  }
}
