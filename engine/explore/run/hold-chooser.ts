import { holdIds, type Schedule } from "../schedule/schedule.ts";
import type { Chooser, Entry } from "./chooser.ts";
import type { RunPolicy } from "./run-policy.ts";

/**
 * Follows a schedule: takes what is oldest and not held; if everything is held, what is oldest.
 *
 * A hold on a step that never comes, or until one that never comes, changes nothing, or ends when nothing else is
 * ready.
 */
export class HoldChooser implements Chooser {
  private readonly _policy: RunPolicy;
  /** For a step by its number, the numbers of the steps that it waits for. */
  private _untils = new Map<number, number[]>();
  private _choices: ReadonlyMap<string, number> = new Map();
  /** How far the record was read, and which of the awaited steps have run. */
  private _read = 0;
  private _awaited = new Set<number>();

  constructor(policy: RunPolicy) {
    this._policy = policy;
  }

  /** Follow these holds, as pairs of numbers of steps, and choices from the next run on. */
  follow(holds: readonly number[], choices: ReadonlyMap<string, number>): this {
    this._untils = new Map();
    this._awaited = new Set();
    this._read = 0;
    this._choices = choices;
    for (let i = 0; i < holds.length; i += 2) {
      const step = holds[i]!;
      const until = holds[i + 1]!;
      this._awaited.add(until);
      const untils = this._untils.get(step);
      if (untils === undefined) {
        this._untils.set(step, [until]);
      } else {
        untils.push(until);
      }
    }
    return this;
  }

  /** Follow `schedule` from the next run on. */
  followSchedule({ holds, choices }: Schedule): this {
    return this.follow(holdIds(this._policy.names, holds), new Map(choices.map(({ name, option }) => [name, option])));
  }

  pick(pool: readonly Entry[]): number {
    if (this._awaited.size === 0) {
      return 0;
    }
    this._release();
    for (let i = 0; i < pool.length; i++) {
      const entry = pool[i]!;
      if (entry.isFree && !this._isHeld(entry.name.id)) {
        return i;
      }
    }
    return 0;
  }

  option(name: string, count: number): number {
    const option = this._choices.get(name) ?? 0;
    return option < count ? option : 0;
  }

  private _isHeld(step: number): boolean {
    const untils = this._untils.get(step);
    if (untils !== undefined) {
      for (let i = 0; i < untils.length; i++) {
        if (this._awaited.has(untils[i]!)) {
          return true;
        }
      }
    }
    return false;
  }

  /** Forget the awaited steps that have run meanwhile. */
  private _release(): void {
    const { names, length } = this._policy.record;
    while (this._read < length) {
      this._awaited.delete((names[this._read] as { id: number }).id);
      this._read++;
    }
  }
}
