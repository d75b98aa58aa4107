import { type ExperimentReport, type SettingResult, settingText } from "../../../engine/experiment/index.ts";
import { Tally } from "../../../engine/resources/index.ts";
import { escaped, intervalPlot, LEFT, RIGHT, scaled, short, svg, text } from "../plots.ts";

const STYLE = `
:root { color-scheme: light dark; font: 15px/1.5 system-ui, sans-serif; }
body { max-width: 60rem; margin: 2rem auto; padding: 0 1rem; }
h1 { font-size: 1.4rem; } h2 { font-size: 1.1rem; margin-top: 2rem; }
table { border-collapse: collapse; } th, td { text-align: left; padding: .25rem 1rem .25rem 0; }
th { border-bottom: 1px solid; } td.number { text-align: right; font-variant-numeric: tabular-nums; }
svg { max-width: 100%; height: auto; } svg text { font: 12px system-ui, sans-serif; fill: currentColor; }
.bar, .line { stroke: light-dark(#0b5cad, #7ab8ff); stroke-width: 2; fill: none; } .dot, .column { fill: light-dark(#0b5cad, #7ab8ff); }
.line { stroke-width: 1; } .axis { stroke: currentColor; opacity: .4; } .warm { fill: currentColor; opacity: .12; }`;

const POINTS = 500;

const labelOf = ({ setting }: SettingResult): string => escaped(settingText(setting) || "–");

/** The intervals of one measure, a row for each setting. */
const measurePlot = (report: ExperimentReport, measure: string): string =>
  intervalPlot(
    `Intervals of ${measure}`,
    report.settings.map((result) => ({ label: labelOf(result), ...result.measures[measure]! })),
  );

/** How the observations of a tally spread. */
function histogram(result: SettingResult, measure: string, tally: Tally): string {
  const bins = tally.histogram(30);
  const most = Math.max(1, ...bins.map(({ count }) => count));
  const width = (RIGHT - LEFT) / bins.length;
  const columns = bins.map(({ count }, i) => {
    const height = (count / most) * 90;
    return `<rect class="column" x="${LEFT + i * width}" y="${100 - height}" width="${Math.max(1, width - 1)}" height="${height}"/>`;
  });
  const marks = text(LEFT, 115, short(tally.min)) + text(RIGHT - 50, 115, short(tally.max));
  return svg(120, `Histogram of ${measure}`, text(0, 60, labelOf(result)) + columns.join("") + marks);
}

/** Observations over time in the first replication, with the warm-up shaded. */
function timeSeries(result: SettingResult, measure: string, warmUp: number): string {
  const { times = [], values = [] } = result.series[measure] ?? {};
  if (times.length < 2) {
    return "";
  }
  const step = Math.max(1, Math.ceil(times.length / POINTS));
  const shown = times.flatMap((time, i) => (i % step === 0 ? [[time, values[i]!] as const] : []));
  const [low, high] = [Math.min(...shown.map(([, value]) => value)), Math.max(...shown.map(([, value]) => value))];
  const end = times.at(-1)!;
  const x = scaled(0, end);
  const y = (value: number): number => 95 - (high > low ? ((value - low) / (high - low)) * 85 : 40);
  const points = shown.map(([time, value]) => `${x(time).toFixed(1)},${y(value).toFixed(1)}`).join(" ");
  const warm = warmUp > 0 ? `<rect class="warm" x="${LEFT}" y="5" width="${x(warmUp) - LEFT}" height="95"/>` : "";
  const marks = text(LEFT, 115, "0 s") + text(RIGHT - 50, 115, `${short(end)} s`);
  return svg(
    120,
    `${measure} over time`,
    `${text(0, 60, labelOf(result))}${warm}<polyline class="line" points="${points}"/>${marks}`,
  );
}

/** The report of an experiment as a page that needs nothing else. */
export function* experimentPage(report: ExperimentReport): Generator<string, void, void> {
  const { name, seed, warmUp, confidence, settings, measures } = report;
  yield `<!doctype html>\n<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">`;
  yield `<title>${escaped(name)}</title><style>${STYLE}</style></head><body><main>\n<h1>${escaped(name)}</h1>\n`;
  yield `<p>Seed ${escaped(seed)}, warm-up ${short(warmUp)} s, intervals at ${short(confidence * 100)} %.</p>\n`;
  for (const measure of measures) {
    yield `<h2>${escaped(measure)}</h2>\n${measurePlot(report, measure)}`;
    for (const result of settings) {
      const pooled = result.pooled[measure];
      if (pooled instanceof Tally && pooled.n > 1) {
        yield histogram(result, measure, pooled);
      }
      yield timeSeries(result, measure, warmUp);
    }
  }
  yield "<h2>Estimates</h2>\n<table><tr><th>Setting</th><th>Measure</th><th>Runs</th><th>Mean</th><th>Half-width</th></tr>\n";
  for (const result of settings) {
    for (const [measure, { mean, halfWidth }] of Object.entries(result.measures)) {
      yield `<tr><td>${labelOf(result)}</td><td>${escaped(measure)}</td><td class="number">${result.replications}</td><td class="number">${short(mean)}</td><td class="number">± ${short(halfWidth)}</td></tr>\n`;
    }
  }
  yield "</table></main></body></html>\n";
}
