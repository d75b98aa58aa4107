import { describeValue } from "../base/describe.ts";
import type { Address } from "./address.ts";
import { NetworkError } from "./errors.ts";
import { FIRST_EPHEMERAL, LAST_EPHEMERAL, PortUses } from "./port-uses.ts";

/** Where this engine begins in Linux's range of ephemeral ports. */
const START_EPHEMERAL = 33720;

/** A socket's claim to a port. */
export interface Binding {
  readonly address: Address;
  readonly port: number;
  /** SO_REUSEADDR: share the port with others that say so too, as long as none of them listens. */
  readonly reuseAddress: boolean;
  isListening: boolean;
}

/** @throws RangeError unless `port` is one, from `min` on. */
export function requirePort(method: string, port: unknown, min = 0): asserts port is number {
  if (typeof port !== "number" || !Number.isInteger(port) || port < min || port > 65535) {
    throw new RangeError(`${method}: expected a port from ${min} to 65535, got ${describeValue(port)}`);
  }
}

/** Which ports of a host are taken, for one protocol. */
export class PortTable {
  /** All uses of ports: the bindings here, and what users of the table add, as TCP does with its connections. */
  readonly uses = new PortUses();
  private readonly _bindings = new Map<number, Binding[]>();
  private _nextEphemeral: number;
  private _releases = 0;

  /** @param before - A table whose ephemeral ports this one goes on with. */
  constructor(before?: PortTable) {
    this._nextEphemeral = before?._nextEphemeral ?? START_EPHEMERAL;
  }

  /** Whether `port` is taken. */
  isBound(port: number): boolean {
    return this._bindings.has(port);
  }

  /** Claim a port. @throws NetworkError EADDRINUSE if it is taken. */
  bind(address: Address, port: number, reuseAddress: boolean): Binding {
    const others = this._bindings.get(port);
    if (others?.some((other) => conflicts(other, address, reuseAddress)) === true) {
      throw new NetworkError("EADDRINUSE", "bind", address.text, port);
    }
    this.uses.add(port);
    const binding: Binding = { address, port, reuseAddress, isListening: false };
    if (others === undefined) {
      this._bindings.set(port, [binding]);
    } else {
      others.push(binding);
    }
    return binding;
  }

  /** The sockets that claim `port`. */
  bindingsOf(port: number): readonly Binding[] {
    return this._bindings.get(port) ?? [];
  }

  /** How often a port was released. */
  get releases(): number {
    return this._releases;
  }

  /** Give a port back. */
  release(binding: Binding): void {
    this._releases++;
    this.uses.remove(binding.port);
    const left = this._bindings.get(binding.port)?.filter((other) => other !== binding) ?? [];
    if (left.length === 0) {
      this._bindings.delete(binding.port);
    } else {
      this._bindings.set(binding.port, left);
    }
  }

  /**
   * The next port that nothing uses, for a socket that does not connect: they are given out in order, round and round.
   *
   * @throws NetworkError if there is none.
   */
  unused(syscall: string): number {
    const port = this.uses.nextFree(this._nextEphemeral);
    if (port === null) {
      throw this.exhausted(syscall);
    }
    this._nextEphemeral = port === LAST_EPHEMERAL ? FIRST_EPHEMERAL : port + 1;
    return port;
  }

  /**
   * The next port that is not taken and that `isFree` accepts: they are given out in order, round and round.
   *
   * @throws NetworkError if there is none.
   */
  ephemeral(syscall: string, isFree: (port: number) => boolean): number {
    for (let tried = FIRST_EPHEMERAL; tried <= LAST_EPHEMERAL; tried++) {
      const port = this._nextEphemeral;
      this._nextEphemeral = port === LAST_EPHEMERAL ? FIRST_EPHEMERAL : port + 1;
      if (!this._bindings.has(port) && isFree(port)) {
        return port;
      }
    }
    throw this.exhausted(syscall);
  }

  /** That no ephemeral port is left, in the words of Linux. */
  exhausted(syscall: string): NetworkError {
    return new NetworkError(syscall === "bind" ? "EADDRINUSE" : "EADDRNOTAVAIL", syscall);
  }
}

function conflicts(other: Binding, address: Address, reuseAddress: boolean): boolean {
  if (other.address.family !== address.family) {
    return false;
  }
  const overlaps = other.address === address || other.address.isUnspecified || address.isUnspecified;
  return overlaps && !(reuseAddress && other.reuseAddress && !other.isListening);
}
