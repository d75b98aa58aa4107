import type { ExecutionRecord } from "../schedule/execution-record.ts";
import { racesOf } from "./races.ts";

/** Pairs that are watched; a long program has more. */
const MOST_PAIRS = 5000;

/** Of the pairs of steps that raced in the baseline run: how many there are, and how many were seen in both orders. */
export interface RaceCounts {
  /** How many pairs there are. */
  readonly pairs: number;
  /** How many of them were seen in both orders. */
  readonly reversed: number;
}

/**
 * Counts how many races of the baseline run have been seen the other way round. What is found is crossed off, so it
 * costs less and less.
 */
export class RaceCoverage {
  private readonly _pairs: number;
  /** The pairs that were seen in one order only, as numbers of steps, two by two. */
  private readonly _open: number[] = [];
  /** For each step by its number, its place in the present run, and which run that was. */
  private readonly _places: number[] = [];
  private readonly _runs: number[] = [];
  private _run = 0;

  /** @param everything - Every pair of steps races, whatever they touched. */
  constructor(baseline: ExecutionRecord, everything: boolean) {
    const seen = new Set<string>();
    for (const { first, second } of racesOf(baseline, everything)) {
      const [a, b] = [baseline.names[first]?.id as number, baseline.names[second]?.id as number];
      const key = `${a}>${b}`;
      if (!seen.has(key) && seen.size < MOST_PAIRS) {
        seen.add(key);
        this._open.push(a, b);
      }
    }
    this._pairs = seen.size;
  }

  get counts(): RaceCounts {
    return { pairs: this._pairs, reversed: this._pairs - this._open.length / 2 };
  }

  /** Look at a run. */
  saw({ names, length }: ExecutionRecord): void {
    const { _open: open, _places: places, _runs: runs } = this;
    if (open.length === 0) {
      return;
    }
    const run = ++this._run;
    for (let step = 0; step < length; step++) {
      const { id } = names[step] as { id: number };
      places[id] = step;
      runs[id] = run;
    }
    let kept = 0;
    for (let i = 0; i < open.length; i += 2) {
      const first = open[i]!;
      const second = open[i + 1]!;
      const isReversed = runs[second] === run && (runs[first] !== run || places[second]! < places[first]!);
      if (!isReversed) {
        open[kept++] = first;
        open[kept++] = second;
      }
    }
    open.length = kept;
  }
}
