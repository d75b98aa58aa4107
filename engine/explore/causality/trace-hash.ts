import type { ExecutionRecord } from "../schedule/execution-record.ts";
import type { SharedObject } from "../schedule/names.ts";

/** Takes part in a conflict with every other step, when nothing says what steps touch. */
const EVERYTHING = -1;

const UNWRITTEN = 1;

const mix = (a: number, b: number): number => {
  const h = Math.imul(a ^ (a >>> 15) ^ b, 0x85ebca6b);
  return Math.imul(h ^ (h >>> 13), 0xc2b2ae35) ^ b;
};

/**
 * Two lanes of hashes: of the last write to an object, and of the commuting changes since.
 *
 * Reads leave nothing behind: what a read saw says which writes and changes came before it, and so which came after.
 */
interface ObjectState {
  write: number;
  write2: number;
  changes: number;
  changes2: number;
}

/**
 * A number for the Mazurkiewicz trace of a run: runs in which the same steps touch the same things in the same order
 * have the same one, in every process, whatever else was exchanged.
 *
 * @param isLabelled - Whether the accesses in the record are all there are; if not, every step counts as touching the
 * same thing.
 */
export function traceHash(record: ExecutionRecord, isLabelled: boolean): number {
  const { length, names, firstAccess, objects, accesses, choices } = record;
  const states = new Map<SharedObject | typeof EVERYTHING, ObjectState>();
  let sum = 0;
  let sum2 = 0;
  let choice = 0;
  for (let step = 0; step < length; step++) {
    const name = names[step]!;
    if (name.isRing) {
      continue; // It touches nothing: whom it wakes runs in a step of its own, or has been cancelled.
    }
    let { hash, hash2 } = name;
    for (; choice < choices.length && (choices[choice] as { step: number }).step <= step; choice++) {
      const { taken } = choices[choice] as { taken: number };
      hash = mix(hash, taken + 1);
      hash2 = mix(hash2, taken + 77);
    }
    const first = firstAccess[step]!;
    const end = firstAccess[step + 1]!;
    for (let i = first; i < end; i++) {
      const state = stateOf(states, objects[i]!);
      if (accesses[i] === "c") {
        hash = mix(hash, state.write);
        hash2 = mix(hash2, state.write2);
      } else if (accesses[i] === "w" || state.write !== UNWRITTEN || state.changes !== 0) {
        // To read what was never written is as good as not to touch it.
        hash = mix(hash, state.write + state.changes);
        hash2 = mix(hash2, state.write2 ^ state.changes2);
      }
    }
    const isCommon = !(isLabelled || name.isInternal);
    if (isCommon) {
      const state = stateOf(states, EVERYTHING);
      hash = mix(hash, state.write);
      hash2 = mix(hash2, state.write2);
      state.write = hash;
      state.write2 = hash2;
    }
    for (let i = first; i < end; i++) {
      const state = stateOf(states, objects[i]!);
      if (accesses[i] === "w") {
        state.write = hash;
        state.write2 = hash2;
        state.changes = 0;
        state.changes2 = 0;
      } else if (accesses[i] === "c") {
        state.changes = (state.changes + hash) | 0;
        state.changes2 = (state.changes2 + hash2) | 0;
      }
    }
    sum = (sum + mix(hash, 1)) | 0;
    sum2 = (sum2 + mix(hash2, 2)) | 0;
  }
  return (sum >>> 0) * 0x100000 + (sum2 & 0xfffff);
}

function stateOf(
  states: Map<SharedObject | typeof EVERYTHING, ObjectState>,
  key: SharedObject | typeof EVERYTHING,
): ObjectState {
  let state = states.get(key);
  if (state === undefined) {
    state = { write: UNWRITTEN, write2: UNWRITTEN, changes: 0, changes2: 0 };
    states.set(key, state);
  }
  return state;
}

/** A number for the order of the steps of a run, whatever they touch. */
export function orderHash(record: ExecutionRecord): number {
  let a = 1;
  let b = 2;
  for (let step = 0; step < record.length; step++) {
    const { hash, hash2 } = record.names[step] as { hash: number; hash2: number };
    a = mix(a, hash);
    b = mix(b, hash2);
  }
  for (const { taken } of record.choices) {
    a = mix(a, taken + 1);
  }
  return (a >>> 0) * 0x100000 + (b & 0xfffff);
}
