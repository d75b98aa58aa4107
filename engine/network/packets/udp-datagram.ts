import type { NoteShape, NoteValue } from "../../base/instrument.ts";
import type { Address } from "../address.ts";
import { formatEndpoint, Packet, sentNote } from "./packet.ts";

/** Size of the UDP header. */
export const UDP_HEADER_BYTES = 8;

/** Most data that one datagram holds, by address family. */
export const LARGEST_DATAGRAM = { 4: 65_507, 6: 65_527 } as const;

const SENT = sentNote("sourcePort", "destination", "destinationPort", "data");

/** A UDP datagram. @see RFC 768 */
export class UdpDatagram extends Packet {
  readonly protocol = "udp";
  /** The port that it comes from. */
  readonly sourcePort: number;
  /** The port that it goes to. */
  readonly destinationPort: number;
  /** What it carries. */
  readonly data: Uint8Array;

  constructor(source: Address, sourcePort: number, destination: Address, destinationPort: number, data: Uint8Array) {
    super(source, destination);
    this.sourcePort = sourcePort;
    this.destinationPort = destinationPort;
    this.data = data;
  }

  override _copy(): UdpDatagram {
    return new UdpDatagram(this.source, this.sourcePort, this.destination, this.destinationPort, this.data.slice());
  }

  override get _noteShape(): NoteShape {
    return SENT;
  }

  override _noteValues(link: string): readonly NoteValue[] {
    const { id, protocol, source, sourcePort, destination, destinationPort, data } = this;
    return [id, link, protocol, source.text, sourcePort, destination.text, destinationPort, data];
  }

  override toString(): string {
    const ends = `${formatEndpoint(this.source, this.sourcePort)} > ${formatEndpoint(this.destination, this.destinationPort)}`;
    return `${ends} udp ${this.data.length} bytes`;
  }

  protected override _bodyBytes(): number {
    return UDP_HEADER_BYTES + this.data.length;
  }
}
