import type { ExploreProgress, RaceCounts } from "../../../engine/index.ts";
import type { Outlet } from "../outlet.ts";
import type { BatchResult } from "./do-batch.ts";

const MILLISECONDS = 200;

/**
 * A line on a terminal that says how far a search has come, and is written over again and again. Not on a terminal
 * there is none.
 */
export class ProgressLine {
  private readonly _outlet: Outlet;
  private readonly _began = performance.now();
  private _shown = 0;
  private _isShown = false;
  /** The batches that are being done, by number. */
  private readonly _current = new Map<number, ExploreProgress>();
  /** What has been done. */
  private _runs = 0;
  private readonly _interleavings = new Set<number>();
  private _races: RaceCounts = { pairs: 0, reversed: 0 };

  constructor(outlet: Outlet) {
    this._outlet = outlet;
  }

  /** How far a batch has come. */
  update(batch: number, progress: ExploreProgress): void {
    this._current.set(batch, progress);
    this._show(progress.phase);
  }

  /** A batch is done. */
  finish({ index, runs, interleavings, races }: BatchResult): void {
    this._current.delete(index);
    this._runs += runs;
    for (const interleaving of interleavings) {
      this._interleavings.add(interleaving);
    }
    this._races = races.reversed > this._races.reversed ? races : this._races;
    this._show("search");
  }

  /** Take the line away. */
  clear(): void {
    if (this._isShown) {
      this._outlet.write(`\r${" ".repeat(this._outlet.width - 1)}\r`);
    }
  }

  private _show(phase: ExploreProgress["phase"]): void {
    const now = performance.now();
    if (this._outlet.isTerminal && now - this._shown >= MILLISECONDS) {
      this._shown = now;
      this._isShown = true;
      const width = this._outlet.width - 1;
      const text = this._text(phase, (now - this._began) / 1000);
      this._outlet.write(`\r${text.padEnd(width).slice(0, width)}`);
    }
  }

  private _text(phase: ExploreProgress["phase"], seconds: number): string {
    const word = phase === "search" ? "exploring" : phase === "shrink" ? "shrinking" : "looking for a smaller one";
    let runs = this._runs;
    let interleavings = this._interleavings.size;
    let best = this._races;
    for (const { runs: more, interleavings: seen, races } of this._current.values()) {
      runs += more;
      // What two batches see may be the same.
      interleavings = Math.max(interleavings, seen);
      best = races.reversed > best.reversed ? races : best;
    }
    const races = best.pairs === 0 ? "" : `, ${best.reversed} of ${best.pairs} races both ways`;
    return `${word}: ${runs} runs, ${Math.round(runs / seconds)} runs/s, ${interleavings} interleavings${races}, ${seconds.toFixed(0)} s`;
  }
}
