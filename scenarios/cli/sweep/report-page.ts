import type { FailedRun, FailureGroup, SettingReport, SweepReport } from "../../../engine/experiment/index.ts";
import { settingText } from "../../../engine/experiment/index.ts";

const ENTITIES: Readonly<Record<string, string>> = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;" };

const escaped = (text: unknown): string => String(text).replace(/[&<>"]/g, (found) => ENTITIES[found]!);

const STYLE = `
:root { color-scheme: light dark; font: 15px/1.5 system-ui, sans-serif; }
body { max-width: 70rem; margin: 2rem auto; padding: 0 1rem; }
h1 { font-size: 1.4rem; } h2 { font-size: 1.1rem; margin-top: 2rem; }
table { border-collapse: collapse; width: 100%; } th, td { text-align: left; padding: .25rem .75rem .25rem 0; vertical-align: top; }
th { border-bottom: 1px solid; } td.number, th.number { text-align: right; font-variant-numeric: tabular-nums; }
code, pre { font: 13px/1.5 ui-monospace, monospace; overflow-wrap: anywhere; white-space: pre-wrap; }
.scroll { overflow-x: auto; } .failed { color: light-dark(#b00020, #ff8a80); } .ok { color: light-dark(#0a6b2d, #7fd99a); }`;

/** The report of a sweep as a page that needs nothing else. @param commandOf - The command that repeats a run. */
export function* reportPage(
  called: string,
  report: SweepReport,
  commandOf: (run: FailedRun) => string,
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
    yield* failureSection(group, commandOf);
  }
  if (report.lost.length > 0) {
    yield "<h2>Runs without a result</h2>\n";
    yield table(
      ["Seed", "Parameters", "Reason"],
      report.lost.map(({ setting, seed, reason }) => [seed, settingText(report.settings[setting]!.setting), reason]),
    );
  }
  yield "<h2>Runs by parameter</h2>\n";
  yield table(
    ["Parameters", "Metric", "Runs", "Failed", "Mean", "95 % interval", "Min", "Max"],
    report.settings.flatMap(metricRows),
  );
  yield "</main></body></html>\n";
}

function* failureSection(group: FailureGroup, commandOf: (run: FailedRun) => string): Generator<string, void, void> {
  const { name, message, frames, count, first, smallest, earliest } = group;
  yield `<h3 class="failed">${count} × ${escaped(name)}</h3>\n<pre>${escaped(message)}</pre>\n`;
  if (frames.length > 0) {
    yield `<p>${frames.map((frame) => `at <code>${escaped(frame)}</code>`).join("<br>")}</p>\n`;
  }
  const runs = [
    ["first", first],
    ["fewest steps", smallest],
    ["earliest", earliest],
  ] as const;
  yield table(
    ["", "Seed", "Steps", "Virtual time", "To see it again"],
    runs.map(([what, run]) => [what, run.seed, run.steps, `${run.time} s`, commandOf(run)]),
  );
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
