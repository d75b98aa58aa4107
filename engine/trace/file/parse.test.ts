import test from "ava";
import { toJsonl } from "../jsonl.ts";
import { Recorder } from "../record/recorder.ts";
import { digestOf, isIntact } from "../record/verify.ts";
import { TraceFormatError } from "./format-error.ts";
import { parseJsonl } from "./parse.ts";

const recorder = new Recorder({ mode: "full", seed: "s", program: "p" });
recorder.timerScheduled(1, 0.5);
recorder.timerScheduled(2, Number.POSITIVE_INFINITY);
recorder.clockAdvanced(0.5);
recorder.handleRun(1);
recorder.noted("link.dropped", { from: "a" });

const whole = toJsonl(recorder.trace);
const lines = whole.split("\n").slice(0, -1);

/** What is said about the file when line `number` is `text` instead; lines that are `null` are left out. */
function complaint(change: Readonly<Record<number, string | null>>): string {
  const changed = lines.map((line, i) => (i + 1 in change ? change[i + 1] : line)).filter((line) => line !== null);
  try {
    parseJsonl(changed.map((line) => `${line}\n`).join(""));
  } catch (error) {
    return error instanceof TraceFormatError ? error.message : `${error}`;
  }
  return "none";
}

test("parseJsonl: reads what toJsonl wrote, with a time that never comes", (t) => {
  const trace = parseJsonl(whole);
  t.deepEqual(trace.records, recorder.trace.records);
  t.deepEqual(trace.header, recorder.trace.header);
  t.is(toJsonl(trace), whole);
});

test("parseJsonl: fields that it does not know are left out, and the order of fields does not matter", (t) => {
  const trace = parseJsonl(
    whole
      .replace('"seq":1,"time":0,"kind":"timer"', '"kind":"timer","new":[1],"time":0,"seq":1')
      .replace(/\n/g, "\r\n"),
  );
  t.deepEqual(trace.records, recorder.trace.records);
});

test("parseJsonl: says in which line what was expected and what stood there", (t) => {
  const record = (fields: string): string => `{"seq":3,"time":0.5,${fields}}`;
  t.deepEqual(
    [
      complaint({}),
      complaint({ 1: "# notes" }),
      complaint({ 1: '{"traceEvents":[]}' }),
      complaint({ 1: lines[0]?.replace('"version":1', '"version":2') ?? "" }),
      complaint({ 1: lines[0]?.replace('"seed":"s",', "") ?? "" }),
      complaint({ 4: lines[3]?.slice(0, 9) ?? "" }),
      complaint({ 4: "" }),
      complaint({ 4: "[]" }),
      complaint({ 4: record('"kind":"walk"') }),
      complaint({ 4: record('"kind":"step"') }),
      complaint({ 4: record('"kind":"step","task":"worker"') }),
      complaint({ 4: record('"kind":"end","task":1,"outcome":"lost"') }),
      complaint({ 4: record('"kind":"end","task":1,"outcome":"failed","error":"oops"') }),
      complaint({ 4: record('"kind":"link.lost","by":0,"detail":{"a":[]}') }),
      complaint({ 4: '{"seq":2,"time":0.5,"kind":"clock"}' }),
      complaint({ 5: '{"seq":4,"time":0.25,"kind":"run","handle":1}' }),
      complaint({ 7: null }),
      complaint({ 6: null }),
      complaint({ 7: '{"records":5,"digest":"0123"}' }),
      complaint({ 7: lines[6]?.replace("}", ',"names":{"2":3}}') ?? "" }),
      complaint({ 3: lines[6] ?? "" }),
      complaint({ 6: `${lines[6]}\n${lines[5]}` }),
    ],
    [
      "none",
      "line 1: expected the header of a simloop-trace as a JSON object, got # notes",
      'line 1: expected the header of a trace, with "format":"simloop-trace"; got {"traceEvents":[]}',
      'line 1: the trace has format version 2, written by simloop "0.1.0"; this is simloop 0.1.0, which reads version 1',
      'line 1: expected "seed" to be a number or a string; got nothing',
      'line 4: expected a record as a JSON object, got {"seq":3,',
      "line 4: expected a record as a JSON object, got an empty line",
      "line 4: expected a record as a JSON object, got []",
      'line 4: expected "kind" to be one of clock, create, wake, step, wait, yield, end, schedule, timer, cancel, run, print, or a name with a dot; got "walk"',
      'line 4: expected "task" to be a positive integer; got nothing',
      'line 4: expected "task" to be a positive integer; got "worker"',
      'line 4: expected "outcome" to be one of finished, cancelled, failed; got "lost"',
      'line 4: expected "error" to be an object with strings "name" and "message"; got "oops"',
      'line 4: expected "detail" to be an object of strings, numbers and booleans; got {"a":[]}',
      'line 4: expected "seq" to be more than 2, that of the line before; got 2',
      'line 5: expected "time" to be no less than 0.5, that of the line before; got 0.25',
      'line 7: expected more records or the last line {"records":…,"digest":…}: the file is truncated',
      'line 6: expected "records" to be 4, the number of records before this line; got 5',
      'line 7: expected "digest" to be a string of 32 hexadecimal digits; got "0123"',
      'line 7: expected "names" to be an object of strings by the ids of tasks; got {"2":3}',
      'line 3: expected "records" to be 1, the number of records before this line; got 5',
      'line 6: expected "records" to be 4, the number of records before this line; got 5',
    ],
  );
});

test("parseJsonl: an empty file and text after the end are refused", (t) => {
  t.throws(() => parseJsonl(""), { message: "line 1: expected the header of a simloop-trace, got an empty file" });
  t.throws(() => parseJsonl(`${whole}${lines[1]}\n`), {
    instanceOf: TraceFormatError,
    message: `line 8: expected nothing after the last line of the trace, got ${lines[1]?.slice(0, 60)}…`,
  });
});

test("isIntact: finds a record that was changed, and one that is missing", (t) => {
  t.true(isIntact(parseJsonl(whole)));
  t.false(isIntact(parseJsonl(whole.replace('"when":0.5', '"when":0.75'))));
  const shorter = lines.filter((_, i) => i !== 5).join("\n");
  t.false(isIntact(parseJsonl(shorter.replace('"records":5', '"records":4'))));
  t.is(digestOf([]), new Recorder({ mode: "digest" }).digest());
});
