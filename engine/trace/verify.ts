import type { ObservedTask } from "../base/instrument.ts";
import { isNote, type TraceRecord } from "./record.ts";
import { Recorder } from "./recorder.ts";
import type { Trace } from "./trace.ts";

const stranger = (id: number, name = "", host?: string): ObservedTask => ({
  id,
  host,
  getName: () => name,
  createdAt: () => undefined,
});

/** Let `recorder` see what a record tells of. */
function replay(record: TraceRecord, recorder: Recorder): void {
  if ("by" in record && record.by === 0) {
    recorder.outsideActs();
  }
  if (isNote(record)) {
    recorder.noted(record.kind, record.detail);
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
      recorder.handleScheduled(record.handle);
      break;
    case "timer":
      recorder.timerScheduled(record.handle, record.when);
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
    replay(record, recorder);
  }
  return recorder.digest();
}

/** Whether a trace is whole and unchanged: its digest is that of its records. */
export const isIntact = (trace: Trace): boolean => digestOf(trace) === trace.digest;
