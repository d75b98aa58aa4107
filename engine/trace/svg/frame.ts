import type { TraceHeader } from "../record.ts";
import { showSeconds } from "../timeline/duration.ts";
import { HEAD, LABEL_LENGTH, type Layout, MARGIN, ROW } from "./layout.ts";
import { element, label, px, shorten } from "./markup.ts";

/** Labels of the axis keep this far apart. */
const LABEL_GAP = 10;
const DIGIT = 6;
const AXIS = HEAD - 8;
/** No picture has room for labels of more instants. */
const MOST_LABELS = 500;

/** The name of the program and what the picture is of. */
export function* title({ seed, program }: TraceHeader, { timeline, axis }: Layout): Generator<string, void, undefined> {
  const last = timeline.times.at(-1) ?? 0;
  yield label(MARGIN, 24, "title", program ?? "simloop");
  const facts = [
    `${timeline.times.length} events`,
    `${axis.instants.length} instants`,
    showSeconds(last),
    `seed ${JSON.stringify(seed)}`,
  ];
  yield label(MARGIN + (program ?? "simloop").length * 8.4 + 14, 24, "faint small", facts.join(" · "));
}

/** A band for every instant, and between them a gap: the time that passes there is not to scale. */
export function* instants(layout: Layout): Generator<string, void, undefined> {
  const { timeline, bottom } = layout;
  const bands = bandsOf(layout);
  for (const { from, to } of bands) {
    yield element("rect", {
      class: "band",
      x: from,
      y: HEAD - 4,
      width: Math.max(to - from, 1),
      height: bottom - HEAD + 8,
    });
  }
  for (const { from, first } of labelled(bands, timeline.times)) {
    yield element("path", { class: "tick", d: `M${px(from)} ${AXIS - 2}V${px(bottom + 4)}` });
    yield label(from + 3, AXIS - 3, "faint small", showSeconds(timeline.times[first] as number));
  }
}

interface Band {
  /** The record that the instant begins with. */
  readonly first: number;
  readonly from: number;
  readonly to: number;
}

const bandsOf = ({ axis, x, scale }: Layout): Band[] =>
  axis.instants.map((first, i) => {
    const from = x(first);
    return { first, from, to: from + ((axis.ends[i] as number) - (axis.positions[first] as number)) * scale };
  });

/** The bands that get a label: the wide ones first, and others where there is room left. */
function labelled(bands: readonly Band[], times: readonly number[]): Band[] {
  const taken: (readonly [from: number, to: number])[] = [];
  const byWidth = bands.toSorted((a, b) => b.to - b.from - (a.to - a.from) || a.first - b.first);
  const chosen = byWidth.slice(0, MOST_LABELS).filter(({ from, first }) => {
    const to = from + showSeconds(times[first] as number).length * DIGIT + LABEL_GAP;
    const isFree = taken.every(([start, end]) => to <= start || from >= end);
    if (isFree) {
      taken.push([from, to]);
    }
    return isFree;
  });
  return chosen.sort((a, b) => a.first - b.first);
}

/** The names of hosts and lanes. */
export function* laneNames({ rows, hosts, timeline, left }: Layout): Generator<string, void, undefined> {
  for (const { name, y } of hosts) {
    yield label(MARGIN, y + 5, "host", name);
  }
  for (const { lane, y } of rows) {
    const { name = "", kind } = timeline.lanes[lane] ?? {};
    yield label(left - 10, y + 4, kind === "task" ? "end" : "end faint", shorten(name, LABEL_LENGTH));
  }
}

/** What bars and arrows mean. */
export function* legend(y: number, left: number): Generator<string, void, undefined> {
  const symbol = 28;
  let x = left;
  const name = (text: string): string => {
    const at = x + symbol;
    x = at + text.length * DIGIT + 20;
    return label(at, y + 4, "small", text);
  };
  for (const [state, height] of [
    ["running", 14],
    ["ready", 8],
    ["waiting", 3],
  ] as const) {
    yield element("rect", { class: state, x, y: y - height / 2, width: 22, height }) + name(state);
  }
  for (const [kind, text] of [
    ["wake", "wakes"],
    ["create", "creates"],
    ["message", "packet"],
  ] as const) {
    const line = element("path", { class: `arrow ${kind}`, d: `M${px(x)} ${y}h18` });
    yield line + element("path", { class: `tip-${kind}`, d: `M${px(x + 22)} ${y}l-6 -3v6z` }) + name(text);
  }
  x -= 10;
  yield element("circle", { class: "print", cx: x + 15, cy: y, r: 6.5 }) + name("prints");
}

export const LEGEND_HEIGHT = ROW;
