const N = 624;
const M = 397;

/**
 * The Mersenne Twister MT19937 (Matsumoto and Nishimura, 1998), seeded by an array as CPython seeds it.
 *
 * @see CPython `_randommodule.c`
 */
export class MersenneTwister {
  private readonly _state = new Uint32Array(N);
  private _index = N;

  /** @param key - Words of 32 bits, the least significant first; at least one. */
  constructor(key: readonly number[]) {
    const state = this._state;
    this._fill(19650218);
    let i = 1;
    let j = 0;
    for (let k = Math.max(N, key.length); k > 0; k--) {
      const previous = state[i - 1]!;
      state[i] = (state[i]! ^ Math.imul(previous ^ (previous >>> 30), 1664525)) + key[j]! + j;
      [i, j] = [i + 1, (j + 1) % key.length];
      if (i === N) {
        state[0] = state[N - 1]!;
        i = 1;
      }
    }
    for (let k = N - 1; k > 0; k--) {
      const previous = state[i - 1]!;
      state[i] = (state[i]! ^ Math.imul(previous ^ (previous >>> 30), 1566083941)) - i;
      i++;
      if (i === N) {
        state[0] = state[N - 1]!;
        i = 1;
      }
    }
    state[0] = 0x80000000;
  }

  /** The next 32 bits. */
  next(): number {
    if (this._index === N) {
      this._twist();
    }
    let y = this._state[this._index++]!;
    y ^= y >>> 11;
    y ^= (y << 7) & 0x9d2c5680;
    y ^= (y << 15) & 0xefc60000;
    return (y ^ (y >>> 18)) >>> 0;
  }

  private _fill(seed: number): void {
    const state = this._state;
    state[0] = seed;
    for (let i = 1; i < N; i++) {
      const previous = state[i - 1]!;
      state[i] = Math.imul(1812433253, previous ^ (previous >>> 30)) + i;
    }
  }

  private _twist(): void {
    const state = this._state;
    for (let i = 0; i < N; i++) {
      const y = (state[i]! & 0x80000000) | (state[(i + 1) % N]! & 0x7fffffff);
      state[i] = state[(i + M) % N]! ^ (y >>> 1) ^ (y & 1 ? 0x9908b0df : 0);
    }
    this._index = 0;
  }
}
