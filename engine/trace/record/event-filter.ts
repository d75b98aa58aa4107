import {
  CANCEL,
  CHOSEN,
  CLOCK,
  CREATE,
  CREATE_ON,
  DRAWN,
  END,
  NOTE,
  PRINT,
  RUN,
  SCHEDULE,
  SCHEDULE_ON,
  STEP,
  TIMER,
  TIMER_ON,
  WAIT,
  WAKE,
  YIELD,
} from "../event-codes.ts";
import { FilterRules, type TraceFilter } from "../filter/filter-rules.ts";
import type { NoteRecord } from "../record.ts";
import type { EventReader } from "./event-reader.ts";
import { primitiveKind, readRecord } from "./read-record.ts";

/** What the frequent events are called, by code; notes have names of their own. */
const KIND_OF: Readonly<Record<number, string>> = {
  [CLOCK]: "clock",
  [CREATE]: "create",
  [CREATE_ON]: "create",
  [WAKE]: "wake",
  [STEP]: "step",
  [WAIT]: "wait",
  [YIELD]: "yield",
  [END]: "end",
  [SCHEDULE]: "schedule",
  [SCHEDULE_ON]: "schedule",
  [TIMER]: "timer",
  [TIMER_ON]: "timer",
  [CANCEL]: "cancel",
  [RUN]: "run",
  [PRINT]: "print",
  [DRAWN]: "random.drawn",
  [CHOSEN]: "choice.made",
};

const TASK_EVENTS: ReadonlySet<number> = new Set([CREATE, CREATE_ON, WAKE, STEP, WAIT, YIELD, END]);
/** Events without an actor. */
const UNDONE: ReadonlySet<number> = new Set([CLOCK, STEP, WAIT, YIELD, END, RUN]);

/** What a task begins to wait for. */
function targetOf(reader: EventReader): number {
  const target = reader.tagged();
  reader.rewind();
  return target;
}

/** @internal A filter for events in canonical form: what it does not let through is never made a record. */
export class EventFilter {
  /** What it goes by, and what it knows of the rest. */
  readonly rules: FilterRules;

  /** @throws RangeError if the filter names an unknown kind, or a time that is none. */
  constructor(filter: TraceFilter) {
    this.rules = new FilterRules(filter);
  }

  /**
   * Whether the event that `reader` is at gets through. It must see all events, in order, and leaves the reader at the
   * event's payload.
   */
  letsThrough(reader: EventReader): boolean {
    const { tag } = reader;
    const kind = KIND_OF[tag] ?? (tag === NOTE ? reader.symbol(reader.id) : primitiveKind(tag));
    this._learn(reader, kind);
    return this.rules.letsThrough({
      kind,
      time: reader.time,
      task: TASK_EVENTS.has(tag) ? reader.id : 0,
      by: UNDONE.has(tag) ? 0 : reader.by,
      target: tag === WAIT ? targetOf(reader) : 0,
    });
  }

  private _learn(reader: EventReader, kind: string): void {
    if (reader.isCreation) {
      this.rules.learn(reader.id, reader.text());
      reader.rewind();
    } else if (kind === "task.renamed") {
      const { task, name } = (readRecord(reader, undefined) as NoteRecord).detail;
      this.rules.learn(Number(task), String(name));
      reader.rewind();
    }
  }
}
