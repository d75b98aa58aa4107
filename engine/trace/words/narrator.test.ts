import test from "ava";
import type { TraceRecord } from "../record.ts";
import { TaskNames, taskNames } from "./names.ts";
import { Narrator, said } from "./narrator.ts";

test("Narrator: a record is a sentence, with an author, without one, or about what it names itself", (t) => {
  const records = [
    { kind: "create", task: 1, name: "client", by: 0 },
    { kind: "step", task: 1 },
    { kind: "random.drawn", by: 1, detail: { stream: "s", value: 0.5 } },
    { kind: "network.delivered", by: 1, detail: { packet: 1, link: "a→b" } },
    { kind: "clock" },
    { kind: "network.delivered", by: 0, detail: { packet: 2, link: "a→b" } },
    { kind: "run.ended", by: 0, detail: { outcome: "finished" } },
  ].map((record, i) => ({ seq: i + 1, time: 0, ...record }) as TraceRecord);
  const narrator = new Narrator(taskNames(records));
  t.deepEqual(
    records.map((record) => said(narrator.tell(record))),
    [
      "the outside creates client",
      "client starts",
      'client draws 0.5 from the stream "s"',
      "client: packet 1 arrives over a→b",
      "time goes on",
      "packet 2 arrives over a→b",
      "the run ends: finished",
    ],
  );
});

test("TaskNames: a renamed task has its last name, and shares no number with the one that has taken the first", (t) => {
  const names = new TaskNames();
  names.call(1, "a");
  names.call(2, "a");
  t.deepEqual([names.of(1), names.of(2)], ["a#1", "a#2"]);
  names.call(1, "b");
  t.deepEqual([names.of(1), names.of(2)], ["b", "a"]);
  names.call(1, "a");
  t.deepEqual([names.of(1), names.of(2), names.of(9)], ["a#1", "a#2", "task #9"]);
});
