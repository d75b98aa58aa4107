import type { Detail } from "../../base/instrument.ts";
import { invariant } from "../../base/invariant.ts";
import type { Address } from "../address.ts";
import type { Agenda } from "../agenda.ts";
import { formatEndpoint } from "../packets/packet.ts";
import { ACK, FIN, RST, SYN, type TcpSegment } from "../packets/tcp-segment.ts";
import { PortTable } from "../ports.ts";
import type { StackHost } from "../stack-host.ts";
import { abort, openActively, openPassively } from "./calls.ts";
import { checkConnection } from "./check-connection.ts";
import { ConnectionTable, keyOf } from "./connection-table.ts";
import type { ControlBlock, TcpEnds, TcpEnvironment, TcpPath } from "./control-block.ts";
import { segmentArrived } from "./input.ts";
import { TcpListener } from "./listener.ts";
import { resetFor } from "./output.ts";
import type { TcpSettings } from "./settings.ts";

/**
 * Initial sequence numbers go up by this many a second, so that a connection never takes an older one's segments for
 * its own.
 *
 * @see RFC 6528
 */
const SEQUENCES_PER_SECOND = 250_000;

/** What TCP needs from its host besides what every protocol does. */
export interface TcpHost extends StackHost {
  readonly tcpSettings: TcpSettings;
}

/** TCP on one host: listeners, connections, and the dispatch of segments. */
export class TcpStack implements TcpEnvironment {
  readonly ports: PortTable;
  private readonly _host: TcpHost;
  private readonly _table: ConnectionTable;
  private readonly _listeners = new Map<number, TcpListener[]>();
  private readonly _listenerOf = new Map<ControlBlock, TcpListener>();
  private _secret = 0;

  /**
   * @param before - What was on the host before it crashed: ports go on where they were, so that not all of them are
   * mistaken for old ones.
   */
  constructor(host: TcpHost, before?: TcpStack) {
    this._host = host;
    this.ports = new PortTable(before?.ports);
    this._table = new ConnectionTable(this.ports.uses);
  }

  get agenda(): Agenda {
    return this._host.agenda;
  }

  get settings(): TcpSettings {
    return this._host.tcpSettings;
  }

  pathTo(destination: Address): TcpPath {
    return this._host.pathTo(destination);
  }

  /** A segment has come to this host. */
  receive(segment: TcpSegment, now: number): void {
    const { destination, destinationPort, source, sourcePort } = segment;
    const connection = this.find(destination, destinationPort, source, sourcePort, now);
    if (connection !== null && !this._givesWayTo(segment, connection)) {
      segmentArrived(connection, segment, now);
      return;
    }
    const listener = this._listenerAt(destination, destinationPort);
    if ((segment.flags & RST) !== 0) {
      return;
    }
    if (listener === null || (segment.flags & ACK) !== 0) {
      this.transmit(resetFor(segment));
    } else if ((segment.flags & (SYN | FIN)) === SYN) {
      // Without SYN and ACK a segment belongs to nothing and is dropped; so is one with SYN and FIN, as on Linux.
      this._answerSyn(listener, segment, now);
    }
  }

  /**
   * A segment of ours did not get through, and never will: what began to connect fails. Others try on, for what was
   * lost may come back.
   */
  unreachable(segment: TcpSegment, now: number): void {
    const { source, sourcePort, destination, destinationPort } = segment;
    const connection = this.find(source, sourcePort, destination, destinationPort, now);
    if (connection?.state === "SYN-SENT") {
      connection.end("EHOSTUNREACH", now);
    }
  }

  /** Begin to connect. */
  connect(ends: TcpEnds, now: number): ControlBlock {
    const connection = openActively(this, ends, this._initialSequence(ends, now), now);
    this._table.add(connection, now);
    return connection;
  }

  /** Listen at `port` of `address`, which the caller has bound. */
  listen(address: Address, port: number, backlog: number): TcpListener {
    const listener = new TcpListener(address, port, backlog);
    if (this._host.isWatched) {
      this._host.note("network.listening", { host: this._host.name, local: formatEndpoint(address, port) });
    }
    const others = this._listeners.get(port) ?? [];
    this._listeners.set(port, [...others, listener]);
    return listener;
  }

  /** Stop listening. Connections that were not accepted are reset. */
  unlisten(listener: TcpListener, now: number): void {
    const left = (this._listeners.get(listener.port) ?? []).filter((other) => other !== listener);
    if (left.length === 0) {
      this._listeners.delete(listener.port);
    } else {
      this._listeners.set(listener.port, left);
    }
    for (const connection of listener.incomplete) {
      connection.end(null, now);
    }
    for (const connection of listener.complete) {
      abort(connection, now);
    }
  }

  /** The connection between two ends, or `null`. */
  find(local: Address, localPort: number, remote: Address, remotePort: number, now: number): ControlBlock | null {
    return this._table.find(local, localPort, remote, remotePort, now);
  }

  /** Whether any connection uses the local `port`. */
  isInUse(port: number, now: number): boolean {
    return this._table.isInUse(port, now);
  }

  /**
   * A port to bind that neither a socket nor a connection uses.
   *
   * @throws NetworkError EADDRINUSE if all are in use.
   */
  unusedPort(now: number): number {
    this._table.forgetExpired(now);
    return this.ports.unused("bind");
  }

  /**
   * A local port for a connection from `local` to the remote end.
   *
   * @throws NetworkError EADDRNOTAVAIL if all are in use.
   */
  ephemeralPort(local: Address, remote: Address, remotePort: number, now: number): number {
    return this._table.ephemeralPort(this.ports, local, remote, remotePort, now);
  }

  /** All connections, in order of creation of their first like. */
  connections(): Iterable<ControlBlock> {
    return this._table;
  }

  /** Everything on this host ends, with or without a message to the other sides. */
  crash(tells: boolean, now: number): void {
    for (const connection of [...this.connections()]) {
      if (tells) {
        abort(connection, now);
      } else {
        connection.disarm();
        connection.state = "CLOSED";
      }
    }
  }

  /** @internal @throws InvariantError if an invariant does not hold. */
  checkInvariants(): void {
    this._table.checkInvariants();
    for (const connection of this._table) {
      checkConnection(connection);
    }
    for (const listener of [...this._listeners.values()].flat()) {
      invariant(listener.complete.length <= listener.backlog + 1, "no more connections wait than the backlog allows");
      for (const connection of listener.incomplete) {
        invariant(connection.state === "SYN-RECEIVED", "who is not connected yet is in SYN-RECEIVED");
        invariant(this._listenerOf.get(connection) === listener, "who is not connected yet has a listener");
      }
    }
  }

  transmit(segment: TcpSegment): void {
    this._host.transmit(segment);
  }

  established(connection: ControlBlock): void {
    this._note("network.connected", connection, {});
  }

  arrived(connection: ControlBlock): boolean {
    const listener = this._listenerOf.get(connection);
    if (listener === undefined) {
      return true;
    }
    if (listener.isFull) {
      return false;
    }
    this._listenerOf.delete(connection);
    listener.incomplete.delete(connection);
    listener.complete.push(connection);
    listener.observer?.readable();
    return true;
  }

  ended(connection: ControlBlock, now: number): void {
    const isFirst = connection.expiresAt === Number.POSITIVE_INFINITY;
    if (connection.state === "CLOSED") {
      if (isFirst) {
        this._note("network.closed", connection, connection.error === null ? {} : { error: connection.error });
      }
      this._listenerOf.get(connection)?.incomplete.delete(connection);
      this._listenerOf.delete(connection);
      this._table.remove(connection);
      return;
    }
    this._table.expire(connection, now + this.settings.timeWait, isFirst);
    if (isFirst) {
      this._note("network.closed", connection, { state: connection.state });
    }
  }

  private _note(kind: string, connection: ControlBlock, detail: Detail): void {
    if (this._host.isWatched) {
      const { local, localPort, remote, remotePort } = connection.ends;
      const ends = { local: formatEndpoint(local, localPort), remote: formatEndpoint(remote, remotePort) };
      this._host.note(kind, { host: this._host.name, ...ends, ...detail });
    }
  }

  /**
   * A new connection may take the place of one in TIME-WAIT, if its sequence numbers are higher.
   *
   * @see RFC 1122, section 4.2.2.13
   */
  private _givesWayTo(segment: TcpSegment, connection: ControlBlock): boolean {
    const isSyn = (segment.flags & (SYN | ACK | RST)) === SYN;
    if (!isSyn || connection.state !== "TIME-WAIT") {
      return false;
    }
    if (connection.receivedPlace(segment.sequence) <= connection.receiving.next) {
      return false;
    }
    this._table.remove(connection);
    return true;
  }

  private _answerSyn(listener: TcpListener, syn: TcpSegment, now: number): void {
    if (listener.isFull) {
      return;
    }
    const ends: TcpEnds = {
      local: syn.destination,
      localPort: syn.destinationPort,
      remote: syn.source,
      remotePort: syn.sourcePort,
    };
    const connection = openPassively(this, ends, this._initialSequence(ends, now), syn, now);
    listener.incomplete.add(connection);
    this._listenerOf.set(connection, listener);
    this._table.add(connection, now);
  }

  private _listenerAt(address: Address, port: number): TcpListener | null {
    const listeners = this._listeners.get(port);
    if (listeners === undefined) {
      return null;
    }
    const exact = listeners.find((listener) => listener.address === address);
    return (
      exact ?? listeners.find((each) => each.address.isUnspecified && each.address.family === address.family) ?? null
    );
  }

  private _initialSequence(ends: TcpEnds, now: number): number {
    if (this._secret === 0) {
      this._secret = this._host.random("sequence numbers").integer(1, 0xffffffff);
    }
    let hash = Math.imul(this._secret ^ keyOf(ends.remote, ends.remotePort, ends.localPort), 0x85ebca6b);
    hash = Math.imul(hash ^ (hash >>> 13) ^ (ends.local.id << 16) ^ ends.remote.id, 0xc2b2ae35);
    return ((hash ^ (hash >>> 16)) + Math.floor(now * SEQUENCES_PER_SECOND)) >>> 0;
  }
}
