/** Pieces are collected to blocks of about this many characters: a system call each would be slow. */
const BLOCK = 1 << 16;

/** `pieces`, put together to blocks that are worth a call each. */
export function* blocks(pieces: Iterable<string>): Generator<string, void, undefined> {
  let block = "";
  for (const piece of pieces) {
    block += piece;
    if (block.length >= BLOCK) {
      yield block;
      block = "";
    }
  }
  yield block;
}
