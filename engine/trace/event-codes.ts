/**
 * The canonical binary form of a run: a stream of 32-bit words, over which the digest is taken, and which a full trace keeps.
 *
 * A *tagged* word holds a code in its low five bits and a number in the other 27; a larger number is split, its upper part in a word
 * tagged {@link WIDE} before it. A text is its length and its UTF-16 units, two a word. A time is an IEEE double, low word first.
 * Each event is a tagged word and what its code demands:
 *
 * | code | number | followed by |
 * | --- | --- | --- |
 * | SYMBOL | the symbol's number, from 0 | its text; this is no event, it precedes the first that uses the symbol |
 * | OUTSIDE | 0 | this is no event either: nobody does what comes next, until the next STEP or RUN |
 * | CLOCK | 0 | the time |
 * | CREATE | task | its name |
 * | CREATE_ON | task | its name, and the name of its host |
 * | WAKE, STEP, YIELD | task | |
 * | WAIT | task | a word tagged with the symbol of what is awaited, and its number; from OTHER_SYMBOL on a word with the symbol follows |
 * | END | task | a word: 0 finished, 1 cancelled, 2 failed, which the name and the message of the error follow |
 * | SCHEDULE, CANCEL, RUN | handle | |
 * | TIMER | handle | the time it is due |
 * | PRINT | 0 | the text |
 * | NOTE | the symbol of its kind | the number of its entries; for each a word tagged TRUE, FALSE, NUMBER or TEXT with the symbol of its key, and the value |
 */

export const SYMBOL = 1;
export const CLOCK = 2;
export const CREATE = 3;
export const WAKE = 4;
export const STEP = 5;
export const WAIT = 6;
export const END = 7;
export const SCHEDULE = 8;
export const TIMER = 9;
export const CANCEL = 10;
export const RUN = 11;
export const PRINT = 12;
export const NOTE = 13;
export const YIELD = 14;
export const CREATE_ON = 15;
export const OUTSIDE = 16;
export const WIDE = 31;

/** How entries of a note are tagged. */
export const FALSE = 1;
export const TRUE = 2;
export const NUMBER = 3;
export const TEXT = 4;

/** A symbol from this number on does not fit into a tag. */
export const OTHER_SYMBOL = 30;

export const TAG_BITS = 5;
export const TAG_MASK = (1 << TAG_BITS) - 1;
/** The first number that a tagged word cannot hold. */
export const NUMBERS = 2 ** (32 - TAG_BITS);

/** How a task may end, by code. */
export const OUTCOMES = ["finished", "cancelled", "failed"] as const;

/** Two words and the double that they are; `LOW` is the index of the lower word on this machine. */
export const scratchFloat = new Float64Array(1);
export const scratchWords = new Int32Array(scratchFloat.buffer);
scratchFloat[0] = 1;
export const LOW = scratchWords[0] === 0 ? 0 : 1;
