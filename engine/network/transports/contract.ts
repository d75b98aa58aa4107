import type { NetworkError } from "../errors.ts";
import type { SocketAddress } from "../socket-address.ts";
import type { TransportSocket } from "../sockets/transport-socket.ts";

/* The contract between transports, which deal with bytes, and protocols, which deal with what they mean. */

/** What a transport knows of its connection, by name. */
export interface ExtraInfo {
  /** The address of the other side, `null` if there is none. */
  readonly peername: SocketAddress | null;
  /** The own address. */
  readonly sockname: SocketAddress;
  /** The socket, for its options. */
  readonly socket: TransportSocket;
}

/** When a transport asks its protocol to pause and to resume writing; in bytes. */
export interface WriteBufferLimits {
  /** Above this, pause: 65536 by default, or four times `low`. */
  readonly high?: number;
  /** From here down, resume: a quarter of `high` by default. */
  readonly low?: number;
}

/** What all transports can do. @see asyncio.BaseTransport, asyncio.WriteTransport */
export interface BaseTransport {
  /**
   * Close: what is buffered still goes out, nothing is received any more, and the protocol is called when it is over.
   * Twice does nothing more.
   */
  close(): void;
  /** Close at once: what is buffered is lost. */
  abort(): void;
  /** Whether it is closed or being closed. */
  isClosing(): boolean;
  /** Something about the connection; `fallback` when it is not known. @see asyncio `BaseTransport.get_extra_info` */
  getExtraInfo<K extends keyof ExtraInfo>(name: K): ExtraInfo[K];
  getExtraInfo<T = null>(name: string, fallback?: T): unknown;
  /** How many bytes wait in the write buffer. */
  getWriteBufferSize(): number;
  /** The water marks, low then high. */
  getWriteBufferLimits(): [low: number, high: number];
  /** Set the water marks. @throws RangeError unless `high >= low >= 0`. */
  setWriteBufferLimits(limits?: WriteBufferLimits): void;
}

/**
 * One end of a connection, for a protocol.
 *
 * @see asyncio.Transport
 */
export interface Transport extends BaseTransport {
  /**
   * Send `data`, in the background. After the connection is lost it is dropped.
   *
   * @throws TypeError if it is not a Uint8Array; RuntimeError after `writeEof()`.
   */
  write(data: Uint8Array): void;
  /** Send several pieces, one behind the other. @throws as `write`. */
  writelines(pieces: Iterable<Uint8Array>): void;
  /** Close the own direction once everything is sent; data can still be received. */
  writeEof(): void;
  /** Whether `writeEof` works: always true here. */
  canWriteEof(): boolean;
  /** Call the protocol with no more data until `resumeReading()`. */
  pauseReading(): void;
  /** Go on receiving. */
  resumeReading(): void;
  /** Whether data is being received. */
  isReading(): boolean;
  /** The protocol that it talks to; `null` once `connectionLost` has been called. */
  getProtocol(): StreamProtocol | null;
  /** Talk to another protocol from now on. */
  setProtocol(protocol: StreamProtocol): void;
}

/** Where a datagram goes: `["10.0.0.2", 53]`, or an address as a protocol got it. */
export type DatagramTarget = readonly [host: string, port: number] | SocketAddress;

/** One socket for datagrams, for a protocol. @see asyncio.DatagramTransport */
export interface DatagramTransport extends BaseTransport {
  /**
   * Send one datagram, to `address` or to the remote address that the endpoint was made with.
   *
   * Errors of the network go to `errorReceived`: EMSGSIZE for more than 65,507 bytes (65,527 in IPv6), for example.
   *
   * @throws TypeError if `data` is not a Uint8Array or no address is known; RangeError for ports out of range, or if
   * the endpoint has another remote address; NetworkError ENOTFOUND for unknown names.
   * @see asyncio `DatagramTransport.sendto`
   */
  sendto(data: Uint8Array, address?: DatagramTarget | null): void;
  /** The protocol that it talks to; `null` once `connectionLost` has been called. */
  getProtocol(): DatagramProtocol | null;
  /** Talk to another protocol from now on. */
  setProtocol(protocol: DatagramProtocol): void;
}

/**
 * The calls that all protocols receive. Extend {@link Protocol}, {@link BufferedProtocol} or {@link DatagramProtocol},
 * or write a class that looks like one.
 *
 * @see asyncio.BaseProtocol
 */
export abstract class BaseProtocol {
  /** The connection, or the endpoint, is there. Called once, before all others. */
  connectionMade(_transport: BaseTransport): void {}

  /**
   * The connection is over: by `close()`, by `abort()` or by the end of the stream if `error` is `null`, by `error`
   * otherwise. Called once.
   */
  connectionLost(_error: Error | null): void {}

  /** The write buffer has gone over the high-water mark: write nothing for now. */
  pauseWriting(): void {}

  /** The write buffer is down to the low-water mark: write again. */
  resumeWriting(): void {}
}

/** A protocol on a stream, which gets its data in pieces as they come. @see asyncio.Protocol */
export class Protocol extends BaseProtocol {
  override connectionMade(_transport: Transport): void {}

  /** Some data has come, in order; how it is cut into pieces means nothing. */
  dataReceived(_data: Uint8Array): void {}

  /**
   * The other side will send nothing more.
   *
   * @returns True to keep the own direction open; otherwise, as by default, the transport closes itself.
   */
  eofReceived(): unknown {
    return false;
  }
}

/** A protocol on a stream, which lends the transport a buffer to put data into. @see asyncio.BufferedProtocol */
export class BufferedProtocol extends BaseProtocol {
  override connectionMade(_transport: Transport): void {}

  /** A buffer for data, of the size hinted at or any other but 0; -1 means that any will do. */
  getBuffer(_sizeHint: number): Uint8Array {
    return new Uint8Array(0x1_0000);
  }

  /** The first `count` bytes of the buffer that `getBuffer` returned were filled. */
  bufferUpdated(_count: number): void {}

  /**
   * The other side will send nothing more.
   *
   * @returns True to keep the own direction open; otherwise, as by default, the transport closes itself.
   */
  eofReceived(): unknown {
    return false;
  }
}

/** A protocol on datagrams. @see asyncio.DatagramProtocol */
export class DatagramProtocol extends BaseProtocol {
  override connectionMade(_transport: DatagramTransport): void {}

  /** A datagram has come from `address`. */
  datagramReceived(_data: Uint8Array, _address: SocketAddress): void {}

  /** An earlier datagram could not be sent or delivered. */
  errorReceived(_error: NetworkError): void {}
}

/** What a stream transport talks to. */
export type StreamProtocol = Protocol | BufferedProtocol;
