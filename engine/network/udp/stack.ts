import { invariant } from "../../base/invariant.ts";
import type { Address } from "../address.ts";
import { IcmpMessage } from "../packets/icmp-message.ts";
import type { UdpDatagram } from "../packets/udp-datagram.ts";
import { PortTable } from "../ports.ts";
import type { StackHost } from "../stack-host.ts";

/** Why a datagram could not be delivered. */
export type UndeliveredCode = "ECONNREFUSED" | "EHOSTUNREACH";

/** Takes datagrams at a port. */
export interface UdpReceiver {
  readonly local: Address;
  readonly localPort: number;
  /** The only other side that it hears, if it is connected. */
  readonly remote: Address | null;
  readonly remotePort: number;
  /** Whether it is a member of a multicast group. */
  isMemberOf(group: Address): boolean;
  /** A datagram for it has come. @returns Why it was not taken, or `null` if it was. */
  arrived(datagram: UdpDatagram): string | null;
  /** A datagram of its own could not be delivered: no socket is at that port, or no host has that address. */
  undelivered(datagram: UdpDatagram, code: UndeliveredCode): void;
}

/** UDP on one host: the sockets by port. */
export class UdpStack {
  readonly ports = new PortTable();
  private readonly _host: StackHost;
  private readonly _receivers = new Map<number, UdpReceiver[]>();

  constructor(host: StackHost) {
    this._host = host;
  }

  /** Deliver datagrams for the port of `receiver` to it. */
  add(receiver: UdpReceiver): void {
    this._receivers.set(receiver.localPort, [...(this._receivers.get(receiver.localPort) ?? []), receiver]);
  }

  /** Deliver nothing more to `receiver`. */
  remove(receiver: UdpReceiver): void {
    const left = (this._receivers.get(receiver.localPort) ?? []).filter((other) => other !== receiver);
    if (left.length === 0) {
      this._receivers.delete(receiver.localPort);
    } else {
      this._receivers.set(receiver.localPort, left);
    }
  }

  /** @internal @throws InvariantError if an invariant does not hold. */
  checkInvariants(): void {
    for (const [port, receivers] of this._receivers) {
      const isRight = receivers.length > 0 && receivers.every(({ localPort }) => localPort === port);
      invariant(isRight && this.ports.isBound(port), "who hears at a port has bound it");
    }
  }

  /** Whether a socket here is a member of a multicast group. */
  hasMember(group: Address): boolean {
    for (const receivers of this._receivers.values()) {
      if (receivers.some((receiver) => receiver.isMemberOf(group))) {
        return true;
      }
    }
    return false;
  }

  /** A datagram has come to this host. @returns Why it was discarded, or `null` if it was not. */
  receive(datagram: UdpDatagram): string | null {
    const { destination } = datagram;
    const candidates = (this._receivers.get(datagram.destinationPort) ?? []).filter((each) => hears(each, datagram));
    if (destination.isMulticast || destination.isBroadcast) {
      return deliverToAll(candidates, datagram);
    }
    const receiver = mostSpecific(candidates);
    if (receiver !== null) {
      return receiver.arrived(datagram);
    }
    this._host.transmit(new IcmpMessage(destination, datagram.source, "port unreachable", datagram));
    return "port unreachable";
  }

  /** A datagram of this host could not be delivered. Only who is connected to that address hears of it. */
  undelivered(datagram: UdpDatagram, code: UndeliveredCode): void {
    for (const receiver of this._receivers.get(datagram.sourcePort) ?? []) {
      if (receiver.remote === datagram.destination && receiver.remotePort === datagram.destinationPort) {
        receiver.undelivered(datagram, code);
      }
    }
  }
}

function hears(receiver: UdpReceiver, datagram: UdpDatagram): boolean {
  const { source, sourcePort, destination } = datagram;
  if (receiver.remote !== null && (receiver.remote !== source || receiver.remotePort !== sourcePort)) {
    return false;
  }
  if (destination.isMulticast) {
    // As Linux does by default (IP_MULTICAST_ALL): what one socket has joined, the others at the port hear as well.
    return receiver.local === destination || isAnyOf(receiver.local, destination);
  }
  if (destination.isBroadcast) {
    return isAnyOf(receiver.local, destination);
  }
  return receiver.local === destination || isAnyOf(receiver.local, destination);
}

/** Whether `local` stands for all addresses of a host, of the family of `address`. */
const isAnyOf = (local: Address, address: Address): boolean => local.isUnspecified && local.family === address.family;

function deliverToAll(receivers: readonly UdpReceiver[], datagram: UdpDatagram): string | null {
  let reason: string | null = "no receiver";
  for (const receiver of receivers) {
    const refusal = receiver.arrived(receivers.length > 1 ? datagram._copy() : datagram);
    reason = reason === null ? null : refusal;
  }
  return reason;
}

/** Connected before bound to the address before bound to all; the last one that came, among equals. */
function mostSpecific(receivers: readonly UdpReceiver[]): UdpReceiver | null {
  const score = (each: UdpReceiver): number => (each.remote === null ? 0 : 2) + (each.local.isUnspecified ? 0 : 1);
  let best: UdpReceiver | null = null;
  for (const receiver of receivers) {
    if (best === null || score(receiver) >= score(best)) {
      best = receiver;
    }
  }
  return best;
}
