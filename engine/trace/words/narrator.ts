import { isNote, type TraceRecord } from "../record.ts";
import type { TaskNames } from "./names.ts";
import { noteWords } from "./note-words.ts";
import { oneLine } from "./one-line.ts";

/** A record in words: a subject and what it did. */
export interface Sentence {
  readonly who: string;
  readonly what: string;
  /** Whether `what` says who or what it is about, as in `packet 1 arrives`. */
  readonly isWhole: boolean;
}

/** Notes that need their actor as a subject; others are whole sentences. */
const DEEDS = /^(?:sync\..*|task\.renamed|error\.reported|random\.drawn|choice\.made|network\.sent)$/;

const isWhole = (record: TraceRecord): boolean =>
  record.kind === "clock" || (isNote(record) && !DEEDS.test(record.kind));

/** The subject that a sentence begins with; empty where `what` is a whole sentence without an actor. */
export const subjectOf = ({ who, isWhole: whole }: Sentence): string =>
  who === NOBODY ? (whole ? "" : "the outside ") : `${who}${whole ? ":" : ""} `;

/** A sentence as a string. */
export const said = (sentence: Sentence): string => subjectOf(sentence) + sentence.what;

/** Who is meant by the id 0: nothing of the program. */
export const NOBODY = "-";

/** Words for records, given to it one after another in their order. */
export class Narrator {
  private readonly _names: TaskNames;
  /** Tasks that were created and have not run yet. */
  private readonly _unstarted = new Set<number>();
  /** Timers that are set, with the instant. */
  private readonly _timers = new Map<number, number>();
  /** The timer that runs, for what it does. */
  private _runningTimer = 0;

  constructor(names: TaskNames) {
    this._names = names;
  }

  tell(record: TraceRecord): Sentence {
    const { who, what } = this._tell(record);
    return { who, what: oneLine(what), isWhole: isWhole(record) };
  }

  private _tell(record: TraceRecord): Pick<Sentence, "who" | "what"> {
    switch (record.kind) {
      case "clock":
        return { who: NOBODY, what: "time goes on" };
      case "create": {
        this._unstarted.add(record.task);
        const place = record.place === undefined ? "" : ` at ${record.place}`;
        const host = record.host === undefined ? "" : ` on host ${record.host}`;
        return { who: this._who(record.by), what: `creates ${this._names.of(record.task)}${host}${place}` };
      }
      case "wake":
        return { who: this._who(record.by), what: `wakes ${this._names.of(record.task)}` };
      case "step":
        return { who: this._names.of(record.task), what: this._unstarted.delete(record.task) ? "starts" : "goes on" };
      case "wait":
        return { who: this._names.of(record.task), what: this._waiting(record.on, record.target) };
      case "yield":
        return { who: this._names.of(record.task), what: "gives up its turn" };
      case "end": {
        const how = { finished: "ends", cancelled: "ends cancelled", failed: "fails" }[record.outcome];
        const why = record.error === undefined ? "" : `: ${record.error.name}: ${record.error.message}`;
        return { who: this._names.of(record.task), what: how + why };
      }
      case "print":
        return { who: this._who(record.by), what: `prints ${JSON.stringify(record.text.replace(/\n$/, ""))}` };
      case "schedule":
      case "timer":
      case "cancel":
      case "run":
        return this._handle(record);
      default:
        return { who: this._who(record.by), what: noteWords(record) };
    }
  }

  private _handle(record: Extract<TraceRecord, { handle: number }>): Pick<Sentence, "who" | "what"> {
    const id = record.handle;
    if (record.kind === "schedule") {
      return { who: this._who(record.by), what: `schedules call #${id}` };
    }
    if (record.kind === "timer") {
      this._timers.set(id, record.when);
      return { who: this._who(record.by), what: `sets timer #${id} for ${record.when}` };
    }
    const isTimer = this._timers.delete(id);
    if (record.kind === "cancel") {
      return { who: this._who(record.by), what: `cancels ${isTimer ? "timer" : "call"} #${id}` };
    }
    this._runningTimer = isTimer ? id : 0;
    return isTimer ? { who: `timer #${id}`, what: "fires" } : { who: `call #${id}`, what: "runs" };
  }

  private _who(id: number): string {
    if (id === 0) {
      return NOBODY;
    }
    if (this._names.has(id)) {
      return this._names.of(id);
    }
    return id === this._runningTimer ? `timer #${id}` : `call #${id}`;
  }

  private _waiting(on: string, target: number): string {
    const when = this._timers.get(target);
    if (when !== undefined) {
      return `waits for ${on} #${target} until ${when}`;
    }
    return `waits for ${this._names.has(target) ? this._names.of(target) : target === 0 ? on : `${on} #${target}`}`;
  }
}
