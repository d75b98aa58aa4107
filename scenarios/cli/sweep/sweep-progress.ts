import type { RangeResult } from "../../../engine/experiment/index.ts";
import { DistinctCount, FailureGroups, sizeOf } from "../../../engine/experiment/index.ts";
import type { Outlet } from "../outlet.ts";

/** Milliseconds between two lines. */
const ON_TERMINAL = 200;
const AS_JSON = 1000;

/** Says how far a sweep has come: a line on a terminal that is written over, or lines of JSON. */
export class SweepProgressLine {
  private readonly _outlet: Outlet;
  private readonly _isJson: boolean;
  private readonly _planned: number;
  private readonly _began = performance.now();
  private readonly _groups = new FailureGroups();
  private readonly _distinct = new DistinctCount();
  private _done: number;
  private _own = 0;
  private _shown = 0;
  private _isShown = false;

  /** @param done - Runs of earlier sessions. */
  constructor(outlet: Outlet, isJson: boolean, planned: number, done: number) {
    this._outlet = outlet;
    this._isJson = isJson;
    this._planned = planned;
    this._done = done;
  }

  /** A job is done. */
  add(result: RangeResult): void {
    this._done += sizeOf(result);
    this._own += sizeOf(result);
    this._distinct.merge(new DistinctCount(result.distinct));
    for (const group of result.failures) {
      this._groups.addGroup(group);
    }
    const now = performance.now();
    if (now - this._shown >= (this._isJson ? AS_JSON : ON_TERMINAL) && (this._isJson || this._outlet.isTerminal)) {
      this._shown = now;
      this._show((now - this._began) / 1000);
    }
  }

  /** Take the line away. */
  clear(): void {
    if (this._isShown) {
      this._outlet.write(`\r${" ".repeat(this._outlet.width - 1)}\r`);
    }
  }

  private _show(seconds: number): void {
    const rate = this._own / seconds;
    const left = (this._planned - this._done) / rate;
    const failures = this._groups
      .list()
      .map(({ name, message, count }) => ({ name, message: message.split("\n", 1)[0]!, count }));
    if (this._isJson) {
      const progress = {
        runs: this._done,
        planned: this._planned,
        runsPerSecond: Math.round(rate),
        secondsLeft: Math.round(left),
        distinct: this._distinct.estimate(),
        failures,
      };
      this._outlet.write(`${JSON.stringify({ progress })}\n`);
      return;
    }
    const failed = failures.map(({ name, message, count }) => `${count} × ${name}: ${message.slice(0, 30)}`).join(", ");
    const text = `${this._done} of ${this._planned} runs, ${Math.round(rate)} runs/s, about ${this._distinct.estimate()} distinct, ${durationText(left)} left${failed === "" ? "" : `; ${failed}`}`;
    const width = this._outlet.width - 1;
    this._isShown = true;
    this._outlet.write(`\r${text.padEnd(width).slice(0, width)}`);
  }
}

function durationText(seconds: number): string {
  if (seconds < 90) {
    return `${Math.ceil(seconds)} s`;
  }
  return seconds < 5400 ? `${Math.ceil(seconds / 60)} min` : `${(seconds / 3600).toFixed(1)} h`;
}
