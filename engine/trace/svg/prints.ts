import { showSeconds } from "../words/duration.ts";
import { type Layout, MARGIN } from "./layout.ts";
import { element, label, px, shorten } from "./markup.ts";

/** So many prints get numbers, and stand below the picture; of more, only the marks are shown. */
const MOST_NUMBERED = 40;
const LINE = 18;
const LETTER = 6.9;
const TIME_COLUMN = 86;

/** A text that the program printed, and the record that says so. */
export interface Print {
  readonly at: number;
  readonly text: string;
}

const numberLabel = (x: number, y: number, number: number): string =>
  label(x, y, number < 10 ? "number" : "number two", String(number));

const isNumbered = (prints: readonly Print[]): boolean => prints.length > 0 && prints.length <= MOST_NUMBERED;

/** A mark for each print on the lane that it came from, with its number. */
export function* printMarks(
  prints: readonly Print[],
  { timeline, x, yOf }: Layout,
): Generator<string, void, undefined> {
  const drawn = new Set<string>();
  for (const [i, { at }] of prints.entries()) {
    const y = yOf.get(timeline.laneOf[at]!);
    if (y === undefined) {
      continue;
    }
    const cx = x(at);
    const place = `${Math.round(cx)} ${y}`;
    if (isNumbered(prints)) {
      yield element("circle", { class: "print", cx: cx + 4, cy: y, r: 6.5 }) + numberLabel(cx + 4, y + 3.2, i + 1);
    } else if (!drawn.has(place)) {
      drawn.add(place);
      yield element("path", { class: "print", d: `M${px(cx)} ${px(y - 3.5)}l3.5 3.5l-3.5 3.5l-3.5 -3.5z` });
    }
  }
}

/** The height of the list of prints. */
export const outputHeight = (prints: readonly Print[]): number => (isNumbered(prints) ? prints.length * LINE + 12 : 0);

/** What the program printed, line by line, with its number and time. */
export function* outputList(
  prints: readonly Print[],
  { timeline }: Layout,
  top: number,
  width: number,
): Generator<string, void, undefined> {
  if (!isNumbered(prints)) {
    return;
  }
  let shown = "";
  for (const [i, { at, text }] of prints.entries()) {
    const y = top + 12 + i * LINE;
    const time = showSeconds(timeline.times[at]!);
    yield element("circle", { class: "print", cx: MARGIN + 7, cy: y - 4, r: 6.5 });
    yield numberLabel(MARGIN + 7, y - 0.8, i + 1);
    if (time !== shown) {
      yield label(MARGIN + 14 + TIME_COLUMN - 12, y, "faint small end", time);
      shown = time;
    }
    const room = Math.max(10, Math.floor((width - 2 * MARGIN - 14 - TIME_COLUMN) / LETTER));
    yield label(MARGIN + 14 + TIME_COLUMN, y, "code", shorten(text.replace(/\n$/, "").replaceAll("\n", "⏎"), room));
  }
}
