import {
  isSmaller,
  type ReportedFailure,
  type RunNamer,
  type SettingReport,
  type SweepReport,
  settingText,
} from "../../../engine/experiment/index.ts";
import { escaped, intervalPlot } from "../plots.ts";
import type { PageLinks } from "./failure-pages.ts";

const STYLE = `
:root { color-scheme: light dark; font: 15px/1.5 system-ui, sans-serif; }
body { max-width: 70rem; margin: 2rem auto; padding: 0 1rem; }
h1 { font-size: 1.4rem; } h2 { font-size: 1.1rem; margin-top: 2rem; }
table { border-collapse: collapse; width: 100%; } th, td { text-align: left; padding: .25rem .75rem .25rem 0; vertical-align: top; }
th { border-bottom: 1px solid; } td.number, th.number { text-align: right; font-variant-numeric: tabular-nums; }
code, pre { font: 13px/1.5 ui-monospace, monospace; overflow-wrap: anywhere; white-space: pre-wrap; }
svg { max-width: 45rem; height: auto; } svg text { font: 12px system-ui, sans-serif; fill: currentColor; }
.bar { stroke: light-dark(#0b5cad, #7ab8ff); stroke-width: 2; } .dot { fill: light-dark(#0b5cad, #7ab8ff); } .axis { stroke: currentColor; opacity: .4; }
.scroll { overflow-x: auto; } .failed { color: light-dark(#b00020, #ff8a80); } .ok { color: light-dark(#0a6b2d, #7fd99a); }`;

/**
 * The report of a sweep as a page, which is read offline.
 *
 * @param commandOf - The command that repeats a run.
 * @param links - The pages with traces of failures.
 */
export function* reportPage(
  called: string,
  report: SweepReport,
  commandOf: RunNamer,
  links: PageLinks,
): Generator<string, void, void> {
  const { verdict, runs, planned, seeds, distinct, digest, campaign } = report;
  yield `<!doctype html>\n<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">`;
  yield `<title>Sweep of ${escaped(called)}: ${verdict}</title><style>${STYLE}</style></head><body><main>\n`;
  yield `<h1>Sweep of ${escaped(called)}: <span class="${verdict === "ok" ? "ok" : "failed"}">${verdict}</span></h1>\n`;
  yield `<p>${runs} of ${planned} runs, seeds ${seeds.from} to ${seeds.to}, about ${distinct} distinct.<br>Digest <code>${digest}</code>, campaign <code>${campaign}</code>.</p>\n`;
  yield "<h2>Failures</h2>\n";
  if (report.failures.length === 0) {
    yield "<p>None.</p>\n";
  }
  for (const group of report.failures) {
    yield* failureSection(group, commandOf, links);
  }
  if (report.lost.length > 0) {
    yield "<h2>Runs without a result</h2>\n";
    yield table(
      ["Seed", "Parameters", "Reason"],
      report.lost.map(({ setting, seed, reason }) => [seed, settingText(report.settings[setting]!.setting), reason]),
    );
  }
  yield "<h2>Metrics by parameter</h2>\n";
  yield* metricPlots(report.settings);
  yield table(
    ["Parameters", "Metric", "Runs", "Failed", "Mean", "95 % interval", "Min", "Max"],
    report.settings.flatMap(metricRows),
  );
  yield "<h2>Longest runs</h2>\n";
  yield table(
    ["Parameters", "Seed", "Steps", "Virtual time", "To see it again"],
    report.longest.map((run) => [
      settingText(report.settings[run.setting]!.setting) || "–",
      run.seed,
      run.steps,
      `${run.time} s`,
      commandOf(run),
    ]),
  );
  yield "</main></body></html>\n";
}

function* failureSection(group: ReportedFailure, commandOf: RunNamer, links: PageLinks): Generator<string, void, void> {
  const { name, message, frames, count, first, smallest, earliest, shrunk } = group;
  yield `<h3 class="failed">${count} × ${escaped(name)}</h3>\n<pre>${escaped(message)}</pre>\n`;
  if (frames.length > 0) {
    yield `<p>${frames.map((frame) => `at <code>${escaped(frame)}</code>`).join("<br>")}</p>\n`;
  }
  const runs = [
    ["first", first],
    ["fewest steps", smallest],
    ["earliest", earliest],
    ...(shrunk !== undefined && isSmaller(shrunk, smallest) ? [["shrunk", shrunk] as const] : []),
  ] as const;
  yield table(
    ["", "Seed", "Steps", "Virtual time", "To see it again"],
    runs.map(([what, run]) => [what, run.seed, run.steps, `${run.time} s`, commandOf(run)]),
  );
  const link = links.get(group);
  if (link !== undefined) {
    yield `<p><a href="${link}">Its trace</a>, event by event</p>\n`;
  }
}

/** A plot for each metric where there are several settings: means with their intervals. */
function* metricPlots(settings: readonly SettingReport[]): Generator<string, void, void> {
  const names = settings.length < 2 ? [] : Object.keys(settings[0]!.metrics);
  for (const name of names) {
    const rows = settings.flatMap(({ setting, metrics }) => {
      const metric = metrics[name];
      const { mean, halfWidth } = metric ?? { mean: Number.NaN, halfWidth: Number.NaN };
      const label = escaped(settingText(setting));
      return metric === undefined ? [] : [{ label, mean, low: mean - halfWidth, high: mean + halfWidth }];
    });
    const title = name.replace(/^value\./, "");
    yield `<h3>${escaped(title)}</h3>\n${intervalPlot(title, rows)}`;
  }
}

function metricRows({ setting, runs, failures, metrics }: SettingReport): (string | number)[][] {
  const short = (value: number): string => String(Number(value.toPrecision(6)));
  return Object.entries(metrics).map(([name, { mean, halfWidth, min, max }]) => [
    settingText(setting) || "–",
    name.replace(/^value\./, ""),
    runs,
    failures,
    short(mean),
    Number.isFinite(halfWidth) ? `± ${short(halfWidth)}` : "–",
    short(min),
    short(max),
  ]);
}

function table(heads: readonly string[], rows: readonly (readonly (string | number)[])[]): string {
  const head = heads.map((text) => `<th>${escaped(text)}</th>`).join("");
  const body = rows.map((row) => `<tr>${row.map(cell).join("")}</tr>`).join("\n");
  return `<div class="scroll"><table><thead><tr>${head}</tr></thead><tbody>\n${body}\n</tbody></table></div>\n`;
}

const cell = (value: string | number): string =>
  typeof value === "number"
    ? `<td class="number">${value}</td>`
    : `<td>${value.startsWith("simloop ") ? `<code>${escaped(value)}</code>` : escaped(value)}</td>`;
