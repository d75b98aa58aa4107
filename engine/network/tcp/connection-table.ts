import { invariant } from "../../base/invariant.ts";
import type { Address } from "../address.ts";
import { PortUses } from "../port-uses.ts";
import type { PortTable } from "../ports.ts";
import type { ControlBlock } from "./control-block.ts";

/** A number for a remote end and a local port. */
export const keyOf = (remote: Address, remotePort: number, localPort: number): number =>
  (remote.id * 0x10000 + remotePort) * 0x10000 + localPort;

/** So many entries at the front of the list of expiring connections may be void before it is shortened. */
const MAX_VOID = 1024;

/** That no ephemeral port was left for a destination. */
interface Exhaustion {
  readonly local: Address;
  /** When the first of the connections that hold the ports expires. */
  readonly until: number;
  /** How many bindings of ports had been released by then. */
  readonly releases: number;
}

/** The connections of a host, by their ends, and which local ports they use. */
export class ConnectionTable {
  /** By remote address and port and local port; those that differ only in the local address share an entry. */
  private readonly _connections = new Map<number, ControlBlock[]>();
  /** How many connections use a local port. */
  private readonly _perPort = new Map<number, number>();
  /** By remote end, with local port 0. Deleted as soon as a connection to that end changes. */
  private readonly _exhausted = new Map<number, Exhaustion>();
  /**
   * Connections that only wait for time to pass, in the order in which that ends. Those before `_firstExpiring` are
   * gone.
   */
  private readonly _expiring: ControlBlock[] = [];
  private _firstExpiring = 0;
  private readonly _uses: PortUses;

  /** @param uses - Where the local ports of connections are counted as used. */
  constructor(uses = new PortUses()) {
    this._uses = uses;
  }

  /** All connections, in order of creation of the first with the same remote end and local port. */
  *[Symbol.iterator](): Generator<ControlBlock, void, undefined> {
    for (const connections of this._connections.values()) {
      yield* connections;
    }
  }

  /** The connection between two ends, or `null`. */
  find(local: Address, localPort: number, remote: Address, remotePort: number, now: number): ControlBlock | null {
    const found = this._connections.get(keyOf(remote, remotePort, localPort));
    if (found === undefined) {
      return null;
    }
    for (const connection of found) {
      if (connection.ends.local === local) {
        if (connection.expiresAt > now) {
          return connection;
        }
        this.remove(connection);
        return null;
      }
    }
    return null;
  }

  /** Whether a connection uses the local `port`. */
  isInUse(port: number, now: number): boolean {
    this.forgetExpired(now);
    return this._perPort.has(port);
  }

  /**
   * A local port for a connection to the remote end. That none is left is remembered until a connection to that end
   * changes or a port is released, so that a
   * program that goes on trying does not search all ports again and again.
   *
   * @throws NetworkError EADDRNOTAVAIL if all are in use.
   */
  ephemeralPort(ports: PortTable, local: Address, remote: Address, remotePort: number, now: number): number {
    const key = keyOf(remote, remotePort, 0);
    const known = this._exhausted.get(key);
    if (known?.local === local && known.releases === ports.releases && known.until > now) {
      throw ports.exhausted("connect");
    }
    let until = Number.POSITIVE_INFINITY;
    try {
      return ports.ephemeral("connect", (port) => {
        const connection = this.find(local, port, remote, remotePort, now);
        until = Math.min(until, connection?.expiresAt ?? now);
        return connection === null;
      });
    } catch (error) {
      this._exhausted.set(key, { local, until, releases: ports.releases });
      throw error;
    }
  }

  /** Add a connection. */
  add(connection: ControlBlock, now: number): void {
    this.forgetExpired(now);
    const { remote, remotePort, localPort } = connection.ends;
    const key = keyOf(remote, remotePort, localPort);
    const others = this._connections.get(key);
    if (others === undefined) {
      this._connections.set(key, [connection]);
    } else {
      others.push(connection);
    }
    this._perPort.set(localPort, (this._perPort.get(localPort) ?? 0) + 1);
    this._uses.add(localPort);
  }

  /** Forget `connection`, if it is still known. */
  remove(connection: ControlBlock): void {
    const { remote, remotePort, localPort } = connection.ends;
    const key = keyOf(remote, remotePort, localPort);
    const found = this._connections.get(key);
    const index = found?.indexOf(connection) ?? -1;
    if (found === undefined || index < 0) {
      return;
    }
    if (found.length === 1) {
      this._connections.delete(key);
    } else {
      found.splice(index, 1);
    }
    this._uses.remove(localPort);
    const left = this._perPort.get(localPort)! - 1;
    if (left === 0) {
      this._perPort.delete(localPort);
    } else {
      this._perPort.set(localPort, left);
    }
    this._exhausted.delete(keyOf(remote, remotePort, 0));
  }

  /** Forget `connection` when its time is over. @param isFirst - Whether it did not wait for that before. */
  expire(connection: ControlBlock, expiresAt: number, isFirst: boolean): void {
    connection.expiresAt = expiresAt;
    this._exhausted.delete(keyOf(connection.ends.remote, connection.ends.remotePort, 0));
    if (isFirst) {
      this._expiring.push(connection);
    }
  }

  /** @internal @throws InvariantError if an invariant does not hold. */
  checkInvariants(): void {
    const perPort = new Map<number, number>();
    for (const [key, connections] of this._connections) {
      invariant(connections.length > 0, "no entry is empty");
      const locals = new Set(connections.map(({ ends }) => ends.local));
      invariant(locals.size === connections.length, "no two connections have the same ends");
      for (const { ends, state } of connections) {
        invariant(keyOf(ends.remote, ends.remotePort, ends.localPort) === key, "a connection stands at its ends");
        invariant(state !== "CLOSED", "a closed connection is forgotten");
        perPort.set(ends.localPort, (perPort.get(ends.localPort) ?? 0) + 1);
      }
    }
    const isCounted = [...perPort].every(([port, count]) => this._perPort.get(port) === count);
    invariant(isCounted && perPort.size === this._perPort.size, "the connections of each port are counted");
  }

  /**
   * Forget those whose time is over, in order; one that began to wait anew holds up those behind it, which does no
   * harm.
   */
  forgetExpired(now: number): void {
    const { _expiring: expiring } = this;
    while (this._firstExpiring < expiring.length && expiring[this._firstExpiring]!.expiresAt <= now) {
      this.remove(expiring[this._firstExpiring]!);
      this._firstExpiring++;
    }
    if (this._firstExpiring > MAX_VOID && 2 * this._firstExpiring > expiring.length) {
      expiring.splice(0, this._firstExpiring);
      this._firstExpiring = 0;
    }
  }
}
