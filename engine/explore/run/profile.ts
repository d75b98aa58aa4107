import type { ExecutionRecord } from "../schedule/execution-record.ts";
import type { Actor, SharedObject, StepName } from "../schedule/names.ts";

/** What the baseline run says about the others: which step will touch what, and how many steps each actor takes. */
export class Profile {
  /** How many steps there were, without the engine's own calls. */
  readonly steps: number;
  /** The objects that more than one actor touched, not all only reading. */
  readonly contested: readonly SharedObject[];
  /** The objects that a step touched, by its number. */
  private readonly _touches = new Map<number, SharedObject[]>();
  private readonly _writes = new Map<number, Set<SharedObject>>();
  /** The steps that count: the engine's own calls are never chosen. */
  private readonly _order: readonly StepName[];

  constructor(record: ExecutionRecord) {
    const names = record.names.slice(0, record.length);
    this._order = names.filter(({ isInternal }) => !isInternal);
    this.steps = this._order.length;
    const users = new Map<SharedObject, { actors: Set<Actor>; isWritten: boolean }>();
    for (const [step, { actor, id, isInternal }] of names.entries()) {
      if (isInternal) {
        continue;
      }
      for (let i = record.firstAccess[step]!; i < record.firstAccess[step + 1]!; i++) {
        const object = record.objects[i]!;
        push(this._touches, id, object);
        const use = users.get(object) ?? { actors: new Set(), isWritten: false };
        use.actors.add(actor);
        if (record.accesses[i] === "w") {
          use.isWritten = true;
          this._writes.set(id, (this._writes.get(id) ?? new Set()).add(object));
        }
        users.set(object, use);
      }
    }
    this.contested = [...users].filter(([, use]) => use.isWritten && use.actors.size > 1).map(([object]) => object);
  }

  /** Whether the step number `id` will touch `object`, as far as is known; every step touches `null`. */
  touches(id: number, object: SharedObject | null): boolean {
    return object === null || this._touches.get(id)?.includes(object) === true;
  }

  /** Whether two steps will conflict, as far as is known. */
  conflict(a: number, b: number): boolean {
    const touched = this._touches.get(a);
    return (
      touched?.some((object) => this.touches(b, object) && (this._writesTo(a, object) || this._writesTo(b, object))) ===
      true
    );
  }

  /** How many steps of each actor, and of what it will make, touch `object`. */
  weights(object: SharedObject | null): ReadonlyMap<Actor, number> {
    const weights = new Map<Actor, number>();
    for (const { actor, id } of this._order) {
      if (this.touches(id, object)) {
        for (let each: Actor | null = actor; each !== null; each = each.parent) {
          weights.set(each, (weights.get(each) ?? 0) + 1);
        }
      }
    }
    return weights;
  }

  private _writesTo(id: number, object: SharedObject): boolean {
    return this._writes.get(id)?.has(object) === true;
  }
}

function push<K, V>(lists: Map<K, V[]>, key: K, value: V): void {
  const list = lists.get(key);
  if (list === undefined) {
    lists.set(key, [value]);
  } else {
    list.push(value);
  }
}
