import test from "ava";
import fc from "fast-check";
import { Murmur3 } from "./murmur3.ts";

/**
 * MurmurHash3_x86_128 byte by byte, straight from its author's C++ (MurmurHash3.cpp), which hashes any number of bytes;
 * with big integers, so that it shares no arithmetic with ours.
 */
function reference(bytes: Uint8Array, seed: number): Uint8Array {
  const mask = 0xffffffffn;
  const c = [0x239b961bn, 0xab0e9789n, 0x38b34ae5n, 0xa1e38b93n];
  const wordRotations = [15n, 16n, 17n, 18n];
  const laneRotations = [19n, 17n, 15n, 13n];
  const added = [0x561ccd1bn, 0x0bcaa747n, 0x96cd1c35n, 0x32ac3b17n];
  const rotate = (x: bigint, r: bigint): bigint => ((x << r) | (x >> (32n - r))) & mask;
  const scramble = (k: bigint, i: number): bigint =>
    (rotate((k * c[i]!) & mask, wordRotations[i]!) * c[(i + 1) % 4]!) & mask;
  const wordAt = (at: number): bigint => {
    let word = 0n;
    for (let i = 3; i >= 0; i--) {
      word = (word << 8n) | BigInt(bytes[at + i] ?? 0);
    }
    return word;
  };
  const h = [0, 1, 2, 3].map(() => BigInt(seed));
  const whole = bytes.length - (bytes.length % 16);
  for (let at = 0; at < whole; at += 16) {
    for (let i = 0; i < 4; i++) {
      let lane = h[i]! ^ scramble(wordAt(at + 4 * i), i);
      lane = rotate(lane, laneRotations[i]!) + h[(i + 1) % 4]!;
      h[i] = (lane * 5n + added[i]!) & mask;
    }
  }
  for (let i = 0; whole + 4 * i < bytes.length; i++) {
    h[i] = h[i]! ^ scramble(wordAt(whole + 4 * i), i);
  }
  const stir = (): void => {
    h[0] = h.reduce((a, b) => a + b) & mask;
    for (let i = 1; i < 4; i++) {
      h[i] = (h[i]! + (h[0] as bigint)) & mask;
    }
  };
  const finalMix = (x: bigint): bigint => {
    let k = ((x ^ (x >> 16n)) * 0x85ebca6bn) & mask;
    k = ((k ^ (k >> 13n)) * 0xc2b2ae35n) & mask;
    return k ^ (k >> 16n);
  };
  h.forEach((lane, i) => {
    h[i] = lane ^ BigInt(bytes.length);
  });
  stir();
  h.forEach((lane, i) => {
    h[i] = finalMix(lane);
  });
  stir();
  const result = new DataView(new ArrayBuffer(16));
  h.forEach((lane, i) => {
    result.setUint32(4 * i, Number(lane), true);
  });
  return new Uint8Array(result.buffer);
}

const hexOfLanes = (hash: Uint8Array): string => {
  const view = new DataView(hash.buffer);
  return [0, 4, 8, 12].map((at) => view.getUint32(at, true).toString(16).padStart(8, "0")).join("");
};

const hashInPieces = (pieces: readonly (readonly number[])[]): string => {
  const hash = new Murmur3();
  for (const piece of pieces) {
    hash.update(Int32Array.from(piece), piece.length);
  }
  return hash.digest();
};

test("Murmur3: the reference gives SMHasher's published verification value 0xB3ECE62A", (t) => {
  const keys = Uint8Array.from({ length: 256 }, (_, i) => i);
  const hashes = new Uint8Array(256 * 16);
  for (let i = 0; i < 256; i++) {
    hashes.set(reference(keys.subarray(0, i), 256 - i), i * 16);
  }
  t.is(new DataView(reference(hashes, 0).buffer).getUint32(0, true), 0xb3ece62a);
});

test("Murmur3: equals the reference on any words, in any pieces", (t) => {
  const word = fc.integer({ min: -(2 ** 31), max: 2 ** 31 - 1 });
  fc.assert(
    fc.property(fc.array(fc.array(word, { maxLength: 12 }), { maxLength: 6 }), (pieces) => {
      const bytes = new Uint8Array(Int32Array.from(pieces.flat()).buffer);
      t.is(hashInPieces(pieces), hexOfLanes(reference(bytes, 0)));
    }),
  );
});

test("Murmur3: taking the digest changes nothing", (t) => {
  const hash = new Murmur3();
  hash.update(Int32Array.of(1, 2, 3, 4, 5), 5);
  hash.digest();
  hash.update(Int32Array.of(6), 1);
  t.is(hash.digest(), hashInPieces([[1, 2, 3, 4, 5, 6]]));
});
