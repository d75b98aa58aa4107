/**
 * The canonical binary form of a run: a stream of 32-bit words, over which the digest is taken, and which a full trace
 * keeps.
 *
 * A *tagged* word holds a code in its low five bits and a number in the other 27; a larger number is split, its upper
 * part in a word tagged {@link WIDE} before it. A text is a word with its length in UTF-16 units in the upper 31 bits,
 * and then the units: four a word if all are below 256, or else, and then the lowest bit of the length's word is set,
 * two. A time is an IEEE double, low word first. Each event is a tagged word and what its code demands:
 *
 * | code | number | followed by |
 * | --- | --- | --- |
 * | SYMBOL | the symbol's number, from 0 | its string; not an event, it precedes the first that uses the symbol |
 * | OUTSIDE | 0 | not an event either: what follows has no actor, until the next STEP or RUN |
 * | CLOCK | 0 | the time |
 * | CREATE | task | its name |
 * | CREATE_ON | task | its name, and the name of its host |
 * | WAKE, STEP, YIELD | task | |
 * | WAIT | task | a word tagged with the symbol of what is awaited, and its number; from OTHER_SYMBOL on a word with the symbol follows |
 * | END | task | a word: 0 finished, 1 cancelled, 2 failed, which the name and the message of the error follow |
 * | SCHEDULE, CANCEL, RUN | handle | |
 * | SCHEDULE_ON | handle | the symbol of its host |
 * | TIMER | handle | the time it is due |
 * | TIMER_ON | handle | the same, and the symbol of its host |
 * | PRINT | 0 | the text |
 * | WAITED, ACQUIRED, RELEASED | primitive | a word tagged with the symbol of its kind, as in WAIT, and how many wait; a word: the items in it, -1 if it holds none |
 * | DRAWN | the symbol of the stream | the value |
 * | CHOSEN | the symbol of the point | two words: the option, and of how many |
 * | NOTE | the symbol of its kind | the number of its entries; for each a word tagged TRUE, FALSE, INTEGER (of 32 bits), NUMBER, TEXT or NAME with the symbol of its key, and the value; NAME, for texts under {@link NAMING_KEYS}, a symbol |
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
export const WAITED = 17;
export const ACQUIRED = 18;
export const RELEASED = 19;
export const DRAWN = 20;
export const CHOSEN = 21;
/**
 * Not hashed: it stands in what is kept of a filtered run, and holds the number of the event before the next, the time,
 * and the actor.
 */
export const JUMP = 22;
export const SCHEDULE_ON = 23;
export const TIMER_ON = 24;
export const WIDE = 31;

/** How entries of a note are tagged. */
export const FALSE = 1;
export const TRUE = 2;
export const NUMBER = 3;
export const TEXT = 4;
export const INTEGER = 5;
export const NAME = 6;

/** Under these keys stand names, of which a run has few; those of links are as many as the links. */
export const NAMING_KEYS: ReadonlySet<string> = new Set(["link", "host", "source", "destination", "protocol", "flags"]);

/** A symbol from this number on does not fit into a tag. */
export const OTHER_SYMBOL = 30;

export const TAG_BITS = 5;
export const TAG_MASK = (1 << TAG_BITS) - 1;
/** The first number that a tagged word cannot hold. */
export const NUMBERS = 2 ** (32 - TAG_BITS);

/** How a task may end, by code. */
export const OUTCOMES = ["finished", "cancelled", "failed"] as const;

/** The code of the one that an error follows. */
export const FAILED_OUTCOME = OUTCOMES.indexOf("failed");

/** What may become of a primitive, by code from {@link WAITED} on. */
export const PRIMITIVE_EVENTS = ["waited", "acquired", "released"] as const;

/** Two words and the double that they are; `LOW` is the index of the lower word on this machine. */
export const scratchFloat = new Float64Array(1);
export const scratchWords = new Int32Array(scratchFloat.buffer);
scratchFloat[0] = 1;
export const LOW = scratchWords[0] === 0 ? 0 : 1;
