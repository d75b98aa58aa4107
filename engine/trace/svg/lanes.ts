import { type Lane, READY, RUNNING, STATES, WAITING } from "../timeline/lane.ts";
import { BAR, type Layout, ROW } from "./layout.ts";
import { element, escapeXml } from "./markup.ts";

/** Heights of the bars: how a task stands can be seen without colours. */
const HEIGHTS: Readonly<Record<number, number>> = { [WAITING]: 3, [READY]: 8, [RUNNING]: BAR };

/** A running slice takes no virtual time, and is to be seen all the same. */
const NARROWEST = 1.5;

/** A slice that begins where the one drawn before it on its lane has only just begun, in pixels, is left out. */
const FINEST = 1;

/** Whether to say, where the pointer rests, what a slice is. */
type Tell = (record: number) => string;

/** The bars of a lane. */
export function* laneBars(lane: Lane, y: number, { x }: Layout, tell: Tell): Generator<string, void, undefined> {
  let drawn = Number.NEGATIVE_INFINITY;
  let lastDrawn = WAITING;
  for (let i = 0; i < lane.starts.length; i++) {
    const [start, end] = [lane.starts[i] as number, lane.ends[i] as number];
    const state = lane.states[i] as keyof typeof STATES & number;
    const from = x(start);
    const width = x(end) - from;
    const isHidden = from < drawn + FINEST && (state !== RUNNING || lastDrawn === RUNNING);
    if (width >= FINEST || !isHidden) {
      drawn = from;
      lastDrawn = state;
      const height = HEIGHTS[state] as number;
      const said = tell(start);
      yield element(
        "rect",
        {
          class: STATES[state] as string,
          x: from,
          y: y - height / 2,
          width: Math.max(width, state === RUNNING ? NARROWEST : 0.5),
          height,
        },
        said === "" ? "" : `<title>${escapeXml(said)}</title>`,
      );
    }
  }
  yield* endOf(lane, y, x);
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
