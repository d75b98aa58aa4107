import { type Lane, lastUpTo } from "../../timeline/lane.ts";
import { paintArrows } from "./paint-arrows.ts";
import { paintAxis } from "./paint-axis.ts";
import { paintDeviationNumbers, paintDeviations } from "./paint-deviations.ts";
import { paintLanes, paintMarks, paintMatches, paintUpright } from "./paint-lanes.ts";
import { type Palette, readPalette } from "./palette.ts";
import type { RunModel } from "./run-model.ts";
import { AXIS_HEIGHT, type AxisKind, type ChartRow, FONT, ROW, rowsOf, type Scene, SMALL_FONT } from "./scene.ts";
import { Viewport } from "./viewport.ts";

const NARROW = 560;
/** What runs for no time is as wide as this for the pointer. */
const REACH = 4;

/** What is chosen on the page, for all charts. */
export interface ChartState {
  readonly axis: AxisKind;
  readonly head: number;
  readonly parting: number;
}

/** The chart of one run on a canvas. */
export class Chart {
  readonly model: RunModel;
  readonly view = new Viewport();
  readonly canvas: HTMLCanvasElement;
  matches: readonly number[] = [];
  /** Records where the failing run does something else, in the order of its deviations. */
  marks: readonly number[] = [];
  /** The record under the pointer; -1 if none is. */
  hovered = -1;
  /** Whether arrows were left out because they are too many. */
  isCrowded = false;
  private readonly _pen: CanvasRenderingContext2D;
  private readonly _rows: readonly ChartRow[];
  private _palette: Palette;
  private _axis: AxisKind = "event";
  private _scroll = 0;
  private _size = { width: 0, height: 0 };

  constructor(model: RunModel, canvas: HTMLCanvasElement) {
    this.model = model;
    this.canvas = canvas;
    this._pen = canvas.getContext("2d")!;
    this._rows = rowsOf(model);
    this._palette = readPalette(this._pen);
  }

  /** Where each record is on the axis. */
  get positions(): readonly number[] {
    return this._axis === "time" ? this.model.timeline.times : this.model.axis.positions;
  }

  /** Width of the column of names. */
  get gutter(): number {
    return this._size.width < NARROW ? 96 : 168;
  }

  get axis(): AxisKind {
    return this._axis;
  }

  /** Show another axis, all of it. */
  setAxis(axis: AxisKind): void {
    this._axis = axis;
    this._applyAxis();
    this.view.fit();
  }

  refreshColours(): void {
    this._palette = readPalette(this._pen);
  }

  /** Adapt to the size that the canvas has on the page. */
  resize(): void {
    const { clientWidth: width, clientHeight: height } = this.canvas;
    const isFirst = this._size.width === 0;
    this._size = { width, height };
    const ratio = window.devicePixelRatio || 1;
    this.canvas.width = Math.max(1, Math.round(width * ratio));
    this.canvas.height = Math.max(1, Math.round(height * ratio));
    this._pen.setTransform(ratio, 0, 0, ratio, 0, 0);
    this.view.width = Math.max(50, width - this.gutter);
    this._applyAxis();
    if (isFirst) {
      this.view.fit();
    } else {
      this.view.zoom(1, 0);
    }
    this.scrollBy(0);
  }

  /** Show the records from one to another, and no more. */
  showRange(from: number, to: number): void {
    const [start, end] = [this.positions[from] ?? 0, this.positions[to] ?? 0];
    if (end > start) {
      this.view.show(start, end);
    }
  }

  /** The first and the last record in view. */
  get range(): readonly [number, number] {
    const { positions, view } = this;
    return [Math.max(0, lastUpTo(positions, view.unit(0))), Math.max(0, lastUpTo(positions, view.unit(view.width)))];
  }

  scrollBy(pixels: number): void {
    const last = this._rows.at(-1);
    const content = last === undefined ? 0 : last.top + last.height + AXIS_HEIGHT + 8;
    this._scroll = Math.max(0, Math.min(content - this._size.height, this._scroll + pixels));
  }

  /** Bring a record into view. */
  reveal(at: number): void {
    this.view.reveal(this.positions[at] ?? 0);
    const row = this._rows.find(({ lane }) => lane >= 0 && lane === this.model.timeline.laneOf[at]);
    if (row !== undefined) {
      const room = this._size.height - AXIS_HEIGHT - ROW;
      if (row.top < this._scroll || row.top > this._scroll + room) {
        this._scroll = row.top - room / 2;
        this.scrollBy(0);
      }
    }
  }

  /** The record that a point of the canvas shows; -1 if it shows none. */
  recordAt(x: number, y: number): number {
    const row = this._rowAt(y);
    const lane = row === undefined ? undefined : this.model.timeline.lanes[row.lane];
    if (lane === undefined || x < this.gutter) {
      return -1;
    }
    const unit = this.view.unit(x - this.gutter);
    const near = this._markNear(lane, x - this.gutter);
    return near >= 0 ? near : this._sliceNear(lane, unit);
  }

  /** The creation of the task whose name is at a point; -1 if there is none. */
  laneStartAt(x: number, y: number): number {
    const row = x < this.gutter ? this._rowAt(y) : undefined;
    const lane = row === undefined ? undefined : this.model.timeline.lanes[row.lane];
    return lane?.kind === "task" ? lane.born : -1;
  }

  paint({ head, parting }: ChartState): void {
    const { width, height } = this._size;
    const pen = this._pen;
    pen.fillStyle = this._palette.ground;
    pen.fillRect(0, 0, width, height);
    pen.save();
    pen.translate(this.gutter, 0);
    pen.beginPath();
    pen.rect(0, 0, this.view.width, height);
    pen.clip();
    const scene = this._scene(Math.min(head, this.model.last), parting);
    paintAxis(scene);
    this._shadeRest(scene);
    paintDeviationNumbers(scene);
    pen.beginPath();
    pen.rect(0, AXIS_HEIGHT - 4, this.view.width, height);
    pen.clip();
    paintLanes(scene);
    this.isCrowded = paintArrows(scene);
    paintMarks(scene);
    this._paintLines(scene);
    pen.restore();
    this._paintNames(scene);
  }

  /** Shade what follows the first difference of two runs. */
  private _shadeRest({ pen, palette, view, positions, parting, width, height }: Scene): void {
    if (parting >= 0) {
      const x = Math.max(0, view.x(positions[parting] ?? this.model.axis.length));
      pen.globalAlpha = 0.06;
      pen.fillStyle = palette.bad;
      pen.fillRect(x, 0, Math.max(0, width - x), height);
      pen.globalAlpha = 1;
    }
  }

  private _paintLines(scene: Scene): void {
    const { palette, view, positions, head, parting } = scene;
    paintMatches(scene, this.model.timeline.laneOf);
    paintDeviations(scene, this.model.timeline.laneOf);
    if (parting >= 0) {
      paintUpright(scene, view.x(positions[parting] ?? this.model.axis.length), palette.bad, 2);
    }
    if (this.hovered >= 0) {
      paintUpright(scene, view.x(positions[this.hovered]!), palette.faint, 1);
    }
    paintUpright(scene, view.x(positions[head]!), palette.head, 2);
  }

  private _scene(head: number, parting: number): Scene {
    const { height } = this._size;
    const rows = this._rows.filter(
      (row) => row.top + row.height > this._scroll - ROW && row.top < this._scroll + height,
    );
    return {
      pen: this._pen,
      palette: this._palette,
      model: this.model,
      view: this.view,
      axis: this._axis,
      positions: this.positions,
      rows,
      scroll: this._scroll,
      width: this.view.width,
      height,
      head,
      matches: this.matches,
      marks: this.marks,
      parting,
    };
  }

  private _paintNames({ rows, scroll, head }: Scene): void {
    const { height } = this._size;
    const pen = this._pen;
    const active = this.model.timeline.laneOf[head] ?? -1;
    pen.save();
    pen.beginPath();
    pen.rect(0, AXIS_HEIGHT - 4, this.gutter, height);
    pen.clip();
    pen.textBaseline = "middle";
    for (const { lane, host, top, height: rowHeight } of rows) {
      const y = AXIS_HEIGHT + top - scroll + rowHeight / 2;
      const { name, kind } = this.model.timeline.lanes[lane] ?? { name: host, kind: "host" };
      pen.font = kind === "host" || lane === active ? `600 ${FONT}` : kind === "task" ? FONT : SMALL_FONT;
      pen.fillStyle = kind === "task" || lane === active ? this._palette.ink : this._palette.faint;
      pen.fillText(fitted(pen, name, this.gutter - 18), kind === "host" ? 6 : 12, y);
      if (lane >= 0 && lane === active) {
        pen.fillStyle = this._palette.head;
        pen.fillRect(3, y - 8, 3, 16);
      }
    }
    pen.restore();
    pen.fillStyle = this._palette.line;
    pen.fillRect(this.gutter - 1, 0, 1, height);
  }

  private _rowAt(y: number): ChartRow | undefined {
    const at = y - AXIS_HEIGHT + this._scroll;
    return y < AXIS_HEIGHT - 4 ? undefined : this._rows.find(({ top, height }) => at >= top && at < top + height);
  }

  /** A print or note of a lane close to `x`. */
  private _markNear({ marks }: Lane, x: number): number {
    const { view, positions } = this;
    const i = lastUpTo(marks, lastUpTo(positions, view.unit(x + REACH)));
    const at = marks[i];
    return at !== undefined && Math.abs(view.x(positions[at]!) - x) <= REACH ? at : -1;
  }

  /** The record that begins the slice at `unit`, a running one rather than its neighbours. */
  private _sliceNear(lane: Lane, unit: number): number {
    const { view, positions } = this;
    const last = lane.sliceAt(lastUpTo(positions, unit + REACH / view.scale));
    for (let i = last; i >= 0 && i > last - 50; i--) {
      const [start, end] = [positions[lane.starts[i]!]!, positions[lane.ends[i]!]!];
      const isThere = start <= unit && unit < end;
      const isNear = lane.states[i] === "running" && Math.abs(start - unit) * view.scale <= REACH;
      if (isThere || isNear) {
        return lane.starts[i]!;
      }
    }
    return -1;
  }

  private _applyAxis(): void {
    if (this._axis === "time") {
      this.view.setAxis(this.model.span.time, 1e9 * 40);
    } else {
      this.view.setAxis(this.model.span.event);
    }
  }
}

/** `text` with an ellipsis in its middle where it is wider than `width`: names often differ at their ends only. */
function fitted(pen: CanvasRenderingContext2D, text: string, width: number): string {
  if (pen.measureText(text).width <= width) {
    return text;
  }
  const characters = [...text];
  const cut = (length: number): string => {
    const tail = length >> 1;
    return `${characters.slice(0, length - tail).join("")}…${characters.slice(characters.length - tail).join("")}`;
  };
  let length = Math.min(characters.length, 80);
  while (length > 1 && pen.measureText(cut(length)).width > width) {
    length--;
  }
  return cut(length);
}
