import type { TraceRecord } from "../../record.ts";
import { causeIndex, meaningfulCause } from "../../states/cause-index.ts";
import { lastUpTo } from "../../timeline/lane.ts";
import { type EventAxis, eventAxis } from "../../timeline/positions.ts";
import { laneOrder, type Timeline, timelineOf } from "../../timeline/timeline.ts";
import type { Trace } from "../../trace.ts";
import { Narrator, type Sentence } from "../../words/narrator.ts";

/** A line of the program's output, and the record that printed it. */
export interface OutputLine {
  readonly at: number;
  readonly text: string;
}

/** One run, with all that the page asks about it. Instants are positions in the list of records. */
export class RunModel {
  readonly trace: Trace;
  readonly records: readonly TraceRecord[];
  readonly timeline: Timeline;
  readonly axis: EventAxis;
  /** What each record says in words. */
  readonly sentences: readonly Sentence[];
  readonly output: readonly OutputLine[];
  /**
   * How far the axes reach, by event and in seconds: that of the longer run where two are compared, so that equal
   * events stand above each other.
   */
  span: { readonly event: number; readonly time: number };
  /** Indices of the lanes from top to bottom. */
  readonly order: readonly number[];

  constructor(trace: Trace, longestPause?: number) {
    this.trace = trace;
    this.records = trace.records;
    this.timeline = timelineOf(trace);
    this.axis = eventAxis(this.records, longestPause);
    this.order = laneOrder(this.timeline.lanes);
    this.span = { event: this.axis.length, time: this.timeline.times.at(-1) ?? 0 };
    const narrator = new Narrator(this.timeline.names);
    this.sentences = this.records.map((record) => narrator.tell(record));
    this.output = this.timeline.prints.flatMap((at) => {
      const record = this.records[at] as Extract<TraceRecord, { kind: "print" }>;
      return record.text
        .replace(/\n$/, "")
        .split("\n")
        .map((text) => ({ at, text }));
    });
  }

  get last(): number {
    return Math.max(0, this.records.length - 1);
  }

  /** The place of the record with the number `seq`; `undefined` if it is not in this run. */
  placeOf(seq: number | undefined): number | undefined {
    if (seq === undefined) {
      return undefined;
    }
    let [low, high] = [0, this.records.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.records[middle]!.seq < seq) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return this.records[low]?.seq === seq ? low : undefined;
  }

  timeOf(at: number): number {
    return this.timeline.times[at] ?? 0;
  }

  /** The last line of output that was printed up to `at`; -1 if none was. */
  lineAt(at: number): number {
    let low = 0;
    let high = this.output.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.output[middle]!.at <= at) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return low - 1;
  }

  /**
   * The record that led to record `at`: what woke its task, set its timer, sent its packet; `undefined` if nothing did.
   */
  causeOf(at: number): number | undefined {
    this._causes ??= causeIndex(this.records);
    return meaningfulCause(this.records, this._causes, at);
  }

  /** Index of the last arrow that begins at `at` or before; -1 if none does. */
  arrowsUpTo(at: number): number {
    this._arrowStarts ??= this.timeline.arrows.map(({ from }) => from);
    return lastUpTo(this._arrowStarts, at);
  }

  private _arrowStarts: readonly number[] | undefined;
  private _causes: Int32Array | undefined;
}

/** The longest time between two records that follow each other. */
export function longestPause(records: readonly TraceRecord[]): number {
  let longest = 0;
  for (let i = 1; i < records.length; i++) {
    longest = Math.max(longest, records[i]!.time - records[i - 1]!.time);
  }
  return longest;
}
