import type { AsyncResource } from "node:async_hooks";
import { Handle } from "../../loop/handle.ts";
import type { EventLoop } from "../../network/event-loop.ts";
import type { Host } from "../../network/hosts/host.ts";
import { currentLife, type Life } from "../../network/hosts/life.ts";
import type { Network } from "../../network/network.ts";
import { Context } from "../../tasks/context.ts";
import { TimerLists } from "./timer-lists.ts";

/** The simulation that a process is part of, as the process sees it. */
export interface ProcessWorld {
  readonly loop: EventLoop;
  readonly network: Network;
  /** Answers from outside of processes, such as of name servers, for the next poll phase. */
  readonly answers: Handle[];
  /** Called once, when the loop polls next. */
  readonly beforePoll: (() => void)[];
  /** Whether all code belongs to one process. */
  readonly hasOneProcess: boolean;
  /** Whether the program runs no further: it has exited or failed. */
  readonly isSilent: boolean;
  /** Called at the end, to free what the program still holds. */
  readonly leftovers: Set<() => void>;
  /** The process of code that runs on no host of its own. */
  readonly root: SimulatedProcess;
  /** End the run with `error`. The first reason counts. */
  fail(error: unknown): void;
  /** A callback of `process` threw `error`. */
  callbackThrew(process: SimulatedProcess, error: unknown): void;
  /** A promise that is settled when nothing keeps the processes alive any more, and they have ended as Node's do. */
  ended(): Promise<void>;
  /** Call `callback` as code of `process`. */
  within<T>(process: SimulatedProcess, callback: () => T): T;
}

/** What waits for the check phase. */
export interface QueuedImmediate {
  readonly _isRefed: boolean;
  /** Let it run next. */
  _queue(): void;
}

/**
 * Loop time counts as the millisecond that it misses by less than this, in milliseconds: sums of floating-point seconds
 * fall short.
 */
const ROUNDING = 1e-6;

/** In a second. What floating-point sums add beyond them is not shown. */
const NANOSECONDS = 1e9;

/**
 * How far timers go on after the end of a program: so many, and so many milliseconds; undici keeps some for five
 * minutes.
 */
const MOST_DRY_TIMERS = 2000;
const LONGEST_DRY_RUN = 400_000;

/** What one simulated Node process has: its host, and what waits in the phases of its loop. */
export class SimulatedProcess {
  readonly world: ProcessWorld;
  readonly host: Host;
  readonly timers = new TimerLists();
  /** What `setImmediate` has queued for the next check phase. */
  immediates: QueuedImmediate[] = [];
  /** Completions that libuv would report before it polls. */
  pending: Handle[] = [];
  /** Callbacks of handles that were closed. */
  closing: Handle[] = [];
  /** How many handles and requests keep the process from ending, timers and immediates aside. */
  active = 0;
  readonly context: Context;
  private _dryTime: number | null = null;
  private readonly _life: Life | null;

  constructor(world: ProcessWorld, host: Host, life: Life | null) {
    this.world = world;
    this.host = host;
    this._life = life;
    this.context = new Context();
    if (life !== null) {
      this.context._set(currentLife, life);
    }
  }

  /** Whether its host runs, stands still or has crashed. */
  get state(): Life["state"] {
    return this._life?.state ?? "running";
  }

  /** Whether timers that belong to libraries run on after the end of the program. */
  get isRunningDry(): boolean {
    return this._dryTime !== null;
  }

  /**
   * Let what is left of the timers that do not keep a process alive run after the end of the program: a library that
   * shares one between its connections, as undici does, would begin the next run with the state of this one.
   *
   * @param settle - Called after each.
   */
  runDry(settle: () => void): void {
    const begin = this.now();
    for (let runs = 0; runs < MOST_DRY_TIMERS; runs++) {
      const next = this.timers.nextExpiry;
      if (next > begin + LONGEST_DRY_RUN) {
        break;
      }
      this._dryTime = next;
      for (const timer of this.timers.takeDue(next)) {
        const list = this.timers.begin(timer, next);
        try {
          timer._runDry();
        } catch {
          // No listener is left.
        }
        this.timers.ended(list, next);
        settle();
      }
      this.timers.settle(next);
    }
    this._dryTime = null;
  }

  /** libuv's clock: whole milliseconds, the same during a whole turn of the loop. @see `uv_now` */
  now(): number {
    return this._dryTime ?? Math.floor(this.world.loop.time() * 1000 + ROUNDING);
  }

  /** Milliseconds since the beginning, with their fraction, by the clock of the host. */
  milliseconds(): number {
    return Math.round(this.host.time() * NANOSECONDS) / (NANOSECONDS / 1000);
  }

  /** Whether something is left that keeps a Node process from ending. */
  get isAlive(): boolean {
    return (
      this.state !== "down" &&
      (this.active > 0 ||
        this.timers.refed > 0 ||
        this.pending.length > 0 ||
        this.closing.length > 0 ||
        this.immediates.some((immediate) => immediate._isRefed))
    );
  }

  /** A handle that makes `callback` a callback of this process: what it throws is an uncaught exception. */
  handleFor(callback: () => void): Handle {
    const { world } = this;
    const call = (): void => {
      if (!world.isSilent) {
        try {
          world.within(this, callback);
        } catch (error) {
          world.callbackThrew(this, error);
        }
      }
    };
    return new Handle(world.loop, call, [], this.context);
  }

  /**
   * Call `callback` in the context of `resource`.
   *
   * @returns `null`; if it throws, what reports that, in the same context, as an uncaught exception.
   */
  callIn(
    resource: AsyncResource,
    callback: (...args: unknown[]) => unknown,
    receiver: unknown,
    args: readonly unknown[],
  ): (() => void) | null {
    try {
      resource.runInAsyncScope(callback, receiver, ...args);
      return null;
    } catch (error) {
      return () => resource.runInAsyncScope(() => this.world.callbackThrew(this, error));
    }
  }

  /** Call `callback` before the loop polls next, as libuv does with what it could finish at once. */
  complete(callback: () => void): void {
    this.pending.push(this._announced(callback, this.pending));
  }

  /** Call `callback` in the next phase of closed handles. */
  close(callback: () => void): void {
    this.closing.push(this._announced(callback, this.closing));
  }

  /** Call `callback` in the poll phase, `seconds` from now: something outside the process has answered. */
  answer(seconds: number, callback: () => void): void {
    const { world } = this;
    const handle = this.handleFor(callback);
    world.loop._ordering?.watched(handle, handle);
    this.active++;
    world.network.agenda.add(world.loop.time() + seconds, {
      _isDueAt: () => true,
      _happen: () => {
        this.active--;
        world.answers.push(handle);
      },
    });
  }

  private _announced(callback: () => void, queue: object): Handle {
    const { loop } = this.world;
    const handle = this.handleFor(callback);
    loop._ordering?.watched(handle, this._sourceOf(queue));
    loop._instrument?.handleScheduled(handle.id, loop._hostName(this.context));
    return handle;
  }

  private readonly _pendingSource = {};
  private readonly _closingSource = {};

  /** What keeps the order of a queue: the queues themselves are replaced. */
  private _sourceOf(queue: object): object {
    return queue === this.pending ? this._pendingSource : this._closingSource;
  }
}
