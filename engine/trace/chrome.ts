import { between, type Instant, microseconds, SpreadClock } from "./instants.ts";
import { type Load, LoadGauge } from "./load-gauge.ts";
import { type TaskNames, taskNames } from "./names.ts";
import { isNote, type NoteRecord, type TraceRecord } from "./record.ts";
import type { Trace } from "./trace.ts";

/** The process that stands for the program, and its thread for callbacks and timers. */
const PROGRAM = 1;
const CALLBACKS = 0;

/** A slice that has begun. */
interface OpenSlice {
  readonly start: Instant;
  readonly category: "ready" | "running" | "waiting";
  readonly name: string;
  readonly args: object;
}

type Member = readonly [name: string, value: unknown];

/** An event of the format; `ts` and `dur` stand as decimals with more digits than a number has. */
const eventText = (phase: string, thread: number, at: Instant, ...members: Member[]): string => {
  const rest = members.map(([name, value]) => `,"${name}":${name === "dur" ? value : JSON.stringify(value)}`).join("");
  return `{"ph":"${phase}","pid":${PROGRAM},"tid":${thread},"ts":${microseconds(at)}${rest}}`;
};

const packetEvent = (phase: "b" | "e", at: Instant, id: string, link: string, args: object): string =>
  eventText(phase, CALLBACKS, at, ["cat", "network"], ["id", id], ["name", link], ["args", args]);

const metadata = (name: string, thread: number, args: object): string =>
  `{"ph":"M","pid":${PROGRAM},"tid":${thread},"name":"${name}","args":${JSON.stringify(args)}}`;

/** Turns records, given one after another, into the events of the format. */
class ChromeEvents {
  private readonly _names: TaskNames;
  private readonly _clock = new SpreadClock();
  private readonly _gauge = new LoadGauge();
  private _out: string[] = [];
  /** The slice of each thread that has begun and not ended. */
  private readonly _open = new Map<number, OpenSlice>();
  /** Of each task that was woken and has not gone on yet: the number of that record, and the start of the arrow. */
  private readonly _arrows = new Map<number, { readonly id: number; readonly start: string }>();
  /** Packets on their way. */
  private readonly _packets = new Set<string>();
  /** When the present instant began, and the longest queues since. */
  private _instant: Instant | null = null;
  private _peak: Load = { ready: 0, timers: 0, tasks: 0 };

  constructor(names: TaskNames) {
    this._names = names;
  }

  /** The events that follow from the next record. */
  add(record: TraceRecord): string[] {
    this._out = [];
    if (record.kind === "clock") {
      this._endInstant();
    } else {
      const at = this._clock.tick(record.time);
      this._instant ??= at;
      this._addAt(record, at);
      this._gauge.add(record);
      const { ready, timers, tasks } = this._gauge.load;
      this._peak = {
        ready: Math.max(this._peak.ready, ready),
        timers: Math.max(this._peak.timers, timers),
        tasks: Math.max(this._peak.tasks, tasks),
      };
    }
    return this._out;
  }

  /** The events that end what is still open. */
  end(): string[] {
    this._out = [];
    this._endInstant();
    const at = this._clock.tick(0);
    for (const thread of [...this._open.keys()]) {
      this._close(thread, at);
    }
    for (const key of this._packets) {
      this._out.push(packetEvent("e", at, key, key.slice(0, key.lastIndexOf(" ")), {}));
    }
    return this._out;
  }

  private _addAt(record: Exclude<TraceRecord, { kind: "clock" }>, at: Instant): void {
    if (isNote(record)) {
      this._note(record, at);
      return;
    }
    switch (record.kind) {
      case "create":
        this._out.push(metadata("thread_name", record.task, { name: this._names.of(record.task) }));
        this._out.push(metadata("thread_sort_index", record.task, { sort_index: record.task }));
        this._instantEvent(`creates ${this._names.of(record.task)}`, record.by, at, { place: record.place });
        break;
      case "wake":
        this._wake(record, at);
        break;
      case "step":
        this._step(record, at);
        break;
      case "wait":
        this._begin(record.task, at, "waiting", record.on, { target: this._target(record.target), seq: record.seq });
        break;
      case "yield":
        this._begin(record.task, at, "ready", "ready", { seq: record.seq });
        break;
      case "end":
        this._close(record.task, at);
        this._instantEvent(`ends: ${record.outcome}`, record.task, at, record.error ?? {});
        break;
      case "run":
        this._run(record, at);
        break;
      case "print":
        this._instantEvent(`prints ${JSON.stringify(record.text.replace(/\n$/, ""))}`, record.by, at, {});
        break;
      default:
        this._instantEvent(
          `${record.kind} #${record.handle}`,
          record.by,
          at,
          "when" in record ? { when: record.when } : {},
        );
    }
  }

  /** A packet on its way is a slice of its own track, for packets overtake each other; any other note is an instant. */
  private _note(record: NoteRecord, at: Instant): void {
    const { kind, detail } = record;
    const { packet, link } = detail;
    const key = `${link} ${packet}`;
    if (kind === "network.sent" && !this._packets.has(key)) {
      this._packets.add(key);
      this._out.push(packetEvent("b", at, key, String(link), detail));
    } else if ((kind === "network.delivered" || kind === "network.dropped") && this._packets.delete(key)) {
      this._out.push(packetEvent("e", at, key, String(link), kind === "network.dropped" ? detail : {}));
    } else {
      this._instantEvent(kind, record.by, at, detail);
    }
  }

  private _wake(record: Extract<TraceRecord, { kind: "wake" }>, at: Instant): void {
    this._begin(record.task, at, "ready", "ready", { seq: record.seq });
    if (record.by !== 0) {
      const id = record.seq;
      const start = eventText("s", this._threadOf(record.by), at, ["id", id], ["name", "wakes"], ["cat", "wake"]);
      this._arrows.set(record.task, { id, start });
    }
  }

  private _step(record: Extract<TraceRecord, { kind: "step" }>, at: Instant): void {
    this._close(CALLBACKS, at);
    this._begin(record.task, at, "running", "running", { seq: record.seq, time: record.time });
    const arrow = this._arrows.get(record.task);
    if (arrow !== undefined) {
      const { id, start } = arrow;
      this._arrows.delete(record.task);
      this._out.push(
        start,
        eventText("f", record.task, at, ["bp", "e"], ["id", id], ["name", "wakes"], ["cat", "wake"]),
      );
    }
  }

  private _run(record: Extract<TraceRecord, { kind: "run" }>, at: Instant): void {
    const name = `${this._gauge.isTimer(record.handle) ? "timer" : "call"} #${record.handle}`;
    this._begin(CALLBACKS, at, "running", name, { seq: record.seq, time: record.time });
  }

  private _instantEvent(name: string, by: number, at: Instant, args: object): void {
    this._out.push(eventText("i", this._threadOf(by), at, ["s", "t"], ["name", name], ["args", args]));
  }

  private _target(id: number): string {
    return this._names.has(id) ? this._names.of(id) : `#${id}`;
  }

  private _threadOf(id: number): number {
    return this._names.has(id) ? id : CALLBACKS;
  }

  private _begin(thread: number, start: Instant, category: OpenSlice["category"], name: string, args: object): void {
    this._close(thread, start);
    this._open.set(thread, { start, category, name, args });
  }

  private _close(thread: number, end: Instant): void {
    const slice = this._open.get(thread);
    if (slice !== undefined) {
      this._open.delete(thread);
      const { start, category, name, args } = slice;
      const duration = microseconds(between(start, end));
      this._out.push(
        eventText("X", thread, start, ["dur", duration], ["name", name], ["cat", category], ["args", args]),
      );
    }
  }

  /** Callbacks end with their instant at the latest; the counters show the most of what there was in it. */
  private _endInstant(): void {
    if (this._open.has(CALLBACKS)) {
      this._close(CALLBACKS, this._clock.tick(0));
    }
    if (this._instant !== null) {
      this._out.push(eventText("C", CALLBACKS, this._instant, ["name", "queues"], ["args", this._peak]));
      this._instant = null;
    }
    this._peak = this._gauge.load;
  }
}

/** The pieces of {@link toChrome}, one after another. */
export function* chromePieces(trace: Trace): Generator<string, void, undefined> {
  const { header, digest } = trace;
  const name = header.program ?? "simloop";
  yield `{"displayTimeUnit":"ns","otherData":${JSON.stringify({ ...header, digest })},"traceEvents":[\n`;
  yield metadata("process_name", CALLBACKS, { name });
  yield `,\n${metadata("thread_name", CALLBACKS, { name: "callbacks and timers" })}`;
  const events = new ChromeEvents(taskNames(trace));
  for (const record of trace) {
    for (const event of events.add(record)) {
      yield `,\n${event}`;
    }
  }
  for (const event of events.end()) {
    yield `,\n${event}`;
  }
  yield "\n]}\n";
}

/**
 * A trace in Chrome's JSON format, for ui.perfetto.dev and its like.
 *
 * A thread for every task, with slices for `waiting`, `ready` and `running`; one for callbacks and timers; arrows from who wakes a task
 * to the step that follows; a track for packets on their way; counters for the queues. Steps take no virtual time: to be seen, what happens at one instant is drawn
 * a nanosecond apart, in its order, and the exact time stands in the arguments.
 *
 * @see Google's "Trace Event Format"
 */
export const toChrome = (trace: Trace): string => [...chromePieces(trace)].join("");
