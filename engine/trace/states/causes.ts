import { isNote, type NoteRecord, type TraceRecord } from "../record.ts";

/** Packets whose sending is remembered: a copy may arrive long after the first. */
const MAX_PACKETS = 10_000;

const isArrival = (kind: string): boolean => kind === "network.delivered" || kind === "network.dropped";

/** Notes of the outside that others follow from: a crash from a fault, a call from a packet's arrival. */
const STARTS = /^(?:fault|host)\.|^network\.(?:delivered|dropped)$/;

/**
 * Finds out why something happened: a step because something woke the task, the wake-up because another task or a timer
 * ran, the timer because it was set, a packet's arrival because it was sent …
 *
 * The one place that knows which record causes which. Give it all records, in their order.
 *
 * @typeParam Node - What a reader keeps of a record and of what led to it.
 */
export class Causes<Node> {
  private readonly _make: (record: TraceRecord, cause: Node | undefined) => Node;
  /** Of each task, what put it into the ready queue; of each handle, what scheduled it. */
  private readonly _readied = new Map<number, Node>();
  /** Of packets, by link and number, their sending. */
  private readonly _sent = new Map<string, Node>();
  /** The step or call that is at work, and its id. */
  private _actor: Node | undefined;
  private _actorId = 0;
  /** What the world outside of the program did last at this instant: a packet arrived, a fault began. */
  private _outside: Node | undefined;

  /** @param make - Builds the node of a record from that of its cause, which may be missing. */
  constructor(make: (record: TraceRecord, cause: Node | undefined) => Node) {
    this._make = make;
  }

  /** The node of `record`, the next in order. */
  add(record: TraceRecord): Node {
    if (isNote(record)) {
      return this._note(record);
    }
    switch (record.kind) {
      case "clock":
        this._actor = undefined;
        this._actorId = 0;
        this._outside = undefined;
        return this._make(record, undefined);
      case "step":
        return this._run(record, record.task);
      case "run": {
        const node = this._run(record, record.handle);
        this._readied.delete(record.handle);
        return node;
      }
      case "wake":
      case "yield":
        return this._ready(record, record.task);
      case "schedule":
      case "timer":
        return this._ready(record, record.handle);
      case "cancel":
        this._readied.delete(record.handle);
        return this._make(record, this._doer(record.by));
      case "end":
        this._readied.delete(record.task);
        return this._make(record, this._doer(record.task === this._actorId ? record.task : 0));
      default:
        return this._make(record, this._doer("by" in record ? record.by : this._actorId));
    }
  }

  private _note(record: NoteRecord): Node {
    const { kind, by, detail } = record;
    const packet = `${detail["link"]} ${detail["packet"]}`;
    const cause = isArrival(kind) ? this._sent.get(packet) : kind.startsWith("fault.") ? undefined : this._doer(by);
    const node = this._make(record, cause);
    if (by === 0) {
      this._actor = undefined;
      this._actorId = 0;
      this._outside = STARTS.test(kind) ? node : this._outside;
    }
    if (kind === "network.sent") {
      this._send(packet, node);
    }
    return node;
  }

  private _send(packet: string, node: Node): void {
    this._sent.set(packet, node);
    if (this._sent.size > MAX_PACKETS) {
      const [oldest] = this._sent.keys();
      this._sent.delete(oldest!);
    }
  }

  private _run(record: TraceRecord, id: number): Node {
    this._actor = this._make(record, this._readied.get(id));
    this._actorId = id;
    return this._actor;
  }

  private _ready(record: TraceRecord, id: number): Node {
    const node = this._make(record, this._doer("by" in record ? record.by : this._actorId));
    this._readied.set(id, node);
    return node;
  }

  /**
   * What did something: the step or call at work, or, where nothing of the program is (`by` is 0), the world outside.
   */
  private _doer(by: number): Node | undefined {
    return by === 0 ? this._outside : this._actor;
  }
}
