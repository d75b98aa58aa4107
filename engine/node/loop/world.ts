import { performance } from "node:perf_hooks";
import type { Handle } from "../../loop/handle.ts";
import type { EventLoop } from "../../network/event-loop.ts";
import type { Host } from "../../network/hosts/host.ts";
import type { Life } from "../../network/hosts/life.ts";
import type { Network } from "../../network/network.ts";
import { ConnectionPools } from "./connection-pools.ts";
import { within } from "./current.ts";
import { Phases } from "./phases.ts";
import { ProcessExit } from "./process-exit.ts";
import { SimulatedImmediate } from "./simulated-immediate.ts";
import { type ProcessWorld, SimulatedProcess } from "./simulated-process.ts";

/** How a run ends before its main coroutine does. */
interface Verdict {
  readonly error: unknown;
}

const emitter = process as unknown as NodeJS.EventEmitter;

/** The Node side of one simulation: its processes, one for each host that runs Node code, and what has gone wrong. */
export class World implements ProcessWorld {
  readonly loop: EventLoop;
  readonly network: Network;
  readonly root: SimulatedProcess;
  readonly processes: SimulatedProcess[];
  readonly answers: Handle[] = [];
  readonly beforePoll: (() => void)[] = [];
  readonly pools = new ConnectionPools();
  /** `process.exitCode`, as the program has set it. */
  exitCode: NodeJS.Process["exitCode"];
  /** What ends the run, once something does. */
  verdict: Verdict | null = null;
  /** The run is over: what is left of the program must not leave any trace. */
  isOver = false;
  /** The callback that ran last has thrown: as in Node, its ticks and promises wait for the end of the next one. */
  hasThrown = false;
  /** What is to be done before the run begins. */
  preparation: (() => Promise<void>) | null = null;
  /** Called when nothing keeps the processes alive. */
  whenIdle: (() => void) | null = null;
  readonly leftovers = new Set<() => void>();
  private readonly _byLife = new Map<object, SimulatedProcess>();

  constructor(loop: EventLoop) {
    this.loop = loop;
    this.network = loop.network;
    this.root = new SimulatedProcess(this, this.network.localhost, null);
    this.processes = [this.root];
    loop._attach(new Phases(this));
    // `fetch` adds to a buffer of the process, which reports by an immediate when it is full: each run begins with an
    // empty one.
    performance.clearResourceTimings();
  }

  get hasOneProcess(): boolean {
    return this.processes.length === 1;
  }

  get isSilent(): boolean {
    return this.isOver || this.verdict !== null;
  }

  /** The process of the programs that run in `life` of a host; the one of the whole simulation for `null`. */
  processOf(life: object | null): SimulatedProcess {
    if (life === null) {
      return this.root;
    }
    let process = this._byLife.get(life);
    if (process === undefined) {
      process = new SimulatedProcess(this, (life as Life).host as Host, life as Life);
      this._byLife.set(life, process);
      this.processes.push(process);
    }
    return process;
  }

  async ended(): Promise<void> {
    do {
      await new Promise<void>((resolve) => {
        this.whenIdle = resolve;
      });
      emitter.emit("beforeExit", Number(process.exitCode ?? 0));
      // A listener may have found something to do.
    } while (this.processes.some(({ isAlive }) => isAlive));
    emitter.emit("exit", Number(process.exitCode ?? 0));
    const code = Number(process.exitCode ?? 0);
    if (code !== 0) {
      throw new ProcessExit(code);
    }
  }

  within<T>(process: SimulatedProcess, callback: () => T): T {
    return within(process, callback);
  }

  fail(error: unknown): void {
    this.verdict ??= { error };
  }

  /** The program threw `error` and did not catch it: its listener for that is called, or else its run ends. */
  threw(error: unknown): void {
    if (this.isSilent) {
      return;
    }
    emitter.emit("uncaughtExceptionMonitor", error, "uncaughtException");
    if (!emitter.emit("uncaughtException", error, "uncaughtException")) {
      this.fail(error);
    }
  }

  /**
   * A callback of `process` threw `error`: if the program goes on, so does the loop, with an immediate that lets
   * waiting ticks run.
   */
  callbackThrew(process: SimulatedProcess, error: unknown): void {
    this.threw(error);
    if (!this.isSilent) {
      this.hasThrown = true;
      new SimulatedImmediate(process, () => {}, []);
    }
  }
}
