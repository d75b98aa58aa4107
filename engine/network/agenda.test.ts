import test from "ava";
import { Agenda, Alarm, type Occurrence } from "./agenda.ts";

/** Something that writes its name and the time down. */
const noting = (log: string[], name: string, isDue = true): Occurrence => ({
  _isDueAt: () => isDue,
  _happen: (now) => log.push(`${now} ${name}`),
});

/** Let everything happen up to `time`. */
function until(agenda: Agenda, time: number): void {
  for (let due = agenda.takeDue(time); due !== null; due = agenda.takeDue(time)) {
    due._happen(time);
  }
}

test("Agenda: what is due happens by time, and in the order of planning at one time", (t) => {
  const [agenda, log] = [new Agenda(), [] as string[]];
  for (const [when, name] of [
    [2, "c"],
    [1, "a"],
    [2, "d"],
    [1, "b"],
    [3, "e"],
  ] as const) {
    agenda.add(when, noting(log, name));
  }
  t.is(agenda.nextTime(), 1);
  t.is(agenda.takeDue(0.9), null);
  until(agenda, 1);
  until(agenda, 2);
  t.deepEqual(log, ["1 a", "1 b", "2 c", "2 d"]);
  t.is(agenda.nextTime(), 3);
  until(agenda, 3);
  t.is(agenda.nextTime(), Number.POSITIVE_INFINITY);
});

test("Agenda: what does not count any more neither happens nor holds time up", (t) => {
  const [agenda, log] = [new Agenda(), [] as string[]];
  agenda.add(1, noting(log, "void", false));
  agenda.add(2, noting(log, "a"));
  t.is(agenda.nextTime(), 2);
  agenda.add(1.5, noting(log, "void", false));
  until(agenda, 2);
  t.deepEqual(log, ["2 a"]);
});

test("Alarm: it rings at the last deadline that was set, once, however often it was moved", (t) => {
  const agenda = new Agenda();
  const rung: number[] = [];
  const alarm = new Alarm(agenda, (now) => rung.push(now));
  const rings = (...deadlines: readonly number[]): number[] => {
    rung.length = 0;
    for (const deadline of deadlines) {
      alarm.set(deadline);
    }
    while (agenda.nextTime() < Number.POSITIVE_INFINITY) {
      until(agenda, agenda.nextTime());
    }
    return [...rung];
  };
  t.deepEqual(rings(5), [5]);
  t.deepEqual(rings(6, 8, 7), [7]);
  t.deepEqual(rings(12, 11, 10), [10]);
  t.deepEqual(rings(13, Number.POSITIVE_INFINITY), []);
  t.deepEqual(rings(16, Number.POSITIVE_INFINITY, 15), [15]);
  t.deepEqual(rings(17, Number.POSITIVE_INFINITY, 18), [18]);
  t.deepEqual(rings(19, 19), [19]);
  t.is(alarm.deadline, Number.POSITIVE_INFINITY);
});

test("Alarm: moving it back costs no entry, and it may be set again while it rings", (t) => {
  const agenda = new Agenda();
  let added = 0;
  const add = agenda.add.bind(agenda);
  agenda.add = (when, occurrence) => {
    added++;
    add(when, occurrence);
  };
  const rung: number[] = [];
  const alarm: Alarm = new Alarm(agenda, (now) => {
    rung.push(now);
    if (now < 13) {
      alarm.set(now + 1);
    }
  });
  for (let deadline = 1; deadline <= 10; deadline++) {
    alarm.set(deadline);
  }
  t.is(added, 1);
  t.is(agenda.nextTime(), 10);
  for (let time = 10; time < 20; time++) {
    until(agenda, time);
  }
  t.deepEqual(rung, [10, 11, 12, 13]);
});
