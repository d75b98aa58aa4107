import type { Handle } from "../../loop/handle.ts";
import type { Selector } from "../../loop/selector.ts";
import type { ProcessWorld, SimulatedProcess } from "./simulated-process.ts";

/** The simulation whose processes take turns. */
interface PhasedWorld extends ProcessWorld {
  readonly processes: readonly SimulatedProcess[];
  /** Called once, when nothing keeps the processes alive. */
  whenIdle: (() => void) | null;
}

/**
 * So many timers in a row that do not keep their process alive, and nothing beside them, are the sign that nothing else
 * will come.
 */
const MOST_IDLE_TURNS = 10_000;

/** The phases of a turn of libuv's loop, in their order. @see `uv_run` */
const PHASES = ["timers", "pending", "poll", "pending after poll", "check", "close"] as const;
const POLL = PHASES.indexOf("poll");
/** How often libuv runs what is pending after it has polled, while there is more. */
const PENDING_ROUNDS = 8;

/**
 * Lets the simulated Node processes take turns of libuv's loop: the callbacks of one phase are one pass of the event
 * loop beneath.
 *
 * All processes are in the same phase. The poll phase asks the network, for the sockets of coroutines as well.
 *
 * @see libuv `uv_run`
 */
export class Phases implements Selector {
  private readonly _world: PhasedWorld;
  private _phase = 0;
  private _pendingRounds = 0;
  private _idleTurns = 0;
  private _lastTime = 0;

  constructor(world: PhasedWorld) {
    this._world = world;
  }

  nextEvent(): number {
    const { _world: world } = this;
    const { loop, network } = world;
    this._settleTimers();
    if (world.answers.length > 0 || world.beforePoll.length > 0 || world.processes.some(hasWork)) {
      return loop.time();
    }
    const { whenIdle } = world;
    if (whenIdle !== null && !loop._hasTimers() && !world.processes.some(isAliveNow)) {
      world.whenIdle = null;
      world.answers.push(world.root.handleFor(whenIdle));
      return loop.time();
    }
    const fromNetwork = network.nextEvent();
    const fromTimers = this._nextTimer();
    if (fromNetwork <= fromTimers || fromTimers === Number.POSITIVE_INFINITY) {
      return fromNetwork;
    }
    const isAlive = fromNetwork < Number.POSITIVE_INFINITY || loop._hasTimers() || world.processes.some(isAliveNow);
    return isAlive && this._idleTurns < MOST_IDLE_TURNS ? fromTimers : fromNetwork;
  }

  poll(time: number): void {
    this._settleTimers();
    this._world.network.deliver(time);
    if (time > this._lastTime) {
      // While time passes, the loop waits in its poll phase.
      this._lastTime = time;
      this._phase = POLL;
    }
    for (let phase = 0; phase < PHASES.length; phase++) {
      const queued = this._queuePhase();
      if (!this._isRepeated(queued)) {
        this._phase = (this._phase + 1) % PHASES.length;
      }
      if (queued) {
        return;
      }
    }
  }

  /** Whether the present phase, which has queued something or not, comes again at once. */
  private _isRepeated(queued: boolean): boolean {
    if (!queued || PHASES[this._phase] !== "pending after poll" || ++this._pendingRounds >= PENDING_ROUNDS) {
      this._pendingRounds = 0;
      return false;
    }
    return true;
  }

  /** The timers that were queued have run. */
  private _settleTimers(): void {
    for (const process of this._world.processes) {
      process.timers.settle(process.now());
    }
  }

  private _nextTimer(): number {
    let next = Number.POSITIVE_INFINITY;
    for (const process of this._world.processes) {
      if (process.state === "running") {
        next = Math.min(next, process.timers.nextExpiry);
      }
    }
    return next / 1000;
  }

  /** Queue the callbacks of the present phase. @returns Whether there are any. */
  private _queuePhase(): boolean {
    const { loop } = this._world;
    const before = loop._ready.length;
    switch (PHASES[this._phase]) {
      case "timers":
        this._queueTimers();
        break;
      case "pending":
      case "pending after poll":
        this._queueEach((process) => taken(process, "pending"));
        break;
      case "poll":
        for (const act of this._world.beforePoll.splice(0)) {
          act();
        }
        this._queue(this._world.answers.splice(0));
        this._world.network.poller.collect();
        break;
      case "check":
        this._queueImmediates();
        break;
      case "close":
        // libuv keeps them on a stack. @see `uv__make_close_pending`
        this._queueEach((process) => taken(process, "closing").toReversed());
        break;
      default:
    }
    const queued = loop._ready.length > before;
    if (queued && this._phase > 0) {
      this._idleTurns = 0;
    }
    return queued;
  }

  private _queueTimers(): void {
    for (const process of this._running()) {
      for (const timer of process.timers.takeDue(process.now())) {
        this._idleTurns = timer._isRefed ? 0 : this._idleTurns + 1;
        timer._queue();
      }
    }
  }

  private _queueImmediates(): void {
    for (const process of this._running()) {
      const { immediates } = process;
      process.immediates = [];
      for (const immediate of immediates) {
        immediate._queue();
      }
    }
  }

  private _queueEach(take: (process: SimulatedProcess) => readonly Handle[]): void {
    for (const process of this._running()) {
      this._queue(take(process));
    }
  }

  private _queue(handles: readonly Handle[]): void {
    for (const handle of handles) {
      this._world.loop._ready.push(handle);
    }
  }

  private _running(): SimulatedProcess[] {
    return this._world.processes.filter(({ state }) => state === "running");
  }
}

function taken(process: SimulatedProcess, queue: "pending" | "closing"): readonly Handle[] {
  const handles = process[queue];
  process[queue] = [];
  return handles;
}

const isAliveNow = (process: SimulatedProcess): boolean => process.isAlive;

/** Whether `process` has callbacks to run at once. */
const hasWork = ({ state, immediates, pending, closing }: SimulatedProcess): boolean =>
  state === "running" && (immediates.length > 0 || pending.length > 0 || closing.length > 0);
