import { EventLoop, type Instrument, type LoopOptions, type ObservedTask } from "../../engine/index.ts";

/** Something that a loop did, with the clock at that moment. */
export type Seen =
  | { readonly kind: "clock"; readonly time: number }
  /** Something became ready: a handle or a task, by a name of its own. */
  | { readonly kind: "ready"; readonly who: string; readonly time: number }
  | { readonly kind: "run"; readonly who: string; readonly time: number }
  | { readonly kind: "timer"; readonly who: string; readonly when: number; readonly time: number }
  | { readonly kind: "withdrawn"; readonly who: string; readonly time: number };

/** Writes down what a loop does. */
export class Watcher implements Instrument {
  readonly seen: Seen[] = [];
  readonly loop: EventLoop;

  constructor(options: LoopOptions = {}) {
    this.loop = new EventLoop({
      output: () => {},
      errorOutput: () => {},
      maxSteps: 100_000,
      ...options,
      instrument: this,
    });
  }

  clockAdvanced(time: number): void {
    this.seen.push({ kind: "clock", time });
  }

  handleScheduled(id: number): void {
    this.seen.push({ kind: "ready", who: `handle ${id}`, time: this.loop.time() });
  }

  timerScheduled(id: number, when: number): void {
    this.seen.push({ kind: "timer", who: `handle ${id}`, when, time: this.loop.time() });
  }

  handleCancelled(id: number): void {
    this.seen.push({ kind: "withdrawn", who: `handle ${id}`, time: this.loop.time() });
  }

  handleRun(id: number): void {
    this.seen.push({ kind: "run", who: `handle ${id}`, time: this.loop.time() });
  }

  taskStepped(task: ObservedTask): void {
    this.seen.push({ kind: "run", who: `task ${task.id}`, time: this.loop.time() });
  }

  taskWoken(task: ObservedTask): void {
    this.seen.push({ kind: "ready", who: `task ${task.id}`, time: this.loop.time() });
  }

  taskYielded(task: ObservedTask): void {
    this.taskWoken(task);
  }

  outsideActs(): void {}
  taskCreated(): void {}
  taskSuspended(): void {}
  taskEnded(): void {}
  taskRenamed(): void {}
  primitiveChanged(): void {}
  printed(): void {}
  errorReported(): void {}
  drawn(): void {}
  chosen(): void {}
  noted(): void {}
  notedAs(): void {}
  runEnded(): void {}
}
