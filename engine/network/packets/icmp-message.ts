import type { Detail } from "../../base/instrument.ts";
import type { Address } from "../address.ts";
import { ipHeaderBytes, Packet } from "./packet.ts";

/** What ICMP reports. */
export type IcmpReport = "host unreachable" | "port unreachable";

/** The ICMP header, and what it quotes of the packet behind its IP header. */
const ICMP_HEADER_BYTES = 8;
const QUOTED_BYTES = 8;

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

  override _detail(): Detail {
    return {
      protocol: this.protocol,
      source: this.source.text,
      destination: this.destination.text,
      report: this.report,
      about: this.about.id,
    };
  }

  override toString(): string {
    return `${this.source} > ${this.destination} icmp ${this.report}: ${this.about}`;
  }

  protected override _bodyBytes(): number {
    return ICMP_HEADER_BYTES + ipHeaderBytes(this.source) + QUOTED_BYTES;
  }
}
