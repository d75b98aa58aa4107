import type { Chooser } from "../run/chooser.ts";
import { HoldChooser } from "../run/hold-chooser.ts";
import { DEFAULT_SCHEDULE, holdIds } from "../schedule/schedule.ts";
import type { Strategy, StrategyContext } from "./strategy.ts";

/** The schedule of a token and nothing else: an exploration that shrinks and explains what another search has found. */
export class Replay implements Strategy {
  readonly name = "replay";
  readonly tried: { readonly holds: readonly number[]; readonly choices: ReadonlyMap<string, number> };
  private readonly _chooser: HoldChooser;
  private _isDone = false;

  constructor({ policy, schedule }: StrategyContext) {
    const { holds, choices } = schedule ?? DEFAULT_SCHEDULE;
    this.tried = {
      holds: holdIds(policy.names, holds),
      choices: new Map(choices.map(({ name, option }) => [name, option])),
    };
    this._chooser = new HoldChooser(policy);
  }

  next(): Chooser | null {
    if (this._isDone) {
      return null;
    }
    this._isDone = true;
    return this._chooser.follow(this.tried.holds, this.tried.choices);
  }
}
