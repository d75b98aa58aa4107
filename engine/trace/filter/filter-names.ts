/**
 * @internal What tasks are called, for a part of a trace: a record that is kept may mention a task whose creation is
 * not.
 *
 * A name is kept for good once a kept record mentions its task, and else until the task has ended and acts no more: a
 * run of any length needs no memory for the names of tasks that are long gone.
 */
export class FilterNames {
  private readonly _known = new Map<number, string>();
  /** What kept records themselves say of these. */
  private readonly _told = new Map<number, string>();
  /** The tasks that kept records mention without a word of their names. */
  private readonly _mentioned = new Map<number, string>();
  private readonly _ended: number[] = [];

  /** A task is called so from now on. */
  learn(task: number, name: string): void {
    this._known.set(task, name);
    if (this._mentioned.has(task)) {
      this._mentioned.set(task, name);
    }
  }

  /** A task has ended; what it did last may still follow. */
  end(task: number): void {
    this._ended.push(task);
  }

  /** Another actor is at work. */
  moveOn(): void {
    while (this._ended.length > 0) {
      const task = this._ended.pop()!;
      this._known.delete(task);
      this._told.delete(task);
    }
  }

  /** A kept record mentions what has this id, be it a task or not. */
  mention(id: number): void {
    const name = this._known.get(id);
    if (name !== undefined && this._told.get(id) !== name) {
      this._mentioned.set(id, name);
    }
  }

  /** A kept record names a task. */
  tell(task: number): void {
    this._told.set(task, this._known.get(task)!);
  }

  /** The names that kept records need and do not contain, by id. */
  get untold(): ReadonlyMap<number, string> {
    return new Map([...this._mentioned].sort(([a], [b]) => a - b));
  }
}
