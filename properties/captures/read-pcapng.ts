/* A reader of captures that shares no code with their writer: what it objects to, a capture must not have. */

/** A packet of a capture. */
export interface CapturedPacket {
  readonly interfaceName: string;
  readonly nanoseconds: bigint;
  readonly comment: string;
  /** From the IP header on. */
  readonly bytes: Uint8Array;
  readonly protocol: "tcp" | "udp" | "icmp" | "icmpv6";
}

const NAMES = new Map<number, CapturedPacket["protocol"]>([
  [6, "tcp"],
  [17, "udp"],
  [1, "icmp"],
  [58, "icmpv6"],
]);

const viewOf = (bytes: Uint8Array): DataView => new DataView(bytes.buffer, bytes.byteOffset, bytes.length);

function require(holds: boolean, what: string): void {
  if (!holds) {
    throw new Error(`malformed capture: ${what}`);
  }
}

/** The options at the end of a block, by code. */
function optionsOf(bytes: Uint8Array): ReadonlyMap<number, Uint8Array> {
  const options = new Map<number, Uint8Array>();
  const view = viewOf(bytes);
  for (let at = 0; at < bytes.length; ) {
    const [code, length] = [view.getUint16(at, true), view.getUint16(at + 2, true)];
    if (code === 0) {
      require(length === 0 && at + 4 === bytes.length, "options go on behind their end");
      return options;
    }
    require(at + 4 + length <= bytes.length, `option ${code} is longer than its block`);
    options.set(code, bytes.subarray(at + 4, at + 4 + length));
    at += 4 + ((length + 3) & ~3);
  }
  require(bytes.length === 0, "options without an end");
  return options;
}

const textOf = (bytes: Uint8Array | undefined): string => new TextDecoder("utf-8", { fatal: true }).decode(bytes);

/** The internet checksum of `parts` one behind the other: 0 for what has a right one in it. @see RFC 1071 */
function checksum(...parts: readonly Uint8Array[]): number {
  let sum = 0;
  for (const part of parts) {
    for (let i = 0; i < part.length; i += 2) {
      sum += (part[i]! << 8) | (part[i + 1] ?? 0);
    }
  }
  while (sum > 0xffff) {
    sum = (sum & 0xffff) + (sum >>> 16);
  }
  return ~sum & 0xffff;
}

function checkPayload(ends: Uint8Array, number: number, payload: Uint8Array): void {
  const pseudoHeader = new Uint8Array(8);
  viewOf(pseudoHeader).setUint32(0, payload.length);
  viewOf(pseudoHeader).setUint32(4, number);
  const isIcmp = number === 1;
  require(checksum(...(isIcmp ? [] : [ends, pseudoHeader]), payload) === 0, `checksum of protocol ${number}`);
  if (number === 6) {
    const headerBytes = (payload[12]! >> 4) * 4;
    require(headerBytes >= 20 && headerBytes <= payload.length, "length of the TCP header");
  } else if (number === 17) {
    require(viewOf(payload).getUint16(4) === payload.length, "length of the datagram");
    require(viewOf(payload).getUint16(6) !== 0, "a datagram without checksum");
  }
}

/** Checks all lengths and checksums. @returns The protocol. */
function checkPacket(bytes: Uint8Array): CapturedPacket["protocol"] {
  const version = bytes[0]! >> 4;
  const view = viewOf(bytes);
  let number: number;
  if (version === 4) {
    require(bytes[0] === 0x45 && view.getUint16(2) === bytes.length, "length of an IPv4 packet");
    require(checksum(bytes.subarray(0, 20)) === 0, "checksum of an IPv4 header");
    number = bytes[9]!;
    checkPayload(bytes.subarray(12, 20), number, bytes.subarray(20));
  } else {
    require(version === 6 && view.getUint16(4) === bytes.length - 40, "length of an IPv6 packet");
    number = bytes[6]!;
    checkPayload(bytes.subarray(8, 40), number, bytes.subarray(40));
  }
  const protocol = NAMES.get(number);
  require(protocol !== undefined && bytes[version === 4 ? 8 : 7]! > 0, "protocol or time to live");
  return protocol!;
}

/**
 * The packets of a capture, each checked.
 *
 * @throws Error for whatever is malformed, and for checksums that are wrong.
 */
export function readPcapng(file: Uint8Array): CapturedPacket[] {
  const view = viewOf(file);
  const interfaces: string[] = [];
  const packets: CapturedPacket[] = [];
  for (let at = 0; at < file.length; ) {
    const [type, length] = [view.getUint32(at, true), view.getUint32(at + 4, true)];
    require(length >= 12 && length % 4 === 0 && at + length <= file.length, `length of the block at ${at}`);
    require(view.getUint32(at + length - 4, true) === length, `the two lengths of the block at ${at}`);
    const body = file.subarray(at + 8, at + length - 4);
    const of = viewOf(body);
    if (at === 0) {
      require(type === 0x0a0d0d0a && of.getUint32(0, true) === 0x1a2b3c4d, "no section header at the beginning");
      optionsOf(body.subarray(16));
    } else if (type === 1) {
      const options = optionsOf(body.subarray(8));
      require(of.getUint16(0, true) === 101 &&
        options.get(9)?.[0] === 9, "an interface that is not raw IP in nanoseconds");
      interfaces.push(textOf(options.get(2)));
    } else {
      require(type === 6, `a block of type ${type}`);
      const size = of.getUint32(12, true);
      const interfaceName = interfaces[of.getUint32(0, true)];
      require(interfaceName !== undefined &&
        size === of.getUint32(16, true), "an unknown interface, or a packet cut off");
      const bytes = body.subarray(20, 20 + size);
      const nanoseconds = (BigInt(of.getUint32(4, true)) << 32n) | BigInt(of.getUint32(8, true));
      const comment = textOf(optionsOf(body.subarray(20 + ((size + 3) & ~3))).get(1));
      packets.push({
        interfaceName: interfaceName!,
        nanoseconds,
        comment,
        bytes,
        protocol: checkPacket(bytes),
      });
    }
    at += length;
  }
  return packets;
}
