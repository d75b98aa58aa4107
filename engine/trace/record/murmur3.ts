const C1 = 0x239b961b;
const C2 = 0xab0e9789 | 0;
const C3 = 0x38b34ae5;
const C4 = 0xa1e38b93 | 0;

/** Words of a block. */
const BLOCK = 4;

/** The final mix: every bit of `h` has a say in every bit of the result. */
function finalMix(hash: number): number {
  let h = hash;
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return h ^ (h >>> 16);
}

const rotate = (x: number, bits: number): number => (x << bits) | (x >>> (32 - bits));

const hex = (word: number): string => (word >>> 0).toString(16).padStart(8, "0");

/**
 * A 128-bit hash of a stream of 32-bit words; quick, and not for secrets.
 *
 * The result does not depend on the pieces in which the words came.
 *
 * @see MurmurHash3_x86_128 by Austin Appleby, here for whole words in little-endian order only.
 */
export class Murmur3 {
  private _h1: number;
  private _h2: number;
  private _h3: number;
  private _h4: number;
  /** Words hashed; those in `_rest` not counted. */
  private _count = 0;
  private readonly _rest = new Int32Array(BLOCK);
  private _restLength = 0;

  constructor(seed = 0) {
    this._h1 = seed;
    this._h2 = seed;
    this._h3 = seed;
    this._h4 = seed;
  }

  /** Take in the first `length` words. */
  update(words: Int32Array, length: number): void {
    let start = 0;
    if (this._restLength > 0) {
      while (this._restLength < BLOCK && start < length) {
        this._rest[this._restLength++] = words[start++]!;
      }
      if (this._restLength < BLOCK) {
        return;
      }
      this._restLength = 0;
      this._mix(this._rest, 0, BLOCK);
    }
    const end = start + ((length - start) & ~(BLOCK - 1));
    this._mix(words, start, end);
    for (let i = end; i < length; i++) {
      this._rest[this._restLength++] = words[i]!;
    }
  }

  /** The hash of all words so far, as 32 hexadecimal digits. More words may follow. */
  digest(): string {
    const [k1 = 0, k2 = 0, k3 = 0] = this._rest;
    const size = (this._count + this._restLength) * 4;
    let h1 = this._h1;
    let h2 = this._h2;
    let h3 = this._h3;
    if (this._restLength >= 3) {
      h3 ^= Math.imul(rotate(Math.imul(k3, C3), 17), C4);
    }
    if (this._restLength >= 2) {
      h2 ^= Math.imul(rotate(Math.imul(k2, C2), 16), C3);
    }
    if (this._restLength >= 1) {
      h1 ^= Math.imul(rotate(Math.imul(k1, C1), 15), C2);
    }
    return finish(h1 ^ size, h2 ^ size, h3 ^ size, this._h4 ^ size);
  }

  private _mix(words: Int32Array, start: number, end: number): void {
    let h1 = this._h1;
    let h2 = this._h2;
    let h3 = this._h3;
    let h4 = this._h4;
    for (let i = start; i < end; i += BLOCK) {
      h1 ^= Math.imul(rotate(Math.imul(words[i]!, C1), 15), C2);
      h1 = (Math.imul((rotate(h1, 19) + h2) | 0, 5) + 0x561ccd1b) | 0;
      h2 ^= Math.imul(rotate(Math.imul(words[i + 1]!, C2), 16), C3);
      h2 = (Math.imul((rotate(h2, 17) + h3) | 0, 5) + 0x0bcaa747) | 0;
      h3 ^= Math.imul(rotate(Math.imul(words[i + 2]!, C3), 17), C4);
      h3 = (Math.imul((rotate(h3, 15) + h4) | 0, 5) + 0x96cd1c35) | 0;
      h4 ^= Math.imul(rotate(Math.imul(words[i + 3]!, C4), 18), C1);
      h4 = (Math.imul((rotate(h4, 13) + h1) | 0, 5) + 0x32ac3b17) | 0;
    }
    this._h1 = h1;
    this._h2 = h2;
    this._h3 = h3;
    this._h4 = h4;
    this._count += end - start;
  }
}

/** Stir the four lanes together. */
function finish(a: number, b: number, c: number, d: number): string {
  const first = (a + b + c + d) | 0;
  const h1 = finalMix(first);
  const h2 = finalMix((b + first) | 0);
  const h3 = finalMix((c + first) | 0);
  const h4 = finalMix((d + first) | 0);
  const last = (h1 + h2 + h3 + h4) | 0;
  return hex(last) + hex(h2 + last) + hex(h3 + last) + hex(h4 + last);
}
