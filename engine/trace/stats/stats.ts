import { isNote, type TraceRecord } from "../record.ts";
import { LoadGauge } from "../states/load-gauge.ts";
import { type Stretch, TaskStates } from "../states/task-states.ts";
import { requireTrace, type Trace } from "../trace.ts";
import { LinkCounter, type LinkStats } from "./link-stats.ts";
import { PrimitiveCounter, type PrimitiveStats } from "./primitive-stats.ts";
import { type LongWait, TaskCount, type TaskStats, type WaitStats, Waits } from "./task-stats.ts";

/** Statistics of a run. Times are in seconds. */
export interface TraceStats {
  /** Virtual time at the end, in seconds. */
  readonly time: number;
  readonly events: number;
  /** How many events there are of each kind, by name. */
  readonly kinds: Readonly<Record<string, number>>;
  /** How many timers were set, fired, and were cancelled. */
  readonly timers: { readonly set: number; readonly fired: number; readonly cancelled: number };
  /** The highest counts at any moment. */
  readonly peak: { readonly ready: number; readonly timers: number; readonly tasks: number };
  /** Wait time of all tasks together, by kind, in order of first use. */
  readonly waits: readonly WaitStats[];
  /** The longest waits, the longest first; what began earlier comes first among equals. */
  readonly longestWaits: readonly LongWait[];
  /** The locks, queues and other primitives, in order of first use. */
  readonly primitives: readonly PrimitiveStats[];
  /** The links of the network, in order of first use. */
  readonly links: readonly LinkStats[];
  /** The tasks, in order of creation. */
  readonly tasks: readonly TaskStats[];
}

const MAX_WAITS = 10;

/** Counts the records of a trace. */
class Counter {
  private readonly _gauge = new LoadGauge();
  private readonly _states = new TaskStates<number>();
  private readonly _kinds = new Map<string, number>();
  private readonly _tasks = new Map<number, TaskCount>();
  private readonly _waits = new Waits();
  private readonly _links = new LinkCounter();
  private readonly _primitives = new PrimitiveCounter();
  private readonly _timers = { set: 0, fired: 0, cancelled: 0 };
  private readonly _peak = { ready: 0, timers: 0, tasks: 0 };
  private _longest: LongWait[] = [];
  private _events = 0;
  private _time = 0;

  add(record: TraceRecord): void {
    this._events++;
    this._time = record.time;
    this._kinds.set(record.kind, (this._kinds.get(record.kind) ?? 0) + 1);
    this._countTimer(record);
    this._gauge.add(record);
    const { ready, timers, tasks } = this._gauge.load;
    this._peak.ready = Math.max(this._peak.ready, ready);
    this._peak.timers = Math.max(this._peak.timers, timers);
    this._peak.tasks = Math.max(this._peak.tasks, tasks);
    this._countSubject(record);
  }

  toStats(): TraceStats {
    for (const stretch of this._states.end()) {
      this._countWait(stretch, true);
    }
    return {
      time: this._time,
      events: this._events,
      kinds: Object.fromEntries([...this._kinds].sort(([a], [b]) => (a < b ? -1 : 1))),
      timers: this._timers,
      peak: this._peak,
      waits: this._waits.toStats(),
      longestWaits: this._longest,
      primitives: this._primitives.toStats(this._time),
      links: this._links.toStats(),
      tasks: [...this._tasks.values()].map((task) => task.toStats()),
    };
  }

  private _countTimer(record: TraceRecord): void {
    if (record.kind === "timer") {
      this._timers.set++;
    } else if (record.kind === "run" && this._gauge.isTimer(record.handle)) {
      this._timers.fired++;
    } else if (record.kind === "cancel" && this._gauge.isTimer(record.handle)) {
      this._timers.cancelled++;
    }
  }

  private _countSubject(record: TraceRecord): void {
    if (isNote(record)) {
      this._links.add(record);
      this._primitives.add(record);
      if (record.kind === "task.renamed") {
        this._tasks.get(Number(record.detail["task"]))?.rename(String(record.detail["name"]));
      }
      return;
    }
    if (!("task" in record)) {
      return;
    }
    if (record.kind === "create") {
      this._tasks.set(record.task, new TaskCount(record.task, record.name, record.time));
      return;
    }
    const task = this._tasks.get(record.task);
    if (record.kind === "step" && task !== undefined) {
      task.steps++;
    } else if (record.kind === "end" && task !== undefined) {
      task.ended = record.time;
      task.outcome = record.outcome;
    }
    const ended = this._states.add(record, record.time)?.ended;
    if (ended?.state === "waiting") {
      this._primitives.endWait(record.task, record.time);
      this._countWait(ended, false);
    }
  }

  /** Count a stretch of waiting that has ended, or that the trace has cut off. */
  private _countWait({ task: id, from, record }: Stretch<number>, unfinished: boolean): void {
    const task = this._tasks.get(id);
    if (record.kind !== "wait" || task === undefined) {
      return;
    }
    const wait = { task: id, on: record.on, target: record.target, from, seconds: this._time - from, unfinished };
    task.addWait(wait);
    this._waits.add(wait.on, wait.seconds);
    const shortest = this._longest.at(-1);
    if (this._longest.length < MAX_WAITS || (shortest !== undefined && wait.seconds >= shortest.seconds)) {
      this._longest = [...this._longest, wait]
        .sort((a, b) => b.seconds - a.seconds || a.from - b.from || a.task - b.task)
        .slice(0, MAX_WAITS);
    }
  }
}

/**
 * Statistics of a run: in all, and per task, kind of wait, primitive and link. Plain data, ready for JSON.
 *
 * @throws TypeError for what is not a trace.
 */
export function traceStats(trace: Trace): TraceStats {
  requireTrace("traceStats", trace);
  const counter = new Counter();
  for (const record of trace) {
    counter.add(record);
  }
  return counter.toStats();
}
