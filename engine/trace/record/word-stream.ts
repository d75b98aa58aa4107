import { LOW, NUMBERS, scratchFloat, scratchWords, TAG_BITS, WIDE } from "../event-codes.ts";
import { Murmur3 } from "./murmur3.ts";

/** Room that is left at the start of every event, enough for one without texts and notes. */
const HEADROOM = 32;
const FIRST_SIZE = 128;
const FULL_SIZE = 8192;
/**
 * Room that is left there once the stream has its full size: enough for most texts and notes, for which it would have
 * to grow in the middle of an event.
 */
const FULL_HEADROOM = 1024;

/** Takes the first `length` of `words`, which hold whole events. It must not keep the array. */
export type WordConsumer = (words: Int32Array, length: number) => void;

/**
 * Collects the words of events, hashes them, and passes them on block by block.
 *
 * Invariant: between two events at least `HEADROOM` words are free.
 */
export class WordStream {
  /** How often something was begun. */
  begun = 0;
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
    this.begun++;
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
    words[length] = scratchWords[LOW]!;
    words[length + 1] = scratchWords[1 - LOW]!;
    this._length = length + 2;
  }

  /** Add the words of `source` from `from` to `to`, which are whole events. */
  copy(source: Int32Array, from: number, to: number): void {
    const count = to - from;
    if (count === 0) {
      return;
    }
    while (this._length + count >= this._limit && this._words.length < FULL_SIZE) {
      this._makeRoom();
    }
    if (this._length + count >= this._limit) {
      this.flush();
      this._reserve(count);
    }
    this._words.set(source.subarray(from, to), this._length);
    this._length += count;
  }

  /** Add a string: four units a word if all are below 256, as in most texts, or else two. */
  text(text: string): void {
    const units = text.length;
    this._reserve((units >> 1) + 2);
    const words = this._words;
    const start = this._length;
    const whole = units & ~3;
    let length = start + 1;
    let all = 0;
    for (let i = 0; i < whole; i += 4) {
      const a = text.charCodeAt(i);
      const b = text.charCodeAt(i + 1);
      const c = text.charCodeAt(i + 2);
      const d = text.charCodeAt(i + 3);
      all |= a | b | c | d;
      words[length++] = a | (b << 8) | (c << 16) | (d << 24);
    }
    if (whole < units) {
      let last = 0;
      for (let i = whole; i < units; i++) {
        const unit = text.charCodeAt(i);
        all |= unit;
        last |= unit << ((i & 3) << 3);
      }
      words[length++] = last;
    }
    if (all > 0xff) {
      this._wideText(text);
      return;
    }
    words[start] = units << 1;
    this._length = length;
  }

  /** Add a string that has a character for each of `bytes`. */
  bytes(bytes: Uint8Array): void {
    const units = bytes.length;
    this._reserve((units >> 2) + 2);
    const words = this._words;
    const whole = units & ~3;
    let length = this._length;
    words[length++] = units << 1;
    for (let i = 0; i < whole; i += 4) {
      words[length++] = bytes[i]! | (bytes[i + 1]! << 8) | (bytes[i + 2]! << 16) | (bytes[i + 3]! << 24);
    }
    if (whole < units) {
      let last = 0;
      for (let i = whole; i < units; i++) {
        last |= bytes[i]! << ((i & 3) << 3);
      }
      words[length++] = last;
    }
    this._length = length;
  }

  private _wideText(text: string): void {
    const units = text.length;
    const words = this._words;
    let length = this._length;
    words[length++] = (units << 1) | 1;
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
      if (this._words.length > FULL_SIZE) {
        this._resize(FULL_SIZE);
      }
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
      this._resize(Math.min(this._words.length * 4, FULL_SIZE));
    } else {
      this.flush();
    }
  }

  private _resize(size: number): void {
    const words = new Int32Array(size);
    words.set(this._words.subarray(0, this._length));
    this._words = words;
    this._limit = size - (size < FULL_SIZE ? HEADROOM : FULL_HEADROOM);
  }
}
