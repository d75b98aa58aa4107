import type { Disk } from "../../../engine/index.ts";
import type { Entry } from "./messages.ts";

/** What a node must not forget when it crashes: its term, its vote and its log. */
export class RaftLog {
  term = 0;
  votedFor: string | null = null;
  private readonly _entries: Entry[] = [];
  private readonly _disk: Disk;

  constructor(disk: Disk) {
    this._disk = disk;
    const stored = disk.read("raft");
    if (stored !== null) {
      const { term, votedFor, entries } = JSON.parse(String(stored));
      this.term = term;
      this.votedFor = votedFor;
      this._entries = entries;
    }
  }

  /** Write everything to disk; others may learn of it when this is done. */
  *save() {
    this._disk.write("raft", JSON.stringify({ term: this.term, votedFor: this.votedFor, entries: this._entries }));
    yield* this._disk.fsync();
  }

  /** Index of the last entry; the first has 1, and 0 stands for none. */
  get lastIndex(): number {
    return this._entries.length;
  }

  termAt(index: number): number {
    return this._entries[index - 1]?.term ?? 0;
  }

  at(index: number): Entry {
    return this._entries[index - 1]!;
  }

  from(index: number): readonly Entry[] {
    return this._entries.slice(index - 1);
  }

  has(command: string): boolean {
    return this._entries.some((entry) => entry.command === command);
  }

  append(entry: Entry): void {
    this._entries.push(entry);
  }

  /** Put `entries` behind `previousIndex`; what contradicts them goes, with all behind it. */
  merge(previousIndex: number, entries: readonly Entry[]): void {
    for (const [i, entry] of entries.entries()) {
      const index = previousIndex + 1 + i;
      if (this.termAt(index) !== entry.term) {
        this._entries.length = index - 1;
        this._entries.push(entry);
      }
    }
  }

  /** Whether a log that ends like this is at least as good as ours. */
  isNoBetterThan(lastIndex: number, lastTerm: number): boolean {
    const ownTerm = this.termAt(this.lastIndex);
    return lastTerm > ownTerm || (lastTerm === ownTerm && lastIndex >= this.lastIndex);
  }
}
