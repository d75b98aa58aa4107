import { lastUpTo } from "../../timeline/lane.ts";
import { showSeconds } from "../../words/duration.ts";
import { AXIS_HEIGHT, type Scene, SMALL_FONT, sharp } from "./scene.ts";

/** Labels of the axis are this far apart at least. */
const LABEL_SPACE = 84;
/** Close to one another, ticks differ in their last digits only. */
const TICK_DIGITS = 12;
/** Bands are painted for so many instants at most. */
const MOST_BANDS = 600;
/** So many instants compete for a label at most. */
const MOST_COMPARED = 50;

/** Paint the labels and lines of the axis, below everything else. */
export function paintAxis(scene: Scene): void {
  const { pen } = scene;
  pen.font = SMALL_FONT;
  pen.textBaseline = "middle";
  if (scene.axis === "time") {
    paintTimeTicks(scene);
  } else {
    paintInstants(scene);
  }
}

/** The least of 1, 2 and 5 in any decade that is `least` or more. */
export function niceStep(least: number): number {
  let decade = 1;
  while (decade > least) {
    decade /= 10;
  }
  while (decade * 10 <= least) {
    decade *= 10;
  }
  return [1, 2, 5, 10].map((digit) => digit * decade).find((step) => step >= least) ?? 10 * decade;
}

function paintTimeTicks(scene: Scene): void {
  const { view, width } = scene;
  const step = niceStep(LABEL_SPACE / view.scale);
  const last = view.unit(width);
  for (let i = Math.max(0, Math.ceil(view.unit(0) / step)); i * step <= last; i++) {
    paintTick(scene, view.x(i * step), showSeconds(i * step, TICK_DIGITS));
  }
}

function paintTick({ pen, palette, width, height }: Scene, x: number, text: string): void {
  pen.strokeStyle = palette.line;
  pen.lineWidth = 1;
  pen.beginPath();
  pen.moveTo(sharp(x), 6);
  pen.lineTo(sharp(x), height);
  pen.stroke();
  if (x + 5 + pen.measureText(text).width <= width) {
    pen.fillStyle = palette.faint;
    pen.fillText(text, x + 5, AXIS_HEIGHT / 2);
  }
}

/** A band for each instant, between them the time that passes, not to scale; labels where there is room. */
function paintInstants(scene: Scene): void {
  const { pen, palette, model, positions, view, width, height } = scene;
  const { instants, ends } = model.axis;
  const [from, to] = [lastUpTo(positions, view.unit(0)), lastUpTo(positions, view.unit(width))];
  const first = Math.max(0, lastUpTo(instants, from));
  const last = lastUpTo(instants, to);
  pen.fillStyle = palette.band;
  for (let i = first; i <= last && last - first <= MOST_BANDS; i++) {
    const begin = view.x(positions[instants[i]!]!);
    const end = view.x(ends[i]!);
    pen.fillRect(begin, AXIS_HEIGHT, Math.max(1, end - begin), height - AXIS_HEIGHT);
  }
  for (let i = first; i <= last; ) {
    const widest = widestIn(scene, i, last);
    const at = instants[widest]!;
    const x = view.x(positions[at]!);
    paintTick(scene, x, showSeconds(model.timeOf(at)));
    i = Math.max(widest + 1, lastUpTo(instants, lastUpTo(positions, view.unit(x + LABEL_SPACE))) + 1);
  }
}

/** Of the instants from `first` on that are too close together for labels, the one with the widest band. */
function widestIn({ model, positions, view }: Scene, first: number, last: number): number {
  const { instants, length } = model.axis;
  const start = (i: number): number => positions[instants[i] ?? positions.length] ?? length;
  const end = start(first) + LABEL_SPACE / 2 / view.scale;
  let best = first;
  for (let i = first; i <= last && i < first + MOST_COMPARED && start(i) < end; i++) {
    if (start(i + 1) - start(i) > start(best + 1) - start(best)) {
      best = i;
    }
  }
  return best;
}
