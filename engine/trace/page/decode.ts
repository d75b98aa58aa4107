import { OUTCOMES } from "../event-codes.ts";
import type { NoteKind, TraceRecord } from "../record.ts";
import { Trace } from "../trace.ts";
import {
  BY,
  type EncodedTrace,
  KIND_CODES,
  NOTE,
  type PageToken,
  RAW,
  SCHEDULE_ON,
  SEQ,
  TIME,
  TIMER_ON,
} from "./page-format.ts";

type Kind = keyof typeof KIND_CODES;

const KINDS = Object.keys(KIND_CODES) as Kind[];

/** Reads what the encoder wrote. */
class Decoder {
  private readonly _tokens: readonly PageToken[];
  private readonly _texts: readonly string[];
  private _at = 0;
  private _seq = 0;
  private _time = 0;
  private _by = 0;

  constructor({ tokens, texts }: EncodedTrace) {
    this._tokens = tokens;
    this._texts = texts;
  }

  /** The next record; `null` at the end. */
  next(): TraceRecord | null {
    this._seq++;
    while (this._at < this._tokens.length) {
      const code = this._number();
      if (code === SEQ) {
        this._seq = this._number();
      } else if (code === TIME) {
        this._time = this._number();
      } else if (code === BY) {
        this._by = this._number();
      } else if (code === RAW) {
        return JSON.parse(this._text()!) as TraceRecord;
      } else {
        return this._coded(code);
      }
    }
    return null;
  }

  private _coded(code: number): TraceRecord {
    const { _seq: seq, _time: time, _by: by } = this;
    switch (code) {
      case NOTE:
        return this._note();
      case SCHEDULE_ON:
        return { seq, time, kind: "schedule", handle: this._number(), by, host: this._text()! };
      case TIMER_ON:
        return {
          seq,
          time,
          kind: "timer",
          handle: this._number(),
          when: this._when(),
          by,
          host: this._text()!,
        };
      default:
        return this._event(KINDS[code]!);
    }
  }

  private _event(kind: Kind): TraceRecord {
    if (kind === "clock") {
      this._time = this._number();
      this._by = 0;
    }
    const { _seq: seq, _time: time, _by: by } = this;
    switch (kind) {
      case "clock":
        return { seq, time, kind };
      case "create":
        return this._create();
      case "wait":
        return { seq, time, kind, task: this._number(), on: this._text()!, target: this._number() };
      case "wake":
        return { seq, time, kind, task: this._number(), by };
      case "yield":
        return { seq, time, kind, task: this._number() };
      case "step": {
        this._by = this._number();
        return { seq, time, kind, task: this._by };
      }
      case "end":
        return this._end();
      case "timer":
        return { seq, time, kind, handle: this._number(), when: this._when(), by };
      case "run": {
        this._by = this._number();
        return { seq, time, kind, handle: this._by };
      }
      case "print":
        return { seq, time, kind, text: this._text()!, by };
      default:
        return { seq, time, kind, handle: this._number(), by };
    }
  }

  private _create(): TraceRecord {
    const { _seq: seq, _time: time, _by: by } = this;
    const [task, name, host, place] = [this._number(), this._text()!, this._text(), this._text()];
    const where = { ...(host === undefined ? {} : { host }), ...(place === undefined ? {} : { place }) };
    return { seq, time, kind: "create", task, name, by, ...where };
  }

  private _end(): TraceRecord {
    const { _seq: seq, _time: time } = this;
    const task = this._number();
    const outcome = OUTCOMES[this._number()]!;
    const [name, message] = [this._text(), this._text()];
    const error = name === undefined || message === undefined ? {} : { error: { name, message } };
    return { seq, time, kind: "end", task, outcome, ...error };
  }

  private _note(): TraceRecord {
    const { _seq: seq, _time: time, _by: by } = this;
    const kind = this._text() as NoteKind;
    const entries: [string, string | number | boolean][] = [];
    for (let left = this._number(); left > 0; left--) {
      const key = this._text()!;
      const value = this._tokens[this._at++];
      entries.push([key, Array.isArray(value) ? this._texts[value[0]]! : (value as number | boolean)]);
    }
    return { seq, time, kind, by, detail: Object.fromEntries(entries) };
  }

  private _number(): number {
    return this._tokens[this._at++] as number;
  }

  private _when(): number {
    return (this._tokens[this._at++] as number | null) ?? Number.POSITIVE_INFINITY;
  }

  private _text(): string | undefined {
    return this._texts[this._number()];
  }
}

/** The trace that a page holds. */
export function decodeTrace(encoded: EncodedTrace): Trace {
  const decoder = new Decoder(encoded);
  const records: TraceRecord[] = [];
  for (let record = decoder.next(); record !== null; record = decoder.next()) {
    records.push(record);
  }
  const leftOut = { names: new Map(encoded.names), missingTasks: [] };
  return new Trace(encoded.header, encoded.digest, records, () => leftOut);
}
