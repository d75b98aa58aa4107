import { made, touched } from "../../loop/touched.ts";
import type { Steps } from "../../tasks/operation.ts";
import type { Address, AddressFamily } from "../address.ts";
import { NetworkError } from "../errors.ts";
import type { Host } from "../hosts/host.ts";
import { LARGEST_DATAGRAM, UdpDatagram } from "../packets/udp-datagram.ts";
import { READ, type Registration, WRITE } from "../poller.ts";
import type { Binding } from "../ports.ts";
import { SocketAddress } from "../socket-address.ts";
import { receiveCost } from "../udp/receive-cost.ts";
import type { UdpReceiver, UndeliveredCode } from "../udp/stack.ts";
import type { DatagramSocket, Endpoint } from "./contract.ts";
import type { SocketNetwork } from "./stream-socket.ts";

/** Bytes of datagrams that wait for the program before more are dropped, as on Linux. */
const RECEIVE_BUFFER_BYTES = 212_992;

/** A UDP socket of a simulated host. */
export class SimulatedDatagramSocket implements DatagramSocket, UdpReceiver {
  readonly family: AddressFamily;
  /** SO_REUSEADDR, before {@link bind}. */
  reuseAddress = false;
  /** SO_BROADCAST. */
  mayBroadcast = false;
  /** IP_MULTICAST_LOOP: whether this host hears what it sends to a group. */
  multicastLoop = true;
  unclosed: (() => string | null) | null = null;
  /** @internal */
  _registration: Registration | null = null;
  private readonly _network: SocketNetwork;
  private readonly _host: Host;
  private readonly _groups = new Set<Address>();
  private readonly _waiting: UdpDatagram[] = [];
  private _waitingBytes = 0;
  private _error: NetworkError | null = null;
  private _binding: Binding | null = null;
  private _local: Address;
  private _remote: Address | null = null;
  private _remotePort = 0;
  private _isClosed = false;

  constructor(network: SocketNetwork, host: Host, family: AddressFamily) {
    this._network = network;
    this._host = host;
    this.family = family;
    this._local = host._any(family);
    host._sockets.add(this);
    made(this);
  }

  get local(): Address {
    return this._local;
  }

  get localPort(): number {
    return this._binding?.port ?? 0;
  }

  get remote(): Address | null {
    return this._remote;
  }

  get remotePort(): number {
    return this._remotePort;
  }

  *open(local: Endpoint | null, remote: Endpoint | null): Steps<undefined> {
    if (local !== null) {
      this.bind(local.address, local.port);
    }
    if (remote !== null) {
      this.connect(remote.address, remote.port);
    }
    return undefined;
  }

  /**
   * Take a port; 0 stands for any.
   *
   * @throws NetworkError EADDRINUSE, EADDRNOTAVAIL if the host does not have `address`.
   */
  bind(address: Address, port: number): void {
    if (!address.isUnspecified && !address.isMulticast && !address.isBroadcast && !this._host._has(address)) {
      throw new NetworkError("EADDRNOTAVAIL", "bind", address.text, port);
    }
    const { ports } = this._host._udp;
    const chosen = port === 0 ? ports.unused("bind") : port;
    this._binding = ports.bind(address, chosen, this.reuseAddress);
    this._local = address;
    this._host._udp.add(this);
  }

  /** Send to and hear from one address only. */
  connect(address: Address, port: number): void {
    const target = address.isUnspecified ? this._host._loopback(address.family) : address;
    this._remote = target;
    this._remotePort = port;
    if (this._binding !== null && !this._local.isUnspecified) {
      return;
    }
    const source = this._host._sourceFor(target);
    if (source === null) {
      throw new NetworkError("ENETUNREACH", "connect", address.text, port);
    }
    if (this._binding === null) {
      this.bind(source, 0);
    } else {
      this._local = source;
    }
  }

  /**
   * Send one datagram.
   *
   * @throws NetworkError EMSGSIZE, ENETUNREACH, EINVAL (from the loopback to elsewhere), EACCES (a broadcast that was
   * not allowed), ECONNREFUSED (for an earlier one).
   */
  send(data: Uint8Array, address: Address, port: number): void {
    const error = this._error;
    if (error !== null) {
      this._error = null;
      throw error;
    }
    if (data.length > LARGEST_DATAGRAM[this.family]) {
      throw new NetworkError("EMSGSIZE", "send", address.text, port);
    }
    if (address.isBroadcast && !this.mayBroadcast) {
      throw new NetworkError("EACCES", "send", address.text, port);
    }
    if (this._binding === null) {
      this.bind(this._host._any(this.family), 0);
    }
    const target = address.isUnspecified ? this._host._loopback(address.family) : address;
    const source = this._local.isUnspecified || this._local.isMulticast ? this._host._sourceFor(target) : this._local;
    if (source === null || source.family !== target.family) {
      throw new NetworkError("ENETUNREACH", "send", address.text, port);
    }
    if (source.isLoopback && !this._host._has(target)) {
      throw new NetworkError("EINVAL", "send", address.text, port);
    }
    const datagram = new UdpDatagram(source, this.localPort, target, port, data.slice());
    this._host._transmitToAll(datagram, this.multicastLoop);
    this._network.settle();
  }

  /**
   * The next datagram; `null` when there is none.
   *
   * @throws NetworkError ECONNREFUSED when an earlier one of its own was refused.
   */
  receive(): UdpDatagram | null {
    touched(this, "w");
    const error = this._error;
    if (error !== null) {
      this._error = null;
      throw error;
    }
    const datagram = this._waiting.shift();
    if (datagram === undefined) {
      return null;
    }
    this._waitingBytes -= receiveCost(datagram.data.length, this.family);
    return datagram;
  }

  /** Become a member of a multicast group. */
  joinGroup(group: string): void {
    this._groups.add(this._host._group(group));
  }

  /** Leave a multicast group. */
  leaveGroup(group: string): void {
    this._groups.delete(this._host._group(group));
  }

  isMemberOf(group: Address): boolean {
    return this._groups.has(group);
  }

  arrived(datagram: UdpDatagram): string | null {
    const bytes = receiveCost(datagram.data.length, this.family);
    if (this._waitingBytes + bytes > RECEIVE_BUFFER_BYTES) {
      return "receive buffer full";
    }
    this._waiting.push(datagram);
    this._waitingBytes += bytes;
    this._network.poller.notify(this, READ);
    return null;
  }

  undelivered(datagram: UdpDatagram, code: UndeliveredCode): void {
    this._error = new NetworkError(code, "send", datagram.destination.text, datagram.destinationPort);
    this._network.poller.notify(this, READ | WRITE);
  }

  /** Give the port back. Twice does nothing more. */
  close(): void {
    if (this._isClosed) {
      return;
    }
    this._vanish();
    if (this._binding !== null) {
      this._host._udp.remove(this);
      this._host._udp.ports.release(this._binding);
    }
  }

  localAddress(): SocketAddress {
    return new SocketAddress(this._local.text, this.localPort, this.family);
  }

  peerAddress(): SocketAddress | null {
    return this._remote === null ? null : new SocketAddress(this._remote.text, this._remotePort, this.family);
  }

  /** @internal The host is gone, and this with it. */
  _vanish(): void {
    this._isClosed = true;
    this._host._sockets.delete(this);
    this._network.poller.removeReader(this);
    this._network.poller.removeWriter(this);
  }

  /** @internal */
  _readiness(): number {
    if (this._host._isFrozen) {
      return 0;
    }
    return (this._waiting.length > 0 || this._error !== null ? READ : 0) | WRITE;
  }
}
