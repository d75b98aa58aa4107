import { describeValue } from "../../base/describe.ts";
import { requireArgument } from "../../base/require-argument.ts";
import { optionNames, requireOptions } from "../../base/require-options.ts";
import { unknownName } from "../../base/unknown-name.ts";
import { KINDS } from "../fields.ts";
import type { LeftOut } from "../trace.ts";
import { FilterNames } from "./filter-names.ts";

/** What to keep of a trace; a record must meet all that is given. */
export interface TraceFilter {
  /** Kinds, such as `print`; one that ends with a dot, such as `network.`, stands for all that begin with it. */
  readonly kinds?: readonly string[];
  /**
   * Names or ids of tasks: what they do and what is done to them. A task that gets such a name later belongs to them
   * from then on.
   */
  readonly tasks?: readonly (string | number)[];
  /** Earliest time, in seconds. */
  readonly from?: number;
  /** Latest time, in seconds. */
  readonly to?: number;
}

const FILTER_OPTIONS = optionNames<TraceFilter>({ kinds: true, tasks: true, from: true, to: true });

function requireList(name: string, list: unknown, types: readonly string[]): void {
  const isRight = Array.isArray(list) && list.every((one) => types.includes(typeof one));
  requireArgument(`trace filter: ${name}`, `an array of ${types.join("s and ")}s`, isRight, list);
}

function requireKinds(kinds: readonly string[]): void {
  requireList("kinds", kinds, ["string"]);
  const unknown = kinds.find((kind) => !kind.includes(".") && !KINDS.includes(kind));
  if (unknown !== undefined) {
    throw new RangeError(
      `trace filter: ${unknownName("kind", unknown, KINDS)} (kinds of notes have a dot, such as network.sent)`,
    );
  }
}

function requireTime(name: string, time: number): void {
  if (typeof time !== "number" || Number.isNaN(time)) {
    throw new RangeError(`trace filter: ${name}: expected a number of seconds, got ${describeValue(time)}`);
  }
}

/** An event, as far as a filter asks: ids are 0 where the event has none. */
export interface FilteredEvent {
  readonly kind: string;
  readonly time: number;
  /** The task that the event is about. */
  readonly task: number;
  /** The actor, if the event has one. */
  readonly by: number;
  /** What is waited for. */
  readonly target: number;
}

/**
 * @internal Says event by event, in the order of the run, what a filter lets through, and remembers what must be known
 * of the rest.
 */
export class FilterRules implements LeftOut {
  private readonly _from: number;
  private readonly _to: number;
  private readonly _kinds: readonly string[] | null;
  private readonly _isKind = new Map<string, boolean>();
  private readonly _wanted: ReadonlySet<string | number> | null;
  /** The tasks that are wanted, as far as they are known. */
  private readonly _tasks = new Set<number>();
  /** By which name or number they were wanted. */
  private readonly _met = new Set<string | number>();
  private readonly _names = new FilterNames();

  /**
   * @throws TypeError if it is not a filter; RangeError for an unknown kind, a time that is not a number, or `from`
   * after `to`.
   */
  constructor(filter: TraceFilter) {
    requireOptions("trace filter", filter, FILTER_OPTIONS);
    const { kinds, tasks, from = 0, to = Number.POSITIVE_INFINITY } = filter;
    requireList("tasks", tasks ?? [], ["string", "number"]);
    requireTime("from", from);
    requireTime("to", to);
    if (from > to) {
      throw new RangeError(`trace filter: expected from to be at most to, got from ${from} to ${to}`);
    }
    requireKinds(kinds ?? []);
    this._from = from;
    this._to = to;
    this._kinds = kinds ?? null;
    this._wanted = tasks === undefined ? null : new Set(tasks);
  }

  get names(): ReadonlyMap<number, string> {
    return this._names.untold;
  }

  get missingTasks(): readonly (string | number)[] {
    return [...(this._wanted ?? [])].filter((one) => !this._met.has(one));
  }

  /** A task was created with a name, or has got another. */
  learn(task: number, name: string): void {
    this._names.learn(task, name);
    for (const one of [name, task]) {
      if (this._wanted?.has(one) === true) {
        this._met.add(one);
        this._tasks.add(task);
      }
    }
  }

  /** Call it for each event, after `learn` for a name in it. */
  letsThrough(event: FilteredEvent): boolean {
    const { kind, task } = event;
    if (kind === "step" || kind === "run" || kind === "clock") {
      this._names.moveOn();
    }
    const isKept = this._isWanted(event);
    if (isKept) {
      this._mention(event);
    }
    if (kind === "end") {
      this._names.end(task);
    }
    return isKept;
  }

  private _isWanted({ kind, time, task, by }: FilteredEvent): boolean {
    return (
      time >= this._from &&
      time <= this._to &&
      (this._kinds === null || this._hasKind(kind, this._kinds)) &&
      (this._wanted === null || this._tasks.has(task) || this._tasks.has(by))
    );
  }

  private _mention({ kind, task, by, target }: FilteredEvent): void {
    const names = this._names;
    if (kind === "create") {
      names.tell(task);
    }
    names.mention(task);
    names.mention(by);
    names.mention(target);
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
