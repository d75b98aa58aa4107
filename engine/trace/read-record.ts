import type { Detail } from "../base/instrument.ts";
import {
  CANCEL,
  CLOCK,
  CREATE,
  CREATE_ON,
  END,
  NOTE,
  NUMBER,
  OTHER_SYMBOL,
  OUTCOMES,
  PRINT,
  RUN,
  SCHEDULE,
  STEP,
  TEXT,
  TIMER,
  TRUE,
  WAIT,
  WAKE,
  YIELD,
} from "./event-codes.ts";
import type { EventReader } from "./event-reader.ts";
import type { NoteKind, TraceRecord } from "./record.ts";

/**
 * The record of the event that `reader` is at.
 *
 * @param place - Where the task was created, if it is about the creation of one.
 */
export function readRecord(reader: EventReader, place: string | undefined): TraceRecord {
  const { seq, time, by, id } = reader;
  switch (reader.tag) {
    case CLOCK:
      return { seq, time, kind: "clock" };
    case CREATE:
    case CREATE_ON: {
      const name = reader.text();
      const host = reader.tag === CREATE_ON ? { host: reader.text() } : {};
      return { seq, time, kind: "create", task: id, name, by, ...host, ...(place === undefined ? {} : { place }) };
    }
    case WAKE:
      return { seq, time, kind: "wake", task: id, by };
    case STEP:
      return { seq, time, kind: "step", task: id };
    case WAIT: {
      const target = reader.tagged();
      return { seq, time, kind: "wait", task: id, on: awaitedKind(reader), target };
    }
    case YIELD:
      return { seq, time, kind: "yield", task: id };
    case END:
      return readEnd(reader);
    case SCHEDULE:
      return { seq, time, kind: "schedule", handle: id, by };
    case TIMER:
      return { seq, time, kind: "timer", handle: id, when: reader.float(), by };
    case CANCEL:
      return { seq, time, kind: "cancel", handle: id, by };
    case RUN:
      return { seq, time, kind: "run", handle: id };
    case PRINT:
      return { seq, time, kind: "print", text: reader.text(), by };
    case NOTE:
      return { seq, time, kind: reader.symbol(id) as NoteKind, by, detail: readDetail(reader) };
    default:
      throw new RangeError(`no event has the code ${reader.tag}`);
  }
}

/** What a task waits for, when its number has just been read. */
export const awaitedKind = (reader: EventReader): string =>
  reader.symbol(reader.tag === OTHER_SYMBOL ? reader.word() : reader.tag);

function readEnd(reader: EventReader): TraceRecord {
  const { seq, time, id } = reader;
  const outcome = OUTCOMES[reader.word()] as (typeof OUTCOMES)[number];
  const record = { seq, time, kind: "end", task: id, outcome } as const;
  return outcome === "failed" ? { ...record, error: { name: reader.text(), message: reader.text() } } : record;
}

function readDetail(reader: EventReader): Detail {
  const entries: [string, string | number | boolean][] = [];
  for (let left = reader.word(); left > 0; left--) {
    const key = reader.symbol(reader.tagged());
    const { tag } = reader;
    entries.push([key, tag === NUMBER ? reader.float() : tag === TEXT ? reader.text() : tag === TRUE]);
  }
  return Object.fromEntries(entries);
}
