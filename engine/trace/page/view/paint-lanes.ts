import type { TaskState } from "../../states/task-states.ts";
import { type Lane, lastUpTo } from "../../timeline/lane.ts";
import { AXIS_HEIGHT, middleOf, ROW, type Scene, sharp } from "./scene.ts";

const HEIGHTS: Readonly<Record<TaskState, number>> = { waiting: 3, ready: 8, running: 14 };
/** A running slice takes no virtual time, and is to be seen all the same. */
const NARROWEST_RUN = 2;

/** Paint the bars of all lanes that are in sight. */
export function paintLanes(scene: Scene): void {
  const { pen, palette, model, width } = scene;
  const first = Math.max(0, lastUpTo(scene.positions, scene.view.unit(0)));
  for (const row of scene.rows) {
    const y = middleOf(scene, row);
    if (row.lane >= 0) {
      pen.fillStyle = palette.line;
      pen.fillRect(0, y + ROW / 2 - 0.5, width, 0.5);
      const lane = model.timeline.lanes[row.lane]!;
      paintSlices(scene, lane, y, first);
      paintEnd(scene, lane, y);
    }
  }
}

/**
 * Paint the slices of a lane from the record `first` on. What is finer than a pixel is painted once a pixel, and the
 * rest of that pixel skipped, so that the cost depends on the width of the picture, not on the length of the run.
 */
function paintSlices(scene: Scene, lane: Lane, y: number, first: number): void {
  const { positions, view, width } = scene;
  const end = positions[lane.died] ?? 0;
  for (let i = Math.max(0, lane.sliceAt(first)); i < lane.starts.length; ) {
    const from = view.x(positions[lane.starts[i]!]!);
    if (from > width) {
      return;
    }
    const state = lane.states[i]!;
    // A step takes no virtual time, though the clock may be what ends it.
    const to = scene.axis === "time" && state === "running" ? from : view.x(positions[lane.ends[i]!] ?? end);
    paintSlice(scene, state, from, to, y);
    const next = to - from >= 1 ? i + 1 : lane.sliceAt(lastUpTo(positions, view.unit(Math.floor(from) + 1)));
    if (next > i + 1) {
      // Among the slices of one pixel are steps.
      paintSlice(scene, "running", from, from, y);
    }
    i = Math.max(i + 1, next);
  }
}

function paintSlice({ pen, palette, width }: Scene, state: TaskState, from: number, to: number, y: number): void {
  const left = Math.max(-2, from);
  const height = HEIGHTS[state];
  const span = Math.max(Math.min(width + 2, to) - left, state === "running" ? NARROWEST_RUN : 0.5);
  if (state === "ready" && span > 3) {
    pen.fillStyle = palette.hatch;
    pen.fillRect(left, y - height / 2, span, height);
    pen.strokeStyle = palette.ready;
    pen.lineWidth = 1;
    pen.strokeRect(left + 0.5, y - height / 2 + 0.5, span - 1, height - 1);
    return;
  }
  pen.fillStyle = state === "running" ? palette.running : state === "ready" ? palette.ready : palette.waiting;
  pen.fillRect(left, y - height / 2, span, height);
  if (state === "running" && span > 5) {
    // Steps that follow one another without a gap stay apart.
    pen.fillStyle = palette.ground;
    pen.fillRect(left, y - height / 2, 0.75, height);
  }
}

/** How a task ended: a bar for well, a cross for failed, a ring with a stroke for cancelled. */
function paintEnd({ pen, palette, view, positions, width }: Scene, { outcome, died }: Lane, y: number): void {
  const x = view.x(positions[died]!) + 1.5;
  if (outcome === null || x < -10 || x > width + 10) {
    return;
  }
  pen.lineWidth = 2;
  pen.strokeStyle = outcome === "finished" ? palette.ink : palette.bad;
  pen.beginPath();
  if (outcome === "finished") {
    pen.moveTo(x, y - 7);
    pen.lineTo(x, y + 7);
  } else if (outcome === "failed") {
    pen.moveTo(x - 4, y - 5);
    pen.lineTo(x + 6, y + 5);
    pen.moveTo(x + 6, y - 5);
    pen.lineTo(x - 4, y + 5);
  } else {
    pen.arc(x + 2, y, 5, 0, 2 * Math.PI);
    pen.moveTo(x - 1, y + 3.5);
    pen.lineTo(x + 5, y - 3.5);
  }
  pen.stroke();
}

/** Paint a diamond for each print and a triangle for each note, once a pixel. */
export function paintMarks(scene: Scene): void {
  const { pen, palette, model, positions, view, width } = scene;
  const first = Math.max(0, lastUpTo(positions, view.unit(-6)));
  for (const row of scene.rows) {
    const lane = row.lane < 0 ? undefined : model.timeline.lanes[row.lane];
    const marks = lane?.marks ?? [];
    const y = middleOf(scene, row);
    let painted = Number.NEGATIVE_INFINITY;
    for (let i = Math.max(0, lastUpTo(marks, first)); i < marks.length; ) {
      const at = marks[i]!;
      const x = view.x(positions[at]!);
      if (x > width + 6) {
        break;
      }
      const kind = model.records[at]?.kind ?? "";
      if (kind !== "end" && x >= painted + 1) {
        painted = x;
        pen.fillStyle = kind === "print" ? palette.ink : /dropped$|^error/.test(kind) ? palette.bad : palette.message;
        paintMark(pen, kind === "print", x, y);
      }
      i = x < painted + 1 ? Math.max(i + 1, lastUpTo(marks, lastUpTo(positions, view.unit(painted + 1)))) : i + 1;
    }
  }
}

function paintMark(pen: CanvasRenderingContext2D, isPrint: boolean, x: number, y: number): void {
  pen.beginPath();
  if (isPrint) {
    pen.moveTo(x, y - 11);
    pen.lineTo(x + 4, y - 7);
    pen.lineTo(x, y - 3);
    pen.lineTo(x - 4, y - 7);
  } else {
    pen.moveTo(x - 3, y + 4);
    pen.lineTo(x + 3, y + 4);
    pen.lineTo(x, y - 3);
  }
  pen.fill();
}

/** Paint what the search found: a mark at the axis, and a frame in the lane, once a pixel. */
export function paintMatches(scene: Scene, laneOf: readonly number[]): void {
  const { pen, palette, matches, positions, view, width } = scene;
  const ys = new Map(scene.rows.map((row) => [row.lane, middleOf(scene, row)]));
  pen.fillStyle = palette.match;
  pen.strokeStyle = palette.match;
  pen.lineWidth = 2;
  let painted = Number.NEGATIVE_INFINITY;
  for (const at of matches) {
    const x = view.x(positions[at]!);
    if (x >= 0 && x <= width && x >= painted + 1) {
      painted = x;
      pen.fillRect(x - 1, AXIS_HEIGHT - 4, 2.5, 6);
      const y = ys.get(laneOf[at]!);
      if (y !== undefined) {
        pen.strokeRect(x - 3, y - 9, 6, 18);
      }
    }
  }
}

/** Paint an upright line over all lanes. */
export function paintUpright({ pen, height }: Scene, x: number, colour: string, width: number): void {
  pen.strokeStyle = colour;
  pen.lineWidth = width;
  pen.beginPath();
  pen.moveTo(sharp(x), 0);
  pen.lineTo(sharp(x), height);
  pen.stroke();
}
