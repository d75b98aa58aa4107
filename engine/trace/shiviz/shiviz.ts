import { isNote, type TraceRecord } from "../record.ts";
import { HostIndex } from "../timeline/host-index.ts";
import { requireTrace, type Trace } from "../trace.ts";
import { taskNames } from "../words/names.ts";
import { Narrator, said } from "../words/narrator.ts";

type Clock = Map<string, number>;

/** Kinds that make no event of their own: each would be a node of the graph. */
const SILENT = /^(?:clock|wait|yield|schedule|timer|cancel|random\.|choice\.|sync\.|run$|run\.)/;

/** A name as a word, for the format ends a host at a space. */
const asWord = (name: string): string => name.replace(/\s+/g, "_");

/** Keeps a vector clock for each node (a host or a task), and passes it on with packets and wake-ups. */
class VectorClocks {
  private readonly _clocks = new Map<string, Clock>();
  private readonly _sent = new Map<string, Clock>();

  /** The clock of `node` after one more event, which knows of `cause`. */
  tick(node: string, cause?: Clock): Clock {
    const clock = new Map(this._clocks.get(node));
    for (const [other, count] of cause ?? []) {
      clock.set(other, Math.max(clock.get(other) ?? 0, count));
    }
    clock.set(node, (clock.get(node) ?? 0) + 1);
    this._clocks.set(node, clock);
    return clock;
  }

  of(node: string): Clock | undefined {
    return this._clocks.get(node);
  }

  send(packet: string, clock: Clock): void {
    this._sent.set(packet, clock);
  }

  received(packet: string): Clock | undefined {
    return this._sent.get(packet);
  }
}

/** Turns records into lines of the log. */
class ShivizLog {
  private readonly _clocks = new VectorClocks();
  private readonly _processOf: (id: number) => string;
  private readonly _narrator: Narrator;
  /** What woke each task, for its next step. */
  private readonly _wakes = new Map<number, Clock>();
  private readonly _byHost: boolean;

  constructor(trace: Trace) {
    const names = taskNames(trace);
    const hosts = new HostIndex(trace);
    this._narrator = new Narrator(names);
    this._byHost = hosts.all.length > 1;
    this._processOf = (id) =>
      asWord(this._byHost ? hosts.of(id) || "outside" : names.has(id) ? names.of(id) : "outside");
  }

  add(record: TraceRecord): string {
    const sentence = said(this._narrator.tell(record));
    if (record.kind === "wake") {
      const waker = this._clocks.of(this._processOf(record.by));
      if (waker !== undefined) {
        this._wakes.set(record.task, waker);
      }
      return "";
    }
    if (record.kind === "step") {
      const cause = this._wakes.get(record.task);
      this._wakes.delete(record.task);
      const node = this._processOf(record.task);
      // Within a host, every step would be an event: those that say something are enough.
      return this._byHost || cause === undefined ? "" : this._line(node, sentence, this._clocks.tick(node, cause));
    }
    if (SILENT.test(record.kind)) {
      return "";
    }
    return isNote(record) && "packet" in record.detail ? this._packet(record, sentence) : this._other(record, sentence);
  }

  private _packet(record: Extract<TraceRecord, { detail: unknown }>, sentence: string): string {
    const { packet, link } = record.detail;
    const [from = "", to = ""] = String(link).split("→");
    const id = `${link} ${packet}`;
    const node = this._byHost ? asWord(record.kind === "network.delivered" ? to : from) : this._processOf(record.by);
    const cause = record.kind === "network.sent" ? undefined : this._clocks.received(id);
    const clock = this._clocks.tick(node, cause);
    if (record.kind === "network.sent") {
      this._clocks.send(id, clock);
    }
    return this._line(node, sentence, clock);
  }

  private _other(record: TraceRecord, sentence: string): string {
    const id = "by" in record ? record.by : "task" in record ? record.task : 0;
    const host = isNote(record) && this._byHost ? record.detail["host"] : undefined;
    const node = typeof host === "string" ? asWord(host) : this._processOf(id);
    return this._line(node, sentence, this._clocks.tick(node));
  }

  private _line(node: string, sentence: string, clock: Clock): string {
    return `${sentence}\n${node} ${JSON.stringify(Object.fromEntries(clock))}\n`;
  }
}

/**
 * A trace as a log for ShiViz, with vector clocks: a node for each host, or for each task where there are no hosts.
 * Packets and wake-ups carry the clock from one to the other, so that the picture shows what happened before what.
 *
 * @throws TypeError for what is not a trace.
 * @see ShiViz; its default parser, `(?<event>.*)\n(?<host>\S*) (?<clock>{.*})`, reads the log
 */
export function toShiviz(trace: Trace): string {
  requireTrace("toShiviz", trace);
  const log = new ShivizLog(trace);
  let lines = "";
  for (const record of trace) {
    lines += log.add(record);
  }
  return lines;
}
