import { Murmur3 } from "../trace/record/murmur3.ts";

const BITS = 128n;

/**
 * A digest of many runs: the sum, modulo 2^128, of a hash of each run's setting, seed and digest.
 *
 * A sum does not depend on how the runs are grouped into jobs, nor on the order in which jobs end.
 */
export class DigestSum {
  private _sum: bigint;

  /** @param text - What {@link toString} returned; empty for no runs. */
  constructor(text = "") {
    this._sum = text === "" ? 0n : BigInt(`0x${text}`);
  }

  /** Add a run. */
  addRun(setting: number, seed: number, digest: string): void {
    const words = new Int32Array(3 + digest.length / 8);
    words.set([setting, seed | 0, Math.floor(seed / 0x1_0000_0000)]);
    for (let i = 3; i < words.length; i++) {
      words[i] = Number.parseInt(digest.slice((i - 3) * 8, (i - 2) * 8), 16);
    }
    const hash = new Murmur3();
    hash.update(words, words.length);
    this._sum = BigInt.asUintN(Number(BITS), this._sum + BigInt(`0x${hash.digest()}`));
  }

  /** Add the runs of another sum. */
  merge(other: DigestSum): void {
    this._sum = BigInt.asUintN(Number(BITS), this._sum + other._sum);
  }

  /** 32 hexadecimal digits. */
  toString(): string {
    return this._sum.toString(16).padStart(32, "0");
  }
}
