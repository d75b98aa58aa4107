import type { ExploreProgress } from "../../../engine/index.ts";
import type { Outlet } from "../outlet.ts";

const MILLISECONDS = 200;

/** A line on a terminal that says how far a search has come, and is written over again and again. Not on a terminal there is none. */
export class ProgressLine {
  private readonly _outlet: Outlet;
  private readonly _began = performance.now();
  private _shown = 0;
  private _before = { runs: 0, traces: 0 };
  private _latest = { runs: 0, traces: 0 };
  private _isShown = false;

  constructor(outlet: Outlet) {
    this._outlet = outlet;
  }

  /** What a worker says of its batch. */
  readonly update = ({ runs, traces, phase }: ExploreProgress): void => {
    if (runs < this._latest.runs) {
      this._before = { runs: this._before.runs + this._latest.runs, traces: this._before.traces + this._latest.traces };
    }
    this._latest = { runs, traces };
    const now = performance.now();
    if (!this._outlet.isTerminal || now - this._shown < MILLISECONDS) {
      return;
    }
    this._shown = now;
    this._isShown = true;
    const total = this._before.runs + runs;
    const seconds = (now - this._began) / 1000;
    const rate = Math.round(total / seconds);
    const word = phase === "search" ? "exploring" : phase === "shrink" ? "shrinking" : "looking for a smaller one";
    const text = `${word}: ${total} runs, ${rate} runs/s, ${this._before.traces + traces} traces, ${seconds.toFixed(0)} s`;
    this._outlet.write(`\r${text.padEnd(this._outlet.width - 1).slice(0, this._outlet.width - 1)}`);
  };

  /** Take the line away. */
  clear(): void {
    if (this._isShown) {
      this._outlet.write(`\r${" ".repeat(this._outlet.width - 1)}\r`);
    }
  }
}
