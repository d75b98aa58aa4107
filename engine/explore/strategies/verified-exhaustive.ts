import { traceHash } from "../causality/trace-hash.ts";
import type { Chooser } from "../run/chooser.ts";
import type { ExecutionRecord } from "../schedule/execution-record.ts";
import { Exhaustive } from "./exhaustive.ts";
import { RandomWalk } from "./random.ts";
import type { Strategy, StrategyContext } from "./strategy.ts";
import { UniformWalk } from "./uniform-walk.ts";

/**
 * Random runs that have to confirm that the search has seen everything: as many as it took, but within these bounds.
 */
const LEAST_SAMPLES = 200;
const MOST_SAMPLES = 2000;

/**
 * Exhaustive search of a program that labels nothing, but uses primitives, which say by themselves what touches them.
 *
 * First it believes that they are all that tasks share, and sees every interleaving of their uses. Then it doubts it:
 * random runs must do nothing that was not seen. If one does, something else is shared, and the search begins again,
 * with every pair of steps in conflict.
 */
export class VerifiedExhaustive implements Strategy {
  readonly name = "exhaustive";
  readonly isExhaustive = true;
  readonly repeatsBaseline = true;
  private readonly _context: StrategyContext;
  private readonly _walks: readonly [RandomWalk, UniformWalk];
  private readonly _seen = new Set<number>();
  private _search: Exhaustive;
  private _phase: "believe" | "doubt" | "everything" = "believe";
  private _runs = 0;
  private _samples = 0;

  constructor(context: StrategyContext) {
    this._context = context;
    this._search = new Exhaustive({ ...context, knowsTouches: true });
    this._walks = [new RandomWalk(context), new UniformWalk(context, false)];
  }

  /** Everything was seen, as far as the uses of primitives show; what is still tried only makes sure of it. */
  get isSatisfied(): boolean {
    return this._phase === "doubt";
  }

  next(run: number): Chooser | null {
    if (this._phase !== "doubt") {
      const chooser = this._search.next();
      if (chooser !== null || this._phase === "everything") {
        return chooser;
      }
      this._phase = "doubt";
      this._samples = Math.min(Math.max(this._runs, LEAST_SAMPLES), MOST_SAMPLES);
    }
    return this._samples === 0 ? null : this._walks[this._samples % 2]!.next(run);
  }

  ran(record: ExecutionRecord, isAbandoned: boolean): void {
    if (this._phase === "everything") {
      this._search.ran(record);
      return;
    }
    const hash = traceHash(record, true);
    if (this._phase === "believe") {
      this._search.ran(record);
      this._runs++;
      if (!isAbandoned) {
        this._seen.add(hash);
      }
    } else if (this._seen.has(hash)) {
      this._samples--;
    } else {
      this._phase = "everything";
      this._search = new Exhaustive({ ...this._context, knowsTouches: false });
    }
  }
}
