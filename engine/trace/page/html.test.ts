import test from "ava";
import { digestOf } from "../record/verify.ts";
import type { TraceRecord } from "../record.ts";
import { Trace } from "../trace.ts";
import { decodeTrace } from "./decode.ts";
import { encodedPieces } from "./encode.ts";
import { toHtml } from "./html.ts";

const evil = "</script><!-- \u2028 \ud83d \0 \u{1f600} & ' \"";

const records: readonly TraceRecord[] = [
  { seq: 1, time: 0, kind: "create", task: 1, name: evil, by: 0 },
  { seq: 2, time: 0, kind: "wake", task: 1, by: 0 },
  { seq: 3, time: 0, kind: "step", task: 1 },
  { seq: 4, time: 0, kind: "create", task: 2, name: "b", by: 1, host: "h", place: "b.ts:1:2" },
  { seq: 5, time: 0, kind: "timer", handle: 3, when: Number.POSITIVE_INFINITY, by: 1 },
  { seq: 6, time: 0, kind: "timer", handle: 4, when: 0.1 + 0.2, by: 1 },
  { seq: 7, time: 0, kind: "cancel", handle: 3, by: 1 },
  { seq: 8, time: 0, kind: "schedule", handle: 5, by: 1 },
  { seq: 9, time: 0, kind: "yield", task: 1 },
  { seq: 10, time: 0, kind: "run", handle: 5 },
  { seq: 11, time: 0, kind: "print", text: evil, by: 5 },
  { seq: 12, time: 0.30000000000000004, kind: "clock" },
  { seq: 13, time: 0.30000000000000004, kind: "wait", task: 1, on: "future", target: 0 },
  { seq: 14, time: 0.30000000000000004, kind: "app.note", by: 0, detail: { a: 1.5, b: evil, c: true, d: false, e: 0 } },
  { seq: 15, time: 0.30000000000000004, kind: "end", task: 1, outcome: "finished" },
  { seq: 16, time: 0.30000000000000004, kind: "end", task: 2, outcome: "failed", error: { name: "E", message: evil } },
  { seq: 17, time: 0.30000000000000004, kind: "schedule", handle: 6, by: 2, host: "h" },
  { seq: 18, time: 0.30000000000000004, kind: "timer", handle: 7, when: Number.POSITIVE_INFINITY, by: 2, host: evil },
  { seq: 19, time: 0.30000000000000004, kind: "timer", handle: 8, when: 2.5, by: 0, host: "h" },
];

const traceOf = (list: readonly TraceRecord[]): Trace => new Trace(Trace.EMPTY.header, digestOf(list), list);

const decoded = (trace: Trace): Trace => decodeTrace(JSON.parse([...encodedPieces(trace)].join("")));

test("HTML: a page holds every event as it was", (t) => {
  t.deepEqual(decoded(traceOf(records)).records, records);
});

test("HTML: a page holds part of a run with its numbers, times and actors", (t) => {
  for (const keep of [2, 3, 5]) {
    const part = records.filter(({ seq }) => seq % keep === 0);
    t.deepEqual(decoded(traceOf(part)).records, part);
  }
  t.deepEqual(decoded(traceOf([])).records, []);
});

test("HTML: what a program says cannot end the script that holds it, nor fetch anything", (t) => {
  const page = toHtml(traceOf(records), { compareWith: traceOf(records), sources: { "a.ts": evil } });
  t.deepEqual(
    [...page.matchAll(/<\/?script[^>]*>/g)].map(([tag]) => tag),
    [
      '<script type="application/json" id="run">',
      "</script>",
      '<script type="application/json" id="other-run">',
      "</script>",
      '<script type="application/json" id="page-options">',
      "</script>",
      "<script>",
      "</script>",
    ],
  );
  t.regex(page, /<meta http-equiv="Content-Security-Policy" content="default-src 'none';/);
  t.notRegex(page, /(?:src|href)=|url\(|https?:/);
});

test("HTML: equal traces give equal pages", (t) => {
  t.is(toHtml(traceOf(records)), toHtml(traceOf(records)));
});
