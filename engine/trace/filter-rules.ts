import { optionNames, requireOptions } from "../base/require-options.ts";
import { KINDS } from "./fields.ts";

/** What to keep of a trace; a record must meet all that is given. */
export interface TraceFilter {
  /** Kinds, such as `print`; one that ends with a dot, such as `network.`, stands for all that begin with it. */
  readonly kinds?: readonly string[];
  /** Names or ids of tasks: what they do and what is done to them. A task that gets such a name later belongs to them from then on. */
  readonly tasks?: readonly (string | number)[];
  /** Earliest time, in seconds. */
  readonly from?: number;
  /** Latest time, in seconds. */
  readonly to?: number;
}

const FILTER_OPTIONS = optionNames<TraceFilter>({ kinds: true, tasks: true, from: true, to: true });

function requireKinds(kinds: readonly string[]): void {
  const unknown = kinds.find((kind) => !kind.includes(".") && !KINDS.includes(kind));
  if (unknown !== undefined) {
    throw new RangeError(
      `kinds must be among ${KINDS.join(", ")}, or names with a dot such as network.connected or network.; got ${unknown}`,
    );
  }
}

function requireTime(name: string, time: number): void {
  if (typeof time !== "number" || Number.isNaN(time)) {
    throw new RangeError(`${name} must be a number of seconds, got ${String(time)}`);
  }
}

/** @internal Says event by event, in the order of the run, what a filter lets through. */
export class FilterRules {
  private readonly _from: number;
  private readonly _to: number;
  private readonly _kinds: readonly string[] | null;
  private readonly _isKind = new Map<string, boolean>();
  private readonly _wanted: ReadonlySet<string | number> | null;
  /** The tasks that are wanted, as far as they are known. */
  private readonly _tasks = new Set<number>();

  /** @throws TypeError if the filter has fields that there are not; RangeError if it names a kind that there is not, or times that are none or leave nothing between them. */
  constructor(filter: TraceFilter) {
    requireOptions("trace filter", filter, FILTER_OPTIONS);
    const { kinds, tasks, from = 0, to = Number.POSITIVE_INFINITY } = filter;
    requireTime("from", from);
    requireTime("to", to);
    if (from > to) {
      throw new RangeError(`from must not be later than to, got from ${from} to ${to}`);
    }
    requireKinds(kinds ?? []);
    this._from = from;
    this._to = to;
    this._kinds = kinds ?? null;
    this._wanted = tasks === undefined ? null : new Set(tasks);
  }

  /** Whether tasks count: then `learn` must hear of all names. */
  get asksTasks(): boolean {
    return this._wanted !== null;
  }

  /** A task was created with a name, or has got another. */
  learn(task: number, name: string): void {
    if (this._wanted?.has(name) === true || this._wanted?.has(task) === true) {
      this._tasks.add(task);
    }
  }

  /** @param task - The task that the event is about, 0 if none. @param by - Who did it, 0 if nobody did or it is not told. */
  letsThrough(kind: string, time: number, task: number, by: number): boolean {
    return (
      time >= this._from &&
      time <= this._to &&
      (this._kinds === null || this._hasKind(kind, this._kinds)) &&
      (this._wanted === null || this._tasks.has(task) || this._tasks.has(by))
    );
  }

  private _hasKind(kind: string, kinds: readonly string[]): boolean {
    let isKind = this._isKind.get(kind);
    if (isKind === undefined) {
      isKind = kinds.some((one) => one === kind || (one.endsWith(".") && kind.startsWith(one)));
      this._isKind.set(kind, isKind);
    }
    return isKind;
  }
}
