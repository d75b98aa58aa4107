import { isNote, type NoteRecord, type TraceRecord } from "../record.ts";
import { TaskStates } from "../states/task-states.ts";
import { type TaskNames, taskNames } from "../words/names.ts";
import { HostIndex, linkEnds } from "./host-index.ts";
import { Lane, type LaneKind } from "./lane.ts";

/**
 * What an arrow means: a wake-up, a creation, or a packet in transit; the arrow of a lost packet ends on its own lane.
 */
export type ArrowKind = "wake" | "create" | "message" | "lost";

/** From a lane at one record to a lane at another, which may be the same. */
export interface Arrow {
  readonly kind: ArrowKind;
  readonly from: number;
  readonly to: number;
  readonly fromLane: number;
  readonly toLane: number;
}

/** No lane: what happens outside of all tasks. */
export const NOWHERE = -1;

/**
 * A run as a picture has it: lanes, arrows, and where each record belongs. Instants are positions in the list of
 * records.
 */
export interface Timeline {
  readonly lanes: readonly Lane[];
  /** In order of `from`. */
  readonly arrows: readonly Arrow[];
  /** Virtual time of each record, in seconds. */
  readonly times: readonly number[];
  /** The lane of each record, {@link NOWHERE} for some. */
  readonly laneOf: readonly number[];
  /** The records that print. */
  readonly prints: readonly number[];
  readonly names: TaskNames;
}

/** Notes that come with nearly every step: marks for them would hide the others. */
const QUIET = /^(?:random|run|sync|task)\./;

/** A packet on its way. */
interface Sent {
  readonly at: number;
  readonly lane: number;
}

/** Takes records one after another and makes a timeline of them. */
class TimelineBuilder {
  readonly lanes: Lane[] = [];
  readonly arrows: Arrow[] = [];
  readonly times: number[] = [];
  readonly laneOf: number[] = [];
  readonly prints: number[] = [];
  private readonly _names: TaskNames;
  private readonly _hosts: HostIndex;
  private readonly _taskLanes = new Map<number, number>();
  private readonly _otherLanes = new Map<string, number>();
  private readonly _sent = new Map<unknown, Sent>();
  private readonly _states = new TaskStates<number>();
  /** The lane of callbacks on which one runs. */
  private _running: Lane | null = null;

  constructor(names: TaskNames, hosts: HostIndex) {
    this._names = names;
    this._hosts = hosts;
  }

  add(record: TraceRecord): void {
    const at = this.times.length;
    this.times.push(record.time);
    if (record.kind === "clock" || record.kind === "step" || record.kind === "run") {
      this._running?.close(at);
      this._running = null;
    }
    this.laneOf.push(NOWHERE);
    this.laneOf[at] = isNote(record) ? this._note(record, at) : this._own(record, at);
  }

  end(): Timeline {
    const last = Math.max(0, this.times.length - 1);
    for (const lane of this.lanes) {
      if (lane.died < 0) {
        lane.died = last;
      }
      lane.close(lane.died);
    }
    this.arrows.sort((a, b) => a.from - b.from || a.to - b.to);
    const { lanes, arrows, times, laneOf, prints, _names: names } = this;
    return { lanes, arrows, times, laneOf, prints, names };
  }

  private _own(record: Exclude<TraceRecord, NoteRecord>, at: number): number {
    const change = this._states.add(record, at);
    if (change !== null) {
      const lane = this.lanes[this._taskLane(change.task)]!;
      if (change.begun === null) {
        lane.close(at);
      } else {
        lane.begin(change.begun.state, at);
      }
    }
    switch (record.kind) {
      case "clock":
        return NOWHERE;
      case "create":
        return this._create(record, at);
      case "wake":
        return this._wake(record, at);
      case "step":
      case "wait":
      case "yield":
        return this._taskLane(record.task);
      case "end": {
        const index = this._taskLane(record.task);
        const lane = this.lanes[index]!;
        lane.died = at;
        lane.outcome = record.outcome;
        lane.marks.push(at);
        return index;
      }
      case "run":
        return this._run(record.handle, at);
      case "print": {
        this.prints.push(at);
        const index = this._laneOfActor(record.by);
        this.lanes[index]?.marks.push(at);
        return index;
      }
      default:
        return "by" in record ? this._laneOfActor(record.by) : NOWHERE;
    }
  }

  private _create(record: Extract<TraceRecord, { kind: "create" }>, at: number): number {
    const from = this._laneOfActor(record.by);
    const lane = new Lane("task", this._hosts.of(record.task), this._names.of(record.task), record.task, record.place);
    lane.born = at;
    const index = this._addLane(lane);
    this._taskLanes.set(record.task, index);
    this._arrow("create", from, index, at, at);
    return from < 0 ? index : from;
  }

  private _wake(record: Extract<TraceRecord, { kind: "wake" }>, at: number): number {
    const lane = this._taskLane(record.task);
    const from = this._laneOfActor(record.by);
    // The arrow of its creation says it already.
    const last = this.arrows.at(-1);
    if (!(last?.kind === "create" && last.toLane === lane && last.to === at - 1)) {
      this._arrow("wake", from, lane, at, at);
    }
    return from < 0 ? lane : from;
  }

  private _run(handle: number, at: number): number {
    const index = this._otherLane("calls", this._hosts.of(handle));
    const lane = this.lanes[index]!;
    lane.begin("running", at);
    this._running = lane;
    return index;
  }

  private _note(record: NoteRecord, at: number): number {
    const ends = linkEnds(record);
    if (ends === null) {
      const index = this._laneOfActor(record.by);
      if (!QUIET.test(record.kind)) {
        this.lanes[index]?.marks.push(at);
      }
      return index;
    }
    // A host that is alone needs no name.
    const [from, to] = this._hosts.all.length > 1 ? ends : ["", ""];
    const { packet } = record.detail;
    if (record.kind === "network.delivered") {
      const index = this._otherLane("packets", to);
      this._arrive("message", packet, index, at);
      return index;
    }
    const index = this._otherLane("packets", from);
    this.lanes[index]!.marks.push(at);
    if (record.kind === "network.sent" && packet !== undefined) {
      this._sent.set(packet, { at, lane: index });
    } else if (record.kind === "network.dropped") {
      this._arrive("lost", packet, index, at);
    }
    return index;
  }

  private _arrive(kind: ArrowKind, packet: unknown, lane: number, at: number): void {
    const sent = this._sent.get(packet);
    this.lanes[lane]!.marks.push(at);
    if (sent !== undefined) {
      this._arrow(kind, sent.lane, lane, sent.at, at);
    }
  }

  private _arrow(kind: ArrowKind, fromLane: number, toLane: number, from: number, to: number): void {
    if (fromLane >= 0 && (fromLane !== toLane || from !== to)) {
      this.arrows.push({ kind, from, to, fromLane, toLane });
    }
  }

  /** The lane of what ran when something was done. */
  private _laneOfActor(id: number): number {
    if (id === 0) {
      return NOWHERE;
    }
    return this._names.has(id) ? this._taskLane(id) : this._otherLane("calls", this._hosts.of(id));
  }

  private _taskLane(task: number): number {
    let index = this._taskLanes.get(task);
    if (index === undefined) {
      index = this._addLane(new Lane("task", this._hosts.of(task), this._names.of(task), task));
      this._taskLanes.set(task, index);
    }
    return index;
  }

  private _otherLane(kind: Exclude<LaneKind, "task">, host: string): number {
    const key = `${kind} ${host}`;
    let index = this._otherLanes.get(key);
    if (index === undefined) {
      index = this._addLane(new Lane(kind, host, kind === "calls" ? "callbacks and timers" : "packets"));
      this._otherLanes.set(key, index);
    }
    return index;
  }

  private _addLane(lane: Lane): number {
    return this.lanes.push(lane) - 1;
  }
}

const KIND_ORDER: readonly LaneKind[] = ["task", "calls", "packets"];

/**
 * The lanes in the order of a picture: by host in order of appearance; there tasks as they were created, callbacks,
 * packets.
 */
export function laneOrder(lanes: readonly Lane[]): number[] {
  const hosts = new Map<string, number>();
  for (const { host } of lanes) {
    if (!hosts.has(host)) {
      hosts.set(host, hosts.size);
    }
  }
  const rank = ({ host, kind }: Lane): number => hosts.get(host)! * 10 + KIND_ORDER.indexOf(kind);
  return lanes.map((_, i) => i).sort((a, b) => rank(lanes[a]!) - rank(lanes[b]!) || a - b);
}

/** The picture's view of a run. @param records - Is iterated over several times. */
export function timelineOf(records: Iterable<TraceRecord>): Timeline {
  const hosts = new HostIndex(records);
  const builder = new TimelineBuilder(taskNames(records), hosts);
  for (const record of records) {
    builder.add(record);
  }
  return builder.end();
}
