import { describeValue } from "../../base/describe.ts";
import { NO_OPTIONS, optionNames, requireOptions } from "../../base/require-options.ts";
import { requireTrace, type Trace } from "../trace.ts";
import { taskNames } from "../words/names.ts";
import { Narrator, said } from "../words/narrator.ts";
import { arrow, MOST_ARROWS, shownArrows } from "./arrows.ts";
import { instants, laneNames, title } from "./frame.ts";
import { laneBars, laneLine, packetMarks } from "./lanes.ts";
import { DEFAULT_WIDTH, type Layout, layOut, MARGIN } from "./layout.ts";
import { legend, legendHeight } from "./legend.ts";
import { element, escapeXml, px } from "./markup.ts";
import { outputHeight, outputList, type Print, printMarks } from "./prints.ts";
import { STYLE } from "./style.ts";

/** Options of {@link toSvg}. */
export interface SvgOptions {
  /** Maximum width, in pixels; 1000 by default. */
  readonly width?: number;
}

const SVG_OPTIONS = optionNames<SvgOptions>({ width: true });

/** Bars of a longer trace do not say what they are when the pointer rests on them. */
const MOST_TOLD = 3000;
/** Between the lanes and the legend. */
const LEGEND_GAP = 12;
const MIN_WIDTH = 200;
const MAX_WIDTH = 100_000;

const HATCH =
  '<defs><pattern id="simloop-hatch" width="4" height="4" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">' +
  '<path class="hatch" d="M0 0V4"/></pattern></defs>';

/** What the trace says in words at each record, for short traces. */
function tellerOf(trace: Trace, events: number): (record: number) => string {
  if (events > MOST_TOLD) {
    return () => "";
  }
  const narrator = new Narrator(taskNames(trace));
  const sentences: string[] = [];
  for (const record of trace) {
    sentences.push(`${record.time} s: ${said(narrator.tell(record))}`);
  }
  return (record) => sentences[record] ?? "";
}

function printsOf(trace: Trace): Print[] {
  const prints: Print[] = [];
  let at = 0;
  for (const record of trace) {
    if (record.kind === "print") {
      prints.push({ at, text: record.text });
    }
    at++;
  }
  return prints;
}

/** Which records say that a packet got lost. */
function lossesOf(trace: Trace): (record: number) => boolean {
  const lost = new Set<number>();
  let at = 0;
  for (const { kind } of trace) {
    if (kind === "network.dropped") {
      lost.add(at);
    }
    at++;
  }
  return (record) => lost.has(record);
}

function* lanes(trace: Trace, layout: Layout, isCrowded: boolean): Generator<string, void, undefined> {
  const isLost = isCrowded ? lossesOf(trace) : () => false;
  const tell = tellerOf(trace, layout.timeline.times.length);
  for (const { lane, y } of layout.rows) {
    yield laneLine(y, layout);
    const shown = layout.timeline.lanes[lane];
    if (shown !== undefined) {
      yield* laneBars(shown, y, layout, tell);
      if (isCrowded && shown.kind === "packets") {
        yield* packetMarks(shown, y, layout, isLost);
      }
    }
  }
}

/** What does not fit into the picture. */
function leftOut({ hidden }: Layout, arrows: number): string {
  const parts = [
    ...(hidden > 0 ? [`${hidden} more lanes`] : []),
    ...(arrows > MOST_ARROWS ? [`${arrows} arrows`] : []),
  ];
  return parts.length === 0 ? "" : `not shown: ${parts.join(" and ")}`;
}

/** The pieces of {@link toSvg}, one after another. @throws TypeError, RangeError as {@link toSvg}, at the call. */
export function svgPieces(trace: Trace, options: SvgOptions = NO_OPTIONS): Generator<string, void, undefined> {
  requireTrace("toSvg", trace);
  requireOptions("toSvg", options, SVG_OPTIONS);
  const { width = DEFAULT_WIDTH } = options;
  if (!(typeof width === "number" && width >= MIN_WIDTH && width <= MAX_WIDTH)) {
    throw new RangeError(`toSvg: width: expected ${MIN_WIDTH} to ${MAX_WIDTH} pixels, got ${describeValue(width)}`);
  }
  return picturePieces(trace, width);
}

function* picturePieces(trace: Trace, width: number): Generator<string, void, undefined> {
  const layout = layOut(trace, width);
  const prints = printsOf(trace);
  const arrows = shownArrows(layout);
  const fullWidth = layout.right + MARGIN;
  const legendTop = layout.bottom + LEGEND_GAP;
  const listTop = legendTop + legendHeight(layout) + MARGIN;
  const height = listTop + outputHeight(prints);
  const size = `width="${px(fullWidth)}" height="${px(height)}" viewBox="0 0 ${px(fullWidth)} ${px(height)}"`;
  const name = escapeXml(trace.header.program ?? "simloop");
  yield `<svg xmlns="http://www.w3.org/2000/svg" class="simloop" role="img" ${size}>\n`;
  yield `<title>Timing of ${name}</title>\n${STYLE}\n${HATCH}\n`;
  yield `${element("rect", { class: "ground", width: fullWidth, height })}\n`;
  const shapes = [
    title(trace.header, layout, leftOut(layout, arrows.length)),
    instants(layout),
    laneNames(layout),
    lanes(trace, layout, arrows.length > MOST_ARROWS),
    (arrows.length > MOST_ARROWS ? [] : arrows).map((one) => arrow(one, layout)),
    printMarks(prints, layout),
    legend(layout, legendTop),
    outputList(prints, layout, listTop, fullWidth),
  ];
  for (const group of shapes) {
    for (const shape of group) {
      yield `${shape}\n`;
    }
  }
  yield "</svg>\n";
}

/**
 * A trace as a picture for papers and docs: swim lanes of tasks by host, what they do, who wakes and creates whom, the
 * packets, and what is printed.
 *
 * The axis gives room to events; the time between instants is drawn short. Of a long trace, lanes and arrows are left
 * out, which the picture says.
 *
 * @throws TypeError for unknown options; RangeError if the width is out of range.
 */
export const toSvg = (trace: Trace, options?: SvgOptions): string => [...svgPieces(trace, options)].join("");
