import { lastUpTo } from "../../timeline/lane.ts";
import type { Arrow } from "../../timeline/timeline.ts";
import { AXIS_HEIGHT, middleOf, type Scene } from "./scene.ts";

/** More arrows in sight than this would hide what they join, and be slow to paint. */
const MOST_ARROWS = 1200;
/** Packets on their way that began so many arrows before what is in sight are still found. */
const LOOK_BACK = 500;

/**
 * Paint the arrows in sight; of too many, only those of the play head's record.
 *
 * @returns Whether some were left out.
 */
export function paintArrows(scene: Scene): boolean {
  const { model, positions, view, head } = scene;
  const { arrows } = model.timeline;
  const [from, to] = [lastUpTo(positions, view.unit(0)), lastUpTo(positions, view.unit(scene.width))];
  const first = Math.max(0, model.arrowsUpTo(from - 1) + 1 - LOOK_BACK);
  const last = model.arrowsUpTo(to);
  const isCrowded = last - first - LOOK_BACK > MOST_ARROWS;
  const ys = new Map(scene.rows.map((row) => [row.lane, middleOf(scene, row)]));
  for (let i = isCrowded ? model.arrowsUpTo(head - 1) + 1 : first; i <= last; i++) {
    const arrow = arrows[i]!;
    if (isCrowded && arrow.from > head) {
      break;
    }
    paintArrow(scene, arrow, ys);
  }
  return isCrowded;
}

/** Paint an arrow, unless both ends are out of sight. */
function paintArrow(scene: Scene, arrow: Arrow, ys: ReadonlyMap<number, number>): void {
  const { pen, palette, positions, view, head } = scene;
  const [fromY, toY] = [ys.get(arrow.fromLane), ys.get(arrow.toLane)];
  if (fromY === undefined && toY === undefined) {
    return;
  }
  const [x1, x2] = [view.x(positions[arrow.from]!), view.x(positions[arrow.to]!)];
  const colour = arrow.kind === "lost" ? palette.bad : palette[arrow.kind];
  const isAtHead = arrow.from === head || arrow.to === head;
  pen.globalAlpha = isAtHead ? 1 : 0.7;
  pen.lineWidth = isAtHead ? 2 : 1.1;
  pen.strokeStyle = colour;
  pen.fillStyle = colour;
  pen.setLineDash(arrow.kind === "create" ? [3, 2] : arrow.kind === "lost" ? [2, 2] : []);
  if (arrow.fromLane === arrow.toLane) {
    paintArc(pen, x1, x2, fromY!);
  } else {
    paintLine(scene, x1, fromY ?? beyond(scene, arrow.fromLane), x2, toY ?? beyond(scene, arrow.toLane));
  }
  pen.setLineDash([]);
  pen.globalAlpha = 1;
}

/** A height above or below what is in sight, for a lane that is not. */
function beyond({ model, rows, height }: Scene, lane: number): number {
  const firstShown = rows.find((row) => row.lane >= 0)?.lane ?? 0;
  return model.order.indexOf(lane) < model.order.indexOf(firstShown) ? AXIS_HEIGHT - 20 : height + 20;
}

function paintLine({ pen }: Scene, x1: number, y1: number, x2: number, y2: number): void {
  const down = y2 > y1 ? 1 : -1;
  const tip = y2 - down * 6;
  pen.beginPath();
  pen.moveTo(x1, y1 + down * 6);
  pen.lineTo(x2, tip - down * 5);
  pen.stroke();
  pen.beginPath();
  pen.moveTo(x2, tip);
  pen.lineTo(x2 - 3.2, tip - down * 6);
  pen.lineTo(x2 + 3.2, tip - down * 6);
  pen.fill();
}

function paintArc(pen: CanvasRenderingContext2D, x1: number, x2: number, y: number): void {
  pen.beginPath();
  pen.moveTo(x1, y - 3);
  pen.quadraticCurveTo((x1 + x2) / 2, y - 14, x2, y - 3);
  pen.stroke();
}
