import type { Detail } from "../../base/instrument.ts";
import {
  ACQUIRED,
  CANCEL,
  CHOSEN,
  CLOCK,
  CREATE,
  CREATE_ON,
  DRAWN,
  END,
  INTEGER,
  NAME,
  NOTE,
  NUMBER,
  OTHER_SYMBOL,
  OUTCOMES,
  PRIMITIVE_EVENTS,
  PRINT,
  RELEASED,
  RUN,
  SCHEDULE,
  SCHEDULE_ON,
  STEP,
  TEXT,
  TIMER,
  TIMER_ON,
  TRUE,
  WAIT,
  WAITED,
  WAKE,
  YIELD,
} from "../event-codes.ts";
import type { NoteKind, TraceRecord } from "../record.ts";
import type { EventReader } from "./event-reader.ts";

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
    case SCHEDULE_ON:
      return { seq, time, kind: "schedule", handle: id, by, host: reader.symbol(reader.word()) };
    case TIMER:
      return { seq, time, kind: "timer", handle: id, when: reader.float(), by };
    case TIMER_ON: {
      const when = reader.float();
      return { seq, time, kind: "timer", handle: id, when, by, host: reader.symbol(reader.word()) };
    }
    case CANCEL:
      return { seq, time, kind: "cancel", handle: id, by };
    case RUN:
      return { seq, time, kind: "run", handle: id };
    case PRINT:
      return { seq, time, kind: "print", text: reader.text(), by };
    case WAITED:
    case ACQUIRED:
    case RELEASED:
      return { seq, time, kind: primitiveKind(reader.tag), by, detail: readPrimitive(reader) };
    case DRAWN:
      return { seq, time, kind: "random.drawn", by, detail: { stream: reader.symbol(id), value: reader.float() } };
    case CHOSEN: {
      const option = reader.word();
      const detail = { point: reader.symbol(id), option, of: reader.word() };
      return { seq, time, kind: "choice.made", by, detail };
    }
    case NOTE:
      return { seq, time, kind: reader.symbol(id) as NoteKind, by, detail: readDetail(reader) };
    default:
      throw new RangeError(`no event has the code ${reader.tag}`);
  }
}

/** What a task waits for, when its number has just been read. */
export const awaitedKind = (reader: EventReader): string =>
  reader.symbol(reader.tag === OTHER_SYMBOL ? reader.word() : reader.tag);

/** The kind of record for an event of a primitive. */
export const primitiveKind = (tag: number): NoteKind => `sync.${PRIMITIVE_EVENTS[tag - WAITED]}`;

function readPrimitive(reader: EventReader): Detail {
  const { id } = reader;
  const waiting = reader.tagged();
  const primitive = awaitedKind(reader);
  const items = reader.word();
  return items < 0 ? { primitive, id, waiting } : { primitive, id, waiting, items };
}

function readEnd(reader: EventReader): TraceRecord {
  const { seq, time, id } = reader;
  const outcome = OUTCOMES[reader.word()]!;
  const record = { seq, time, kind: "end", task: id, outcome } as const;
  return outcome === "failed" ? { ...record, error: { name: reader.text(), message: reader.text() } } : record;
}

function readDetail(reader: EventReader): Detail {
  const entries: [string, string | number | boolean][] = [];
  for (let left = reader.word(); left > 0; left--) {
    const key = reader.symbol(reader.tagged());
    entries.push([key, readValue(reader)]);
  }
  return Object.fromEntries(entries);
}

function readValue(reader: EventReader): string | number | boolean {
  switch (reader.tag) {
    case INTEGER:
      return reader.word();
    case NUMBER:
      return reader.float();
    case NAME:
      return reader.symbol(reader.word());
    case TEXT:
      return reader.text();
    default:
      return reader.tag === TRUE;
  }
}
