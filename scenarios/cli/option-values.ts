import { InvalidArgumentError } from "commander";

const DECIMAL = /^[-+]?(?:\d+\.?\d*|\.\d+)(?:e[-+]?\d+)?$/i;

/**
 * The value of an option that takes virtual seconds.
 *
 * @throws InvalidArgumentError if `text` is not a number, infinite or negative.
 */
export function parseSeconds(text: string): number {
  const seconds = DECIMAL.test(text) ? Number(text) : Number.NaN;
  if (!(seconds >= 0 && seconds < Number.POSITIVE_INFINITY)) {
    throw new InvalidArgumentError("Expected seconds, a number that is not negative.");
  }
  return seconds;
}

/**
 * The value of an option that takes a positive number.
 *
 * @throws InvalidArgumentError
 */
export function parsePositive(text: string): number {
  const number = DECIMAL.test(text) ? Number(text) : Number.NaN;
  if (!(number > 0 && number < Number.POSITIVE_INFINITY)) {
    throw new InvalidArgumentError("Expected a number above 0.");
  }
  return number;
}

/**
 * The value of `--seed`: a number where `text` is one that a double holds exactly, and the string itself otherwise.
 *
 * @throws InvalidArgumentError if `text` is empty.
 */
export function parseSeed(text: string): number | string {
  if (text === "") {
    throw new InvalidArgumentError("Expected a number or a word.");
  }
  const number = DECIMAL.test(text) ? Number(text) : Number.NaN;
  return Number.isFinite(number) && Math.abs(number) <= Number.MAX_SAFE_INTEGER ? number : text;
}

/**
 * The value of an option that takes several words, separated by commas.
 *
 * @throws InvalidArgumentError if there is none.
 */
export function parseList(text: string): string[] {
  const words = text
    .split(",")
    .map((word) => word.trim())
    .filter((word) => word !== "");
  if (words.length === 0) {
    throw new InvalidArgumentError("Expected words separated by commas.");
  }
  return words;
}

/**
 * The value of an option that means a link: `a:b` for both directions, `a→b` for one.
 *
 * @throws InvalidArgumentError if `text` is neither.
 */
export function parseLink(text: string): string {
  if (!/^[\w.-]+[:→][\w.-]+$/.test(text)) {
    throw new InvalidArgumentError("Expected two hosts separated by a colon, such as client:server.");
  }
  return text;
}

/**
 * The value of an option that counts something.
 *
 * @throws InvalidArgumentError if `text` is not an integer of at least 2.
 */
export function parseRuns(text: string): number {
  const number = /^\d+$/.test(text) ? Number(text) : Number.NaN;
  if (!(Number.isSafeInteger(number) && number >= 2)) {
    throw new InvalidArgumentError("Expected an integer of at least 2.");
  }
  return number;
}
