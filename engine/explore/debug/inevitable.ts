import { describeValue } from "../../base/describe.ts";
import type { AsyncProgram, Program } from "../../simulation.ts";
import type { ReplayOptions } from "../replay.ts";
import { failureClass } from "../run/failure.ts";
import { HoldChooser } from "../run/hold-chooser.ts";
import { seedNumber } from "../run/quick-random.ts";
import type { Session } from "../run/session.ts";
import type { ExecutionRecord } from "../schedule/execution-record.ts";
import { requireReached } from "../schedule/reached.ts";
import type { Schedule } from "../schedule/schedule.ts";
import { requireProgram, sessionOfToken, type TokenSession } from "../session-of.ts";
import { BranchingChooser } from "./branching-chooser.ts";
import { type InevitablePoint, InevitableReport } from "./inevitable-report.ts";
import { RandomContinuation } from "./random-continuation.ts";

/** Options of {@link inevitable}: those of the exploration that found the token, and how much is tried. */
export interface InevitableOptions extends Omit<ReplayOptions, "trace" | "output" | "lenient"> {
  /** Random continuations from each step that is looked at; 100 by default. */
  readonly samples?: number;
  /** Most steps that are looked at; 40 by default. Of more, some are left out, but not around the step that decides. */
  readonly points?: number;
  /** Called after each step that was looked at. */
  readonly onPoint?: (done: number, of: number) => void;
}

/**
 * When did the failure of `token` become inevitable?
 *
 * For the steps of the failing run at which something else could have gone on, the run is repeated up to there and then
 * continued at random, again and again; what is counted is how often it fails in the same way. The step after which
 * that is likelier than not is where the mistake was made, which may be long before it shows.
 *
 * @throws TypeError if `program` is not a function; RangeError for options out of range, and for a token whose run
 * passes; TokenError as {@link replay}.
 */
export async function inevitable(
  program: Program<unknown> | AsyncProgram<unknown>,
  token: string,
  options: InevitableOptions = {},
): Promise<InevitableReport> {
  requireProgram("inevitable", program, options);
  const { samples: wanted, points: limit, onPoint, ...rest } = options;
  const samples = requireCount("samples", wanted ?? 100, 1);
  const points = requireCount("points", limit ?? 40, 2);
  const given = await sessionOfToken("inevitable", program, token, rest);
  const search = new PointSearch(given, samples, seedNumber(options.seed ?? 0));
  const forks = await search.followed();
  await search.look(forks, points, onPoint);
  return search.report();
}

function requireCount(name: string, value: unknown, min: number): number {
  if (!(Number.isSafeInteger(value) && (value as number) >= min)) {
    throw new RangeError(`inevitable: expected ${name} to be an integer from ${min}, got ${describeValue(value)}`);
  }
  return value as number;
}

/** Looks at one step after another. */
class PointSearch {
  private readonly _session: Session;
  private readonly _schedule: Schedule;
  private readonly _baseline: ExecutionRecord;
  private readonly _samples: number;
  private readonly _seed: number;
  private readonly _fairAfter: number;
  private readonly _points = new Map<number, InevitablePoint>();
  private readonly _random = new RandomContinuation();
  private _record!: ExecutionRecord;
  private _failure = "";

  constructor({ session, schedule, baseline }: TokenSession, samples: number, seed: number) {
    this._session = session;
    this._baseline = baseline;
    this._schedule = schedule;
    this._samples = samples;
    this._seed = seed;
    this._fairAfter = session.settings.fairAfter;
    // The choosers limit unfairness themselves, since they have to be asked at every step.
    session.settings = { ...session.settings, fairAfter: Number.POSITIVE_INFINITY };
  }

  /** Follow the token. @returns The numbers of steps after which there is a choice. */
  async followed(): Promise<number[]> {
    const session = this._session;
    const forks = new Set<number>([0]);
    const { record } = session.policy;
    const follower = this._follower();
    const { breakage } = await session.run({
      wantsAll: true,
      pick: (pool) => {
        if (pool.filter(({ isFree }) => isFree).length > 1) {
          forks.add(record.length);
        }
        return record.length >= this._fairAfter ? 0 : follower.pick(pool);
      },
      option: (name, count) => {
        forks.add(record.length);
        return follower.option(name, count);
      },
    });
    requireReached(this._schedule, session.record, this._baseline.order());
    if (breakage === null) {
      throw new RangeError("inevitable: expected a token whose run fails, but it passes");
    }
    this._failure = failureClass(breakage);
    this._record = session.record.copy();
    this._note(this._record.length, this._samples);
    return [...forks];
  }

  /** Look at `forks`, or at some of them, the nearer the closer to the step that decides. */
  async look(forks: readonly number[], most: number, onPoint: InevitableOptions["onPoint"]): Promise<void> {
    const count = Math.min(forks.length, most);
    let done = 0;
    const lookAt = async (fork: number): Promise<void> => {
      if (!this._points.has(fork)) {
        await this._lookAt(fork);
        onPoint?.(++done, count);
      }
    };
    if (forks.length <= most) {
      for (const fork of forks) {
        await lookAt(fork);
      }
      return;
    }
    const coarse = Math.ceil(most / 2);
    for (let i = 0; i < coarse; i++) {
      await lookAt(forks[Math.floor((i * (forks.length - 1)) / Math.max(1, coarse - 1))]!);
    }
    while (done < most) {
      const between = this._undecided(forks);
      if (between.length === 0) {
        return;
      }
      await lookAt(between[Math.floor(between.length / 2)]!);
    }
  }

  report(): InevitableReport {
    const points = [...this._points.values()].sort((a, b) => a.steps - b.steps);
    const { times } = this._record;
    return new InevitableReport(points, { steps: this._record.order(), times }, this._failure);
  }

  /** The forks between the last step that is looked at and does not decide, and the next one. */
  private _undecided(forks: readonly number[]): number[] {
    const { decisive, points } = this.report();
    if (decisive === null) {
      return [];
    }
    const from = decisive.number - 1;
    const to = points.find(({ steps }) => steps > from)!.steps;
    return forks.filter((fork) => fork > from && fork < to);
  }

  private async _lookAt(steps: number): Promise<void> {
    const session = this._session;
    let failures = 0;
    for (let sample = 0; sample < this._samples; sample++) {
      const then = this._random.begin(this._seed, sample);
      const chooser = new BranchingChooser(session.policy, this._follower(), steps, then, this._fairAfter);
      const { breakage } = await session.run(chooser);
      failures += breakage !== null && failureClass(breakage) === this._failure ? 1 : 0;
    }
    this._note(steps, failures);
  }

  private _note(steps: number, failures: number): void {
    const { names, times } = this._record;
    this._points.set(steps, {
      steps,
      step: steps === 0 ? null : names[steps - 1]!.text,
      time: steps === 0 ? 0 : times[steps - 1]!,
      failures,
      samples: this._samples,
    });
  }

  private _follower(): HoldChooser {
    return new HoldChooser(this._session.policy).followSchedule(this._schedule);
  }
}
