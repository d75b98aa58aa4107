import { sleepStorm } from "../workloads/w1-sleep-storm.ts";
import { yieldPing } from "../workloads/w2-yield-ping.ts";
import { queuePingPong } from "../workloads/w3-queue.ts";
import { millionTasks } from "../workloads/w7-million-tasks.ts";
import { lcg, type Program, seedOf } from "../workloads/workload.ts";
import { noneReady, ready, takeReady } from "./ready-ring.ts";
import { heapSize, pop, push, replaceTop, topId, topTime } from "./timer-heap.ts";

/**
 * The floor for async generators: no engine at all; the loop goes on from the callback of `next().then(callback)`, one
 * step at a time. What the natural way of driving async generators costs at least.
 */
export const limitAgen: Readonly<Record<string, Program>> = {
  async W1(scale) {
    const sleeps = sleepStorm.sleeps(scale);
    let wakeUps = 0;
    async function* worker(i: number): AsyncGenerator<number, void> {
      let x = seedOf(i);
      for (let k = 0; k < sleeps; k++) {
        x = lcg(x);
        yield 1 + (x >>> 12);
        wakeUps++;
      }
    }
    const end = await runSleepers(sleepStorm.tasks, worker);
    return `${end}/${wakeUps}`;
  },

  async W2(scale) {
    const yields = yieldPing.yields(scale);
    let switches = 0;
    async function* worker(): AsyncGenerator<number, void> {
      for (let k = 0; k < yields; k++) {
        yield 0;
        switches++;
      }
    }
    const workers: AsyncGenerator<number, void>[] = [];
    for (let i = 0; i < yieldPing.tasks; i++) {
      workers.push(worker());
      ready(i);
    }
    await runReady(workers);
    return `0/${switches}`;
  },

  /** One slot; a worker that cannot go on is parked, and resumed once. */
  async W3(scale) {
    const items = queuePingPong.units(scale);
    let full = false;
    let slot = 0;
    let putter = -1;
    let getter = -1;
    let sum = 0;
    async function* produce(): AsyncGenerator<undefined, void> {
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
    async function* consume(): AsyncGenerator<undefined, void> {
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
    await new Promise<void>((resolve) => {
      const next = (): void => {
        if (noneReady()) resolve();
        else void workers[takeReady()]!.next().then(next);
      };
      next();
    });
    return String(sum);
  },

  async W7(scale) {
    let wakeUps = 0;
    async function* worker(i: number): AsyncGenerator<number, void> {
      yield millionTasks.delay(i);
      wakeUps++;
    }
    const end = await runSleepers(millionTasks.units(scale), worker);
    return `${end}/${wakeUps}`;
  },
};

type Step = IteratorResult<number, void>;

/**
 * Starts `count` workers one after another, then resumes the worker whose time has come until all have ended; returns
 * the final time.
 */
function runSleepers(count: number, worker: (i: number) => AsyncGenerator<number, void>): Promise<number> {
  const workers: AsyncGenerator<number, void>[] = [];
  for (let i = 0; i < count; i++) workers.push(worker(i));
  return new Promise((resolve) => {
    let now = 0;
    let current = 0;
    const started = (step: Step): void => {
      push(step.value!, current++);
      if (current < count) workers[current]!.next().then(started);
      else next();
    };
    const resumed = (step: Step): void => {
      if (step.done) pop();
      else replaceTop(now + step.value, current);
      next();
    };
    const next = (): void => {
      if (heapSize() === 0) {
        resolve(now);
        return;
      }
      now = topTime();
      current = topId();
      workers[current]!.next().then(resumed);
    };
    workers[0]!.next().then(started);
  });
}

/** Resumes the ready workers in turn until all have ended. */
function runReady(workers: readonly AsyncGenerator<number, void>[]): Promise<void> {
  return new Promise((resolve) => {
    let current = 0;
    const resumed = (step: Step): void => {
      if (!step.done) ready(current);
      next();
    };
    const next = (): void => {
      if (noneReady()) {
        resolve();
        return;
      }
      current = takeReady();
      workers[current]!.next().then(resumed);
    };
    next();
  });
}
