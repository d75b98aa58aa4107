import { parseAddress } from "../../base/ip-address.ts";

/** What a note of a packet says, by name. */
export type PacketNote = Readonly<Record<string, string | number | boolean>>;

const PROTOCOL_NUMBERS = { tcp: 6, udp: 17, icmp: 1, icmpv6: 58 } as const;

/** The flags of a TCP segment by their letters. */
const FLAGS: Readonly<Record<string, number>> = { F: 0x01, S: 0x02, R: 0x04, P: 0x08, ".": 0x10 };

/** Type and code of a report that something is unreachable, in ICMP and in ICMPv6. */
const REPORTS: Readonly<Record<string, readonly [type: number, code: number, type6: number, code6: number]>> = {
  "host unreachable": [3, 1, 1, 3],
  "port unreachable": [3, 3, 1, 4],
};

const text = (note: PacketNote, name: string): string => String(note[name] ?? "");
const number = (note: PacketNote, name: string): number => Number(note[name] ?? 0);
const bytesOfText = (binary: string): Uint8Array => Uint8Array.from(binary, (character) => character.charCodeAt(0));

function addressOf(note: PacketNote, name: string): Uint8Array {
  return parseAddress(text(note, name)) ?? new Uint8Array(4);
}

/** The one's complement sum of 16-bit words. @see RFC 1071 */
function checksum(...parts: readonly Uint8Array[]): number {
  let sum = 0;
  for (const part of parts) {
    for (let i = 0; i < part.length; i += 2) {
      sum += part[i]! * 256 + (part[i + 1] ?? 0);
    }
  }
  while (sum > 0xffff) {
    sum = (sum & 0xffff) + Math.floor(sum / 0x10000);
  }
  return ~sum & 0xffff;
}

/** What checksums of TCP, UDP and ICMPv6 cover beside the packet's body. */
function pseudoHeader(source: Uint8Array, destination: Uint8Array, protocol: number, length: number): Uint8Array {
  const header = new Uint8Array(source.length === 4 ? 12 : 40);
  const view = new DataView(header.buffer);
  header.set(source, 0);
  header.set(destination, source.length);
  if (source.length === 4) {
    view.setUint16(8, protocol);
    view.setUint16(10, length);
  } else {
    view.setUint32(32, length);
    view.setUint32(36, protocol);
  }
  return header;
}

function ipHeader(note: PacketNote, protocol: number, length: number): Uint8Array {
  const source = addressOf(note, "source");
  const destination = addressOf(note, "destination");
  const header = new Uint8Array(source.length === 4 ? 20 : 40);
  const view = new DataView(header.buffer);
  if (source.length === 4) {
    view.setUint16(0, 0x4500);
    view.setUint16(2, 20 + length);
    view.setUint16(4, number(note, "packet") & 0xffff);
    // Do not fragment; 64 hops.
    view.setUint16(6, 0x4000);
    view.setUint16(8, 64 * 256 + protocol);
    header.set(source, 12);
    header.set(destination, 16);
    view.setUint16(10, checksum(header));
  } else {
    view.setUint32(0, 0x6000_0000);
    view.setUint16(4, length);
    view.setUint16(6, protocol * 256 + 64);
    header.set(source, 8);
    header.set(destination, 24);
  }
  return header;
}

/**
 * The options of a segment, aligned to four bytes by no-operations: in a SYN maximum segment size, SACK permitted and
 * window scale.
 */
function tcpOptions(note: PacketNote): number[] {
  const options: number[] = [];
  if ("maximumSize" in note) {
    options.push(2, 4, number(note, "maximumSize") >> 8, number(note, "maximumSize") & 0xff);
    if (note["sackPermitted"] === true) {
      options.push(1, 1, 4, 2);
    }
    if (number(note, "windowScale") >= 0) {
      options.push(1, 3, 3, number(note, "windowScale"));
    }
  }
  const edges = text(note, "sack").match(/\d+/g)?.map(Number) ?? [];
  if (edges.length > 0) {
    options.push(1, 1, 5, 2 + 4 * edges.length);
    options.push(...edges.flatMap((edge) => [edge >>> 24, (edge >>> 16) & 0xff, (edge >>> 8) & 0xff, edge & 0xff]));
  }
  return options;
}

function tcpBody(note: PacketNote): Uint8Array {
  const data = bytesOfText(text(note, "data"));
  const options = tcpOptions(note);
  const headerBytes = 20 + options.length;
  const body = new Uint8Array(headerBytes + data.length);
  const view = new DataView(body.buffer);
  view.setUint16(0, number(note, "sourcePort"));
  view.setUint16(2, number(note, "destinationPort"));
  view.setUint32(4, number(note, "sequence"));
  view.setUint32(8, number(note, "acknowledgement"));
  const flags = [...text(note, "flags")].reduce((all, letter) => all | (FLAGS[letter] ?? 0), 0);
  view.setUint16(12, (headerBytes / 4) * 0x1000 + flags);
  view.setUint16(14, number(note, "window"));
  body.set(options, 20);
  body.set(data, headerBytes);
  return body;
}

function udpBody(note: PacketNote): Uint8Array {
  const data = bytesOfText(text(note, "data"));
  const body = new Uint8Array(8 + data.length);
  const view = new DataView(body.buffer);
  view.setUint16(0, number(note, "sourcePort"));
  view.setUint16(2, number(note, "destinationPort"));
  view.setUint16(4, body.length);
  body.set(data, 8);
  return body;
}

/** A report, with the beginning of the packet that it is about. */
function icmpBody(note: PacketNote, about: PacketNote | undefined, isVersion6: boolean): Uint8Array {
  const [type, code, type6, code6] = REPORTS[text(note, "report")] ?? [3, 1, 1, 3];
  const original = about === undefined ? new Uint8Array(28) : packetBytes(about, undefined);
  const quoted = original.subarray(0, Math.min(original.length, (isVersion6 ? 40 : 20) + 8));
  const body = new Uint8Array(8 + quoted.length);
  body[0] = isVersion6 ? type6 : type;
  body[1] = isVersion6 ? code6 : code;
  body.set(quoted, 8);
  return body;
}

/**
 * The bytes of a packet, from IP upward, with right checksums.
 *
 * @param note - The detail of a `network.sent` record.
 * @param about - That of the packet that an ICMP report is about.
 */
export function packetBytes(note: PacketNote, about: PacketNote | undefined): Uint8Array {
  const source = addressOf(note, "source");
  const isVersion6 = source.length === 16;
  const { protocol } = note;
  const body =
    protocol === "tcp" ? tcpBody(note) : protocol === "udp" ? udpBody(note) : icmpBody(note, about, isVersion6);
  const named = protocol === "icmp" && isVersion6 ? "icmpv6" : (protocol as keyof typeof PROTOCOL_NUMBERS);
  const protocolNumber = PROTOCOL_NUMBERS[named];
  const pseudo = pseudoHeader(source, addressOf(note, "destination"), protocolNumber, body.length);
  const sum = named === "icmp" ? checksum(body) : checksum(pseudo, body);
  const place = { tcp: 16, udp: 6, icmp: 2, icmpv6: 2 }[named];
  // In UDP, zero would mean that there is no checksum.
  new DataView(body.buffer).setUint16(place, named === "udp" && sum === 0 ? 0xffff : sum);
  const header = ipHeader(note, protocolNumber, body.length);
  const packet = new Uint8Array(header.length + body.length);
  packet.set(header, 0);
  packet.set(body, header.length);
  return packet;
}
