import { NO_OPTIONS, optionNames, requireOptions } from "../../base/require-options.ts";
import { type Stretch, TaskStates } from "../states/task-states.ts";
import { requireTrace, type Trace } from "../trace.ts";
import { taskNames } from "../words/names.ts";
import { shortSeconds } from "../words/short-seconds.ts";
import { requireCount } from "./mermaid-sequence.ts";
import { mermaidName } from "./mermaid-text.ts";

/** How much a chart may hold. */
export interface GanttOptions {
  /** Most tasks, the first. 30 by default. */
  readonly maxTasks?: number;
  /** Most bars of a task, the first. 50 by default. */
  readonly maxBars?: number;
}

const GANTT_OPTIONS = optionNames<GanttOptions>({ maxTasks: true, maxBars: true });

/** A stretch of time in which a task waited. */
interface Bar {
  readonly from: number;
  readonly to: number;
  readonly label: string;
}

/** What the chart shows of a task. */
interface Lane {
  readonly bars: Bar[];
  left: number;
  end: { readonly at: number; readonly label: string } | null;
}

/** Mermaid counts whole milliseconds. A short run is stretched: a chart's millisecond then stands for less. */
const UNITS: readonly { readonly perSecond: number; readonly unit: string }[] = [
  { perSecond: 1e3, unit: "s" },
  { perSecond: 1e6, unit: "ms" },
  { perSecond: 1e9, unit: "µs" },
];

/** How words begin that mean something at the start of a line. */
const KEYWORD =
  /^(?=acc|axis|call|click|date|display|exclude|gantt|href|inclu|section|tick|title|today|top|week|\d{4}-)./i;

/** The name of a bar: the first letter of a word that means something is written as a code. */
const barName = (label: string): string => mermaidName(label).replace(KEYWORD, (letter) => `#${letter.charCodeAt(0)};`);

/** The coarsest unit in which the chart still has some hundred steps. */
const unitFor = (seconds: number) => UNITS.find(({ perSecond }) => seconds * perSecond >= 500) ?? UNITS[2]!;

/** The axis: seconds with three places, or more where they are not enough. */
const axisFor = (milliseconds: number): string =>
  milliseconds < 60_000
    ? "%S.%L"
    : milliseconds < 3_600_000
      ? "%M:%S"
      : milliseconds < 86_400_000
        ? "%H:%M"
        : "%j %H:%M";

class Lanes {
  readonly byTask = new Map<number, Lane>();
  end = 0;
  private readonly _maxTasks: number;
  private readonly _maxBars: number;

  constructor(maxTasks: number, maxBars: number) {
    this._maxTasks = maxTasks;
    this._maxBars = maxBars;
  }

  read(trace: Trace): void {
    const names = taskNames(trace);
    const states = new TaskStates<number>();
    const addWait = ({ task, from, record }: Stretch<number>): void => {
      if (record.kind === "wait") {
        this._addBar(task, from, names.has(record.target) ? names.of(record.target) : record.on);
      }
    };
    for (const record of trace) {
      this.end = record.time;
      if (record.kind === "create" && this.byTask.size < this._maxTasks) {
        this.byTask.set(record.task, { bars: [], left: 0, end: null });
      }
      const ended = states.add(record, record.time)?.ended;
      if (ended) {
        addWait(ended);
      }
      const lane = record.kind === "end" ? this.byTask.get(record.task) : undefined;
      if (record.kind === "end" && lane !== undefined) {
        lane.end = { at: record.time, label: record.outcome };
      }
    }
    for (const stretch of states.end()) {
      addWait(stretch);
    }
  }

  private _addBar(task: number, from: number, label: string): void {
    const lane = this.byTask.get(task);
    if (lane === undefined || this.end <= from) {
      return;
    }
    if (lane.bars.length < this._maxBars) {
      lane.bars.push({ from, to: this.end, label });
    } else {
      lane.left++;
    }
  }
}

/**
 * A trace as a Mermaid gantt chart: a section for every task, with a bar for every wait and a milestone at its end.
 *
 * @throws TypeError for unknown options; RangeError unless each is a positive integer.
 */
export function toMermaidGantt(trace: Trace, options: GanttOptions = NO_OPTIONS): string {
  requireTrace("toMermaidGantt", trace);
  requireOptions("toMermaidGantt", options, GANTT_OPTIONS);
  const maxTasks = requireCount("toMermaidGantt: maxTasks", options.maxTasks ?? 30);
  const lanes = new Lanes(maxTasks, requireCount("toMermaidGantt: maxBars", options.maxBars ?? 50));
  lanes.read(trace);
  const names = taskNames(trace);
  const { perSecond, unit } = unitFor(lanes.end);
  const at = (seconds: number): number => Math.round(seconds * perSecond);
  const title = mermaidName(trace.header.program ?? "simloop");
  const lines = [
    "gantt",
    `  title ${title}, ${shortSeconds(lanes.end)} s in all, axis in ${unit}`,
    "  dateFormat x",
    `  axisFormat ${axisFor(at(lanes.end))}`,
  ];
  for (const [id, lane] of lanes.byTask) {
    lines.push(`  section ${mermaidName(names.of(id))}`);
    for (const { from, to, label } of lane.bars) {
      lines.push(`  ${barName(label)} :${at(from)}, ${Math.max(at(to), at(from) + 1)}`);
    }
    if (lane.left > 0) {
      lines.push(`  %% ${lane.left} more waits left out`);
    }
    if (lane.end !== null) {
      lines.push(`  ${lane.end.label} :milestone, ${at(lane.end.at)}, 0ms`);
    }
  }
  const others = names.ids().length - lanes.byTask.size;
  return `${[...lines, ...(others > 0 ? [`  %% ${others} more tasks left out`] : [])].join("\n")}\n`;
}
