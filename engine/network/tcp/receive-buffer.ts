interface Piece {
  readonly start: number;
  readonly data: Uint8Array;
}

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
 * 2. the early pieces are sorted, do not overlap, and all begin behind `next`;
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
  private _early: Piece[] | null = null;

  /** @param next - Place of the first byte to come. */
  constructor(next: number) {
    this.next = next;
  }

  /** Whether pieces wait for what is missing before them. */
  get hasGap(): boolean {
    return this._early !== null;
  }

  /** Take in `data`, which begins at `start`. What is there already is left out. */
  insert(start: number, data: Uint8Array): void {
    if (data.length === 0) {
      return;
    }
    if (start > this.next) {
      this._insertEarly(start, data);
      return;
    }
    this._append(start < this.next ? data.subarray(this.next - start) : data);
    if (this._early !== null) {
      this._advance(this._early);
    }
  }

  /** Take up to `limit` bytes out, in order; none if there is none. */
  take(limit: number): Uint8Array {
    if (this.length === 0) {
      return NO_DATA;
    }
    const first = this._ready[this._head]!;
    if (this._taken === 0 && first.length === this.length && first.length <= limit) {
      this._forgetReady();
      return first;
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
    return pieces.length === 1 ? pieces[0]! : concatenate(pieces, count);
  }

  /** Forget everything. */
  clear(): void {
    this._forgetReady();
    this._early = null;
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

  /** Move the early pieces that are in order now. */
  private _advance(early: Piece[]): void {
    let used = 0;
    for (const { start, data } of early) {
      if (start > this.next) {
        break;
      }
      this._append(data.subarray(Math.min(data.length, this.next - start)));
      used++;
    }
    early.splice(0, used);
    if (early.length === 0) {
      this._early = null;
    }
  }

  private _insertEarly(start: number, data: Uint8Array): void {
    this._early ??= [];
    const early = this._early;
    let index = early.length;
    while (index > 0 && early[index - 1]!.start > start) {
      index--;
    }
    const before = early[index - 1];
    const from = before === undefined ? start : Math.max(start, before.start + before.data.length);
    let rest = data.subarray(Math.min(data.length, from - start));
    let place = from;
    while (rest.length > 0) {
      const after = early[index];
      const room = after === undefined ? rest.length : Math.max(0, after.start - place);
      if (room > 0) {
        const part = rest.subarray(0, room);
        early.splice(index, 0, { start: place, data: part });
        index++;
      }
      const skipped = after === undefined ? rest.length : after.start + after.data.length - place;
      rest = rest.subarray(Math.min(rest.length, skipped));
      place += skipped;
      index++;
    }
  }
}
