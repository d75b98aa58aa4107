/// <reference lib="esnext.disposable" preserve="true" />

/**
 * simloop/trace. Record, read, compare, filter and draw traces.
 *
 * All of it is in simloop as well. `npm run api` writes this file.
 */

export { chromePieces, toChrome } from "./chrome/chrome.ts";
export { type DiffSide, diffTraces, type FirstDifference, type TraceDiff } from "./compare/diff.ts";
export { formatDiff } from "./compare/format-diff.ts";
export { TraceFormatError } from "./file/format-error.ts";
export { parseJsonl, TraceParser } from "./file/parse.ts";
export { filterTrace } from "./filter/filter.ts";
export type { TraceFilter } from "./filter/filter-rules.ts";
export { jsonlLines, toJsonl } from "./jsonl.ts";
export { type GanttOptions, toMermaidGantt } from "./mermaid/mermaid-gantt.ts";
export { type SequenceOptions, toMermaidSequence } from "./mermaid/mermaid-sequence.ts";
export { toOtlp } from "./otlp/otlp.ts";
export type { PageFailure, PageMark } from "./page/failure.ts";
export { type HtmlOptions, htmlPieces, toHtml } from "./page/html.ts";
export { type PcapngOptions, pcapngPieces, toPcapng } from "./pcapng/pcapng.ts";
export { Recorder, type RecorderOptions, type TraceMode } from "./record/recorder.ts";
export { isIntact } from "./record/verify.ts";
export type { TraceHeader, TraceRecord } from "./record.ts";
export { type Salvage, TraceSalvager } from "./salvage/salvage.ts";
export { toShiviz } from "./shiviz/shiviz.ts";
export { toSpeedscope } from "./speedscope/speedscope.ts";
export { formatStats } from "./stats/format-stats.ts";
export type { LatencyStats, LinkStats } from "./stats/link-stats.ts";
export type { PrimitiveStats } from "./stats/primitive-stats.ts";
export { type TraceStats, traceStats } from "./stats/stats.ts";
export type { LongWait, TaskStats, WaitStats } from "./stats/task-stats.ts";
export { statsSvg } from "./svg/stats-picture.ts";
export { type SvgOptions, svgPieces, toSvg } from "./svg/svg.ts";
export { Trace } from "./trace.ts";
export { type CriticalPath, type CriticalStep, criticalPath } from "./why/critical-path.ts";
export { formatPath } from "./why/format-path.ts";
export { textLines, toText } from "./words/text.ts";
