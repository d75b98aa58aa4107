/** Bytes of a stamp that are copied at once. */
const STEP = 8;
const ZERO = 0x30;
export const TEN_THOUSAND = 10_000;
const HUNDRED_MILLION = 100_000_000;

const encoder = new TextEncoder();

/** The digits of 0000 to 9999, four characters in a word: made when first needed, for most runs need none. */
function fourDigitsTable(): Int32Array {
  const digit = (n: number, power: number): number => ZERO + (Math.floor(n / power) % 10);
  return Int32Array.from(
    { length: TEN_THOUSAND },
    (_, n) => digit(n, 1000) | (digit(n, 100) << 8) | (digit(n, 10) << 16) | (digit(n, 1) << 24),
  );
}

let sharedTable: Int32Array | null = null;

/** A piece of text that is written often. */
export class Stamp {
  /** @internal */
  _view = new DataView(new ArrayBuffer(STEP));
  /** @internal */
  _length = 0;

  constructor(text = "") {
    this.set(text);
  }

  /** Change the text. */
  set(text: string): void {
    const bytes = encoder.encode(text);
    this._reserve(bytes.length);
    for (const [i, byte] of bytes.entries()) {
      this._view.setUint8(i, byte);
    }
    this._length = bytes.length;
  }

  /** @internal */
  _reserve(length: number): void {
    if (length > this._view.byteLength) {
      this._view = new DataView(new ArrayBuffer(Math.ceil(length / STEP) * STEP));
    }
  }
}

/**
 * Writes text, most of it ASCII, into an array of bytes, quickly: eight characters at a time, and no strings on the
 * way.
 *
 * The eight travel as a double. That is safe: neither ASCII nor UTF-8 ever makes a NaN, whose bits an engine may
 * change, as no two of their bytes are F0 or more and 7F or FF, one after the other.
 */
export class AsciiWriter {
  /** Bytes written. */
  length = 0;
  private readonly _bytes: Uint8Array;
  private readonly _view: DataView;
  private readonly _fourDigits: Int32Array;

  /** @param size - Bytes; all that is written must fit, with eight to spare. */
  constructor(size: number) {
    this._bytes = new Uint8Array(size);
    this._view = new DataView(this._bytes.buffer);
    sharedTable ??= fourDigitsTable();
    this._fourDigits = sharedTable;
  }

  /** Bytes that are free. */
  get room(): number {
    return this._bytes.length - this.length;
  }

  /** What was written: a view, which later writing may change. */
  bytes(): Uint8Array {
    return this._bytes.subarray(0, this.length);
  }

  /** Make a stamp of what was written from `start` on. */
  copyTo(stamp: Stamp, start: number): void {
    const length = this.length - start;
    stamp._reserve(length);
    stamp._length = length;
    for (let i = 0; i < length; i++) {
      stamp._view.setUint8(i, this._bytes[start + i]!);
    }
  }

  stamp(stamp: Stamp): void {
    const view = this._view;
    const source = stamp._view;
    const end = stamp._length;
    const at = this.length;
    for (let i = 0; i < end; i += STEP) {
      view.setFloat64(at + i, source.getFloat64(i, true), true);
    }
    this.length = at + end;
  }

  text(text: string): void {
    for (let i = 0; i < text.length; i++) {
      this._bytes[this.length++] = text.charCodeAt(i);
    }
  }

  /** Any text, in UTF-8. */
  encode(text: string): void {
    this.length += encoder.encodeInto(text, this._bytes.subarray(this.length)).written;
  }

  /** A whole number that is not negative, in decimal. */
  integer(value: number): void {
    if (value > 0x7fffffff) {
      this.text(String(value));
      return;
    }
    let rest = value | 0;
    if (rest >= HUNDRED_MILLION) {
      const upper = (rest / HUNDRED_MILLION) | 0;
      this._upToFourDigits(upper);
      rest = (rest - upper * HUNDRED_MILLION) | 0;
      const middle = (rest / TEN_THOUSAND) | 0;
      this.fourDigits(middle);
      this.fourDigits((rest - middle * TEN_THOUSAND) | 0);
    } else if (rest >= TEN_THOUSAND) {
      const upper = (rest / TEN_THOUSAND) | 0;
      this._upToFourDigits(upper);
      this.fourDigits((rest - upper * TEN_THOUSAND) | 0);
    } else {
      this._upToFourDigits(rest);
    }
  }

  /** The last four digits of a number: 0042. */
  fourDigits(value: number): void {
    this._view.setInt32(this.length, this._fourDigits[value]!, true);
    this.length += 4;
  }

  private _upToFourDigits(value: number): void {
    const count = value < 100 ? (value < 10 ? 1 : 2) : value < 1000 ? 3 : 4;
    this._view.setInt32(this.length, this._fourDigits[value]! >>> ((4 - count) << 3), true);
    this.length += count;
  }

  /** A number as JSON writes it. */
  number(value: number): void {
    if (Number.isSafeInteger(value) && value >= 0) {
      this.integer(value);
    } else {
      this.text(JSON.stringify(value));
    }
  }
}
