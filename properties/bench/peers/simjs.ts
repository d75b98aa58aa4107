import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { emptyRun } from "../workloads/w0-empty-run.ts";
import { sleepStorm } from "../workloads/w1-sleep-storm.ts";
import { yieldPing } from "../workloads/w2-yield-ping.ts";
import { cancelledTimers } from "../workloads/w6-cancelled-timers.ts";
import { millionTasks } from "../workloads/w7-million-tasks.ts";
import { lcg, type Program, seedOf } from "../workloads/workload.ts";

/** The part of simjs that the workloads use. Its processes are entities with callbacks. */
interface Simjs {
  readonly Sim: new () => Simulation;
  readonly Entity: new () => Entity;
}
interface Simulation {
  addEntity(entity: new () => Entity, name: string | null, ...startArguments: unknown[]): Entity;
  simulate(end: number): void;
  time(): number;
}
interface Entity {
  setTimer(delay: number): Timer;
  time(): number;
}
interface Timer {
  done(callback: () => void): Timer;
  cancel(): void;
}

/** Programs on the simjs package in `directory` (the directory named `simjs`), and its version. */
export function loadSimjs(directory: string): { programs: Readonly<Record<string, Program>>; version: string } {
  // The published bundle exports nothing: it sets window.Sim.
  const browser: { Sim?: Simjs } = {};
  Object.assign(globalThis, { window: browser });
  createRequire(import.meta.url)(directory);
  if (browser.Sim === undefined) throw new Error(`${directory} is not the simjs package: it does not set window.Sim`);
  const { version } = JSON.parse(readFileSync(join(directory, "package.json"), "utf8")) as { version: string };
  return { programs: programsOn(browser.Sim), version };
}

function programsOn(simjs: Simjs): Readonly<Record<string, Program>> {
  return {
    W0(scale) {
      class Returns extends simjs.Entity {
        start(): void {
          sum++;
        }
      }
      let sum = 0;
      let time = 0;
      for (let i = 0; i < emptyRun.units(scale); i++) time += run(simjs, Returns, 1);
      return `${time}/${sum}`;
    },
    W1: (scale) => sleepers(simjs, sleepStorm.tasks, sleepStorm.sleeps(scale)),
    W2: (scale) => sleepers(simjs, yieldPing.tasks, yieldPing.yields(scale), () => 0),
    W6: (scale) => timers(simjs, cancelledTimers.units(scale)),
    W7: (scale) => sleepers(simjs, millionTasks.units(scale), 1),
  };
}

/** Simulates `count` entities to the end; returns the final time. */
function run(simjs: Simjs, entity: new () => Entity, count: number): number {
  const simulation = new simjs.Sim();
  for (let i = 0; i < count; i++) simulation.addEntity(entity, null, i);
  simulation.simulate(Number.MAX_VALUE);
  return simulation.time();
}

/** `count` entities that sleep `times` times each, by default as W1 and W7 prescribe. */
function sleepers(simjs: Simjs, count: number, times: number, delay = (x: number) => 1 + (x >>> 12)): string {
  let wakeUps = 0;
  class Sleeper extends simjs.Entity {
    x = 0;
    left = times;
    start(i: number): void {
      this.x = seedOf(i);
      this.next();
    }
    next(): void {
      if (this.left-- === 0) return;
      this.x = lcg(this.x);
      this.setTimer(delay(this.x)).done(this.woken);
    }
    woken(): void {
      wakeUps++;
      this.next();
    }
  }
  const end = run(simjs, Sleeper, count);
  return `${end}/${wakeUps}`;
}

function timers(simjs: Simjs, count: number): string {
  let fired = 0;
  let last = 0;
  class Timers extends simjs.Entity {
    start(): void {
      const set: Timer[] = [];
      let x = cancelledTimers.seed;
      for (let i = 0; i < count; i++) {
        x = lcg(x);
        set.push(this.setTimer(1 + (x >>> 2)).done(this.fire));
      }
      for (let i = 1; i < count; i += 2) set[i]!.cancel();
    }
    fire(): void {
      fired++;
      last = this.time();
    }
  }
  run(simjs, Timers, 1);
  return `${last}/${fired}`;
}
