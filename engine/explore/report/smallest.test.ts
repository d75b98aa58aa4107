import test from "ava";
import { choose, createTask, explore, gather, type Program, RandomStream, sleep } from "../../index.ts";
import { FIFO } from "../run/chooser.ts";
import type { Schedule } from "../schedule/schedule.ts";
import { sessionOf } from "../session-of.ts";

/**
 * Tasks take turns, and each turn is written down; the program fails if in each of the pairs the second comes before
 * the first, and the option is taken.
 */
interface Plan {
  readonly turns: readonly number[];
  readonly pairs: readonly (readonly [string, string])[];
  readonly option: number;
}

const programOf = ({ turns, pairs, option }: Plan): Program<void> =>
  function* () {
    const order: string[] = [];
    function* worker(name: string, count: number) {
      for (let turn = 1; turn <= count; turn++) {
        order.push(`${name}${turn}`);
        yield* sleep(0);
      }
    }
    const way = choose("way", [0, 1, 2]);
    yield* gather(turns.map((count, i) => createTask(worker("ABC"[i]!, count), { name: "ABC"[i]! })));
    if (way >= option && pairs.every(([first, second]) => order.indexOf(second) < order.indexOf(first))) {
      throw new Error(order.join(" "));
    }
  };

function randomPlan(random: RandomStream): Plan {
  const turns = Array.from({ length: random.integer(2, 3) }, () => random.integer(1, 3));
  const pair = (): readonly [string, string] => {
    const [first, second] = random.shuffled([...turns.keys()]);
    // The second of the pair is a later turn: the first turns keep their order.
    const turn = Math.min(turns[second!]!, random.integer(2, 3));
    return [`${"ABC"[first!]}${Math.min(turns[first!]!, turn)}`, `${"ABC"[second!]}${turn}`];
  };
  return { turns, pairs: Array.from({ length: random.integer(1, 2) }, pair), option: random.integer(0, 2) };
}

/**
 * The smallest number of deviations with which a schedule fails, found by running every schedule of up to two; `null`
 * if none of them fails.
 */
async function exhaustiveMinimum(program: Program<void>): Promise<number | null> {
  const { session } = sessionOf(program, {});
  await session.run(FIFO);
  const steps = session.record.order().filter((name) => !name.includes("!"));
  const single: Schedule[] = steps.flatMap((step) =>
    steps.filter((until) => until !== step).map((until) => ({ holds: [{ step, until }], choices: [] })),
  );
  for (const { name, count } of session.record.choices) {
    single.push(...Array.from({ length: count - 1 }, (_, i) => ({ holds: [], choices: [{ name, option: i + 1 }] })));
  }
  const both = (a: Schedule, b: Schedule): Schedule => ({
    holds: [...a.holds, ...b.holds],
    choices: [...a.choices, ...b.choices],
  });
  const levels: Iterable<Schedule>[] = [
    [{ holds: [], choices: [] }],
    single,
    single.flatMap((a, i) => single.slice(i + 1).map((b) => both(a, b))),
  ];
  for (const [size, level] of levels.entries()) {
    for (const schedule of level) {
      if ((await session.follow(schedule)).breakage !== null) {
        return size;
      }
    }
  }
  return null;
}

test("explore: the failure reported is as small as the smallest of all schedules, whatever its certificate says", async (t) => {
  const random = new RandomStream(14, "plans");
  const sizes = [0, 0, 0];
  const wrong: string[] = [];
  for (let i = 0; i < 18; i++) {
    const plan = randomPlan(random);
    const minimum = await exhaustiveMinimum(programOf(plan));
    if (minimum !== null) {
      sizes[minimum]!++;
      const { failure } = await explore(programOf(plan), { runs: 2000 });
      if (failure?.deviations.length !== minimum) {
        wrong.push(`${JSON.stringify(plan)}: ${failure?.token} instead of ${minimum}`);
      }
    }
  }
  t.deepEqual(wrong, []);
  t.true(sizes[1]! >= 2 && sizes[2]! >= 3, String(sizes));
});
