import type { NoteShape, NoteValue } from "../../base/instrument.ts";
import type { Address } from "../address.ts";
import { ipHeaderBytes, Packet, sentNote } from "./packet.ts";

/** What ICMP reports. */
export type IcmpReport = "host unreachable" | "port unreachable";

/** The ICMP header, and what it quotes of the packet behind its IP header. */
const ICMP_HEADER_BYTES = 8;
const QUOTED_BYTES = 8;

const SENT = sentNote("destination", "report", "about");

/** A report that a packet could not be delivered. @see RFC 792, RFC 4443 */
export class IcmpMessage extends Packet {
  readonly protocol = "icmp";
  /** What went wrong. */
  readonly report: IcmpReport;
  /** The packet that the report is about. */
  readonly about: Packet;

  constructor(source: Address, destination: Address, report: IcmpReport, about: Packet) {
    super(source, destination);
    this.report = report;
    this.about = about;
  }

  override _copy(): IcmpMessage {
    return new IcmpMessage(this.source, this.destination, this.report, this.about);
  }

  override get _noteShape(): NoteShape {
    return SENT;
  }

  override _noteValues(link: string): readonly NoteValue[] {
    const { id, protocol, source, destination, report, about } = this;
    return [id, link, protocol, source.text, destination.text, report, about.id];
  }

  override toString(): string {
    return `${this.source} > ${this.destination} icmp ${this.report}: ${this.about}`;
  }

  protected override _bodyBytes(): number {
    return ICMP_HEADER_BYTES + ipHeaderBytes(this.source) + QUOTED_BYTES;
  }
}
