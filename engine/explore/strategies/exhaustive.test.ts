import test from "ava";
import {
  CancelledError,
  choose,
  createTask,
  Event,
  explore,
  Lock,
  Queue,
  RandomStream,
  sleep,
  type Task,
  touch,
} from "../../index.ts";
import type { Program } from "../../simulation.ts";
import { traceHash } from "../causality/trace-hash.ts";
import type { Chooser, Entry } from "../run/chooser.ts";
import { FIFO } from "../run/chooser.ts";
import { sessionOf } from "../session-of.ts";

/** What a task of a random program does in one step. */
type Deed =
  | {
      readonly kind: "read" | "write" | "pause" | "set" | "wait" | "put" | "get" | "nap" | "cancel" | "choose";
      readonly what: number;
    }
  | { readonly kind: "lock" | "if"; readonly what: number; readonly inner: readonly Deed[] };

const KINDS = [
  "read",
  "write",
  "write",
  "pause",
  "lock",
  "if",
  "set",
  "wait",
  "put",
  "get",
  "nap",
  "cancel",
  "choose",
] as const;

function deeds(random: RandomStream, count: number, depth: number): Deed[] {
  return Array.from({ length: count }, () => {
    const kind = random.pick(KINDS);
    const what = random.integer(0, 1);
    return kind === "lock" || kind === "if"
      ? { kind, what, inner: depth === 0 ? [] : deeds(random, 1, depth - 1) }
      : { kind, what };
  });
}

/** A program whose tasks do these deeds; it says everything that it touches. */
const programOf = (tasks: readonly (readonly Deed[])[]): Program<void> =>
  function* main() {
    touch("start", "r");
    const values = [0, 0];
    const locks = [new Lock(), new Lock()];
    const events = [new Event(), new Event()];
    const all: Task<void>[] = [];
    const queues = [new Queue<number>(), new Queue<number>()];
    function* act(some: readonly Deed[], id: number): Generator<unknown, void, unknown> {
      for (const deed of some) {
        const { what } = deed;
        switch (deed.kind) {
          case "read":
            touch(`v${what}`, "r");
            yield* sleep(0);
            break;
          case "write":
            touch(`v${what}`, "w");
            values[what] = id;
            yield* sleep(0);
            break;
          case "pause":
            yield* sleep(0);
            break;
          case "nap":
            yield* sleep(1);
            break;
          case "set":
            events[what]?.set();
            break;
          case "wait":
            if (events[what]?.isSet() === false) {
              yield* sleep(0);
            }
            break;
          case "put":
            queues[what]?.putNowait(id);
            break;
          case "get":
            if (queues[what]?.empty() === false) {
              yield* queues[what].get();
            }
            break;
          case "cancel":
            all[what]?.cancel();
            break;
          case "choose":
            if (choose("way", ["one", "other"]) === "other") {
              touch(`v${what}`, "w");
              values[what] = id;
            }
            break;
          case "lock":
            yield* locks[what]!.acquire();
            yield* act(deed.inner, id);
            locks[what]?.release();
            break;
          case "if":
            touch(`v${what}`, "r");
            if (values[what] !== 0 && values[what] !== id) {
              yield* act(deed.inner, id);
              yield* sleep(0);
            }
        }
      }
    }
    // One after another: to gather counts, and which of its tasks ends last makes a difference to traces, but to
    // nothing else.
    for (const [i, some] of tasks.entries()) {
      all.push(createTask(act(some, i + 1), { name: `t${i + 1}` }));
    }
    for (const task of all) {
      try {
        yield* task;
      } catch (error) {
        if (!(error instanceof CancelledError)) {
          throw error;
        }
      }
    }
  };

/** Takes every path through the tree of all orders, depth first, without leaving anything out. */
class EveryOrder implements Chooser {
  private readonly _path: { taken: number; readonly count: number }[] = [];
  private _at = 0;

  pick(pool: readonly Entry[]): number {
    const free = pool.flatMap(({ isFree }, place) => (isFree ? [place] : []));
    return free[this.option("", free.length)]!;
  }

  option(_name: string, count: number): number {
    const node = this._path[this._at] ?? { taken: 0, count };
    this._path[this._at++] = node;
    return node.taken;
  }

  /** Go to the next path; false if there is none. */
  next(): boolean {
    this._at = 0;
    for (let node = this._path.at(-1); node !== undefined; node = this._path.at(-1)) {
      if (node.taken + 1 < node.count) {
        node.taken++;
        return true;
      }
      this._path.pop();
    }
    return false;
  }
}

/** How many traces differ, found by running every order; `null` if there are too many orders. */
async function countTraces(program: Program<void>, most: number): Promise<number | null> {
  const { session } = sessionOf(program, {});
  await session.run(FIFO);
  session.settings = { ...session.settings, fairAfter: Number.POSITIVE_INFINITY };
  const every = new EveryOrder();
  const traces = new Set<number>();
  let orders = 0;
  do {
    await session.run(every);
    traces.add(traceHash(session.record, true));
  } while (++orders <= most && every.next());
  return orders > most ? null : traces.size;
}

test("exhaustive: sees as many traces of small random programs as there are among all orders", async (t) => {
  const random = new RandomStream(7, "programs");
  const wrong: string[] = [];
  let checked = 0;
  let wasted = 0;
  let runs = 0;
  for (let i = 0; i < 120; i++) {
    const tasks = Array.from({ length: random.integer(2, 3) }, () => deeds(random, random.integer(1, 3), 1));
    const program = programOf(tasks);
    const expected = await countTraces(program, 3000);
    if (expected === null) {
      continue;
    }
    checked++;
    const report = await explore(program, { strategy: "exhaustive", runs: 100_000 });
    runs += report.runs;
    wasted += report.runs - report.interleavings;
    if (report.verdict === "failed" ? expected < report.interleavings : report.interleavings !== expected) {
      wrong.push(`${JSON.stringify(tasks)}: ${report.interleavings} of ${expected}, ${report.verdict}`);
    }
  }
  t.log(`${checked} programs, ${runs} runs, ${wasted} of them wasted`);
  t.deepEqual(wrong, []);
  t.true(checked >= 60);
});
