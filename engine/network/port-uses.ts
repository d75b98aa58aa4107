/** Linux's range of ephemeral ports. */
export const FIRST_EPHEMERAL = 32768;
export const LAST_EPHEMERAL = 60999;

const WORDS = Math.ceil((LAST_EPHEMERAL - FIRST_EPHEMERAL + 1) / 32);
const ALL = 0xffff_ffff;

/** How often each port of a host is used, by bindings and by connections, for one protocol. */
export class PortUses {
  private readonly _counts = new Map<number, number>();
  /** A bit for each ephemeral port that is used; made when it is first needed. */
  private _used: Uint32Array | null = null;

  /** One use of `port` more. */
  add(port: number): void {
    const count = this._counts.get(port) ?? 0;
    this._counts.set(port, count + 1);
    if (count === 0 && this._used !== null) {
      mark(this._used, port, true);
    }
  }

  /** One use of `port` less. */
  remove(port: number): void {
    const count = this._counts.get(port)! - 1;
    if (count > 0) {
      this._counts.set(port, count);
      return;
    }
    this._counts.delete(port);
    if (this._used !== null) {
      mark(this._used, port, false);
    }
  }

  /** The first ephemeral port from `port` on that is not used, round and round; `null` if there is none. */
  nextFree(port: number): number | null {
    this._used ??= this._bits();
    return freeFrom(this._used, port) ?? freeFrom(this._used, FIRST_EPHEMERAL);
  }

  private _bits(): Uint32Array {
    const bits = new Uint32Array(WORDS);
    for (const port of this._counts.keys()) {
      mark(bits, port, true);
    }
    return bits;
  }
}

function mark(bits: Uint32Array, port: number, isUsed: boolean): void {
  const index = port - FIRST_EPHEMERAL;
  if (port >= FIRST_EPHEMERAL && port <= LAST_EPHEMERAL) {
    const bit = 1 << (index & 31);
    bits[index >> 5] = isUsed ? bits[index >> 5]! | bit : bits[index >> 5]! & ~bit;
  }
}

/** The first port from `port` on whose bit is not set; `null` if all are. */
function freeFrom(bits: Uint32Array, port: number): number | null {
  const first = port - FIRST_EPHEMERAL;
  // What lies before `first` in its word counts as used.
  let used = bits[first >> 5]! | ((1 << (first & 31)) - 1);
  for (let word = first >> 5; word < WORDS; used = bits[++word]!) {
    if (used >>> 0 !== ALL) {
      const free = FIRST_EPHEMERAL + word * 32 + 31 - Math.clz32(~used & -~used);
      return free <= LAST_EPHEMERAL ? free : null;
    }
  }
  return null;
}
