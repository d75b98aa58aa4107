import { AXIS_HEIGHT, middleOf, type Scene, SMALL_FONT, sharp } from "./scene.ts";

/** Paint what the failing run does differently: an upright dashed line, and a frame around the event in its lane. */
export function paintDeviations(scene: Scene, laneOf: readonly number[]): void {
  const { pen, palette, marks, positions, view, width, height } = scene;
  const ys = new Map(scene.rows.map((row) => [row.lane, middleOf(scene, row)]));
  for (const at of marks) {
    const x = view.x(positions[at]!);
    if (x < -10 || x > width + 10) {
      continue;
    }
    pen.strokeStyle = palette.bad;
    pen.lineWidth = 1.5;
    pen.setLineDash([4, 3]);
    pen.beginPath();
    pen.moveTo(sharp(x), AXIS_HEIGHT);
    pen.lineTo(sharp(x), height);
    pen.stroke();
    pen.setLineDash([]);
    const y = ys.get(laneOf[at]!);
    if (y !== undefined) {
      pen.lineWidth = 2;
      pen.strokeRect(x - 5, y - 10, 10, 20);
    }
  }
}

/** Paint the numbers of the deviations in the axis, as the banner counts them. */
export function paintDeviationNumbers({ pen, palette, marks, positions, view }: Scene): void {
  pen.font = `600 ${SMALL_FONT}`;
  pen.textAlign = "center";
  pen.textBaseline = "middle";
  for (const [i, at] of marks.entries()) {
    const x = view.x(positions[at]!);
    pen.fillStyle = palette.bad;
    pen.beginPath();
    pen.arc(x, AXIS_HEIGHT / 2, 9, 0, 2 * Math.PI);
    pen.fill();
    pen.fillStyle = palette.ground;
    pen.fillText(String(i + 1), x, AXIS_HEIGHT / 2 + 0.5);
  }
  pen.textAlign = "start";
}
