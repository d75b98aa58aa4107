import test from "ava";
import type { Use } from "../../base/ordering-policy.ts";
import { choose, createTask, Event, explore, gather, type Program, sleep, touch } from "../../index.ts";
import { FIFO } from "../run/chooser.ts";
import { sessionOf } from "../session-of.ts";
import { conflict, racesOf } from "./races.ts";

/**
 * Tasks, each of which touches labels in one step after the other: `"rx wy"` reads x in its first step and writes y in
 * its second.
 */
const touching = (...tasks: readonly string[]): Program<void> =>
  function* () {
    function* worker(uses: string) {
      for (const use of uses.split(" ")) {
        yield* sleep(0);
        touch(use.slice(1), use[0] as "r" | "w");
      }
    }
    yield* gather(tasks.map((uses, i) => createTask(worker(uses), { name: "ABCDEF"[i]! })));
  };

/** The races over labels in the baseline run, as `A#2-B#2`. */
async function racesIn(program: Program<void>, everything = false): Promise<string[]> {
  const { session } = sessionOf(program, {});
  await session.run(FIFO);
  const { record } = session;
  return racesOf(record, everything)
    .filter(({ object }) => everything || object?.kind === "")
    .map(({ first, second }) => `${record.names[first]?.text}-${record.names[second]?.text}`)
    .filter((race) => !race.includes("!") && !race.includes("main"));
}

/** How many interleavings an exploration distinguishes. */
const interleavings = async (program: Program<void>): Promise<number> =>
  (await explore(program, { runs: 600 })).interleavings;

test("races: two uses of one object are in conflict unless both read, or both commute", (t) => {
  const uses: readonly Use[] = ["r", "w", "c"];
  const conflicts = uses.flatMap((a) => uses.filter((b) => conflict(a, b)).map((b) => a + b));
  t.deepEqual(conflicts, ["rw", "rc", "wr", "ww", "wc", "cr", "cw"]);
});

test("races: a read and a write of one thing race, in either order, as two writes do; two reads and two things do not", async (t) => {
  t.deepEqual(await racesIn(touching("rx", "wx")), ["A#2-B#2"]);
  t.deepEqual(await racesIn(touching("wx", "rx")), ["A#2-B#2"]);
  t.deepEqual(await racesIn(touching("wx", "wx")), ["A#2-B#2"]);
  t.deepEqual(await racesIn(touching("rx", "rx")), []);
  t.deepEqual(await racesIn(touching("wx", "wy")), []);
});

test("races: the steps of one task never race with each other, nor with what they follow from", async (t) => {
  t.deepEqual(await racesIn(touching("wx wx")), []);
  t.deepEqual(await racesIn(touching("wx wx", "wx")), ["A#2-B#2", "B#2-A#3"]);
  const made: Program<void> = function* () {
    function* child() {
      yield* sleep(0);
      touch("x", "w");
    }
    function* parent() {
      touch("x", "w");
      yield* createTask(child(), { name: "child" });
      touch("x", "w");
    }
    yield* createTask(parent(), { name: "parent" });
  };
  t.deepEqual(await racesIn(made), []);
});

test("races: the steps of a task do not race even if another task woke it in between", async (t) => {
  const woken: Program<void> = function* () {
    const event = new Event();
    function* waiter() {
      yield* sleep(0);
      touch("x", "w");
      yield* event.wait();
      touch("x", "w");
    }
    function* setter() {
      yield* sleep(0);
      yield* sleep(0);
      event.set();
    }
    yield* gather(createTask(waiter(), { name: "A" }), createTask(setter(), { name: "B" }));
  };
  t.deepEqual(await racesIn(woken), []);
});

test("races: where every pair counts, the steps of one task still do not race, nor the ends of sleeps with each other", async (t) => {
  t.deepEqual(await racesIn(touching("wx", "wy"), true), ["B#1-A#2", "A#2-B#2"]);
  const sleeping: Program<void> = function* () {
    yield* gather(createTask(sleep(1), { name: "A" }), createTask(sleep(1), { name: "B" }));
  };
  t.false((await racesIn(sleeping, true)).includes("A@1-B@1"));
});

test("traceHash: interleavings differ by who came first at each conflict, and by nothing else", async (t) => {
  const counts: Record<string, number> = {};
  for (const tasks of ["rx|wx", "rx|rx", "wx|wx", "rx|rx|wx", "rx|wx|wx", "wx|wy", "wx wx|rx", "wx|rx wy|ry"]) {
    counts[tasks] = await interleavings(touching(...tasks.split("|")));
  }
  t.deepEqual(counts, {
    "rx|wx": 2,
    "rx|rx": 1,
    "wx|wx": 2,
    // Each reader before or after the writer.
    "rx|rx|wx": 4,
    // Two orders of the writers, the reader in one of three places.
    "rx|wx|wx": 6,
    "wx|wy": 1,
    "wx wx|rx": 3,
    "wx|rx wy|ry": 4,
  });
});

test("traceHash: another option of a choice makes another interleaving, though nothing else differs", async (t) => {
  const program: Program<void> = function* () {
    touch("start", "r");
    yield* sleep(0);
    choose("way", ["one", "two", "three"]);
    choose("way", ["left", "right"]);
  };
  t.is(await interleavings(program), 6);
});
