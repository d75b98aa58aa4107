import {
  ACQUIRED,
  CHOSEN,
  CLOCK,
  CREATE,
  CREATE_ON,
  DRAWN,
  END,
  FAILED_OUTCOME,
  INTEGER,
  JUMP,
  LOW,
  NAME,
  NOTE,
  NUMBER,
  NUMBERS,
  OTHER_SYMBOL,
  OUTSIDE,
  PRINT,
  RELEASED,
  RUN,
  SCHEDULE_ON,
  STEP,
  SYMBOL,
  scratchFloat,
  scratchWords,
  TAG_BITS,
  TAG_MASK,
  TEXT,
  TIMER,
  TIMER_ON,
  WAIT,
  WAITED,
  WIDE,
} from "../event-codes.ts";

/** UTF-16 units of a string that are turned into characters at once; they fill whole words. */
const TEXT_PIECE = 4096;

/**
 * Reads the canonical form of a run (see event-codes.ts), event by event.
 *
 * `next` reads the head of an event and with it `tag`, `id`, `time` and `by`; what else the event has must then be read
 * before the next one.
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
  /** UTF-16 units of the longest symbol so far. */
  longestSymbol = 0;
  /** Where in the loaded words the event begins. */
  head = 0;

  private _words: Int32Array = new Int32Array(0);
  /** Where what stands behind the head of the event begins. */
  private _payload = 0;
  private _tag = 0;
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
      this.head = this._at;
      const id = this.tagged();
      if (this.tag === SYMBOL) {
        const symbol = this.text();
        this._symbols.push(symbol);
        this.longestSymbol = Math.max(this.longestSymbol, symbol.length);
      } else if (this.tag === OUTSIDE) {
        this.by = 0;
      } else if (this.tag === JUMP) {
        this.seq = id;
        this.time = this.float();
        this.by = this.float();
      } else {
        this.id = id;
        break;
      }
    }
    this.seq++;
    this._tag = this.tag;
    if (this.tag === STEP || this.tag === RUN) {
      this.by = this.id;
    } else if (this.tag === CLOCK) {
      this.time = this.float();
      this.by = 0;
    }
    this._payload = this._at;
    return true;
  }

  /** Where in the loaded words the reader is. */
  get at(): number {
    return this._at;
  }

  /** Go back to what stands behind the head of the event. */
  rewind(): void {
    this._at = this._payload;
    this.tag = this._tag;
  }

  /** Go to the end of the event from what stands behind its head. */
  skip(): void {
    switch (this.tag) {
      case CREATE:
        this._skipText();
        break;
      case CREATE_ON:
        this._skipText();
        this._skipText();
        break;
      case WAIT:
        this._skipSymbolTagged();
        break;
      case END:
        if (this.word() === FAILED_OUTCOME) {
          this._skipText();
          this._skipText();
        }
        break;
      case SCHEDULE_ON:
        this._at++;
        break;
      case TIMER_ON:
        this._at += 3;
        break;
      case TIMER:
      case DRAWN:
      case CHOSEN:
        this._at += 2;
        break;
      case PRINT:
        this._skipText();
        break;
      case WAITED:
      case ACQUIRED:
      case RELEASED:
        this._skipSymbolTagged();
        this._at++;
        break;
      case NOTE:
        this._skipEntries();
        break;
      default:
    }
    this.tag = this._tag;
  }

  private _skipText(): void {
    const head = this.word();
    const units = head >>> 1;
    this._at += (head & 1) === 0 ? (units + 3) >>> 2 : (units + 1) >>> 1;
  }

  private _skipSymbolTagged(): void {
    this.tagged();
    if (this.tag === OTHER_SYMBOL) {
      this._at++;
    }
  }

  private _skipEntries(): void {
    for (let left = this.word(); left > 0; left--) {
      this.tagged();
      if (this.tag === TEXT) {
        this._skipText();
      } else {
        this._at += this.tag === NUMBER ? 2 : this.tag === INTEGER || this.tag === NAME ? 1 : 0;
      }
    }
  }

  /** Whether the event is the creation of a task. */
  get isCreation(): boolean {
    return this.tag === CREATE || this.tag === CREATE_ON;
  }

  /** Read a word. */
  word(): number {
    return this._words[this._at++]!;
  }

  /** Read a tagged word. @returns Its number; `tag` is set. */
  tagged(): number {
    const word = this._words[this._at++]!;
    const tag = word & TAG_MASK;
    if (tag !== WIDE) {
      this.tag = tag;
      return word >>> TAG_BITS;
    }
    const lower = this._words[this._at++]!;
    this.tag = lower & TAG_MASK;
    return (word >>> TAG_BITS) * NUMBERS + (lower >>> TAG_BITS);
  }

  /** Read a double. */
  float(): number {
    scratchWords[LOW] = this.word();
    scratchWords[1 - LOW] = this.word();
    return scratchFloat[0]!;
  }

  /** Read a string. */
  text(): string {
    const head = this.word();
    const units = head >>> 1;
    const bits = (head & 1) === 0 ? 8 : 16;
    const mask = (1 << bits) - 1;
    let text = "";
    while (text.length < units) {
      const piece: number[] = [];
      for (const stop = Math.min(units - text.length, TEXT_PIECE); piece.length < stop; ) {
        const word = this.word();
        for (let shift = 0; shift < 32 && piece.length < stop; shift += bits) {
          piece.push((word >>> shift) & mask);
        }
      }
      text += String.fromCharCode(...piece);
    }
    return text;
  }

  /** The text of a symbol. */
  symbol(number: number): string {
    return this._symbols[number]!;
  }
}
