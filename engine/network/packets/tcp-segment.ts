import type { NoteShape, NoteValue } from "../../base/instrument.ts";
import { requireArgument } from "../../base/require-argument.ts";
import type { Address } from "../address.ts";
import { formatEndpoint, Packet, sentNote } from "./packet.ts";

/** Flags of a TCP segment, by their place in the header. */
export const FIN = 0x01;
export const SYN = 0x02;
export const RST = 0x04;
export const PSH = 0x08;
export const ACK = 0x10;

/** Size of the TCP header without options. */
export const TCP_HEADER_BYTES = 20;

/** Sizes of the options, with the no-operations that align them to four bytes. */
const MAXIMUM_SIZE_BYTES = 4;
const WINDOW_SCALE_BYTES = 4;
const SACK_PERMITTED_BYTES = 4;
const SACK_HEADER_BYTES = 4;
const SACK_BLOCK_BYTES = 8;

/** Most blocks of a selective acknowledgement: options have room for 40 bytes. */
export const MOST_SACK_BLOCKS = 4;

/** Size of the selective acknowledgement of `blocks` blocks. */
export const sackBytes = (blocks: number): number => (blocks === 0 ? 0 : SACK_HEADER_BYTES + SACK_BLOCK_BYTES * blocks);

/** `S.`, `F.`, `P.`, `R`, by what the flags add up to. */
const FLAG_TEXTS: readonly string[] = Array.from({ length: 32 }, (_, flags) => {
  const flag = (bit: number, letter: string): string => ((flags & bit) === 0 ? "" : letter);
  return flag(SYN, "S") + flag(FIN, "F") + flag(RST, "R") + flag(PSH, "P") + flag(ACK, ".");
});

const SENT = sentNote(
  "sourcePort",
  "destination",
  "destinationPort",
  "flags",
  "sequence",
  "acknowledgement",
  "window",
  "maximumSize",
  "windowScale",
  "sackPermitted",
  "sack",
  "isRetransmission",
  "data",
);

const NO_DATA = new Uint8Array(0);
/** A selective acknowledgement that there is nothing to report in. */
export const NO_BLOCKS: readonly number[] = [];

/** What a TCP segment says. Sequence numbers are as on the wire: 32 bits, unsigned. @see RFC 9293, section 3.1 */
export interface TcpFields {
  /** Where it comes from. */
  readonly source: Address;
  readonly sourcePort: number;
  /** Where it goes to. */
  readonly destination: Address;
  readonly destinationPort: number;
  /** The flags: {@link FIN} 1, {@link SYN} 2, {@link RST} 4, {@link PSH} 8, {@link ACK} 16, added up. */
  readonly flags: number;
  /** Number of its first byte, or of the SYN or FIN that it is. */
  readonly sequence: number;
  /** The number that the sender expects next; counts with the flag {@link ACK} only. */
  readonly acknowledgement: number;
  /** As on the wire: scaled, except in a SYN. */
  readonly window: number;
  /** What it carries; nothing by default. */
  readonly data?: Uint8Array;
  /** Maximum segment size, in a SYN only; 0, the default, otherwise. */
  readonly maximumSize?: number;
  /** Window scale, in a SYN only; -1, the default, when it is not offered. */
  readonly windowScale?: number;
  /** Selective acknowledgements are understood, in a SYN only; not by default. */
  readonly sackPermitted?: boolean;
  /** Selective acknowledgement: first and last sequence number, plus one, of each block in turn; none by default. */
  readonly sack?: readonly number[];
}

/** A TCP segment. @see RFC 9293, section 3.1 */
export class TcpSegment extends Packet implements TcpFields {
  readonly protocol = "tcp";
  /** The port that it comes from. */
  readonly sourcePort: number;
  /** The port that it goes to. */
  readonly destinationPort: number;
  /** Number of its first byte, or of the SYN or FIN that it is. */
  readonly sequence: number;
  /** The number that the sender expects next; counts with the flag {@link ACK} only. */
  readonly acknowledgement: number;
  /** The flags: {@link FIN} 1, {@link SYN} 2, {@link RST} 4, {@link PSH} 8, {@link ACK} 16, added up. */
  readonly flags: number;
  /** As on the wire: scaled, except in a SYN. */
  readonly window: number;
  /** What it carries. */
  readonly data: Uint8Array;
  /** Maximum segment size, in a SYN only; 0 otherwise. */
  readonly maximumSize: number;
  /** Window scale, in a SYN only; -1 when it is not offered. */
  readonly windowScale: number;
  /** Selective acknowledgements are understood, in a SYN only. */
  readonly sackPermitted: boolean;
  /** Selective acknowledgement: first and last sequence number, plus one, of each block in turn. @see RFC 2018 */
  readonly sack: readonly number[];
  /** The sender had sent some of this before. For the trace; no decision depends on it. */
  isRetransmission = false;

  constructor(fields: TcpFields) {
    requireArgument("TcpSegment", "an object with fields", typeof fields === "object" && fields !== null, fields);
    super(fields.source, fields.destination);
    this.sourcePort = fields.sourcePort;
    this.destinationPort = fields.destinationPort;
    this.flags = fields.flags;
    this.sequence = fields.sequence;
    this.acknowledgement = fields.acknowledgement;
    this.window = fields.window;
    this.data = fields.data ?? NO_DATA;
    this.maximumSize = fields.maximumSize ?? 0;
    this.windowScale = fields.windowScale ?? -1;
    this.sackPermitted = fields.sackPermitted ?? false;
    this.sack = fields.sack ?? NO_BLOCKS;
  }

  /** The room that it takes in the sequence space: data, SYN and FIN. */
  get sequenceLength(): number {
    return this.data.length + ((this.flags & SYN) === 0 ? 0 : 1) + ((this.flags & FIN) === 0 ? 0 : 1);
  }

  /** `S.`, `F.`, `P.`, `R`, as tcpdump writes them. */
  get flagText(): string {
    return FLAG_TEXTS[this.flags & 31]!;
  }

  override _copy(): TcpSegment {
    const copy = new TcpSegment(this);
    copy.isRetransmission = this.isRetransmission;
    return copy;
  }

  override get _noteShape(): NoteShape {
    return SENT;
  }

  override _noteValues(link: string): readonly NoteValue[] {
    const isSyn = (this.flags & SYN) !== 0;
    return [
      this.id,
      link,
      this.protocol,
      this.source.text,
      this.sourcePort,
      this.destination.text,
      this.destinationPort,
      this.flagText,
      this.sequence,
      this.acknowledgement,
      this.window,
      isSyn ? this.maximumSize : undefined,
      isSyn ? this.windowScale : undefined,
      this.sackPermitted ? true : undefined,
      this.sack.length === 0 ? undefined : formatSack(this.sack),
      this.isRetransmission ? true : undefined,
      this.data.length === 0 ? undefined : this.data,
    ];
  }

  override toString(): string {
    const ends = `${formatEndpoint(this.source, this.sourcePort)} > ${formatEndpoint(this.destination, this.destinationPort)}`;
    return `${ends} tcp ${this.flagText} ${this.data.length} bytes`;
  }

  protected override _bodyBytes(): number {
    return TCP_HEADER_BYTES + this._optionBytes() + this.data.length;
  }

  private _optionBytes(): number {
    if ((this.flags & SYN) === 0) {
      return sackBytes(this.sack.length / 2);
    }
    const scale = this.windowScale < 0 ? 0 : WINDOW_SCALE_BYTES;
    return MAXIMUM_SIZE_BYTES + scale + (this.sackPermitted ? SACK_PERMITTED_BYTES : 0);
  }
}

/** `1000-2460 5380-6840`, newest block first, for records of traces. */
function formatSack(sack: readonly number[]): string {
  const blocks: string[] = [];
  for (let i = 0; i < sack.length; i += 2) {
    blocks.push(`${sack[i]}-${sack[i + 1]}`);
  }
  return blocks.join(" ");
}
