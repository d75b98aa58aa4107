import { LadderQueue } from "../base/ladder-queue.ts";
import type { Chained } from "../base/rung.ts";

/** Something that the network does at an instant. */
export interface Occurrence {
  /** @internal Whether the entry at `when` still counts; asked before time moves there. */
  _isDueAt(when: number): boolean;
  /** @internal It happens. */
  _happen(now: number): void;
}

/** An occurrence in the agenda, where it may stand more than once. */
class Entry implements Chained {
  _due: number;
  _behind: Chained | null = null;
  readonly occurrence: Occurrence;

  constructor(due: number, occurrence: Occurrence) {
    this._due = due;
    this.occurrence = occurrence;
  }
}

/** What is to happen in the network, by time; what was planned first comes first among equals. */
export class Agenda {
  private readonly _entries = new LadderQueue<Entry>();

  /**
   * The instant of the next occurrence; `Infinity` when there is none. Entries that were given up are dropped on the
   * way.
   */
  nextTime(): number {
    for (;;) {
      const when = this._entries.headWhen;
      if (when === Number.POSITIVE_INFINITY || this._entries.peek()!.occurrence._isDueAt(when)) {
        return when;
      }
      this._entries.pop();
    }
  }

  /** Plan `occurrence` for `when`. */
  add(when: number, occurrence: Occurrence): void {
    this._entries.push(new Entry(when, occurrence));
  }

  /** Take what is due next, no later than `now`; `null` when there is nothing more. */
  takeDue(now: number): Occurrence | null {
    while (this._entries.headWhen <= now) {
      const when = this._entries.headWhen;
      const { occurrence } = this._entries.pop()!;
      if (occurrence._isDueAt(when)) {
        return occurrence;
      }
    }
    return null;
  }
}

/**
 * A timer of the network that is set anew all the time, as TCP's are: moving it back costs a store, not an entry in the
 * heap.
 *
 * Invariant: when `deadline` is finite, the agenda has an entry at `_entryAt`, which is not later than `deadline`.
 */
export class Alarm implements Occurrence {
  /** When it is due; `Infinity` when it is not set. */
  deadline = Number.POSITIVE_INFINITY;
  private _entryAt = Number.POSITIVE_INFINITY;
  private readonly _agenda: Agenda;
  private readonly _ring: (now: number) => void;

  constructor(agenda: Agenda, ring: (now: number) => void) {
    this._agenda = agenda;
    this._ring = ring;
  }

  /** Set it to `deadline`; `Infinity` cancels it. */
  set(deadline: number): void {
    this.deadline = deadline;
    if (deadline < this._entryAt) {
      this._entryAt = deadline;
      this._agenda.add(deadline, this);
    }
  }

  /** @internal */
  _isDueAt(when: number): boolean {
    if (this.deadline === when) {
      return true;
    }
    if (this._entryAt === when) {
      this._entryAt = Number.POSITIVE_INFINITY;
      this.set(this.deadline);
    }
    return false;
  }

  /** @internal */
  _happen(now: number): void {
    this.deadline = Number.POSITIVE_INFINITY;
    this._entryAt = Number.POSITIVE_INFINITY;
    this._ring(now);
  }
}
