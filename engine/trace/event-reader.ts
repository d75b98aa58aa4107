import {
  CLOCK,
  CREATE,
  CREATE_ON,
  LOW,
  NUMBERS,
  OUTSIDE,
  RUN,
  STEP,
  SYMBOL,
  scratchFloat,
  scratchWords,
  TAG_BITS,
  TAG_MASK,
  WIDE,
} from "./event-codes.ts";

/** Words of a text that are turned into characters at once. */
const TEXT_PIECE = 4096;

/**
 * Reads the canonical form of a run (see event-codes.ts), event by event.
 *
 * `next` reads the head of an event and with it `tag`, `id`, `time` and `by`; what else the event has must then be read before the next one.
 */
export class EventReader {
  /** Number of the event, from 1. */
  seq = 0;
  /** Code of the event. */
  tag = 0;
  /** The number in its head. */
  id = 0;
  /** Virtual time in seconds. */
  time = 0;
  /** Who is at work: the task or handle that ran last, 0 since the clock moved or the outside acted. */
  by = 0;

  private _words: Int32Array = new Int32Array(0);
  private _at = 0;
  private _length = 0;
  private readonly _symbols: string[] = [];

  /** Go on with the first `length` of `words`, which hold whole events. */
  load(words: Int32Array, length: number): void {
    this._words = words;
    this._at = 0;
    this._length = length;
  }

  /** Go to the next event; false at the end of what was loaded. */
  next(): boolean {
    for (;;) {
      if (this._at >= this._length) {
        return false;
      }
      const id = this.tagged();
      if (this.tag === SYMBOL) {
        this._symbols.push(this.text());
      } else if (this.tag === OUTSIDE) {
        this.by = 0;
      } else {
        this.id = id;
        break;
      }
    }
    this.seq++;
    if (this.tag === STEP || this.tag === RUN) {
      this.by = this.id;
    } else if (this.tag === CLOCK) {
      this.time = this.float();
      this.by = 0;
    }
    return true;
  }

  /** Whether the event is the creation of a task. */
  get isCreation(): boolean {
    return this.tag === CREATE || this.tag === CREATE_ON;
  }

  /** Read a word. */
  word(): number {
    return this._words[this._at++] as number;
  }

  /** Read a tagged word: gives the number, and sets `tag`. */
  tagged(): number {
    const word = this._words[this._at++] as number;
    const tag = word & TAG_MASK;
    if (tag !== WIDE) {
      this.tag = tag;
      return word >>> TAG_BITS;
    }
    const lower = this._words[this._at++] as number;
    this.tag = lower & TAG_MASK;
    return (word >>> TAG_BITS) * NUMBERS + (lower >>> TAG_BITS);
  }

  /** Read a double. */
  float(): number {
    scratchWords[LOW] = this.word();
    scratchWords[1 - LOW] = this.word();
    return scratchFloat[0] as number;
  }

  /** Read a text. */
  text(): string {
    const units = this.word();
    const end = this._at + ((units + 1) >> 1);
    let text = "";
    while (this._at < end) {
      const piece: number[] = [];
      for (const stop = Math.min(end, this._at + TEXT_PIECE); this._at < stop; ) {
        const word = this.word();
        piece.push(word & 0xffff, word >>> 16);
      }
      text += String.fromCharCode(...piece);
    }
    return (units & 1) === 1 ? text.slice(0, -1) : text;
  }

  /** The text of a symbol. */
  symbol(number: number): string {
    return this._symbols[number] as string;
  }
}
