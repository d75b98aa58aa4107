import { describeValue } from "../base/describe.ts";
import { heappop, heappush } from "../base/heapq.ts";
import { NO_OPTIONS, optionNames, requireOptions } from "../base/require-options.ts";
import type { TimerHandle } from "../loop/handle.ts";
import { WaitQueue } from "../sync/wait-queue.ts";
import type { Listener } from "../tasks/drive.ts";
import type { TaskEventLoop } from "../tasks/task-event-loop.ts";
import type { Monitoring } from "./monitor.ts";
import { ResourceEvent } from "./resource-event.ts";
import { requirePositive, Station } from "./station.ts";

/** Options of {@link ProcessorSharing}. */
export interface ProcessorSharingOptions {
  /** How many jobs run at full speed; more share this speed equally. 1 by default. */
  readonly capacity?: number;
  /** How many jobs share at most; others wait, first come, first served. Without limit by default. */
  readonly limit?: number;
  /** What it is called in reports and traces. */
  readonly name?: string;
  /** Record waiting times, sojourn times and numbers of jobs. False by default, and free then. */
  readonly monitor?: Monitoring;
}

const SHARING_OPTIONS = optionNames<ProcessorSharingOptions>({
  capacity: true,
  limit: true,
  name: true,
  monitor: true,
});

/** What a job knows of its processor. */
interface Processor {
  /** @internal */
  _jobLeft(job: Job): void;
}

/** Work under way. Awaiting it waits until it is done; cancelling it takes it away. */
export class Job extends ResourceEvent<void> {
  /** Seconds of work at full speed. */
  readonly work: number;
  /** When it came, in seconds. */
  readonly time: number;
  /** @internal The attained service of the others at which it is done; NaN while it waits. */
  _finish = Number.NaN;
  /** @internal */
  _rank = 0;
  private readonly _processor: Processor;

  constructor(loop: TaskEventLoop, queue: WaitQueue<never>, processor: Processor, work: number) {
    super(loop, queue);
    this.work = work;
    this.time = loop.time();
    this._processor = processor;
  }

  /** @internal A task that was interrupted needs the work no more. */
  override _leftBy(task: Listener): void {
    super._leftBy(task);
    if (!this._isAwaited()) {
      this._drop();
    }
  }

  protected override _outcome(): void {}

  protected override _processed(): void {}

  protected override _undo(): void {}

  protected override _left(): void {
    this._processor._jobLeft(this);
  }
}

const before = (a: Job, b: Job): boolean => a._finish < b._finish || (a._finish === b._finish && a._rank < b._rank);

/**
 * A processor that all jobs share: with n jobs and capacity c each advances at the speed min(1, c/n).
 *
 * ```ts
 * const server = new ProcessorSharing({ capacity: 2 });
 * yield* server.serve(0.3);
 * ```
 *
 * @see Ciw's processor sharing
 */
export class ProcessorSharing extends Station implements Processor {
  private readonly _waiting: WaitQueue<Job>;
  private readonly _limit: number;
  private _jobs: Job[] = [];
  /** Work that a job has been given that was there all the time. */
  private _attained = 0;
  private _since = 0;
  private _ranks = 0;
  private _timer: TimerHandle | null = null;

  /** @throws TypeError, RangeError for unknown options and values without sense. */
  constructor(options: ProcessorSharingOptions = NO_OPTIONS) {
    requireOptions("ProcessorSharing", options, SHARING_OPTIONS);
    const { capacity = 1, limit = Number.POSITIVE_INFINITY, name, monitor } = options;
    super("ProcessorSharing", name, capacity, monitor);
    requirePositive("ProcessorSharing", "limit", limit);
    this._limit = limit;
    this._waiting = new WaitQueue<Job>("ProcessorSharing.serve", this);
  }

  /** Jobs that share the processor. */
  get count(): number {
    return this._jobs.length;
  }

  /** Jobs that wait because of the limit. */
  get queueLength(): number {
    return this._waiting.size;
  }

  /**
   * Bring `work`: seconds at full speed.
   *
   * @throws TypeError, RangeError unless it is a finite number that is not negative.
   */
  serve(work: number): Job {
    if (typeof work !== "number" || !(work >= 0 && work < Number.POSITIVE_INFINITY)) {
      throw new RangeError(`serve: expected finite seconds of work that are not negative, got ${describeValue(work)}`);
    }
    const loop = this._runningLoop();
    const job = new Job(loop, this._waiting as unknown as WaitQueue<never>, this, work);
    this._waiting.enter(job);
    this._advance(loop);
    this._admit(loop);
    this._plan(loop);
    return job;
  }

  /** @internal */
  _jobLeft(job: Job): void {
    const loop = job._loop as TaskEventLoop;
    this._advance(loop);
    const rest = this._jobs.filter((other) => other !== job);
    this._jobs = [];
    for (const other of rest) {
      heappush(this._jobs, other, before);
    }
    this._admit(loop);
    this._plan(loop);
    if (this._monitor !== null) {
      this._monitor.reneged++;
    }
  }

  protected override _inUse(): number {
    return this._jobs.length;
  }

  protected override _runningLoop(): TaskEventLoop {
    const loop = this._waiting.loop();
    this._attachMonitor(loop);
    return loop;
  }

  private get _speed(): number {
    return Math.min(1, this._capacity / this._jobs.length);
  }

  private _advance(loop: TaskEventLoop): void {
    const now = loop.time();
    if (this._jobs.length > 0) {
      this._attained += (now - this._since) * this._speed;
    } else {
      this._attained = 0;
    }
    this._since = now;
  }

  private _admit(loop: TaskEventLoop): void {
    while (this._jobs.length < this._limit) {
      const job = this._waiting.first();
      if (job === null) {
        break;
      }
      this._waiting.waiters.remove(job);
      job._finish = this._attained + job.work;
      job._rank = ++this._ranks;
      heappush(this._jobs, job, before);
      this._monitor?.waiting.add(loop.time() - job.time, loop.time());
    }
    this._monitor?.inUse.set(this._jobs.length);
    this._monitor?.queueLength.set(this._waiting.size);
  }

  private _plan(loop: TaskEventLoop): void {
    this._timer?.cancel();
    const [first] = this._jobs;
    this._timer =
      first === undefined
        ? null
        : loop.callLater(Math.max(0, first._finish - this._attained) / this._speed, () => this._finishFirst(loop));
  }

  private _finishFirst(loop: TaskEventLoop): void {
    this._timer = null;
    this._advance(loop);
    loop._ordering?.touched(this, "w");
    // What rounding left of the first one is nothing.
    this._attained = Math.max(this._attained, this._jobs[0]!._finish);
    while (this._jobs.length > 0 && this._jobs[0]!._finish <= this._attained) {
      const job = heappop(this._jobs, before)!;
      this._monitor?.holding.add(loop.time() - job.time, loop.time());
      this._tell("released", this._waiting.size, this._jobs.length);
      job._trigger();
    }
    this._admit(loop);
    this._plan(loop);
  }
}
