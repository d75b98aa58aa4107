import type { ObservedTask } from "../base/instrument.ts";
import { isNote, type TraceRecord } from "./record.ts";
import { Recorder } from "./recorder.ts";
import type { Trace } from "./trace.ts";

const stranger = (id: number, name = ""): ObservedTask => ({ id, getName: () => name, createdAt: () => undefined });

/** Let `recorder` see what a record tells of. */
function replay(record: TraceRecord, recorder: Recorder): void {
  if (isNote(record)) {
    recorder.noted(record.kind, record.detail);
    return;
  }
  switch (record.kind) {
    case "clock":
      return recorder.clockAdvanced(record.time);
    case "create":
      return recorder.taskCreated(stranger(record.task, record.name));
    case "wake":
      return recorder.taskWoken(stranger(record.task));
    case "step":
      return recorder.taskStepped(stranger(record.task));
    case "wait":
      return recorder.taskSuspended(stranger(record.task), record.on, record.target);
    case "yield":
      recorder.taskSuspended(stranger(record.task), "turn", 0);
      return recorder.taskWoken(stranger(record.task));
    case "end":
      return recorder.taskEnded(stranger(record.task), record.outcome, record.error);
    case "schedule":
      return recorder.handleScheduled(record.handle);
    case "timer":
      return recorder.timerScheduled(record.handle, record.when);
    case "cancel":
      return recorder.handleCancelled(record.handle);
    case "run":
      return recorder.handleRun(record.handle);
    case "print":
      return recorder.printed(record.text);
  }
}

/** The digest of a run that consists of `records`: all that the digest covers is in them. */
export function digestOf(records: Iterable<TraceRecord>): string {
  const recorder = new Recorder({ mode: "digest" });
  for (const record of records) {
    replay(record, recorder);
  }
  return recorder.digest();
}

/** Whether a trace is whole and unchanged: its digest is that of its records. */
export const isIntact = (trace: Trace): boolean => digestOf(trace) === trace.digest;
