import { said } from "../../words/narrator.ts";
import { byId } from "./elements.ts";
import type { RunModel } from "./run-model.ts";

/** Finds events by what is said of them. */
export class Search {
  /** The records that were found, in order. */
  matches: readonly number[] = [];
  private readonly _run: RunModel;
  private _texts: readonly string[] | null = null;
  private _query = "";

  constructor(run: RunModel) {
    this._run = run;
  }

  /** Look for `query`, in small and large letters alike. */
  find(query: string): void {
    this._query = query.trim().toLowerCase();
    this._texts ??= this._run.sentences.map((sentence, i) =>
      `${said(sentence)} ${this._run.records[i]?.kind ?? ""}`.toLowerCase(),
    );
    const matches: number[] = [];
    if (this._query !== "") {
      for (const [i, text] of this._texts.entries()) {
        if (text.includes(this._query)) {
          matches.push(i);
        }
      }
    }
    this.matches = matches;
  }

  /** The match after `head`, or before it, around the ends; `undefined` if there is none. */
  next(head: number, isBackward: boolean): number | undefined {
    const found = isBackward ? this.matches.findLast((at) => at < head) : this.matches.find((at) => at > head);
    return found ?? (isBackward ? this.matches.at(-1) : this.matches[0]);
  }

  /** Say how many there are, and which one the play head is at. */
  tell(head: number): void {
    const place = this.matches.indexOf(head);
    const count = this.matches.length;
    byId("found").textContent =
      this._query === "" ? "" : count === 0 ? "none" : place < 0 ? `${count}` : `${place + 1} of ${count}`;
  }
}
