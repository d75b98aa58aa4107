import { OUTCOMES } from "../event-codes.ts";
import { isNote, type NoteRecord, type TraceRecord } from "../record.ts";
import type { Trace } from "../trace.ts";
import { BY, KIND_CODES, NOTE, NOTHING, type PageToken, RAW, SCHEDULE_ON, SEQ, TIME, TIMER_ON } from "./page-format.ts";

/** JSON that may stand in a script element. */
export const scriptJson = (value: unknown): string => JSON.stringify(value).replaceAll("<", "\\u003c");

/** JSON has no infinity. */
const timeToken = (time: number): number | null => (Number.isFinite(time) ? time : null);

/** Turns records into tokens: what follows from the records before is left out. */
class Encoder {
  readonly texts: string[] = [];
  private readonly _codes = new Map<string, number>();
  private _seq = 0;
  private _time = 0;
  private _by = 0;

  encode(record: TraceRecord): PageToken[] {
    const tokens: PageToken[] = [];
    if (record.seq !== this._seq + 1) {
      tokens.push(SEQ, record.seq);
    }
    this._seq = record.seq;
    if (record.kind === "clock") {
      this._by = 0;
    } else if (record.time !== this._time) {
      tokens.push(TIME, record.time);
    }
    this._time = record.time;
    if ("by" in record && record.by !== this._by) {
      tokens.push(BY, record.by);
      this._by = record.by;
    }
    this._event(record, tokens);
    return tokens;
  }

  private _event(record: TraceRecord, tokens: PageToken[]): void {
    if (isNote(record)) {
      this._note(record, tokens);
      return;
    }
    const code = (KIND_CODES as Readonly<Partial<Record<string, number>>>)[record.kind];
    if (code === undefined) {
      tokens.push(RAW, this._text(JSON.stringify(record)));
      return;
    }
    if ((record.kind === "schedule" || record.kind === "timer") && record.host !== undefined) {
      tokens.push(record.kind === "schedule" ? SCHEDULE_ON : TIMER_ON, record.handle);
      if (record.kind === "timer") {
        tokens.push(timeToken(record.when));
      }
      tokens.push(this._text(record.host));
      return;
    }
    tokens.push(code);
    switch (record.kind) {
      case "clock":
        tokens.push(record.time);
        break;
      case "create":
        tokens.push(record.task, this._text(record.name), this._optional(record.host), this._optional(record.place));
        break;
      case "step":
        this._by = record.task;
        tokens.push(record.task);
        break;
      case "wait":
        tokens.push(record.task, this._text(record.on), record.target);
        break;
      case "wake":
      case "yield":
        tokens.push(record.task);
        break;
      case "end":
        tokens.push(record.task, OUTCOMES.indexOf(record.outcome));
        tokens.push(this._optional(record.error?.name), this._optional(record.error?.message));
        break;
      case "timer":
        tokens.push(record.handle, timeToken(record.when));
        break;
      case "run":
        this._by = record.handle;
        tokens.push(record.handle);
        break;
      case "schedule":
      case "cancel":
        tokens.push(record.handle);
        break;
      case "print":
        tokens.push(this._text(record.text));
        break;
    }
  }

  private _note({ kind, detail }: NoteRecord, tokens: PageToken[]): void {
    const entries = Object.entries(detail);
    tokens.push(NOTE, this._text(kind), entries.length);
    for (const [key, value] of entries) {
      tokens.push(this._text(key));
      if (typeof value === "string") {
        tokens.push([this._text(value)]);
      } else {
        tokens.push(value);
      }
    }
  }

  private _optional(text: string | undefined): number {
    return text === undefined ? NOTHING : this._text(text);
  }

  private _text(text: string): number {
    let code = this._codes.get(text);
    if (code === undefined) {
      code = this.texts.push(text) - 1;
      this._codes.set(text, code);
    }
    return code;
  }
}

/** A trace as the JSON that the page reads, in pieces. */
export function* encodedPieces(trace: Trace): Generator<string, void, undefined> {
  yield `{"header":${scriptJson(trace.header)},"digest":${scriptJson(trace.digest)},"tokens":[`;
  const encoder = new Encoder();
  let separator = "";
  for (const record of trace) {
    yield separator + scriptJson(encoder.encode(record)).slice(1, -1);
    separator = ",";
  }
  yield `],"texts":${scriptJson(encoder.texts)},"names":${scriptJson([...trace.names])}}`;
}
