import { isNote, type NoteRecord, type TraceRecord } from "../record.ts";
import { LoadGauge } from "../states/load-gauge.ts";
import { TaskStates } from "../states/task-states.ts";
import { Histogram } from "./histogram.ts";

/** How much there was at an instant of virtual time: the most, and what was left at its end. */
export interface Level {
  readonly time: number;
  readonly most: number;
  readonly left: number;
}

/** What the pictures of a run's numbers show. */
export interface Measures {
  /** Virtual time at the beginning and the end. */
  readonly from: number;
  readonly to: number;
  /**
   * How much queued up over time, by name: what is ready, set and alive, and then what waits for primitives and lies in
   * queues.
   */
  readonly levels: ReadonlyMap<string, readonly Level[]>;
  /** Lengths of waits by what was waited for, and travel times of packets by link. */
  readonly histograms: ReadonlyMap<string, Histogram>;
}

const LOADS = { ready: "ready to run", timers: "timers set", tasks: "tasks alive" } as const;

/** Takes the measures of a run from its records. */
class Measurer {
  from = Number.NaN;
  to = 0;
  readonly histograms = new Map<string, Histogram>();
  readonly levels = new Map<string, Level[]>(Object.values(LOADS).map((name) => [name, []]));
  private readonly _gauge = new LoadGauge();
  private readonly _states = new TaskStates<number>();
  private readonly _packets = new Map<unknown, number>();

  add(record: TraceRecord): void {
    this.from = Number.isNaN(this.from) ? record.time : this.from;
    this.to = record.time;
    this._gauge.add(record);
    const { load } = this._gauge;
    this._note(LOADS.ready, record.time, load.ready);
    this._note(LOADS.timers, record.time, load.timers);
    this._note(LOADS.tasks, record.time, load.tasks);
    if (isNote(record)) {
      this._addNote(record);
      return;
    }
    const ended = this._states.add(record, record.time)?.ended;
    if (ended?.record.kind === "wait") {
      this._histogram(`waits for ${ended.record.on}`).add(record.time - ended.from);
    }
  }

  private _addNote({ kind, time, detail }: NoteRecord): void {
    const { packet, link, primitive, id, waiting, items } = detail;
    if (kind === "network.sent") {
      this._packets.set(packet, time);
    } else if (kind === "network.delivered") {
      const sent = this._packets.get(packet);
      if (sent !== undefined) {
        this._histogram(`packets ${String(link)}`).add(time - sent);
      }
    } else if (kind.startsWith("sync.")) {
      this._note(`waiting for ${primitive} #${id}`, time, Number(waiting));
      if (items !== undefined) {
        this._note(`items in ${primitive} #${id}`, time, Number(items));
      }
    }
  }

  private _histogram(name: string): Histogram {
    let histogram = this.histograms.get(name);
    if (histogram === undefined) {
      histogram = new Histogram();
      this.histograms.set(name, histogram);
    }
    return histogram;
  }

  /** Only changes are kept. */
  private _note(name: string, time: number, value: number): void {
    let levels = this.levels.get(name);
    if (levels === undefined) {
      levels = [];
      this.levels.set(name, levels);
    }
    const last = levels.at(-1);
    if (last?.time === time) {
      levels[levels.length - 1] = { time, most: Math.max(last.most, value), left: value };
    } else if (last?.left !== value) {
      levels.push({ time, most: Math.max(last?.left ?? 0, value), left: value });
    }
  }
}

/** The measures of a run. */
export function measure(records: Iterable<TraceRecord>): Measures {
  const measurer = new Measurer();
  for (const record of records) {
    measurer.add(record);
  }
  return measurer;
}
