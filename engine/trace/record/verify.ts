import type { Detail, ObservedTask } from "../../base/instrument.ts";
import { PRIMITIVE_EVENTS } from "../event-codes.ts";
import { isNote, type NoteRecord, type TraceRecord } from "../record.ts";
import { requireTrace, type Trace } from "../trace.ts";
import { Recorder } from "./recorder.ts";

const stranger = (id: number, name = "", host?: string): ObservedTask => ({
  id,
  host,
  getName: () => name,
  createdAt: () => undefined,
});

const isWord = (value: unknown): value is number => Number.isInteger(value) && value === ((value as number) | 0);

const hasKeys = (detail: Detail, ...keys: readonly string[]): boolean => Object.keys(detail).join() === keys.join();

/** Replay a note about a primitive. @returns Whether it was one. */
function replayPrimitive({ kind, detail }: NoteRecord, recorder: Recorder): boolean {
  const event = PRIMITIVE_EVENTS.find((one) => kind === `sync.${one}`);
  const { primitive, id, waiting, items = -1 } = detail;
  if (
    event === undefined ||
    !(hasKeys(detail, "primitive", "id", "waiting") || hasKeys(detail, "primitive", "id", "waiting", "items")) ||
    !(typeof primitive === "string" && Number.isSafeInteger(id) && Number.isSafeInteger(waiting) && isWord(items))
  ) {
    return false;
  }
  recorder.primitiveChanged({ kind: primitive, id: id as number }, event, waiting as number, items);
  return true;
}

/** Replay a note about a draw or a choice. @returns Whether it was one. */
function replayChance({ kind, detail }: NoteRecord, recorder: Recorder): boolean {
  const { stream, value, point, option, of } = detail;
  if (kind === "random.drawn" && hasKeys(detail, "stream", "value")) {
    if (typeof stream === "string" && typeof value === "number") {
      recorder.drawn(stream, value);
      return true;
    }
  } else if (
    kind === "choice.made" &&
    hasKeys(detail, "point", "option", "of") &&
    typeof point === "string" &&
    isWord(option) &&
    isWord(of)
  ) {
    recorder.chosen(point, option, of);
    return true;
  }
  return false;
}

/** Replay a record into `recorder`. */
function replayRecord(record: TraceRecord, recorder: Recorder): void {
  if ("by" in record && record.by === 0) {
    recorder.outsideActs();
  }
  if (isNote(record)) {
    if (!(replayPrimitive(record, recorder) || replayChance(record, recorder))) {
      recorder.noted(record.kind, record.detail);
    }
    return;
  }
  switch (record.kind) {
    case "clock":
      recorder.clockAdvanced(record.time);
      break;
    case "create":
      recorder.taskCreated(stranger(record.task, record.name, record.host));
      break;
    case "wake":
      recorder.taskWoken(stranger(record.task));
      break;
    case "step":
      recorder.taskStepped(stranger(record.task));
      break;
    case "wait":
      recorder.taskSuspended(stranger(record.task), record.on, record.target);
      break;
    case "yield":
      recorder.taskYielded(stranger(record.task));
      break;
    case "end":
      recorder.taskEnded(stranger(record.task), record.outcome, record.error);
      break;
    case "schedule":
      recorder.handleScheduled(record.handle, record.host);
      break;
    case "timer":
      recorder.timerScheduled(record.handle, record.when, record.host);
      break;
    case "cancel":
      recorder.handleCancelled(record.handle);
      break;
    case "run":
      recorder.handleRun(record.handle);
      break;
    case "print":
      recorder.printed(record.text);
      break;
  }
}

/** The digest of a run that consists of `records`: all that the digest covers is in them. */
export function digestOf(records: Iterable<TraceRecord>): string {
  const recorder = new Recorder({ mode: "digest" });
  for (const record of records) {
    replayRecord(record, recorder);
  }
  return recorder.digest();
}

/** Whether a trace is whole and unchanged: its digest is that of its records. */
export function isIntact(trace: Trace): boolean {
  requireTrace("isIntact", trace);
  return digestOf(trace) === trace.digest;
}
