import { type Lane, READY, RUNNING, STATES, WAITING } from "../timeline/lane.ts";
import { BAR, type Layout, ROW } from "./layout.ts";
import { element, escapeXml } from "./markup.ts";

/** Heights of the bars: how a task stands can be seen without colours. */
const HEIGHTS: Readonly<Record<number, number>> = { [WAITING]: 3, [READY]: 8, [RUNNING]: BAR };

/** A running slice takes no virtual time, and is to be seen all the same. */
const NARROWEST = 1.5;

/** Slices narrower than this, in pixels, are put together. */
const FINEST = 1;

/** Whether to say, where the pointer rests, what a slice is. */
type Tell = (record: number) => string;

/** A bar that is to be drawn; `record` is the one that begins it. */
interface Bar {
  readonly state: number;
  readonly from: number;
  readonly to: number;
  readonly record: number;
}

/** The slices of a lane, with those that are finer than a pixel put together: as a running one if a step is among them. */
function* barsOf(lane: Lane, { x }: Layout): Generator<Bar, void, undefined> {
  let fine: Bar | null = null;
  for (const [i, record] of lane.starts.entries()) {
    const bar: Bar = { state: lane.states[i] as number, from: x(record), to: x(lane.ends[i] as number), record };
    if (bar.to - bar.from >= FINEST) {
      if (fine !== null) {
        yield fine;
        fine = null;
      }
      yield bar;
    } else if (fine !== null && bar.from <= fine.to + FINEST) {
      const { from, record: first, state } = fine as Bar;
      fine = { from, record: first, to: bar.to, state: Math.max(state, bar.state) };
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
    const height = HEIGHTS[state] as number;
    const said = tell(record);
    const width = Math.max(to - from, state === RUNNING ? NARROWEST : FINEST / 2);
    yield element(
      "rect",
      { class: STATES[state as keyof typeof STATES & number] as string, x: from, y: y - height / 2, width, height },
      said === "" ? "" : `<title>${escapeXml(said)}</title>`,
    );
  }
  yield* endOf(lane, y, layout.x);
}

/** How a task ended: a bar for well, a cross for failed, a stroke through a ring for cancelled; nothing while it lives. */
function* endOf({ outcome, died }: Lane, y: number, x: Layout["x"]): Generator<string, void, undefined> {
  const at = x(died) + 1;
  const half = BAR / 2;
  if (outcome === "finished") {
    yield element("path", { class: "finish", d: `M${round(at)} ${y - half}v${BAR}` });
  } else if (outcome === "failed") {
    yield element("path", { class: "bad", d: `M${round(at - 4)} ${y - 5}l10 10m0 -10l-10 10` });
  } else if (outcome === "cancelled") {
    yield element("path", { class: "bad", d: `M${round(at + 1)} ${y - 4.5}a4.5 4.5 0 1 0 .01 0m-4 8l8 -7` });
  }
}

const round = (number: number): number => Math.round(number * 100) / 100;

/** The thin line that a lane stands on, for as long as the picture is wide. */
export const laneLine = (y: number, { left, right }: Layout): string =>
  element("path", { class: "row", d: `M${round(left)} ${y + ROW / 2}H${round(right)}` });
