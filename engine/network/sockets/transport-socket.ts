import { describeValue } from "../../base/describe.ts";
import { requireOptions } from "../../base/require-options.ts";
import type { AddressFamily } from "../address.ts";
import type { SocketAddress } from "../socket-address.ts";
import type { KeepAlive } from "../tcp/control-block.ts";

/** What {@link TransportSocket} shows of a socket. Some only streams have, some only datagrams. */
export interface InspectableSocket {
  readonly family: AddressFamily;
  noDelay?: boolean;
  keepAlive?: KeepAlive | null;
  multicastLoop?: boolean;
  localAddress(): SocketAddress;
  peerAddress(): SocketAddress | null;
  joinGroup?(group: string): void;
  leaveGroup?(group: string): void;
}

/** Linux's times for a connection that asks whether the other side is still there. */
export const KEEP_ALIVE_DEFAULTS: KeepAlive = { idle: 7200, interval: 75, count: 9 };

/**
 * A socket as its transport or server shows it: addresses and options, no data.
 *
 * @see asyncio.TransportSocket
 */
export class TransportSocket {
  private readonly _socket: InspectableSocket;

  /** @internal */
  constructor(socket: InspectableSocket) {
    this._socket = socket;
  }

  /** 4 or 6. */
  get family(): AddressFamily {
    return this._socket.family;
  }

  /** The own address. @see Python's `socket.getsockname` */
  getsockname(): SocketAddress {
    return this._socket.localAddress();
  }

  /** The address of the other side, or `null`. @see Python's `socket.getpeername` */
  getpeername(): SocketAddress | null {
    return this._socket.peerAddress();
  }

  /** TCP_NODELAY: whether small pieces are sent at once; transports set it. */
  get noDelay(): boolean {
    return this._socket.noDelay ?? false;
  }

  set noDelay(value: boolean) {
    this._socket.noDelay = Boolean(value);
  }

  /**
   * SO_KEEPALIVE: when a silent connection asks whether the other side is still there; `null`, the default, for never.
   *
   * @throws TypeError for what is none of these; RangeError unless `idle` and `interval` are positive and `count` is a
   * positive integer.
   */
  get keepAlive(): KeepAlive | null {
    return this._socket.keepAlive ?? null;
  }

  set keepAlive(value: Partial<KeepAlive> | boolean | null) {
    if (value === null || value === false) {
      this._socket.keepAlive = null;
      return;
    }
    if (value !== true && (typeof value !== "object" || Array.isArray(value))) {
      throw new TypeError(
        `keepAlive: expected { idle, interval, count }, true, false or null, got ${describeValue(value)}`,
      );
    }
    const given = value === true ? {} : value;
    requireOptions("keepAlive", given, ["idle", "interval", "count"]);
    const keepAlive = { ...KEEP_ALIVE_DEFAULTS, ...given };
    const { idle, interval, count } = keepAlive;
    const areTimes = [idle, interval].every((time) => typeof time === "number" && time > 0);
    if (!areTimes || !(Number.isInteger(count) && count >= 1)) {
      throw new RangeError(
        `keepAlive: expected idle and interval in seconds, above 0, and count a positive integer, got ${describeValue(keepAlive)}`,
      );
    }
    this._socket.keepAlive = keepAlive;
  }

  /**
   * IP_ADD_MEMBERSHIP: hear what is sent to a multicast group.
   *
   * @throws TypeError for a socket of a stream; RangeError if `group` is not a multicast address.
   */
  joinGroup(group: string): void {
    this._requireDatagrams("joinGroup").joinGroup?.(group);
  }

  /** IP_DROP_MEMBERSHIP: hear it no more. @throws as {@link joinGroup}. */
  leaveGroup(group: string): void {
    this._requireDatagrams("leaveGroup").leaveGroup?.(group);
  }

  /** IP_MULTICAST_LOOP: whether the own host hears what this socket sends to a group; it does by default. */
  get multicastLoop(): boolean {
    return this._socket.multicastLoop ?? false;
  }

  set multicastLoop(value: boolean) {
    this._requireDatagrams("multicastLoop").multicastLoop = Boolean(value);
  }

  private _requireDatagrams(what: string): InspectableSocket {
    if (this._socket.joinGroup === undefined) {
      throw new TypeError(`${what}: expected a socket for datagrams, got ${this}`);
    }
    return this._socket;
  }

  /** The same as {@link toString}, so that `JSON.stringify` works. */
  toJSON(): string {
    return this.toString();
  }

  toString(): string {
    const peer = this._socket.peerAddress();
    return `<TransportSocket laddr=${this._socket.localAddress()}${peer === null ? "" : ` raddr=${peer}`}>`;
  }
}
