import { showSeconds } from "../../words/duration.ts";
import { said } from "../../words/narrator.ts";
import type { Chart } from "./chart.ts";
import { byId, make } from "./elements.ts";

/** Digits of an exact time. */
const EXACT = 15;

/** A press that moves by less than this many pixels is a click. */
const CLICK = 4;
/** Half a turn of an ordinary wheel zooms by about this part. */
const WHEEL = 400;
const LINE_PIXELS = 30;

/** What the pointer may ask for. */
export interface PointerActions {
  /** Something about this chart has changed: how far it is zoomed or scrolled, or what the pointer is over. */
  readonly changed: (chart: Chart) => void;
  readonly goTo: (at: number) => void;
}

/** Let a chart be zoomed, moved, read and clicked. */
export function listenToPointer(chart: Chart, actions: PointerActions): void {
  listenToWheel(chart, actions);
  listenToDrag(chart, actions);
  chart.canvas.addEventListener("pointermove", (event) => {
    if (event.buttons === 0) {
      hover(chart, event, actions);
    }
  });
  chart.canvas.addEventListener("pointerleave", () => {
    hideTip(chart);
    actions.changed(chart);
  });
}

function listenToWheel(chart: Chart, { changed }: PointerActions): void {
  chart.canvas.addEventListener(
    "wheel",
    (event) => {
      event.preventDefault();
      const unit = event.deltaMode === WheelEvent.DOM_DELTA_LINE ? LINE_PIXELS : 1;
      const [dx, dy] = [event.deltaX * unit, event.deltaY * unit];
      if (event.offsetX < chart.gutter) {
        chart.scrollBy(dy);
      } else if (event.shiftKey || Math.abs(dx) > Math.abs(dy)) {
        chart.view.pan(dx + (event.shiftKey ? dy : 0));
      } else {
        const factor = 1 + Math.min(WHEEL / 2, Math.abs(dy)) / WHEEL;
        chart.view.zoom(dy > 0 ? 1 / factor : factor, event.offsetX - chart.gutter);
      }
      hideTip(chart);
      changed(chart);
    },
    { passive: false },
  );
}

function listenToDrag(chart: Chart, { changed, goTo }: PointerActions): void {
  const { canvas } = chart;
  let last: { x: number; y: number } | null = null;
  let moved = 0;
  canvas.addEventListener("pointerdown", (event) => {
    canvas.setPointerCapture(event.pointerId);
    last = { x: event.offsetX, y: event.offsetY };
    moved = 0;
    byId("tip").hidden = true;
  });
  canvas.addEventListener("pointermove", (event) => {
    if (last !== null && event.buttons !== 0) {
      const [dx, dy] = [event.offsetX - last.x, event.offsetY - last.y];
      moved += Math.abs(dx) + Math.abs(dy);
      last = { x: event.offsetX, y: event.offsetY };
      if (moved > CLICK) {
        canvas.classList.add("dragged");
        chart.view.pan(-dx);
        chart.scrollBy(-dy);
        changed(chart);
      }
    }
  });
  canvas.addEventListener("pointerup", (event) => {
    canvas.classList.remove("dragged");
    const { offsetX: x, offsetY: y } = event;
    const at = Math.max(chart.recordAt(x, y), chart.laneStartAt(x, y));
    if (last !== null && moved <= CLICK && at >= 0) {
      goTo(at);
    }
    last = null;
  });
}

/** Forget what the pointer was over: the chart has moved below it. */
export function hideTip(chart: Chart): void {
  chart.hovered = -1;
  byId("tip").hidden = true;
}

/** Show what is under the pointer. */
function hover(chart: Chart, event: PointerEvent, { changed }: PointerActions): void {
  const { offsetX: x, offsetY: y } = event;
  const at = Math.max(chart.recordAt(x, y), chart.laneStartAt(x, y));
  const tip = byId("tip");
  tip.hidden = at < 0;
  if (at >= 0) {
    const record = chart.model.records[at];
    const when = make("small", "", `event ${record?.seq}, at ${showSeconds(chart.model.timeOf(at), EXACT)}`);
    tip.replaceChildren(said(chart.model.sentences[at]!), when);
    const { width, height } = tip.getBoundingClientRect();
    tip.style.left = `${Math.max(4, Math.min(event.clientX + 14, window.innerWidth - width - 8))}px`;
    tip.style.top = `${Math.max(4, Math.min(event.clientY + 16, window.innerHeight - height - 8))}px`;
  }
  if (at !== chart.hovered) {
    chart.hovered = at;
    changed(chart);
  }
}
