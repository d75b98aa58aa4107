/** A part of a file. */
export type Piece = string | Uint8Array;

/** Pieces are collected to blocks of about this many characters or bytes: a system call each would be slow. */
const BLOCK = 1 << 16;

/** `pieces`, put together to blocks that are worth a call each. All must be strings, or all bytes. */
export function* blocks(pieces: Iterable<Piece>): Generator<Piece, void, undefined> {
  let text = "";
  let bytes: Uint8Array[] = [];
  let size = 0;
  for (const piece of pieces) {
    if (typeof piece === "string") {
      text += piece;
    } else {
      bytes.push(piece);
    }
    size += piece.length;
    if (size >= BLOCK) {
      yield bytes.length > 0 ? Buffer.concat(bytes) : text;
      text = "";
      bytes = [];
      size = 0;
    }
  }
  if (size > 0) {
    yield bytes.length > 0 ? Buffer.concat(bytes) : text;
  }
}
