import { requireTrace, type Trace } from "../trace.ts";
import { showSeconds } from "../words/duration.ts";
import type { Histogram } from "./histogram.ts";
import { element, escapeXml, label, px, shorten } from "./markup.ts";
import { type Level, type Measures, measure } from "./measures.ts";
import { STYLE } from "./style.ts";

const MARGIN = 16;
const WIDTH = 960;
const PANEL = 296;
const CHART = 96;
/** Above the bars of a histogram, for the number of the highest. */
const NUMBER_ROOM = 14;
const PANEL_HEIGHT = CHART + 64;
const COLUMNS = 3;
/** A picture with more histograms than this would not be looked at. */
const MOST_HISTOGRAMS = 24;
/** The same of what queued up at primitives. */
const MOST_QUEUES = 12;
const HEAD = 44;

interface Corner {
  readonly x: number;
  readonly y: number;
}

/** Where the panel `index` is, and how high all of them are. */
const cornerOf = (index: number, top: number): Corner => ({
  x: MARGIN + (index % COLUMNS) * (PANEL + MARGIN),
  y: top + Math.floor(index / COLUMNS) * PANEL_HEIGHT,
});

const panelsHeight = (panels: number): number => Math.ceil(panels / COLUMNS) * PANEL_HEIGHT;

const panelHead = ({ x, y }: Corner, name: string, note: string): string =>
  label(x, y + 14, "", shorten(name, 30)) + label(x + PANEL, y + 14, "faint small end", note);

const baseLine = ({ x, y }: Corner): string =>
  element("path", { class: "row", d: `M${px(x)} ${px(y + 24 + CHART)}h${PANEL}` });

function* histogramPanel(name: string, histogram: Histogram, corner: Corner): Generator<string, void, undefined> {
  const classes = histogram.classes();
  const most = Math.max(...classes.map(({ count }) => count));
  yield panelHead(corner, name, `${histogram.count} in all`);
  const bar = Math.min(46, PANEL / classes.length);
  const everyLabel = Math.ceil(46 / bar);
  let isMarked = false;
  for (const [i, { from, count }] of classes.entries()) {
    const height = (count / most) * (CHART - NUMBER_ROOM);
    const x = corner.x + i * bar;
    const range = `from ${showSeconds(from)}: ${count}`;
    yield element(
      "rect",
      { class: "running", x: x + 0.5, y: corner.y + 24 + CHART - height, width: Math.max(1, bar - 1.5), height },
      `<title>${escapeXml(range)}</title>`,
    );
    if (count === most && !isMarked) {
      isMarked = true;
      yield label(x + bar / 2, corner.y + 24 + NUMBER_ROOM - 4, "faint small middle", String(most));
    }
    if (i % everyLabel === 0) {
      yield label(x, corner.y + 24 + CHART + 14, "faint small", showSeconds(from));
    }
  }
  yield baseLine(corner);
}

/** The most of each pixel, as a line of steps. */
function stepPath(levels: readonly Level[], { from, to }: Measures, corner: Corner, most: number): string {
  const bottom = corner.y + 24 + CHART;
  const pixels = new Map<number, { peak: number; left: number }>();
  for (const { time, most: peak, left } of levels) {
    const pixel = to === from ? 0 : Math.floor(((time - from) / (to - from)) * (PANEL - 1));
    pixels.set(pixel, { peak: Math.max(pixels.get(pixel)?.peak ?? 0, peak), left });
  }
  let path = `M${px(corner.x)} ${px(bottom)}`;
  const y = (value: number): string => px(bottom - (value / most) * CHART);
  for (const [pixel, { peak, left }] of pixels) {
    path += `H${px(corner.x + pixel)}V${y(peak)}H${px(corner.x + pixel + 1)}V${y(left)}`;
  }
  return `${path}H${px(corner.x + PANEL)}V${px(bottom)}z`;
}

const highest = (levels: readonly Level[]): number => levels.reduce((peak, { most }) => Math.max(peak, most), 0);

function* levelPanel(name: string, measures: Measures, corner: Corner): Generator<string, void, undefined> {
  const levels = measures.levels.get(name) ?? [];
  const most = highest(levels);
  yield panelHead(corner, name, `at most ${most}`);
  if (most > 0) {
    yield element("path", { class: "waiting", d: stepPath(levels, measures, corner, most) });
  }
  yield baseLine(corner);
  const y = corner.y + 24 + CHART + 14;
  yield label(corner.x, y, "faint small", showSeconds(measures.from || 0));
  yield label(corner.x + PANEL, y, "faint small end", showSeconds(measures.to));
}

/** The levels that are shown: those of the loop, and of the primitives those that queued up most. */
function shownLevels({ levels }: Measures): string[] {
  const names = [...levels.keys()];
  const others = names.slice(COLUMNS).filter((name) => highest(levels.get(name) ?? []) > 0);
  const chosen = [...others]
    .sort((a, b) => highest(levels.get(b) ?? []) - highest(levels.get(a) ?? []))
    .slice(0, MOST_QUEUES);
  return [...names.slice(0, COLUMNS), ...others.filter((name) => chosen.includes(name))];
}

/**
 * The numbers of a run as pictures: what queued up over virtual time, how long tasks waited by what they waited for,
 * and how long packets travelled by link. The classes of the histograms begin at 1, 2 and 5 of each decade.
 */
export function statsSvg(trace: Trace): string {
  requireTrace("statsSvg", trace);
  const measures = measure(trace);
  const { histograms } = measures;
  const levels = shownLevels(measures);
  const shown = [...histograms].slice(0, MOST_HISTOGRAMS);
  const top = HEAD + panelsHeight(levels.length);
  const height = top + panelsHeight(shown.length) + MARGIN;
  const name = trace.header.program ?? "simloop";
  const hidden = histograms.size - shown.length;
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" class="simloop" role="img" width="${WIDTH}" height="${height}" viewBox="0 0 ${WIDTH} ${height}">`,
    `<title>Numbers of ${escapeXml(name)}</title>`,
    STYLE,
    element("rect", { class: "ground", width: WIDTH, height }),
    label(MARGIN, 26, "title", name),
    hidden > 0 ? label(WIDTH - MARGIN, 26, "faint small end", `not shown: ${hidden} more histograms`) : "",
    ...levels.flatMap((title, i) => [...levelPanel(title, measures, cornerOf(i, HEAD))]),
    ...shown.flatMap(([title, histogram], i) => [...histogramPanel(title, histogram, cornerOf(i, top))]),
    "</svg>\n",
  ]
    .filter((line) => line !== "")
    .join("\n");
}
