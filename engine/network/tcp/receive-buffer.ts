import { invariant } from "../../base/invariant.ts";

/** Adjacent pieces that came too early. */
interface Run {
  start: number;
  end: number;
  readonly pieces: Uint8Array[];
}

/** How many runs are remembered for reports: as many as the options of a segment have room for. */
const REPORTED = 4;

const NO_DATA = new Uint8Array(0);

/** The pieces joined, `length` bytes in all. */
function concatenate(pieces: readonly Uint8Array[], length: number): Uint8Array {
  const joined = new Uint8Array(length);
  let filled = 0;
  for (const piece of pieces) {
    joined.set(piece, filled);
    filled += piece.length;
  }
  return joined;
}

/**
 * What a connection has received: bytes in order, for the program, and pieces that came too early.
 *
 * Invariants:
 * 1. `next` is the place behind the last byte in order;
 * 2. the early runs are sorted, neither overlap nor touch, and all begin behind `next`;
 * 3. of the pieces in order, those from `_head` on are still there, the first without its first `_taken` bytes.
 */
export class ReceiveBuffer {
  /** Place of the byte that is expected next. */
  next: number;
  /** How many bytes wait for the program. */
  length = 0;
  private _ready: Uint8Array[] = [];
  private _head = 0;
  private _taken = 0;
  private readonly _early: Run[] = [];
  /** Early runs to report, the one that grew last first. */
  private _recent: readonly Run[] = [];

  /** @param next - Place of the first byte to come. */
  constructor(next: number) {
    this.next = next;
  }

  /** Whether pieces wait for what is missing before them. */
  get hasGap(): boolean {
    return this._early.length > 0;
  }

  /** How many bytes came too early. */
  get earlyBytes(): number {
    return this._early.reduce((sum, { start, end }) => sum + end - start, 0);
  }

  /**
   * Start and end of up to `limit` early runs: first the one that grew last, then those that grew before.
   *
   * @see RFC 2018, section 4
   */
  earlyBlocks(limit: number): number[] {
    return this._recent.slice(0, limit).flatMap(({ start, end }) => [start, end]);
  }

  /** Take in `data`, which begins at `start`. What is there already is left out. @returns Whether any of it was new. */
  insert(start: number, data: Uint8Array): boolean {
    if (start + data.length <= this.next) {
      return false;
    }
    if (start > this.next) {
      return data.length > 0 && this._insertEarly(start, data);
    }
    this._append(start < this.next ? data.subarray(this.next - start) : data);
    if (this._early.length > 0) {
      this._advance();
    }
    return true;
  }

  /**
   * Take up to `limit` bytes out, in order; none if there are none. They are a copy: the program may change them, while
   * the sender
   * may have to send the same bytes again.
   */
  take(limit: number): Uint8Array {
    if (this.length === 0) {
      return NO_DATA;
    }
    const first = this._ready[this._head]!;
    if (this._taken === 0 && first.length === this.length && first.length <= limit) {
      this._forgetReady();
      return first.slice();
    }
    const count = Math.min(limit, this.length);
    const pieces: Uint8Array[] = [];
    for (let left = count; left > 0; ) {
      const part = this._takePart(left);
      pieces.push(part);
      left -= part.length;
    }
    this.length -= count;
    if (this.length === 0) {
      this._forgetReady();
    }
    return concatenate(pieces, count);
  }

  /** Forget everything. */
  clear(): void {
    this._forgetReady();
    this._early.length = 0;
    this._recent = [];
  }

  /** @internal @throws InvariantError if an invariant does not hold. */
  checkInvariants(): void {
    const lengthOf = (pieces: readonly Uint8Array[]): number => pieces.reduce((sum, { length }) => sum + length, 0);
    invariant(lengthOf(this._ready.slice(this._head)) - this._taken === this.length, "the count is that of the pieces");
    let last = this.next;
    for (const { start, end, pieces } of this._early) {
      invariant(last < start && start < end, "early runs ascend behind what is in order, and do not touch");
      invariant(lengthOf(pieces) === end - start, "the pieces of an early run fill it");
      last = end;
    }
    const isKnown = this._recent.every((run) => this._early.includes(run));
    invariant(isKnown && new Set(this._recent).size === this._recent.length, "what is reported is there, once");
  }

  private _takePart(limit: number): Uint8Array {
    const piece = this._ready[this._head]!;
    const from = this._taken;
    if (piece.length - from <= limit) {
      this._head++;
      this._taken = 0;
      if (this._head > 32 && this._head * 2 > this._ready.length) {
        this._ready.splice(0, this._head);
        this._head = 0;
      }
      return from === 0 ? piece : piece.subarray(from);
    }
    this._taken += limit;
    return piece.subarray(from, from + limit);
  }

  private _forgetReady(): void {
    this.length = 0;
    this._taken = 0;
    this._head = 0;
    if (this._ready.length === 1) {
      this._ready.pop();
    } else {
      this._ready = [];
    }
  }

  private _append(data: Uint8Array): void {
    if (data.length > 0) {
      this._ready.push(data);
      this.length += data.length;
      this.next += data.length;
    }
  }

  /** Move the early runs that are in order now. */
  private _advance(): void {
    const early = this._early;
    let used = 0;
    for (const { start, end, pieces } of early) {
      if (start > this.next) {
        break;
      }
      let place = start;
      for (const data of pieces) {
        const after = place + data.length;
        if (after > this.next) {
          this._append(data.subarray(Math.max(0, this.next - place)));
        }
        place = after;
      }
      invariant(this.next >= end, "an early run that is in order is received to its end");
      used++;
    }
    if (used > 0) {
      early.splice(0, used);
      this._recent = this._recent.filter(({ start }) => start > this.next);
    }
  }

  private _insertEarly(start: number, data: Uint8Array): boolean {
    const early = this._early;
    const end = start + data.length;
    let index = early.length;
    while (index > 0 && early[index - 1]!.end >= start) {
      index--;
    }
    let run = early[index];
    if (run === undefined || run.start > end) {
      run = { start, end, pieces: [data] };
      early.splice(index, 0, run);
    } else if (run.start <= start && run.end >= end) {
      return false;
    } else {
      this._extend(run, index, start, data);
    }
    this._recent = [run, ...this._recent.filter((other) => other !== run && early.includes(other))].slice(0, REPORTED);
    return true;
  }

  /**
   * Put the bytes of `data` that are missing into `run`, which they touch, and join it with the runs behind that they
   * reach.
   */
  private _extend(run: Run, index: number, start: number, data: Uint8Array): void {
    const end = start + data.length;
    if (start < run.start) {
      run.pieces.unshift(data.subarray(0, run.start - start));
      run.start = start;
    }
    for (;;) {
      const behind = this._early[index + 1];
      const until = Math.min(end, behind?.start ?? end);
      if (until > run.end) {
        run.pieces.push(data.subarray(run.end - start, until - start));
        run.end = until;
      }
      if (behind === undefined || behind.start > run.end) {
        return;
      }
      for (const piece of behind.pieces) {
        run.pieces.push(piece);
      }
      run.end = behind.end;
      this._early.splice(index + 1, 1);
    }
  }
}
