import type { ExecutionRecord } from "../schedule/execution-record.ts";
import type { Schedule } from "../schedule/schedule.ts";
import type { Chooser } from "./chooser.ts";
import type { Breakage } from "./failure.ts";
import { HoldChooser } from "./hold-chooser.ts";
import { type ExploredRun, type RunPurpose, type RunSettings, runOnce } from "./run-once.ts";
import type { RunPolicy } from "./run-policy.ts";

/** A program that is run again and again, always in the same way but for the order. */
export class Session {
  readonly policy: RunPolicy;
  settings: RunSettings;
  /** Executions made. */
  runs = 0;
  private readonly _follower: HoldChooser;

  constructor(policy: RunPolicy, settings: RunSettings) {
    this.policy = policy;
    this.settings = settings;
    this._follower = new HoldChooser(policy);
  }

  /**
   * Steps that the run in progress has taken, as far as they are recorded; those of the last if none is in progress.
   */
  get stepsInProgress(): number {
    return this.policy.record.length;
  }

  /** What the last run did. Valid until the next. */
  get record(): ExecutionRecord {
    return this.policy.record;
  }

  /** Run in the order that `chooser` picks. */
  run(chooser: Chooser, purpose?: RunPurpose): Promise<ExploredRun> {
    this.runs++;
    return runOnce(this.policy, chooser, this.settings, purpose);
  }

  /** Run in the order of `schedule`. */
  follow(schedule: Schedule, purpose?: RunPurpose): Promise<ExploredRun> {
    return this.run(this._follower.followSchedule(schedule), purpose);
  }

  /** As {@link follow}; also says what the options mean that the schedule takes, by the names of the choices. */
  async followTelling(
    schedule: Schedule,
    purpose?: RunPurpose,
  ): Promise<ExploredRun & { readonly meanings: ReadonlyMap<string, string> }> {
    const meanings = new Map<string, string>();
    this.policy.meanings = meanings;
    try {
      return { ...(await this.follow(schedule, purpose)), meanings };
    } finally {
      this.policy.meanings = null;
    }
  }
}

/** A failing run, kept. */
export interface FailedRun {
  readonly breakage: Breakage;
  readonly schedule: Schedule;
  readonly record: ExecutionRecord;
  readonly time: number;
}
