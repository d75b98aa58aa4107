import type { RunRecord } from "../schedule/run-record.ts";
import { holdIds, type Schedule } from "../schedule/schedule.ts";
import type { Chooser } from "./chooser.ts";
import type { Breakage } from "./failure.ts";
import { HoldChooser } from "./hold-chooser.ts";
import { type RunOutcome, type RunSettings, runOnce } from "./run-once.ts";
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

  /** What the last run did. Valid until the next. */
  get record(): RunRecord {
    return this.policy.record;
  }

  /** Run in the order that `chooser` picks. */
  run(chooser: Chooser): Promise<RunOutcome> {
    this.runs++;
    return runOnce(this.policy, chooser, this.settings);
  }

  /** Run in the order of `schedule`. */
  follow({ holds, choices }: Schedule): Promise<RunOutcome> {
    const options = new Map(choices.map(({ name, option }) => [name, option]));
    return this.run(this._follower.follow(holdIds(this.policy.names, holds), options));
  }

  /** As {@link follow}; also tells what the options mean that the schedule takes, by the names of the choices. */
  async followTelling(schedule: Schedule): Promise<RunOutcome & { readonly meanings: ReadonlyMap<string, string> }> {
    const meanings = new Map<string, string>();
    this.policy.meanings = meanings;
    try {
      return { ...(await this.follow(schedule)), meanings };
    } finally {
      this.policy.meanings = null;
    }
  }
}

/** A failing run, kept. */
export interface FailedRun {
  readonly breakage: Breakage;
  readonly schedule: Schedule;
  readonly record: RunRecord;
  readonly time: number;
}
