import { RuntimeError } from "../../base/errors.ts";
import { NO_OPTIONS, optionNames, requireOptions } from "../../base/require-options.ts";
import { RingBuffer } from "../../base/ring-buffer.ts";
import type { Runnable } from "../../base/runnable.ts";
import { RealClock } from "../../clock/real-clock.ts";
import type { Callback, TimerHandle } from "../../loop/handle.ts";
import { afterHostTurn, afterSeconds } from "../../loop/host.ts";
import type { LoopOptions } from "../../loop/options.ts";
import { setRunning } from "../../loop/running.ts";
import { inScope } from "../../loop/scope.ts";
import type { Timer } from "../../loop/timers.ts";
import { EventLoop } from "../event-loop.ts";
import type { Network } from "../network.ts";
import { RealNetwork } from "./real-network.ts";

/** Options of a {@link RealEventLoop}. All have defaults. */
export interface RealEventLoopOptions
  extends Pick<LoopOptions, "seed" | "timeZone" | "maxSteps" | "output" | "errorOutput"> {
  /** Where the wall clock hangs; by default where the machine is. */
  readonly timeZone?: string;
}

/** @internal The names of {@link RealEventLoopOptions}. */
export const REAL_EVENT_LOOP_OPTIONS = optionNames<RealEventLoopOptions>({
  seed: true,
  timeZone: true,
  maxSteps: true,
  output: true,
  errorOutput: true,
});

/** A ready queue that wakes its loop. */
class WakingQueue extends RingBuffer<Runnable> {
  private readonly _wake: () => void;

  constructor(wake: () => void) {
    super();
    this._wake = wake;
  }

  override push(item: Runnable): void {
    super.push(item);
    this._wake();
  }

  override unshift(item: Runnable): void {
    super.unshift(item);
    this._wake();
  }
}

/**
 * The same event loop on the clock and the network of the machine: `sleep(1)` takes a second, and servers are there for
 * everybody.
 *
 * Coroutines may await promises; meanwhile, as in a call that blocks, nothing else of the loop runs. It has no
 * simulated network, no trace and no digest, and no run is like another.
 *
 * @see asyncio.SelectorEventLoop
 */
export class RealEventLoop extends EventLoop {
  private readonly _clock: RealClock;
  private readonly _realNetwork: RealNetwork;
  /** The host has had its turn since the last pass, so that what has happened meanwhile is known. */
  private _hadTurn = false;
  /** Calls off the timer that ends the present wait; `null` when it does not wait. */
  private _endWait: (() => void) | null = null;

  /** @throws TypeError for unknown options, and RangeError or TypeError for those that have no sensible value. */
  constructor(options: RealEventLoopOptions = NO_OPTIONS) {
    requireOptions("RealEventLoop", options, REAL_EVENT_LOOP_OPTIONS);
    const clock = new RealClock();
    super({ timeZone: RealClock.timeZone(), ...options, start: clock.start, realAwait: "allow" }, true);
    this._clock = clock;
    this._realNetwork = new RealNetwork(this, () => this._wake());
  }

  /** Seconds since the loop was made, on the machine's clock that only goes forward. @see asyncio `loop.time` */
  override time(): number {
    this._setTime(this._clock.now());
    return this._time;
  }

  override callLater<A extends readonly unknown[]>(delay: number, callback: Callback<A>, ...args: A): TimerHandle {
    // The step may have taken a while, and counts from now.
    this.time();
    return super.callLater(delay, callback, ...args);
  }

  /** @throws RuntimeError always: there are no simulated hosts, links and faults. */
  override get network(): Network {
    throw new RuntimeError(
      "loop.network is the simulated network, with its hosts, links and faults; a loop on real sockets has none: use simulate() or run() for it",
    );
  }

  /** @internal Also called from outside, by a handler of Node's, while the loop waits. */
  override _schedule(when: number, timer: Timer): void {
    super._schedule(when, timer);
    this._wake();
  }

  override stop(): void {
    super.stop();
    this._wake();
  }

  /** Close the loop, and all sockets that are left. @throws RuntimeError if it is running. */
  override close(): void {
    super.close();
    this._realNetwork.close();
  }

  /** @internal */
  override get _internet(): RealNetwork {
    return this._realNetwork;
  }

  /** @internal */
  override _localTime(): number {
    return this._clock.wallTime();
  }

  /** Go on now if the loop waits: something has happened. */
  private _wake(): void {
    if (this._endWait !== null) {
      this._endWait();
      this._endWait = null;
      // Not at once: what else the host reports belongs to the same pass.
      afterHostTurn(this._goOn);
    }
  }

  /** What is called from outside, by a handler of Node's, may make something ready while the loop waits. */
  protected override _createReadyQueue(): RingBuffer<Runnable> {
    return new WakingQueue(() => this._wake());
  }

  protected override get _takesForeignCalls(): boolean {
    return true;
  }

  /**
   * As in asyncio, each pass begins with a look at what has happened outside, and waits for that if nothing is ready.
   */
  protected override _nextPass(): boolean {
    const time = this.time();
    if (this._hadTurn) {
      const seconds = this._secondsToWait(time);
      if (seconds <= 0) {
        this._hadTurn = false;
        return super._nextPass();
      }
      this._pause(seconds);
    } else {
      this._pause(0);
    }
    return false;
  }

  /** How long nothing is to be done; 0 also when the run is to end. */
  private _secondsToWait(time: number): number {
    const run = this._active;
    if (run === null || this._ready.length > 0 || this._stopping || this._steps >= run.atStep || time >= run.until) {
      return 0;
    }
    if (run.onePass && this._passDone) {
      return 0;
    }
    this._dropCancelledTimers();
    const next = Math.min(this._nextEvent(), run.until);
    if (next === Number.POSITIVE_INFINITY && !this._realNetwork.isAlive) {
      return 0;
    }
    return next < time + this._resolution.at(time) ? 0 : next - time;
  }

  /** Leave the host to itself for a turn, or until something happens, at the latest after `seconds`. */
  private _pause(seconds: number): void {
    this._draining = false;
    setRunning(null);
    if (seconds === 0) {
      afterHostTurn(this._goOn);
    } else {
      this._endWait = afterSeconds(seconds, () => this._wake());
    }
  }

  private readonly _goOn = (): void => {
    this._hadTurn = true;
    inScope(this, this._drainNow);
  };
}
