import type { Steps } from "../../tasks/operation.ts";
import type { Address, AddressFamily } from "../address.ts";
import type { NameRecord } from "../names/names.ts";
import type { Pollable, Poller } from "../poller.ts";
import type { SocketAddress } from "../socket-address.ts";
import type { KeepAlive } from "../tcp/control-block.ts";

/*
 * The contract between transports and what carries their bytes: the simulated network, or the machine that all this
 * runs on. Above it, everything is the same in both.
 */

/** A socket that a program should close. */
export interface Closable {
  /** In CPython's words that the program has not closed what uses the socket; `null` if it has. Set by what uses it. */
  unclosed: (() => string | null) | null;
}

/** A TCP socket, as an operating system has it: never blocking; the poller says when to try again. */
export interface StreamSocket extends Pollable, Closable {
  readonly family: AddressFamily;
  /** SO_REUSEADDR, before {@link bind}. */
  reuseAddress: boolean;
  /** TCP_NODELAY: send small pieces at once. */
  noDelay: boolean;
  /** SO_KEEPALIVE with its three times; `null` when off. */
  keepAlive: KeepAlive | null;
  /**
   * Take a port; 0 stands for any.
   *
   * @throws NetworkError EADDRINUSE, EADDRNOTAVAIL if `address` is not one of this host.
   */
  bind(address: Address, port: number): void;
  /** Take a port to listen at, as {@link bind} does, which may take a while. */
  bindToListen(address: Address, port: number, backlog: number): Steps<undefined>;
  /**
   * Wait for connections at the port that was bound.
   *
   * @throws NetworkError EADDRINUSE if another socket listens there.
   */
  listen(backlog: number): void;
  /** The next connection that is complete; `null` when none is. */
  accept(): StreamSocket | null;
  /** Begin to connect; the socket becomes writable when that has succeeded or failed. */
  connect(address: Address, port: number): void;
  /** Why the attempt to connect failed, once; `null` if it succeeded. */
  connectError(address: Address, port: number): Error | null;
  /**
   * Send what there is room for of `data`.
   *
   * @returns How many bytes; 0 when there is no room now.
   * @throws NetworkError ECONNRESET, EPIPE …
   */
  send(data: Uint8Array): number;
  /**
   * Receive up to `limit` bytes: empty at the end of the stream, `null` when nothing is there now. The caller may
   * change them.
   *
   * @throws NetworkError ECONNRESET, ETIMEDOUT …
   */
  receive(limit: number): Uint8Array | null;
  /**
   * Send nothing more: the other side gets the end of the stream.
   *
   * @throws NetworkError ENOTCONN if the connection is over.
   */
  shutdown(): void;
  /** Give everything up. What was sent still goes out. Twice does nothing more. */
  close(): void;
  /** Where this end is; with port 0 before it is bound. */
  localAddress(): SocketAddress;
  /** Where the other end is; `null` before it is connected. */
  peerAddress(): SocketAddress | null;
}

/** What a socket for datagrams has received. */
export interface Datagram {
  readonly source: Pick<Address, "text" | "family">;
  readonly sourcePort: number;
  readonly data: Uint8Array;
}

/** A UDP socket, as an operating system has it. */
export interface DatagramSocket extends Pollable, Closable {
  readonly family: AddressFamily;
  /** SO_REUSEADDR or SO_REUSEPORT, before it is bound. */
  reuseAddress: boolean;
  /** SO_BROADCAST. */
  mayBroadcast: boolean;
  /** IP_MULTICAST_LOOP. */
  multicastLoop: boolean;
  /**
   * Bind to `local` and connect to `remote`, as far as they are given, which may take a while.
   *
   * @throws NetworkError EADDRINUSE, EADDRNOTAVAIL, ENETUNREACH.
   */
  open(local: Endpoint | null, remote: Endpoint | null): Steps<undefined>;
  /** Send one datagram. @throws NetworkError as the network objects to it, or did to an earlier one. */
  send(data: Uint8Array, address: Address, port: number): void;
  /**
   * The next datagram; `null` when there is none.
   *
   * @throws NetworkError ECONNREFUSED when an earlier one of its own was refused.
   */
  receive(): Datagram | null;
  /** Become a member of a multicast group. */
  joinGroup(group: string): void;
  /** Leave a multicast group. */
  leaveGroup(group: string): void;
  /** Give the port back. Twice does nothing more. */
  close(): void;
  localAddress(): SocketAddress;
  peerAddress(): SocketAddress | null;
}

/** An address and a port. */
export interface Endpoint {
  readonly address: Address;
  readonly port: number;
}

/** Makes sockets on one machine. */
export interface SocketFactory {
  streamSocket(family: AddressFamily): StreamSocket;
  datagramSocket(family: AddressFamily): DatagramSocket;
}

/** What sockets are made of, and names looked up in. */
export interface Internet {
  /** @internal */
  readonly poller: Poller;
  /** The sockets of the machine that the present code runs on. */
  socketsHere(): SocketFactory;
  /** The address that this string denotes. @throws RangeError if it is none. */
  address(text: string): Address;
  /** The address that this string denotes, or `null` if it is none. */
  findAddress(text: string): Address | null;
  /**
   * Find out what `name` means; `null` stands for all addresses of a server if `passive`, or else for the loopback.
   *
   * @throws NetworkError ENOTFOUND, EAI_AGAIN.
   */
  lookUpSteps(name: string | null, passive: boolean): Steps<readonly Address[]>;
  /** What `name` means, at once. @throws NetworkError if that is not known at once. */
  lookUp(name: string, passive: boolean): NameRecord;
}
