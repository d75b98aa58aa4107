import { isNote, type TraceRecord } from "../record.ts";
import type { TaskNames } from "../words/names.ts";
import { briefNoteWords } from "../words/note-words.ts";
import { shortSeconds } from "../words/short-seconds.ts";
import { mermaidText } from "./mermaid-text.ts";

/** The life line of callbacks, timers and the network. */
export const LOOP = "L";
/** The life line that the tasks share which have none of their own. */
export const OTHERS = "O";

/** A line of a sequence diagram. */
export interface SequenceItem {
  readonly text: string;
  /** What it says without saying when: equal for what comes again. */
  readonly timeless: string;
}

/** Where a note stands that concerns everybody. */
export function overAll(lifelines: ReadonlyMap<number, string>): string {
  const all = [...lifelines.values()];
  return all.length > 1 ? `${all[0]},${all.at(-1)}` : (all[0] ?? LOOP);
}

/** Turns records into lines, one after another. */
export class SequenceItems {
  private readonly _names: TaskNames;
  private readonly _lifelines: ReadonlyMap<number, string>;
  private readonly _overAll: string;
  /** Tasks that were created and have not run yet: that they are ready goes without saying. */
  private readonly _fresh = new Set<number>();
  private readonly _timers = new Map<number, number>();
  private _time = 0;
  private _shownTime = Number.NaN;
  private _usesLoop = false;

  constructor(names: TaskNames, lifelines: ReadonlyMap<number, string>) {
    this._names = names;
    this._lifelines = lifelines;
    this._overAll = `Note over ${overAll(lifelines)}: `;
  }

  /** Whether something happened that no task did. */
  get usesLoop(): boolean {
    return this._usesLoop;
  }

  /** The lines for the next record: none, or its own, perhaps after one with the time. */
  *add(record: TraceRecord): Generator<SequenceItem, void, undefined> {
    this._time = record.time;
    const text = this._textOf(record);
    if (text === null) {
      return;
    }
    if (this._time !== this._shownTime) {
      const passed = shortSeconds(this._time - (Number.isNaN(this._shownTime) ? 0 : this._shownTime));
      yield { text: `${this._overAll}${shortSeconds(this._time)} s`, timeless: `${this._overAll}${passed} s later` };
      this._shownTime = this._time;
    }
    yield { text, timeless: text };
  }

  private _textOf(record: TraceRecord): string | null {
    if (isNote(record)) {
      const words = briefNoteWords(record);
      return words === null ? null : this._note(record.by, words);
    }
    switch (record.kind) {
      case "create":
        this._fresh.add(record.task);
        return this._message(record.by, "->>", record.task, "creates");
      case "wake":
        return this._fresh.has(record.task) ? null : this._message(record.by, "-->>", record.task, "wakes");
      case "step":
        this._fresh.delete(record.task);
        return null;
      case "wait":
        return this._note(record.task, this._waiting(record.on, record.target));
      case "yield":
        return this._note(record.task, "gives up its turn");
      case "end": {
        const how = { finished: "ends", cancelled: "ends cancelled", failed: "fails" }[record.outcome];
        const why = record.error === undefined ? "" : `: ${record.error.name}: ${record.error.message}`;
        return this._note(record.task, how + why);
      }
      case "print":
        return this._note(record.by, `prints ${record.text.replace(/\n$/, "")}`);
      case "timer":
        this._timers.set(record.handle, record.when - record.time);
        return null;
      case "run":
      case "cancel":
        this._timers.delete(record.handle);
        return null;
      default:
        return null;
    }
  }

  private _waiting(on: string, target: number): string {
    const seconds = this._timers.get(target);
    if (seconds !== undefined) {
      return `${on} of ${shortSeconds(seconds)} s`;
    }
    return `waits for ${this._names.has(target) ? this._names.of(target) : on}`;
  }

  private _note(by: number, text: string): string {
    const who = this._lifelineOf(by) === OTHERS && by !== 0 ? `${this._names.of(by)} ` : "";
    return `Note over ${this._lifelineOf(by)}: ${mermaidText(who + text)}`;
  }

  private _message(by: number, arrow: string, task: number, text: string): string {
    const to = this._lifelineOf(task);
    const whom = to === OTHERS ? ` ${mermaidText(this._names.of(task))}` : "";
    return `${this._lifelineOf(by)}${arrow}${to}: ${text}${whom}`;
  }

  private _lifelineOf(id: number): string {
    const own = this._lifelines.get(id);
    if (own !== undefined) {
      return own;
    }
    if (this._names.has(id)) {
      return OTHERS;
    }
    this._usesLoop = true;
    return LOOP;
  }
}
