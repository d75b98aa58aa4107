import test from "ava";
import { print } from "../../loop/built-ins.ts";
import { getRunningLoop } from "../../network/event-loop.ts";
import { simulate } from "../../simulation.ts";
import { createTask } from "../../tasks/current.ts";
import { gather } from "../../tasks/gather.ts";
import { sleep } from "../../tasks/sleep.ts";
import { Recorder } from "../record/recorder.ts";
import { toText } from "./text.ts";

async function* greet(delay: number) {
  yield* sleep(delay);
  print(`hello after ${delay} s`);
}

const withoutPlaces = (text: string): string[] => text.replace(/ at text\.test\.ts:\d+:\d+/g, "").split("\n");

test("toText: a line for every event, with the time where it has changed, who, and what", async (t) => {
  async function* main() {
    const quick = createTask(greet(0.25), { name: "quick" });
    const slow = createTask(greet(60));
    getRunningLoop().callSoon(() => slow.cancel());
    yield* sleep(0);
    yield* quick;
    throw new TypeError("that is all");
  }
  const { trace } = await simulate(main, { name: "greetings", seed: 3, start: "2001-01-01" });
  t.deepEqual(withoutPlaces(toText(trace)), [
    "simloop trace of greetings, format 1, engine 0.1.0, seed 3, start 2001-01-01 UTC",
    "",
    "seq  time  who       what",
    "  1  0     -         creates Task-1",
    "  2        -         wakes Task-1",
    "  3        Task-1    starts",
    "  4        Task-1    creates quick",
    "  5        Task-1    wakes quick",
    "  6        Task-1    creates Task-2",
    "  7        Task-1    wakes Task-2",
    "  8        Task-1    schedules call #4",
    "  9        Task-1    gives up its turn",
    " 10        quick     starts",
    " 11        quick     sets timer #5 for 0.25",
    " 12        quick     waits for sleep #5 until 0.25",
    " 13        Task-2    starts",
    " 14        Task-2    sets timer #6 for 60",
    " 15        Task-2    waits for sleep #6 until 60",
    " 16        call #4   runs",
    " 17        call #4   wakes Task-2",
    " 18        Task-1    goes on",
    " 19        Task-1    waits for quick",
    " 20        Task-2    goes on",
    " 21        Task-2    cancels timer #6",
    " 22        Task-2    ends cancelled",
    " 24  0.25  timer #5  fires",
    " 25        timer #5  wakes quick",
    " 26        quick     goes on",
    ' 27        quick     prints "hello after 0.25 s"',
    " 28        quick     wakes Task-1",
    " 29        quick     ends",
    " 30        Task-1    goes on",
    " 31        Task-1    schedules call #7",
    " 32        Task-1    fails: TypeError: that is all",
    " 33        call #7   runs",
    " 34        -         the run ends: failed, TypeError: that is all",
    "",
    `digest ${trace.digest}`,
    "",
  ]);
});

test("toText: tasks of the same name are distinguished, notes show their details, and an empty hour is visible", (t) => {
  const recorder = new Recorder({ mode: "full" });
  for (const id of [1, 2]) {
    recorder.taskCreated({ id, getName: () => "twin", createdAt: () => undefined });
  }
  recorder.noted("link.dropped", { from: "a b", bytes: 3, lost: true });
  recorder.clockAdvanced(1800);
  recorder.clockAdvanced(3600);
  t.deepEqual(toText(recorder.trace).split("\n").slice(2, -3), [
    "seq  time  who  what",
    "  1  0     -    creates twin#1",
    "  2        -    creates twin#2",
    '  3        -    link.dropped from="a b" bytes=3 lost=true',
    "  4  1800  -    time goes on",
    "  5  3600  -    time goes on",
  ]);
});

test("toText: a line for every event, whatever names and texts have in them; a name that cannot be seen stands in quotes", async (t) => {
  async function* fail() {
    yield* sleep(0);
    throw new Error("first line\nsecond \u001b[31mline\u2028 \u202eback");
  }
  async function* main() {
    for (const name of ["a\nb", "", " ", "\u001b[31mred", "\ud83d", "\ud83d\ude00"]) {
      yield* gather([createTask(fail(), { name })], { returnExceptions: true });
    }
  }
  const { trace } = await simulate(main);
  const lines = toText(trace).split("\n");
  t.is(lines.length, trace.records.length + 6);
  t.deepEqual(
    lines.filter((line) => line.includes("fails")).map((line) => line.replace(/^[\d\s]+/, "").split(/ {2,}/)),
    ['"a\\nb"', '""', '" "', '"\\u001b[31mred"', '"\\ud83d"', "\ud83d\ude00"].map((name) => [
      name,
      "fails: Error: first line\\nsecond \\u001b[31mline\\u2028 \\u202eback",
    ]),
  );
});
