import { byId } from "./elements.ts";
import { parseQuery } from "./query.ts";
import type { RunModel } from "./run-model.ts";

/** Finds events of all runs by what is said of them. */
export class Search {
  /** Of each run, the records that were found, in order. */
  matches: readonly (readonly number[])[];
  /** The places on the axis that hold a match in any run, in order. */
  private _places: readonly number[] = [];
  private readonly _runs: readonly RunModel[];
  private _query = "";

  constructor(runs: readonly RunModel[]) {
    this._runs = runs;
    this.matches = runs.map(() => []);
  }

  get query(): string {
    return this._query;
  }

  /** Look for `query`, in small and large letters alike. @see parseQuery */
  find(query: string): void {
    this._query = query.trim();
    this.matches = this._runs.map((run) => this._matchesIn(run));
    this._places =
      this.matches.length === 1 ? this.matches[0]! : [...new Set(this.matches.flat())].sort((a, b) => a - b);
  }

  /** The match after `head`, or before it, around the ends; `undefined` if there is none. */
  next(head: number, isBackward: boolean): number | undefined {
    const found = isBackward ? this._places.findLast((at) => at < head) : this._places.find((at) => at > head);
    return found ?? (isBackward ? this._places.at(-1) : this._places[0]);
  }

  /** Show how many there are, and which one the play head is at. */
  show(head: number): void {
    const place = this._places.indexOf(head);
    const count = this._places.length;
    byId("found").textContent =
      this._query === "" ? "" : count === 0 ? "none" : place < 0 ? `${count}` : `${place + 1} of ${count}`;
  }

  private _matchesIn(run: RunModel): number[] {
    const isWanted = parseQuery(this._query);
    const matches: number[] = [];
    for (let at = 0; isWanted !== null && at < run.records.length; at++) {
      if (isWanted(run, at)) {
        matches.push(at);
      }
    }
    return matches;
  }
}
