import test from "ava";
import { ExecutionRecord } from "../schedule/execution-record.ts";
import { Names } from "../schedule/names.ts";
import { KeptRuns } from "./kept-runs.ts";

/**
 * A run of two tasks that touch one thing in turn, so many times; every second time nothing, and one later each third
 * time.
 */
function exampleRun(names: Names, length: number): ExecutionRecord {
  const record = new ExecutionRecord();
  const actors = ["a", "b"].map((name) => names.task(names.root, name));
  const thing = names.object("thing");
  for (let step = 0; step < length; step++) {
    const actor = actors[step % 2]!;
    record.names[step] = names.step(actor, step + 1);
    record.makers[step] = step - 1;
    record.leaders[step] = -1;
    record.previous[step] = step < 2 ? -1 : step - 2;
    record.times[step] = Math.floor(step / 3) / 8;
    record.firstAccess[step] = record.objects.length;
    if (step % 2 === 0) {
      record.objects.push(thing, names.object(`thing ${step}`));
      record.accesses.push("r", "w");
    }
  }
  record.length = length;
  record.firstAccess[length] = record.objects.length;
  record.choices.push({ name: "c:x", count: 9, taken: 0, step: 1 });
  return record;
}

test("KeptRuns: a run comes back as it was, its times as the numbers of its instants", (t) => {
  const names = new Names();
  const kept = new KeptRuns(names);
  const runs = [3, 20_000, 0, 7].map((length) => exampleRun(names, length));
  const places = runs.map((run) => kept.keep(run));
  for (const [i, { length, ...run }] of runs.entries()) {
    const back = kept.record(places[i]!);
    t.is(back.length, length);
    for (const key of ["makers", "leaders", "previous", "names"] as const) {
      t.deepEqual(back[key].slice(0, length) as unknown[], run[key] as unknown[], key);
    }
    t.deepEqual(back.firstAccess.slice(0, length + 1), run.firstAccess);
    t.deepEqual(back.objects, run.objects);
    t.deepEqual(back.accesses, run.accesses);
    t.deepEqual(back.choices, run.choices);
    t.deepEqual(
      back.times.slice(0, length),
      run.times.map((time) => time * 8),
    );
  }
});
