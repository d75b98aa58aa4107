import type { Detail } from "../../base/instrument.ts";
import type { NoteRecord } from "../record.ts";
import { percentilesOf } from "./percentiles.ts";

const IPV4_HEADER_BYTES = 20;
const IPV6_HEADER_BYTES = 40;
const TCP_HEADER_BYTES = 20;
const UDP_HEADER_BYTES = 8;
const ICMP_HEADER_BYTES = 8;
/** What a report quotes of the packet behind its IP header. */
const ICMP_QUOTED_BYTES = 8;

/** Statistics of a link. */
export interface LinkStats {
  /** Its name: `a→b`. */
  readonly link: string;
  readonly sent: number;
  readonly delivered: number;
  /** Packets lost on the way, by reason. */
  readonly dropped: Readonly<Record<string, number>>;
  /** Packets sent again, because the first copy was lost or late. */
  readonly retransmissions: number;
  /** Bytes sent, with all headers from IP upward. */
  readonly bytes: number;
  /** Bytes of payload sent, without headers. */
  readonly payloadBytes: number;
  /** How long delivered packets took, in seconds; `null` if none was delivered. */
  readonly latency: LatencyStats | null;
}

/** Latencies, in seconds. A percentile is the smallest of them that at least so many per cent do not exceed. */
export interface LatencyStats {
  readonly min: number;
  readonly p50: number;
  readonly p90: number;
  readonly p99: number;
  readonly max: number;
}

function latencyStats(times: readonly number[]): LatencyStats | null {
  if (times.length === 0) {
    return null;
  }
  const sorted = [...times].sort((a, b) => a - b);
  return { min: sorted[0]!, ...percentilesOf(sorted), max: sorted.at(-1)! };
}

/** The size of a packet on the wire, from what the note of its sending says. */
function sizeOf({ source, protocol, data, ...tcp }: Detail): number {
  const ip = String(source).includes(":") ? IPV6_HEADER_BYTES : IPV4_HEADER_BYTES;
  const content = typeof data === "string" ? data.length : 0;
  switch (protocol) {
    case "tcp":
      return ip + TCP_HEADER_BYTES + tcpOptionBytes(tcp) + content;
    case "udp":
      return ip + UDP_HEADER_BYTES + content;
    default:
      return ip + ICMP_HEADER_BYTES + ip + ICMP_QUOTED_BYTES;
  }
}

/**
 * Maximum segment size and, each with no-operations, window scale, SACK permitted and the blocks of a selective
 * acknowledgement.
 */
function tcpOptionBytes({ maximumSize, windowScale, sackPermitted, sack }: Detail): number {
  if (maximumSize !== undefined) {
    return 4 + (Number(windowScale) < 0 ? 0 : 4) + (sackPermitted === true ? 4 : 0);
  }
  return typeof sack === "string" ? 4 + 8 * sack.split(" ").length : 0;
}

class LinkCount {
  sent = 0;
  delivered = 0;
  retransmissions = 0;
  bytes = 0;
  payloadBytes = 0;
  readonly dropped = new Map<string, number>();
  readonly times: number[] = [];
  /** When the packets that are under way were sent. */
  readonly sentAt = new Map<unknown, number>();

  toStats(link: string): LinkStats {
    const { sent, delivered, retransmissions, bytes, payloadBytes } = this;
    const dropped = Object.fromEntries(this.dropped);
    return { link, sent, delivered, dropped, retransmissions, bytes, payloadBytes, latency: latencyStats(this.times) };
  }
}

/** Counts what links do, from the notes of the network, given in their order. */
export class LinkCounter {
  private readonly _links = new Map<string, LinkCount>();

  add({ kind, time, detail }: NoteRecord): void {
    const { link, packet } = detail;
    if (typeof link !== "string") {
      return;
    }
    const count = this._links.get(link) ?? new LinkCount();
    this._links.set(link, count);
    if (kind === "network.sent") {
      const { data, isRetransmission } = detail;
      count.sent++;
      count.bytes += sizeOf(detail);
      count.payloadBytes += typeof data === "string" ? data.length : 0;
      count.retransmissions += isRetransmission === true ? 1 : 0;
      count.sentAt.set(packet, time);
    } else if (kind === "network.delivered") {
      count.delivered++;
      const sentAt = count.sentAt.get(packet);
      if (sentAt !== undefined) {
        count.times.push(time - sentAt);
        count.sentAt.delete(packet);
      }
    } else if (kind === "network.dropped") {
      const reason = String(detail["reason"]);
      count.dropped.set(reason, (count.dropped.get(reason) ?? 0) + 1);
      count.sentAt.delete(packet);
    }
  }

  /** In order of first use. */
  toStats(): LinkStats[] {
    return [...this._links].map(([link, count]) => count.toStats(link));
  }
}
