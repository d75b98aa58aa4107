import type { Detail } from "../../base/instrument.ts";
import { isNote, type NoteRecord, type TraceRecord } from "../record.ts";
import { type Load, LoadGauge } from "../states/load-gauge.ts";
import { type Stretch, TaskStates } from "../states/task-states.ts";
import { HostIndex, linkEnds } from "../timeline/host-index.ts";
import { requireTrace, type Trace } from "../trace.ts";
import { type TaskNames, taskNames } from "../words/names.ts";
import { ChromeTracks, PROGRAM, type Track } from "./chrome-tracks.ts";
import { type Instant, microseconds, SpreadClock } from "./instants.ts";

/** A callback that runs. */
interface OpenCall {
  readonly track: Track;
  readonly start: Instant;
  readonly name: string;
  readonly args: object;
}

type Member = readonly [name: string, value: unknown];

/** The beginning of an arrow: the number of the record that it starts at, and the event. */
interface ArrowStart {
  readonly id: number;
  readonly event: string;
}

/** An event of the format; `ts` and `dur` stand as decimals with more digits than a number has. */
const eventText = (phase: string, { pid, tid }: Track, at: Instant, ...members: Member[]): string => {
  let text = `{"ph":"${phase}","pid":${pid},"tid":${tid},"ts":${microseconds(at)}`;
  for (const [name, value] of members) {
    text += `,"${name}":${name === "dur" ? value : JSON.stringify(value)}`;
  }
  return `${text}}`;
};

const arrowStart = (track: Track, at: Instant, id: number, category: "wake" | "message"): ArrowStart => ({
  id,
  event: eventText("s", track, at, ["id", id], ["name", category], ["cat", category]),
});

const arrowEnd = (track: Track, at: Instant, id: number, category: "wake" | "message"): string =>
  eventText("f", track, at, ["bp", "e"], ["id", id], ["name", category], ["cat", category]);

/** What waits at a primitive, and lies in it if it is a queue. */
interface PrimitiveLoad {
  readonly waiting: number;
  readonly items?: number;
}

/** The same now, and the most of it in the present instant. */
interface PrimitiveGauge {
  readonly name: string;
  now: PrimitiveLoad;
  peak: PrimitiveLoad;
}

const largerLoad = (a: PrimitiveLoad, b: PrimitiveLoad): PrimitiveLoad => ({
  waiting: Math.max(a.waiting, b.waiting),
  ...(a.items === undefined && b.items === undefined ? {} : { items: Math.max(a.items ?? 0, b.items ?? 0) }),
});

/** Turns records, given one after another, into the events of the format. */
class ChromeEvents {
  private readonly _names: TaskNames;
  private readonly _tracks: ChromeTracks;
  private readonly _clock = new SpreadClock();
  private readonly _gauge = new LoadGauge();
  private _out: string[] = [];
  private readonly _states = new TaskStates<Instant>();
  private _call: OpenCall | null = null;
  /** The arrow to each task that was woken and has not gone on yet. */
  private readonly _wakes = new Map<number, ArrowStart>();
  /** Packets on their way. */
  private readonly _packets = new Map<
    string,
    { readonly track: Track; readonly link: string; readonly arrow: ArrowStart }
  >();
  /** When the present instant began, and the longest queues since. */
  private _instant: Instant | null = null;
  private _peak: Load = { ready: 0, timers: 0, tasks: 0 };
  private readonly _primitives = new Map<unknown, PrimitiveGauge>();
  /** Those that something happened to in the present instant. */
  private readonly _changed = new Set<PrimitiveGauge>();

  constructor(names: TaskNames, tracks: ChromeTracks) {
    this._names = names;
    this._tracks = tracks;
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
    return [...this._tracks.takeNames(), ...this._out];
  }

  /** The events that end what is still open. */
  end(): string[] {
    this._out = [];
    this._endInstant();
    const at = this._clock.tick(0);
    for (const stretch of this._states.end()) {
      this._stretch(stretch, at);
    }
    for (const [id, { track, link }] of this._packets) {
      this._packet("e", track, at, id, link, {});
    }
    return [...this._tracks.takeNames(), ...this._out];
  }

  private _addAt(record: Exclude<TraceRecord, { kind: "clock" }>, at: Instant): void {
    if (isNote(record)) {
      this._note(record, at);
      return;
    }
    if (record.kind === "step" || record.kind === "run") {
      this._endCall(at);
    }
    const change = this._states.add(record, at);
    if (change?.ended) {
      this._stretch(change.ended, at);
    }
    switch (record.kind) {
      case "create":
        this._tracks.ofTask(record.task);
        this._mark(`creates ${this._names.of(record.task)}`, record.by, at, { place: record.place });
        break;
      case "wake":
        this._wake(record, at);
        break;
      case "step":
        this._step(record, at);
        break;
      case "wait":
      case "yield":
        break;
      case "end":
        this._markOn(this._tracks.ofTask(record.task), `ends: ${record.outcome}`, at, record.error ?? {});
        break;
      case "run":
        this._run(record, at);
        break;
      case "print":
        this._mark(`prints ${JSON.stringify(record.text.replace(/\n$/, ""))}`, record.by, at, {});
        break;
      default: {
        const args = "when" in record ? { when: record.when } : {};
        this._mark(`${record.kind} #${record.handle}`, record.by, at, args);
      }
    }
  }

  private _note(record: NoteRecord, at: Instant): void {
    const { kind, by, detail } = record;
    const ends = linkEnds(record);
    if (ends !== null && kind === "network.sent") {
      this._send(record, ends[0], at);
    } else if (ends !== null && (kind === "network.delivered" || kind === "network.dropped")) {
      this._arrive(record, ends[1], at);
    } else {
      this._mark(kind, by, at, detail);
    }
    if (kind.startsWith("sync.")) {
      this._notePrimitive(detail);
    }
  }

  /**
   * A packet on its way is a slice of its own track, for packets overtake each other. Its arrow starts where it was
   * sent.
   */
  private _send(record: NoteRecord, host: string, at: Instant): void {
    const { seq, by, detail } = record;
    const { packet, link } = detail;
    const id = `${link} ${packet}`;
    const network = this._tracks.ofNetwork(host);
    const sender = by === 0 ? network : this._tracks.ofActor(by);
    const isBusy = this._states.of(by) !== undefined || this._call?.track === sender;
    this._moment(network, at, `sends ${packet}`, detail);
    if (!this._packets.has(id)) {
      const arrow = arrowStart(isBusy ? sender : network, at, seq, "message");
      this._packets.set(id, { track: network, link: String(link), arrow });
      this._packet("b", network, at, id, String(link), {});
    }
  }

  private _arrive({ kind, detail }: NoteRecord, host: string, at: Instant): void {
    const { packet, link } = detail;
    const id = `${link} ${packet}`;
    const sent = this._packets.get(id);
    const isLost = kind === "network.dropped";
    const track = isLost && sent !== undefined ? sent.track : this._tracks.ofNetwork(host);
    this._moment(track, at, `${isLost ? "loses" : "receives"} ${packet}`, detail);
    if (sent !== undefined) {
      this._packets.delete(id);
      this._packet("e", sent.track, at, id, sent.link, {});
      if (!isLost) {
        this._out.push(sent.arrow.event, arrowEnd(track, at, sent.arrow.id, "message"));
      }
    }
  }

  private _notePrimitive({ primitive, id, waiting, items }: Detail): void {
    const before = this._primitives.get(id);
    const known = items ?? before?.now.items;
    const now = { waiting: Number(waiting), ...(known === undefined ? {} : { items: Number(known) }) };
    const gauge = before ?? { name: `${primitive} #${id}`, now, peak: now };
    gauge.now = now;
    gauge.peak = this._changed.has(gauge) ? largerLoad(now, gauge.peak) : now;
    this._primitives.set(id, gauge);
    this._changed.add(gauge);
  }

  private _wake(record: Extract<TraceRecord, { kind: "wake" }>, at: Instant): void {
    if (record.by !== 0) {
      this._wakes.set(record.task, arrowStart(this._tracks.ofActor(record.by), at, record.seq, "wake"));
    }
  }

  private _step(record: Extract<TraceRecord, { kind: "step" }>, at: Instant): void {
    const track = this._tracks.ofTask(record.task);
    const arrow = this._wakes.get(record.task);
    if (arrow !== undefined) {
      this._wakes.delete(record.task);
      this._out.push(arrow.event, arrowEnd(track, at, arrow.id, "wake"));
    }
  }

  private _run(record: Extract<TraceRecord, { kind: "run" }>, at: Instant): void {
    const name = `${this._gauge.isTimer(record.handle) ? "timer" : "call"} #${record.handle}`;
    const args = { seq: record.seq, time: record.time };
    this._call = { track: this._tracks.ofCall(record.handle), start: at, name, args };
  }

  private _mark(name: string, by: number, at: Instant, args: object): void {
    this._markOn(this._tracks.ofActor(by), name, at, args);
  }

  private _markOn(track: Track, name: string, at: Instant, args: object): void {
    this._out.push(eventText("i", track, at, ["s", "t"], ["name", name], ["args", args]));
  }

  /** A slice as short as can be, at which arrows begin and end. */
  private _moment(track: Track, at: Instant, name: string, args: object): void {
    const duration = microseconds(this._clock.shortest(at));
    this._out.push(eventText("X", track, at, ["dur", duration], ["name", name], ["cat", "network"], ["args", args]));
  }

  private _packet(phase: "b" | "e", track: Track, at: Instant, id: string, link: string, args: object): void {
    this._out.push(eventText(phase, track, at, ["cat", "network"], ["id", id], ["name", link], ["args", args]));
  }

  private _target(id: number): string {
    return this._names.has(id) ? this._names.of(id) : `#${id}`;
  }

  private _stretch({ task, state, from, record }: Stretch<Instant>, end: Instant): void {
    const track = this._tracks.ofTask(task);
    const { seq, time, kind } = record;
    if (kind === "wait") {
      this._slice(track, from, end, state, record.on, { target: this._target(record.target), seq });
    } else {
      this._slice(track, from, end, state, state, kind === "step" ? { seq, time } : { seq });
    }
  }

  private _slice(track: Track, start: Instant, end: Instant, category: string, name: string, args: object): void {
    const duration = microseconds(this._clock.duration(start, end));
    this._out.push(eventText("X", track, start, ["dur", duration], ["name", name], ["cat", category], ["args", args]));
  }

  private _endCall(at: Instant): void {
    if (this._call !== null) {
      const { track, start, name, args } = this._call;
      this._slice(track, start, at, "running", name, args);
      this._call = null;
    }
  }

  /** Callbacks end with their instant at the latest; the counters show the most of what there was in it. */
  private _endInstant(): void {
    if (this._call !== null) {
      this._endCall(this._clock.tick(0));
    }
    if (this._instant !== null) {
      this._counter("queues", this._peak, this._instant);
      for (const { name, peak } of this._changed) {
        this._counter(name, peak, this._instant);
      }
      this._changed.clear();
      this._instant = null;
    }
    this._peak = this._gauge.load;
  }

  private _counter(name: string, args: object, at: Instant): void {
    this._out.push(eventText("C", { pid: PROGRAM, tid: 0 }, at, ["name", name], ["args", args]));
  }
}

/** The pieces of {@link toChrome}, one after another. @throws TypeError at the call for what is not a trace. */
export function chromePieces(trace: Trace): Generator<string, void, undefined> {
  requireTrace("toChrome", trace);
  return pieces(trace);
}

function* pieces(trace: Trace): Generator<string, void, undefined> {
  const { header, digest } = trace;
  const names = taskNames(trace);
  const tracks = new ChromeTracks(header.program ?? "simloop", names, new HostIndex(trace));
  yield `{"displayTimeUnit":"ns","otherData":${JSON.stringify({ ...header, digest })},"traceEvents":[\n`;
  yield tracks.takeNames().join(",\n");
  const events = new ChromeEvents(names, tracks);
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
 * A process for every host, and in it a thread for every task, with slices for `waiting`, `ready` and `running`, one
 * for callbacks and timers and one for the network; arrows from who wakes a task to the step that follows, and from who
 * sends a packet to its arrival; a track for packets on their way; counters for what is ready, set and alive, and for
 * what waits at primitives and lies in queues. Steps take no virtual time: to be visible, events of one instant are
 * drawn a nanosecond apart, in their order (further apart after 50 days, where a double no longer holds nanoseconds).
 * The exact time stands in the arguments.
 *
 * @see Google's "Trace Event Format"
 */
export const toChrome = (trace: Trace): string => [...chromePieces(trace)].join("");
