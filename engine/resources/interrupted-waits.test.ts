import test from "ava";
import {
  type Awaitable,
  Condition,
  createTask,
  Event,
  getRunningLoop,
  Lock,
  print,
  Queue,
  Semaphore,
  simulate,
  sleep,
} from "../index.ts";
import { interrupt } from "./index.ts";

const say = (what: unknown): void => print(getRunningLoop().time(), what);

/** Interrupt the first of two tasks that wait, then let `release` serve who is left. */
async function interrupted(wait: () => Awaitable<unknown>, release: () => void): Promise<string[]> {
  const { output, error } = await simulate(function* () {
    function* worker(name: string) {
      try {
        say(`${name} ${yield* wait()}`);
      } catch (caught) {
        say(`${name} ${caught}`);
      }
    }
    const first = createTask(worker("first"));
    createTask(worker("second"));
    yield* sleep(1);
    interrupt(first, "now");
    yield* sleep(1);
    release();
    yield* sleep(1);
  });
  return [...output.trimEnd().split("\n"), ...(error === undefined ? [] : [String(error)])];
}

test("Interrupts: a task that is interrupted while it waits for a primitive leaves the queue, and the next is served", async (t) => {
  const lock = new Lock();
  const event = new Event();
  const semaphore = new Semaphore(0);
  const [empty, full] = [new Queue<number>(), new Queue<number>(1)];
  full.putNowait(0);
  await simulate(function* () {
    yield* lock.acquire();
  });
  const gone = "1 first Interrupt: interrupted: now";
  t.deepEqual(
    [
      await interrupted(
        () => lock.acquire(),
        () => lock.release(),
      ),
      await interrupted(
        () => event.wait(),
        () => event.set(),
      ),
      await interrupted(
        () => semaphore.acquire(),
        () => semaphore.release(),
      ),
      await interrupted(
        () => empty.get(),
        () => empty.putNowait(7),
      ),
      await interrupted(
        () => full.put(1),
        () => full.getNowait(),
      ),
      [String(lock), String(event), String(semaphore), String(empty), String(full)],
    ],
    [
      [gone, "2 second true"],
      [gone, "2 second true"],
      [gone, "2 second true"],
      [gone, "2 second 7"],
      [gone, "2 second undefined"],
      [
        "<Lock [locked]>",
        "<Event [set]>",
        "<Semaphore [locked]>",
        "<Queue maxsize=0 size=0 tasks=1>",
        "<Queue maxsize=1 size=1 tasks=2>",
      ],
    ],
  );
});

test("Interrupts: a task that is interrupted while it waits for a condition has the lock again before it goes on", async (t) => {
  const { output } = await simulate(function* () {
    const condition = new Condition();
    function* waiter() {
      yield* condition.acquire();
      try {
        yield* condition.wait();
      } catch (caught) {
        say(`${caught}, locked ${condition.locked()}`);
      }
      condition.release();
    }
    const task = createTask(waiter());
    yield* sleep(1);
    yield* condition.acquire();
    interrupt(task, "now");
    yield* sleep(1);
    say("releases");
    condition.release();
    yield* sleep(1);
    say(condition);
  });
  t.deepEqual(output.trimEnd().split("\n"), [
    "2 releases",
    "2 Interrupt: interrupted: now, locked true",
    "3 <Condition [unlocked]>",
  ]);
});
