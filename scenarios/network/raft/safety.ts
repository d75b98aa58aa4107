import { type Entry, NOTHING } from "./messages.ts";

/** Watches all nodes from outside, and notes when they contradict each other. */
export class Safety {
  private readonly _leaders = new Map<number, string>();
  private readonly _committed: Entry[] = [];
  private _violation: string | null = null;

  /** @throws Error once nodes have contradicted each other. */
  check(): void {
    if (this._violation !== null) {
      throw new Error(this._violation);
    }
  }

  /** How many commands are committed. */
  get committedCount(): number {
    return this._committed.filter(({ command }) => command !== NOTHING).length;
  }

  /** Whether `command` is committed. */
  isCommitted(command: string): boolean {
    return this._committed.some((entry) => entry.command === command);
  }

  /** A node won an election: no other node may have won it. */
  elected(node: string, term: number): void {
    const other = this._leaders.get(term) ?? node;
    if (other !== node) {
      this._violation ??= `${node} and ${other} both lead term ${term}`;
    }
    this._leaders.set(term, node);
  }

  /** A node learned that `entry` is committed at `index`, counted from 1: no other node may have learned otherwise. */
  committed(node: string, index: number, entry: Entry): void {
    const known = this._committed[index - 1] ?? entry;
    if (known.term !== entry.term || known.command !== entry.command) {
      this._violation ??= `${node} commits ${JSON.stringify(entry)} at ${index}, others ${JSON.stringify(known)}`;
    }
    this._committed[index - 1] = entry;
  }
}
