import type { TraceHeader } from "../record.ts";
import { showSeconds } from "../words/duration.ts";
import { HEAD, LABEL_LENGTH, type Layout, MARGIN } from "./layout.ts";
import { element, label, px, shorten } from "./markup.ts";

/** Labels of the axis keep this far apart. */
const LABEL_GAP = 10;
const DIGIT = 6;
const AXIS = HEAD - 8;
/** No picture has room for labels of more instants. */
const MOST_LABELS = 500;

/** The name of the program and what the picture is of. @param leftOut - What it does not show; "" if nothing. */
export function* title(
  { seed, program }: TraceHeader,
  { timeline, axis }: Layout,
  leftOut: string,
): Generator<string, void, undefined> {
  const last = timeline.times.at(-1) ?? 0;
  yield label(MARGIN, 24, "title", program ?? "simloop");
  const facts = [
    `${timeline.times.length} events`,
    `${axis.instants.length} instants`,
    showSeconds(last),
    `seed ${JSON.stringify(seed)}`,
    ...(leftOut === "" ? [] : [leftOut]),
  ];
  yield label(MARGIN + (program ?? "simloop").length * 8.4 + 14, 24, "faint small", facts.join(" · "));
}

/** A band for every instant, and between them a gap: the time that passes there is not to scale. */
export function* instants(layout: Layout): Generator<string, void, undefined> {
  const { timeline, bottom, right } = layout;
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
  for (const { from, first } of labelled(bands, layout)) {
    yield element("path", { class: "tick", d: `M${px(from)} ${AXIS - 2}V${px(bottom + 4)}` });
    const text = showSeconds(timeline.times[first]!);
    // The last one stands before its line if there is no room behind it.
    const isLast = from + text.length * DIGIT > right + MARGIN - 4;
    yield label(isLast ? right + MARGIN - 4 : from + 3, AXIS - 3, isLast ? "faint small end" : "faint small", text);
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
    return { first, from, to: from + (axis.ends[i]! - axis.positions[first]!) * scale };
  });

/** The bands that get a label: the wide ones first, and others where there is room left. */
function labelled(bands: readonly Band[], { timeline: { times }, right }: Layout): Band[] {
  const taken: (readonly [from: number, to: number])[] = [];
  const byWidth = bands.toSorted((a, b) => b.to - b.from - (a.to - a.from) || a.first - b.first);
  const chosen = byWidth.slice(0, MOST_LABELS).filter(({ from, first }) => {
    const width = showSeconds(times[first]!).length * DIGIT + LABEL_GAP;
    const begin = Math.min(from, right + MARGIN - width);
    const to = begin + width;
    const isFree = taken.every(([start, end]) => to <= start || begin >= end);
    if (isFree) {
      taken.push([begin, to]);
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
