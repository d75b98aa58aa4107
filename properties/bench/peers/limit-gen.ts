import { sleepStorm } from "../workloads/w1-sleep-storm.ts";
import { yieldPing } from "../workloads/w2-yield-ping.ts";
import { queuePingPong } from "../workloads/w3-queue.ts";
import { cancelledTimers } from "../workloads/w6-cancelled-timers.ts";
import { millionTasks } from "../workloads/w7-million-tasks.ts";
import { lcg, type Program, seedOf } from "../workloads/workload.ts";
import { noneReady, ready, takeReady } from "./ready-ring.ts";
import { heapSize, pop, push, replaceTop, topId, topTime } from "./timer-heap.ts";

/**
 * The floor for plain generators: no engine at all, everything inlined, generators that yield bare numbers, resumed
 * directly by the loop. What V8 itself allows.
 */
export const limitGen: Readonly<Record<string, Program>> = {
  W1(scale) {
    const sleeps = sleepStorm.sleeps(scale);
    let wakeUps = 0;
    function* worker(i: number): Generator<number, void> {
      let x = seedOf(i);
      for (let k = 0; k < sleeps; k++) {
        x = lcg(x);
        yield 1 + (x >>> 12);
        wakeUps++;
      }
    }
    const end = runSleepers(sleepStorm.tasks, worker);
    return `${end}/${wakeUps}`;
  },

  W2(scale) {
    const yields = yieldPing.yields(scale);
    let switches = 0;
    function* worker(): Generator<number, void> {
      for (let k = 0; k < yields; k++) {
        yield 0;
        switches++;
      }
    }
    const workers: Generator<number, void>[] = [];
    for (let i = 0; i < yieldPing.tasks; i++) {
      workers.push(worker());
      ready(i);
    }
    while (!noneReady()) {
      const id = takeReady();
      if (!workers[id]!.next().done) ready(id);
    }
    return `0/${switches}`;
  },

  /** One slot; a worker that cannot go on is parked. */
  W3(scale) {
    const items = queuePingPong.units(scale);
    let full = false;
    let slot = 0;
    let putter = -1;
    let getter = -1;
    let sum = 0;
    function* produce(): Generator<undefined, void> {
      for (let i = 0; i < items; i++) {
        while (full) {
          putter = 0;
          yield;
        }
        slot = i;
        full = true;
        if (getter >= 0) ready(getter);
        getter = -1;
      }
    }
    function* consume(): Generator<undefined, void> {
      for (let i = 0; i < items; i++) {
        while (!full) {
          getter = 1;
          yield;
        }
        sum += slot;
        full = false;
        if (putter >= 0) ready(putter);
        putter = -1;
      }
    }
    const workers = [produce(), consume()];
    ready(0);
    ready(1);
    while (!noneReady()) workers[takeReady()]!.next();
    return String(sum);
  },

  /** Callbacks; cancelling marks an entry as dead, and the dead are dropped when their turn comes. */
  W6(scale) {
    const timers = cancelledTimers.units(scale);
    let now = 0;
    let last = 0;
    let fired = 0;
    const fire = () => {
      fired++;
      last = now;
    };
    const callbacks = new Array<(() => void) | null>(timers);
    let x = cancelledTimers.seed;
    for (let i = 0; i < timers; i++) {
      x = lcg(x);
      callbacks[i] = fire;
      push(1 + (x >>> 2), i);
    }
    for (let i = 1; i < timers; i += 2) callbacks[i] = null;
    while (heapSize() > 0) {
      const when = topTime();
      const callback = callbacks[topId()]!;
      pop();
      if (callback !== null) {
        now = when;
        callback();
      }
    }
    return `${last}/${fired}`;
  },

  W7(scale) {
    let wakeUps = 0;
    function* worker(i: number): Generator<number, void> {
      yield millionTasks.delay(i);
      wakeUps++;
    }
    const end = runSleepers(millionTasks.units(scale), worker);
    return `${end}/${wakeUps}`;
  },
};

/** Starts `count` workers, then resumes the worker whose time has come until all have ended; returns the final time. */
function runSleepers(count: number, worker: (i: number) => Generator<number, void>): number {
  let now = 0;
  const workers: Generator<number, void>[] = [];
  for (let i = 0; i < count; i++) {
    const started = worker(i);
    workers.push(started);
    push(started.next().value!, i);
  }
  while (heapSize() > 0) {
    now = topTime();
    const id = topId();
    const step = workers[id]!.next();
    if (step.done) pop();
    else replaceTop(now + step.value, id);
  }
  return now;
}
