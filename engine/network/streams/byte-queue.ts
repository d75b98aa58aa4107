const INITIAL_CAPACITY = 256;
const NOTHING = new Uint8Array(0);

/**
 * Bytes in order, added at the end and taken from the front, in one piece of memory, so that they can be searched.
 *
 * Invariant: the bytes are those from `_start` up to, but without, `_end`.
 */
export class ByteQueue {
  private _bytes = NOTHING;
  private _start = 0;
  private _end = 0;

  get length(): number {
    return this._end - this._start;
  }

  /** Append a copy of `data`. */
  push(data: Uint8Array): void {
    if (this._end + data.length > this._bytes.length) {
      this._makeRoom(data.length);
    }
    this._bytes.set(data, this._end);
    this._end += data.length;
  }

  /** Take up to `count` bytes, in an array of their own. */
  take(count: number): Uint8Array {
    const end = Math.min(this._end, this._start + count);
    const taken = this._bytes.slice(this._start, end);
    this._start = end;
    if (this._start === this._end) {
      this._start = 0;
      this._end = 0;
    }
    return taken;
  }

  /** Forget everything. */
  clear(): void {
    this._start = 0;
    this._end = 0;
  }

  /** Where `pattern` begins at or behind `from`, counted from the front; -1 if nowhere. */
  indexOf(pattern: Uint8Array, from = 0): number {
    const bytes = this._bytes;
    const first = pattern[0]!;
    const last = this._end - pattern.length;
    for (let i = this._start + from; i <= last; i++) {
      i = bytes.indexOf(first, i);
      if (i < 0 || i > last) {
        return -1;
      }
      if (this._matches(pattern, i)) {
        return i - this._start;
      }
    }
    return -1;
  }

  /** Whether `pattern` stands at `offset`, counted from the front. */
  hasAt(pattern: Uint8Array, offset: number): boolean {
    return this._start + offset + pattern.length <= this._end && this._matches(pattern, this._start + offset);
  }

  private _matches(pattern: Uint8Array, at: number): boolean {
    for (let i = 0; i < pattern.length; i++) {
      if (this._bytes[at + i] !== pattern[i]) {
        return false;
      }
    }
    return true;
  }

  /** Move the bytes to the front, of a larger memory if they need it. */
  private _makeRoom(count: number): void {
    const { length } = this;
    if (length + count > this._bytes.length / 2) {
      const bytes = new Uint8Array(Math.max(INITIAL_CAPACITY, 2 * this._bytes.length, 2 * (length + count)));
      bytes.set(this._bytes.subarray(this._start, this._end));
      this._bytes = bytes;
    } else {
      this._bytes.copyWithin(0, this._start, this._end);
    }
    this._start = 0;
    this._end = length;
  }
}
