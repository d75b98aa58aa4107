import type { AddressFamily } from "./address.ts";

/**
 * One end of a connection or datagram: an IP address and a port.
 *
 * It reads as Python writes it, `('127.0.0.1', 33720)`, and takes apart as `const [host, port] = address`.
 *
 * @see Python's socket addresses, which are tuples
 */
export class SocketAddress implements Iterable<string | number> {
  /** The IP address as a string. */
  readonly host: string;
  /** The port, from 0 to 65535. */
  readonly port: number;
  readonly family: AddressFamily;

  constructor(host: string, port: number, family: AddressFamily) {
    this.host = host;
    this.port = port;
    this.family = family;
  }

  /** The host, then the port. */
  [Symbol.iterator](): ArrayIterator<string | number> {
    return [this.host, this.port].values();
  }

  /** Whether `other` is the same address and port. */
  equals(other: SocketAddress): boolean {
    return this.host === other.host && this.port === other.port;
  }

  /** `('127.0.0.1', 33720)`; of an IPv6 address with flow label and scope, as Python has it: `('::1', 33720, 0, 0)`. */
  toString(): string {
    return this.family === 4 ? `('${this.host}', ${this.port})` : `('${this.host}', ${this.port}, 0, 0)`;
  }
}
