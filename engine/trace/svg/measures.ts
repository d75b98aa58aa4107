import { type Load, LoadGauge } from "../load-gauge.ts";
import { isNote, type TraceRecord } from "../record.ts";
import { Histogram } from "./histogram.ts";

/** How much queued up at an instant of virtual time: the most, and what was left at its end. */
export interface LoadAt {
  readonly time: number;
  readonly most: Load;
  readonly left: Load;
}

/** What the pictures of a run's numbers show. */
export interface Measures {
  /** Lengths of waits by what was waited for, and travel times of packets by link. */
  readonly histograms: ReadonlyMap<string, Histogram>;
  readonly loads: readonly LoadAt[];
}

/** Takes the measures of a run from its records. */
class Measurer {
  readonly histograms = new Map<string, Histogram>();
  readonly loads: LoadAt[] = [];
  private readonly _gauge = new LoadGauge();
  private readonly _waits = new Map<number, { readonly on: string; readonly since: number }>();
  private readonly _packets = new Map<unknown, number>();

  add(record: TraceRecord): void {
    this._gauge.add(record);
    this._noteLoad(record.time);
    if (isNote(record)) {
      this._addPacket(record.kind, record.time, record.detail["packet"], record.detail["link"]);
    } else if (record.kind === "wait") {
      this._waits.set(record.task, { on: record.on, since: record.time });
    } else if (record.kind === "wake") {
      const wait = this._waits.get(record.task);
      if (wait !== undefined) {
        this._waits.delete(record.task);
        this._histogram(`waits for ${wait.on}`).add(record.time - wait.since);
      }
    }
  }

  private _addPacket(kind: string, time: number, packet: unknown, link: unknown): void {
    if (kind === "network.sent") {
      this._packets.set(packet, time);
    } else if (kind === "network.delivered") {
      const sent = this._packets.get(packet);
      if (sent !== undefined) {
        this._histogram(`packets ${String(link)}`).add(time - sent);
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

  private _noteLoad(time: number): void {
    const left = this._gauge.load;
    const last = this.loads.at(-1);
    if (last === undefined || last.time !== time) {
      this.loads.push({ time, most: left, left });
    } else {
      this.loads[this.loads.length - 1] = { time, most: larger(last.most, left), left };
    }
  }
}

const larger = (a: Load, b: Load): Load => ({
  ready: Math.max(a.ready, b.ready),
  timers: Math.max(a.timers, b.timers),
  tasks: Math.max(a.tasks, b.tasks),
});

/** The measures of a run. */
export function measure(records: Iterable<TraceRecord>): Measures {
  const measurer = new Measurer();
  for (const record of records) {
    measurer.add(record);
  }
  return measurer;
}
