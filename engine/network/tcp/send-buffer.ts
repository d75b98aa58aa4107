import { invariant } from "../../base/invariant.ts";

interface Chunk {
  /** Place of its first byte in the stream. */
  readonly start: number;
  readonly data: Uint8Array;
}

/**
 * What a connection was given to send and the other side has not acknowledged, by place in the stream.
 *
 * Bytes are copied once, when they come; segments are views of them wherever one write holds all that they need.
 *
 * Invariants:
 * 1. the chunks from `_first` on are adjacent and cover `start` up to, but without, `end`;
 * 2. `_cursor` is the index of a chunk, where the last read ended.
 */
export class SendBuffer {
  /** Place of the first byte that is kept. */
  start: number;
  /** Place behind the last byte. */
  end: number;
  private _chunks: Chunk[] = [];
  private _first = 0;
  private _cursor = 0;

  /** @param start - Place of the first byte to come. */
  constructor(start: number) {
    this.start = start;
    this.end = start;
  }

  /** How many bytes are kept. */
  get length(): number {
    return this.end - this.start;
  }

  /** Append the first `length` bytes of `data`, copied. */
  append(data: Uint8Array, length: number): void {
    this._chunks.push({ start: this.end, data: data.slice(0, length) });
    this.end += length;
  }

  /** Forget everything before `place`. */
  discardBefore(place: number): void {
    this.start = place;
    while (this._first < this._chunks.length) {
      const chunk = this._chunks[this._first]!;
      if (chunk.start + chunk.data.length > place) {
        break;
      }
      this._first++;
    }
    if (this._first === this._chunks.length) {
      this._chunks = [];
      this._first = 0;
    } else if (this._first > 32 && this._first * 2 > this._chunks.length) {
      this._chunks.splice(0, this._first);
      this._cursor = Math.max(0, this._cursor - this._first);
      this._first = 0;
    }
  }

  /** The `length` bytes from `place` on; all of them must be there. Not to be changed. */
  read(place: number, length: number): Uint8Array {
    let index = this._find(place);
    const chunk = this._chunks[index]!;
    const offset = place - chunk.start;
    if (offset + length <= chunk.data.length) {
      return offset === 0 && length === chunk.data.length ? chunk.data : chunk.data.subarray(offset, offset + length);
    }
    const joined = new Uint8Array(length);
    let filled = 0;
    while (filled < length) {
      const { start, data } = this._chunks[index++]!;
      const from = place + filled - start;
      const part = data.subarray(from, Math.min(data.length, from + length - filled));
      joined.set(part, filled);
      filled += part.length;
    }
    return joined;
  }

  /** Forget everything. */
  clear(): void {
    this._chunks = [];
    this._first = 0;
    this.start = this.end;
  }

  /** @internal @throws InvariantError if an invariant does not hold. */
  checkInvariants(): void {
    const chunks = this._chunks.slice(this._first);
    let place = chunks[0]?.start ?? this.end;
    invariant(place <= this.start && this.start <= this.end, "the chunks begin where what is kept begins, or before");
    for (const { start, data } of chunks) {
      invariant(start === place && data.length > 0, "the chunks are adjacent");
      place += data.length;
    }
    invariant(place === this.end, "the chunks cover what is kept");
    invariant(this._first <= this._chunks.length, "the first chunk is one of them");
  }

  /** The index of the chunk that holds `place`: mostly the one of the last read or the next. */
  private _find(place: number): number {
    let index = this._cursor;
    const guess = this._chunks[index];
    if (index < this._first || guess === undefined || guess.start > place) {
      index = this._first;
    }
    let chunk = this._chunks[index]!;
    while (chunk.start + chunk.data.length <= place) {
      chunk = this._chunks[++index]!;
    }
    this._cursor = index;
    return index;
  }
}
