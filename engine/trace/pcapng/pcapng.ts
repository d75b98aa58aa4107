import { requireArgument } from "../../base/require-argument.ts";
import { NO_OPTIONS, optionNames, requireOptions } from "../../base/require-options.ts";
import type { NoteRecord, TraceRecord } from "../record.ts";
import { startSeconds } from "../start-seconds.ts";
import { requireTrace, type Trace } from "../trace.ts";
import { type PacketNote, packetBytes } from "./packet-bytes.ts";

/** What to write of a trace. */
export interface PcapngOptions {
  /** The links to write, by name: `a→b` is one direction, `a:b` both; all by default. */
  readonly links?: readonly string[];
}

const PCAPNG_OPTIONS = optionNames<PcapngOptions>({ links: true });

const SECTION_HEADER = 0x0a0d0d0a;
const INTERFACE_DESCRIPTION = 1;
const ENHANCED_PACKET = 6;
/** Raw IP: packets begin with the IP header. */
const LINKTYPE_RAW = 101;
const OPTION_COMMENT = 1;
const OPTION_APPLICATION = 4;
const OPTION_NAME = 2;
const OPTION_RESOLUTION = 9;
const NANOSECONDS = Uint8Array.of(9);

const encoder = new TextEncoder();
const padded = (length: number): number => (length + 3) & ~3;

type Option = readonly [code: number, value: Uint8Array];

/** A block: type, length, body, options, length. Little endian. @see draft-ietf-opsawg-pcapng */
function block(type: number, body: Uint8Array, options: readonly Option[]): Uint8Array {
  const optionBytes = options.reduce((sum, [, value]) => sum + 4 + padded(value.length), options.length > 0 ? 4 : 0);
  const bytes = new Uint8Array(12 + padded(body.length) + optionBytes);
  const view = new DataView(bytes.buffer);
  view.setUint32(0, type, true);
  view.setUint32(4, bytes.length, true);
  bytes.set(body, 8);
  let at = 8 + padded(body.length);
  for (const [code, value] of options) {
    view.setUint16(at, code, true);
    view.setUint16(at + 2, value.length, true);
    bytes.set(value, at + 4);
    at += 4 + padded(value.length);
  }
  view.setUint32(bytes.length - 4, bytes.length, true);
  return bytes;
}

const comment = (text: string): Option => [OPTION_COMMENT, encoder.encode(text)];

function sectionHeader(trace: Trace): Uint8Array {
  const body = new Uint8Array(16);
  const view = new DataView(body.buffer);
  view.setUint32(0, 0x1a2b3c4d, true);
  view.setUint16(4, 1, true);
  // The length of the section is unspecified.
  view.setInt32(8, -1, true);
  view.setInt32(12, -1, true);
  const { engine, program, seed } = trace.header;
  const about = `${program === undefined ? "" : `${program}, `}seed ${seed}`;
  return block(SECTION_HEADER, body, [comment(about), [OPTION_APPLICATION, encoder.encode(`simloop ${engine}`)]]);
}

function interfaceDescription(name: string): Uint8Array {
  const body = new Uint8Array(8);
  new DataView(body.buffer).setUint16(0, LINKTYPE_RAW, true);
  return block(INTERFACE_DESCRIPTION, body, [
    [OPTION_NAME, encoder.encode(name)],
    [OPTION_RESOLUTION, NANOSECONDS],
  ]);
}

function enhancedPacket(interfaceId: number, nanoseconds: bigint, packet: Uint8Array, text: string): Uint8Array {
  const body = new Uint8Array(20 + packet.length);
  const view = new DataView(body.buffer);
  view.setUint32(0, interfaceId, true);
  view.setUint32(4, Number((nanoseconds >> 32n) & 0xffff_ffffn), true);
  view.setUint32(8, Number(nanoseconds & 0xffff_ffffn), true);
  view.setUint32(12, packet.length, true);
  view.setUint32(16, packet.length, true);
  body.set(packet, 20);
  return block(ENHANCED_PACKET, body, [comment(text)]);
}

const isSent = (record: TraceRecord): record is NoteRecord => record.kind === "network.sent";

/** Whether no host sent the packet: a link or a rule made it, and a capture at the host would not show it. */
const isCopy = (record: NoteRecord): boolean => record.detail["copyOf"] !== undefined;

/** What has to be known of other records before packets can be written. */
interface Survey {
  /** Names of tasks by id. */
  readonly tasks: ReadonlyMap<number, string>;
  /** Why packets were lost, by number. */
  readonly losses: ReadonlyMap<number, string>;
  /** Packets that ICMP reports are about, by number. */
  readonly quoted: ReadonlyMap<number, PacketNote>;
  /** The links that packets were put on. */
  readonly links: ReadonlySet<string>;
}

function survey(trace: Trace): Survey {
  const tasks = new Map<number, string>();
  const losses = new Map<number, string>();
  const sent = new Map<number, PacketNote>();
  const quoted = new Map<number, PacketNote>();
  const links = new Set<string>();
  for (const record of trace) {
    if (isSent(record)) {
      links.add(String(record.detail["link"]));
    }
    if (record.kind === "create") {
      tasks.set(record.task, record.name);
    } else if (record.kind === "network.dropped") {
      losses.set(Number(record.detail["packet"]), String(record.detail["reason"]));
    } else if (isSent(record) && record.detail["protocol"] === "udp") {
      sent.set(Number(record.detail["packet"]), record.detail);
    } else if (isSent(record) && record.detail["protocol"] === "icmp") {
      const about = Number(record.detail["about"]);
      const original = sent.get(about);
      if (original !== undefined) {
        quoted.set(about, original);
      }
    }
  }
  return { tasks, losses, quoted, links };
}

/** The sender of a packet, and whether it arrived. */
function describe(record: NoteRecord, { tasks, losses }: Survey): string {
  const task = tasks.get(record.by);
  const number = Number(record.detail["packet"]);
  const loss = losses.get(number);
  const [host] = String(record.detail["link"]).split("→");
  return `host ${host}${task === undefined ? "" : `, task ${task}`}, packet ${number}${loss === undefined ? "" : `, lost: ${loss}`}`;
}

/** Both directions of `a:b`, or `link` itself. */
function directions(link: string): readonly string[] {
  const [a, b] = link.split(":");
  return b === undefined ? [link] : [`${a}→${b}`, `${b}→${a}`];
}

/** The links to write. @throws RangeError for a link without packets. */
function chosenLinks(links: readonly string[], known: ReadonlySet<string>): ReadonlySet<string> {
  for (const link of links) {
    if (!directions(link).some((direction) => known.has(direction))) {
      const used = known.size === 0 ? "no packet was sent" : `packets were sent on ${[...known].join(", ")}`;
      throw new RangeError(`toPcapng: no packet was sent on the link '${link}'; ${used}`);
    }
  }
  return new Set(links.flatMap(directions));
}

/**
 * The packets of a trace as a pcapng file, in pieces: what hosts put on their links, when they did, lost or not.
 *
 * Packets are stamped with the simulated wall clock, from the `start` of the run on, with nanoseconds. Each link is an
 * interface of its own, both directions together; comments name the host, the task, and why a packet was lost.
 *
 * @throws TypeError at the call for unknown or invalid options; RangeError for a link without packets.
 */
export function pcapngPieces(
  trace: Trace,
  options: PcapngOptions = NO_OPTIONS,
): Generator<Uint8Array, void, undefined> {
  requireTrace("toPcapng", trace);
  requireOptions("toPcapng", options, PCAPNG_OPTIONS);
  const { links } = options;
  const areLinks = links === undefined || (Array.isArray(links) && links.every((one) => typeof one === "string"));
  requireArgument("toPcapng: links", 'an array of links, such as "a:b"', areLinks, links);
  const known = survey(trace);
  return pieces(trace, known, links === undefined ? known.links : chosenLinks(links, known.links));
}

function* pieces(trace: Trace, known: Survey, links: ReadonlySet<string>): Generator<Uint8Array, void, undefined> {
  const interfaces = new Map<string, number>();
  const start = BigInt(Math.round(startSeconds(trace.header) * 1e6)) * 1000n;
  yield sectionHeader(trace);
  for (const record of trace) {
    const link = isSent(record) ? String(record.detail["link"]) : "";
    if (!isSent(record) || !links.has(link) || isCopy(record)) {
      continue;
    }
    const name = [...new Set(link.split("→"))].sort((a, b) => (a < b ? -1 : 1)).join("–");
    let id = interfaces.get(name);
    if (id === undefined) {
      id = interfaces.size;
      interfaces.set(name, id);
      yield interfaceDescription(name);
    }
    const about = known.quoted.get(Number(record.detail["about"]));
    yield enhancedPacket(
      id,
      start + BigInt(Math.round(record.time * 1e9)),
      packetBytes(record.detail, about),
      describe(record, known),
    );
  }
}

/** The packets of a trace as a pcapng file. @throws as {@link pcapngPieces}. @see {@link pcapngPieces} */
export function toPcapng(trace: Trace, options: PcapngOptions = NO_OPTIONS): Uint8Array {
  const all = [...pcapngPieces(trace, options)];
  const file = new Uint8Array(all.reduce((sum, piece) => sum + piece.length, 0));
  let at = 0;
  for (const piece of all) {
    file.set(piece, at);
    at += piece.length;
  }
  return file;
}
