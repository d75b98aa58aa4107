import type { Palette } from "./palette.ts";
import type { RunModel } from "./run-model.ts";
import type { Viewport } from "./viewport.ts";

export const ROW = 24;
export const HOST_ROW = 20;
export const AXIS_HEIGHT = 26;
export const FONT = '12px ui-sans-serif, system-ui, -apple-system, "Segoe UI", "DejaVu Sans", sans-serif';
export const SMALL_FONT = FONT.replace("12px", "11px");

/** What the horizontal axis stands for. */
export type AxisKind = "event" | "time";

/** A line of the chart: a lane, or the name of a host above its lanes. */
export interface ChartRow {
  /** Index of the lane; -1 for a host's name. */
  readonly lane: number;
  readonly host: string;
  readonly top: number;
  readonly height: number;
}

/** All that is needed to paint a chart. */
export interface Scene {
  readonly pen: CanvasRenderingContext2D;
  readonly palette: Palette;
  readonly model: RunModel;
  readonly view: Viewport;
  readonly axis: AxisKind;
  /** Where records are on the axis. */
  readonly positions: readonly number[];
  /** The rows that are in sight, and how far the lanes are scrolled. */
  readonly rows: readonly ChartRow[];
  readonly scroll: number;
  readonly width: number;
  readonly height: number;
  /** The record at the play head. */
  readonly head: number;
  /** Records that the search found. */
  readonly matches: readonly number[];
  /** Records where the failing run does something else. */
  readonly marks: readonly number[];
  /** The record from which two runs differ; -1 if there is none. */
  readonly parting: number;
}

/** The rows of a run from top to bottom. */
export function rowsOf({ timeline, order }: RunModel): ChartRow[] {
  const rows: ChartRow[] = [];
  let top = 0;
  let host = "";
  for (const lane of order) {
    const own = timeline.lanes[lane]?.host ?? "";
    if (own !== host) {
      host = own;
      rows.push({ lane: -1, host, top, height: HOST_ROW });
      top += HOST_ROW;
    }
    rows.push({ lane, host, top, height: ROW });
    top += ROW;
  }
  return rows;
}

/** The middle of a row in the canvas. */
export const middleOf = ({ scroll }: Scene, row: ChartRow): number => AXIS_HEIGHT + row.top - scroll + row.height / 2;

/** A pixel's edge, so that thin lines are sharp. */
export const sharp = (x: number): number => Math.round(x) + 0.5;
