import type { TraceRecord } from "../record.ts";
import { type EventAxis, eventAxis } from "../timeline/positions.ts";
import { laneOrder, type Timeline, timelineOf } from "../timeline/timeline.ts";

/** Widths and heights in pixels. */
export const ROW = 26;
/** Height of a bar that runs from edge to edge of its lane. */
export const BAR = 14;
export const HEAD = 62;
export const MARGIN = 16;
const HOST_ROW = 22;
const LETTER = 6.6;
const WIDEST_LABEL = 26;
const NARROWEST_CONTENT = 420;
/** Pixels for an event of room 1 where there is plenty of space. */
const ROOMY = 15;
/** Lanes beyond this many are left out. */
export const MOST_LANES = 60;

/** A lane's place in the picture. */
export interface Row {
  readonly lane: number;
  /** The middle of the lane. */
  readonly y: number;
}

/** Where everything is. */
export interface Layout {
  readonly timeline: Timeline;
  readonly axis: EventAxis;
  readonly rows: readonly Row[];
  /** The middle of each lane by its index; lanes that are left out have none. */
  readonly yOf: ReadonlyMap<number, number>;
  /** The hosts' names and the height of their lines. */
  readonly hosts: readonly { readonly name: string; readonly y: number }[];
  readonly hidden: number;
  /** Where the lanes begin and end. */
  readonly left: number;
  readonly right: number;
  readonly bottom: number;
  /** Pixels for a unit of the axis. */
  readonly scale: number;
  /** The horizontal place of a record. */
  readonly x: (index: number) => number;
}

/** Default maximum width of a picture. */
export const DEFAULT_WIDTH = 1000;

/** Characters of a lane's label. */
export const LABEL_LENGTH = WIDEST_LABEL;

/** Lay out the picture of a run. @param width - It may be narrower, but not wider. */
export function layOut(records: Iterable<TraceRecord>, width: number): Layout {
  const timeline = timelineOf(records);
  const axis = eventAxis(records);
  const order = laneOrder(timeline.lanes);
  const shown = order.slice(0, MOST_LANES);
  const { rows, hosts, bottom } = placeRows(timeline, shown);
  const names = shown.map((lane) => timeline.lanes[lane]?.name.length ?? 0);
  const left = MARGIN + 12 + LETTER * Math.min(WIDEST_LABEL, Math.max(4, ...names));
  const space = Math.max(width - left - MARGIN, NARROWEST_CONTENT / 2);
  const content = Math.min(space, Math.max(NARROWEST_CONTENT, axis.length * ROOMY));
  const scale = axis.length === 0 ? 1 : content / axis.length;
  return {
    timeline,
    axis,
    rows,
    hosts,
    hidden: order.length - shown.length,
    yOf: new Map(rows.map(({ lane, y }) => [lane, y])),
    left,
    right: left + content,
    bottom,
    scale,
    x: (index) => left + (axis.positions[index] ?? axis.length) * scale,
  };
}

function placeRows({ lanes }: Timeline, shown: readonly number[]): Pick<Layout, "rows" | "hosts" | "bottom"> {
  const rows: Row[] = [];
  const hosts: { name: string; y: number }[] = [];
  let y = HEAD;
  let host = "";
  for (const lane of shown) {
    const own = lanes[lane]?.host ?? "";
    if (own !== host) {
      host = own;
      hosts.push({ name: own, y: y + HOST_ROW / 2 });
      y += HOST_ROW;
    }
    rows.push({ lane, y: y + ROW / 2 });
    y += ROW;
  }
  return { rows, hosts, bottom: y };
}
