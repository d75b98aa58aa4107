import { outcomeMark } from "./lanes.ts";
import { type Layout, MARGIN } from "./layout.ts";
import { element, label, px } from "./markup.ts";

const LINE = 20;
const DIGIT = 6;
const GAP = 16;
/** Room for a symbol. */
const SYMBOL = 28;
const MARK = 16;

/** A symbol and what it means. */
interface Entry {
  readonly text: string;
  readonly room: number;
  readonly draw: (x: number, y: number) => string;
}

const state = (name: string, height: number): Entry => ({
  text: name,
  room: SYMBOL,
  draw: (x, y) => element("rect", { class: name, x, y: y - height / 2, width: 22, height }),
});

const arrowEntry = (kind: string, text: string): Entry => ({
  text,
  room: SYMBOL,
  draw: (x, y) =>
    element("path", { class: `arrow ${kind}`, d: `M${px(x)} ${y}h18` }) +
    element("path", { class: `tip-${kind}`, d: `M${px(x + 22)} ${y}l-6 -3v6z` }),
});

/** What bars, arrows and marks mean, as far as they occur. */
function entries({ timeline, rows }: Layout): Entry[] {
  const arrows = new Set(timeline.arrows.map(({ kind }) => kind));
  const outcomes = new Set(rows.map(({ lane }) => timeline.lanes[lane]?.outcome));
  const kinds = [
    ["wake", "wakes"],
    ["create", "creates"],
    ["message", "packet"],
    ["lost", "lost packet"],
  ] as const;
  const print: Entry = {
    text: "prints",
    room: MARK + 2,
    draw: (x, y) => element("circle", { class: "print", cx: x + 7, cy: y, r: 6.5 }),
  };
  return [
    state("running", 14),
    state("ready", 8),
    state("waiting", 3),
    ...kinds.filter(([kind]) => arrows.has(kind)).map(([kind, text]) => arrowEntry(kind, text)),
    ...(timeline.prints.length > 0 ? [print] : []),
    ...(["finished", "failed", "cancelled"] as const)
      .filter((outcome) => outcomes.has(outcome))
      .map((outcome) => ({
        text: outcome,
        room: MARK,
        draw: (x: number, y: number) => outcomeMark(outcome, x + 5, y),
      })),
  ];
}

interface Placed extends Entry {
  readonly x: number;
  readonly line: number;
}

/** The entries one after another, in as many lines as the width of the picture asks for. */
function placed(layout: Layout): Placed[] {
  let x = MARGIN;
  let line = 0;
  return entries(layout).map((entry) => {
    const width = entry.room + entry.text.length * DIGIT;
    if (x + width > layout.right && x > MARGIN) {
      x = MARGIN;
      line++;
    }
    const place = { ...entry, x, line };
    x += width + GAP;
    return place;
  });
}

/** The height of the legend. */
export const legendHeight = (layout: Layout): number => ((placed(layout).at(-1)?.line ?? 0) + 1) * LINE;

/** The legend, whose upper edge is at `top`. */
export function* legend(layout: Layout, top: number): Generator<string, void, undefined> {
  for (const { text, room, draw, x, line } of placed(layout)) {
    const y = top + line * LINE + LINE / 2;
    yield draw(x, y) + label(x + room, y + 4, "small", text);
  }
}
