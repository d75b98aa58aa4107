import type { RandomStream } from "../base/random.ts";
import type { Address, AddressFamily } from "./address.ts";
import type { Agenda } from "./agenda.ts";
import type { Fabric, LinkEnd } from "./fabric.ts";
import type { Link } from "./link.ts";
import { IcmpMessage } from "./packets/icmp-message.ts";
import type { Carrier, Packet } from "./packets/packet.ts";
import type { TcpSegment } from "./packets/tcp-segment.ts";
import type { StackHost } from "./stack-host.ts";
import type { TcpSettings } from "./tcp/settings.ts";
import { TcpStack } from "./tcp/stack.ts";

/** What every path carries, for destinations that nothing is known of. */
const LEAST_MTU_OF_IPV6 = 1280;

/** What a host needs from the network that it is part of. */
export interface HostNetwork extends Fabric {
  readonly tcpSettings: TcpSettings;
  /** The link from `from` to the host that has `destination`; `null` when no host has it. */
  linkTo(from: Host, destination: Address): Link | null;
  /** `127.0.0.1` or `::1`. */
  loopback(family: AddressFamily): Address;
  /** The addresses for `host`, which has none yet. */
  assignAddresses(host: Host): readonly Address[];
  /** A number for a packet. */
  nextPacketId(): number;
}

/**
 * A machine in the simulated network, with addresses of its own and a loopback.
 *
 * @see turmoil's hosts
 */
export class Host implements StackHost, LinkEnd, Carrier {
  readonly name: string;
  /** Number in order of creation. */
  readonly id: number;
  /** @internal */
  readonly _network: HostNetwork;
  /** @internal TCP on this host. */
  readonly _tcp: TcpStack;
  private _addresses: readonly Address[];

  /** @internal Hosts are made by `network.host()`. */
  constructor(network: HostNetwork, name: string, id: number, addresses: readonly Address[]) {
    this._network = network;
    this.name = name;
    this.id = id;
    this._addresses = addresses;
    this._tcp = new TcpStack(this);
  }

  /** The addresses by which other hosts reach it, as text. */
  get addresses(): readonly string[] {
    return this._ownAddresses().map((address) => address.text);
  }

  get agenda(): Agenda {
    return this._network.agenda;
  }

  get tcpSettings(): TcpSettings {
    return this._network.tcpSettings;
  }

  now(): number {
    return this._network.now();
  }

  random(purpose: string): RandomStream {
    return this._network.random(`host ${this.name}: ${purpose}`);
  }

  toString(): string {
    return `<Host ${this.name}>`;
  }

  /** @internal Whether packets to `address` end here. */
  _has(address: Address): boolean {
    return address.isLoopback || this._addresses.includes(address);
  }

  /** @internal `127.0.0.1` or `::1`. */
  _loopback(family: AddressFamily): Address {
    return this._network.loopback(family);
  }

  /** @internal The address from which packets go to `destination`; `null` if there is none of its kind. */
  _sourceFor(destination: Address): Address | null {
    return destination.isLoopback ? destination : (this._addressOf(destination.family) ?? null);
  }

  transmit(packet: Packet): void {
    const link = this._network.linkTo(this, packet.destination);
    if (link === null) {
      this._network.arriveNow(new IcmpMessage(packet.source, packet.source, "host unreachable", packet)._boards(this));
      return;
    }
    packet.id = this._network.nextPacketId();
    link._send(packet, this.now());
  }

  mtuTo(destination: Address): number {
    return this._network.linkTo(this, destination)?.mtu ?? LEAST_MTU_OF_IPV6;
  }

  /** @internal What this host tells itself. */
  _arrive(packet: Packet, now: number): void {
    this._receive(packet, now);
  }

  _receive(packet: Packet, now: number): string | null {
    switch (packet.protocol) {
      case "tcp":
        this._tcp.receive(packet as TcpSegment, now);
        return null;
      case "icmp":
        this._noteUndelivered((packet as IcmpMessage).about, now);
        return null;
      default:
        return "protocol";
    }
  }

  /** @internal Its addresses, given out now if it has none yet. */
  _ownAddresses(): readonly Address[] {
    if (this._addresses.length === 0) {
      this._addresses = this._network.assignAddresses(this);
    }
    return this._addresses;
  }

  private _noteUndelivered(packet: Packet, now: number): void {
    if (packet.protocol === "tcp") {
      this._tcp.unreachable(packet as TcpSegment, now);
    }
  }

  private _addressOf(family: AddressFamily): Address | undefined {
    return this._ownAddresses().find((address) => address.family === family);
  }
}
