import type { TaskOutcome } from "../../base/instrument.ts";
import type { TaskState } from "../states/task-states.ts";
import type { Lane } from "../timeline/lane.ts";
import { BAR, type Layout, ROW } from "./layout.ts";
import { element, escapeXml } from "./markup.ts";

/** Heights of the bars: how a task stands can be seen without colours. */
const HEIGHTS: Readonly<Record<TaskState, number>> = { waiting: 3, ready: 8, running: BAR };

/** A running slice takes no virtual time, and is to be seen all the same. */
const NARROWEST = 1.5;

/** Slices narrower than this, in pixels, are put together. */
const FINEST = 1;

/** Whether to say, where the pointer rests, what a slice is. */
type Tell = (record: number) => string;

/** A bar that is to be drawn; `record` is the one that begins it. */
interface Bar {
  readonly state: TaskState;
  readonly from: number;
  readonly to: number;
  readonly record: number;
}

/**
 * The slices of a lane, with those that are finer than a pixel put together: as a running one if a step is among them.
 */
function* barsOf(lane: Lane, { x }: Layout): Generator<Bar, void, undefined> {
  let fine: Bar | null = null;
  for (const [i, record] of lane.starts.entries()) {
    const bar: Bar = { state: lane.states[i]!, from: x(record), to: x(lane.ends[i]!), record };
    if (bar.to - bar.from >= FINEST) {
      if (fine !== null) {
        yield fine;
        fine = null;
      }
      yield bar;
    } else if (fine !== null && bar.from <= fine.to + FINEST) {
      const { from, record: first, state } = fine as Bar;
      fine = { from, record: first, to: bar.to, state: HEIGHTS[state] > HEIGHTS[bar.state] ? state : bar.state };
    } else {
      if (fine !== null) {
        yield fine;
      }
      fine = bar;
    }
  }
  if (fine !== null) {
    yield fine;
  }
}

/** The bars of a lane. */
export function* laneBars(lane: Lane, y: number, layout: Layout, tell: Tell): Generator<string, void, undefined> {
  for (const { state, from, to, record } of barsOf(lane, layout)) {
    const height = HEIGHTS[state];
    const said = tell(record);
    const width = Math.max(to - from, state === "running" ? NARROWEST : FINEST / 2);
    yield element(
      "rect",
      { class: state, x: from, y: y - height / 2, width, height },
      said === "" ? "" : `<title>${escapeXml(said)}</title>`,
    );
  }
  if (lane.outcome !== null) {
    yield outcomeMark(lane.outcome, layout.x(lane.died) + 1, y);
  }
}

/** How a task ended: a bar for well, a cross for failed, a stroke through a ring for cancelled. */
export function outcomeMark(outcome: TaskOutcome, x: number, y: number): string {
  switch (outcome) {
    case "finished":
      return element("path", { class: "finish", d: `M${round(x)} ${y - BAR / 2}v${BAR}` });
    case "failed":
      return element("path", { class: "bad", d: `M${round(x - 4)} ${y - 5}l10 10m0 -10l-10 10` });
    case "cancelled":
      return element("path", { class: "bad", d: `M${round(x + 1)} ${y - 4.5}a4.5 4.5 0 1 0 .01 0m-4 8l8 -7` });
  }
}

/**
 * What packets do where their arrows are not shown: a short line for one that is sent or arrives, put together where
 * they are dense.
 */
export function* packetMarks(
  { marks }: Lane,
  y: number,
  { x }: Layout,
  isLost: (record: number) => boolean,
): Generator<string, void, undefined> {
  for (const lost of [false, true]) {
    const columns = new Set<number>();
    for (const mark of marks) {
      if (isLost(mark) === lost) {
        columns.add(Math.round(x(mark)));
      }
    }
    if (columns.size > 0) {
      const d = [...columns].map((column) => `M${column} ${lost ? y - 2 : y + 6}v-6`).join("");
      yield element("path", { class: lost ? "lost-mark" : "message", d });
    }
  }
}

const round = (number: number): number => Math.round(number * 100) / 100;

/** The thin line that a lane stands on, for as long as the picture is wide. */
export const laneLine = (y: number, { left, right }: Layout): string =>
  element("path", { class: "row", d: `M${round(left)} ${y + ROW / 2}H${round(right)}` });
