import { isNote, type NoteRecord, type TraceRecord } from "../record.ts";

/** The hosts at the two ends of a link, whose name is `a→b`; `null` if a note is not about a link. */
export function linkEnds({ detail }: NoteRecord): readonly [from: string, to: string] | null {
  const { link } = detail;
  const ends = typeof link === "string" ? link.split("→") : [];
  return ends.length === 2 ? (ends as [string, string]) : null;
}

/**
 * Which host tasks and handles belong to, as far as the trace or the packets that they sent show: whoever made
 * something shares its host with it.
 *
 * A host's answer to a packet may be counted for whoever happened to run last, so the most frequent sender's host
 * decides.
 */
export class HostIndex {
  /** All hosts that run a task or call, or that a packet left or reached, in order of appearance. */
  readonly all: readonly string[];
  private readonly _hosts = new Map<number, string>();

  constructor(records: Iterable<TraceRecord>) {
    const all = new Set<string>();
    const votes = new Map<number, Map<string, number>>();
    const makers = new Map<number, number>();
    for (const record of records) {
      if (record.kind === "create") {
        makers.set(record.task, record.by);
        if (record.host !== undefined) {
          all.add(record.host);
          this._hosts.set(record.task, record.host);
        }
      } else if (record.kind === "schedule" || record.kind === "timer") {
        if (record.host !== undefined) {
          all.add(record.host);
          this._hosts.set(record.handle, record.host);
        } else if (!makers.has(record.handle)) {
          makers.set(record.handle, record.by);
        }
      } else if (isNote(record)) {
        const ends = linkEnds(record);
        for (const end of ends ?? []) {
          all.add(end);
        }
        if (ends !== null && record.kind === "network.sent" && record.by !== 0) {
          const count = votes.get(record.by) ?? new Map<string, number>();
          count.set(ends[0], (count.get(ends[0]) ?? 0) + 1);
          votes.set(record.by, count);
        }
      }
    }
    this.all = [...all];
    if (this.all.length > 1) {
      this._elect(votes, makers);
    }
  }

  /** The host of a task or handle; "" if it is not known, or there is one only. */
  of(id: number): string {
    return this.all.length > 1 ? (this._hosts.get(id) ?? "") : "";
  }

  private _elect(votes: ReadonlyMap<number, ReadonlyMap<string, number>>, makers: ReadonlyMap<number, number>): void {
    for (const [id, count] of votes) {
      let most = this._hosts.has(id) ? Number.POSITIVE_INFINITY : 0;
      for (const [host, times] of count) {
        if (times > most) {
          most = times;
          this._hosts.set(id, host);
        }
      }
    }
    for (const [id, maker] of makers) {
      const host = this._hosts.get(maker);
      if (host !== undefined && !this._hosts.has(id)) {
        this._hosts.set(id, host);
      }
    }
  }
}
