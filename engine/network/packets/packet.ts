import type { NoteShape, NoteValue } from "../../base/instrument.ts";
import type { Address } from "../address.ts";
import type { Occurrence } from "../agenda.ts";

/** The transport protocols that the network knows. */
export type PacketProtocol = "tcp" | "udp" | "icmp";

/** Carries a packet, and is called when it arrives. */
export interface Carrier {
  /** @internal */
  _arrive(packet: Packet, now: number): void;
}

const IPV4_HEADER_BYTES = 20;
const IPV6_HEADER_BYTES = 40;
const NOWHERE: Carrier = { _arrive: () => {} };

/**
 * What hosts send each other: an IP packet with a segment, a datagram or a report inside.
 *
 * Packets are what links carry, rules look at and captures record. One that is on its way does not change, but for
 * `corrupted`.
 */
export abstract class Packet implements Occurrence {
  /** What is inside. */
  abstract readonly protocol: PacketProtocol;
  /** Number in order of sending within its network; 0 before it is sent. */
  id = 0;
  /** Number of the packet that a host sent and a link or a rule copied to make this one; 0 for what a host sent. */
  copyOf = 0;
  /** The address that it comes from. */
  readonly source: Address;
  /** The address that it goes to. */
  readonly destination: Address;
  /** Damaged on the way: the receiver will notice by the checksum. */
  corrupted = false;
  private _carrier: Carrier = NOWHERE;

  constructor(source: Address, destination: Address) {
    this.source = source;
    this.destination = destination;
  }

  /** Size on the wire, with all headers from IP upward. */
  get sizeBytes(): number {
    return this.ipHeaderBytes + this._bodyBytes();
  }

  /** Size of its IP header, or of that of each of its fragments. */
  get ipHeaderBytes(): number {
    return ipHeaderBytes(this.source);
  }

  /** @internal On its way with `carrier`, which is called when the entry in the agenda is due. */
  _boards(carrier: Carrier): this {
    this._carrier = carrier;
    return this;
  }

  /** @internal */
  _isDueAt(): boolean {
    return true;
  }

  /** @internal */
  _happen(now: number): void {
    this._carrier._arrive(this, now);
  }

  /** @internal Another packet with the same contents. */
  abstract _copy(): Packet;

  /** @internal The note of a packet like this that is put on a link. */
  abstract get _noteShape(): NoteShape;

  /** @internal What that note says of it. @param link - The name of the link. */
  abstract _noteValues(link: string): readonly NoteValue[];

  /** A line such as `10.0.0.1:33720 > 10.0.0.2:80 tcp S`. */
  abstract toString(): string;

  /** The same as {@link toString}, so that `JSON.stringify` works. */
  toJSON(): string {
    return this.toString();
  }

  protected abstract _bodyBytes(): number;
}

/** @internal The note that a packet is put on a link, with what it says of packets of a kind. */
export const sentNote = (...keys: readonly string[]): NoteShape => ({
  kind: "network.sent",
  keys: ["packet", "link", "protocol", "source", ...keys],
});

/** What {@link copyNote} made of each note. */
const COPY_NOTES = new Map<NoteShape, NoteShape>();

/** @internal The note that a copy is put on a link: `sent`, the note of its original, and the number of that. */
export function copyNote(sent: NoteShape): NoteShape {
  let note = COPY_NOTES.get(sent);
  if (note === undefined) {
    note = { kind: sent.kind, keys: [...sent.keys, "copyOf"] };
    COPY_NOTES.set(sent, note);
  }
  return note;
}

/** Size of the IP header of packets from and to addresses such as this. */
export const ipHeaderBytes = (address: Address): number =>
  address.family === 4 ? IPV4_HEADER_BYTES : IPV6_HEADER_BYTES;

/** `10.0.0.1:80`, `[fd00::1]:80`. */
export const formatEndpoint = (address: Address, port: number): string =>
  address.family === 4 ? `${address.text}:${port}` : `[${address.text}]:${port}`;
