import { LOW, NUMBERS, scratchFloat, scratchWords, TAG_BITS, WIDE } from "./event-codes.ts";
import { Murmur3 } from "./murmur3.ts";

/** Room that is left at the start of every event, enough for one without texts and notes. */
const HEADROOM = 32;
const FIRST_SIZE = 128;
const FULL_SIZE = 8192;

/** Takes the first `length` of `words`, which hold whole events. It must not keep the array. */
export type WordConsumer = (words: Int32Array, length: number) => void;

/**
 * Collects the words of events, hashes them, and passes them on block by block.
 *
 * Invariant: between two events at least `HEADROOM` words are free.
 */
export class WordStream {
  private _words = new Int32Array(FIRST_SIZE);
  private _length = 0;
  private _limit = FIRST_SIZE - HEADROOM;
  private readonly _hash = new Murmur3();
  private _digest: string | null = null;
  private readonly _consumer: WordConsumer | null;

  constructor(consumer: WordConsumer | null) {
    this._consumer = consumer;
  }

  /** Begin an event with a tagged word. */
  begin(tag: number, number: number): void {
    if (this._length >= this._limit) {
      this._makeRoom();
    }
    if (number < NUMBERS) {
      this._words[this._length++] = tag | (number << TAG_BITS);
    } else {
      this.tagged(tag, number);
    }
  }

  /** Add a tagged word. */
  tagged(tag: number, number: number): void {
    if (number >= NUMBERS) {
      this._words[this._length++] = WIDE | (Math.floor(number / NUMBERS) << TAG_BITS);
      this._words[this._length++] = tag | ((number % NUMBERS) << TAG_BITS);
    } else {
      this._words[this._length++] = tag | (number << TAG_BITS);
    }
  }

  /** Add a word. */
  word(word: number): void {
    this._words[this._length++] = word;
  }

  /** Add a double. Zero has no sign here. */
  float(value: number): void {
    scratchFloat[0] = value + 0;
    const words = this._words;
    const length = this._length;
    words[length] = scratchWords[LOW] as number;
    words[length + 1] = scratchWords[1 - LOW] as number;
    this._length = length + 2;
  }

  /** Add a text. */
  text(text: string): void {
    const units = text.length;
    this._reserve((units >> 1) + 2);
    const words = this._words;
    let length = this._length;
    words[length++] = units;
    for (let i = 0; i + 1 < units; i += 2) {
      words[length++] = text.charCodeAt(i) | (text.charCodeAt(i + 1) << 16);
    }
    if ((units & 1) === 1) {
      words[length++] = text.charCodeAt(units - 1);
    }
    this._length = length;
  }

  /** Make sure that `count` words and the next event's head have room. */
  _reserve(count: number): void {
    const needed = this._length + count + HEADROOM;
    if (needed > this._words.length) {
      this._resize(Math.max(needed, this._words.length * 2));
    }
  }

  /** Hash and pass on what there is. Only between two events. */
  flush(): void {
    if (this._length > 0) {
      this._hash.update(this._words, this._length);
      this._consumer?.(this._words, this._length);
      this._length = 0;
      this._digest = null;
    }
  }

  /** The hash of everything so far, as 32 hexadecimal digits. Only between two events. */
  digest(): string {
    this.flush();
    this._digest ??= this._hash.digest();
    return this._digest;
  }

  /** A young stream grows, for most runs are short; a grown one is emptied. */
  private _makeRoom(): void {
    if (this._words.length < FULL_SIZE) {
      this._resize(this._words.length * 4);
    } else {
      this.flush();
    }
  }

  private _resize(size: number): void {
    const words = new Int32Array(size);
    words.set(this._words);
    this._words = words;
    this._limit = size - HEADROOM;
  }
}
