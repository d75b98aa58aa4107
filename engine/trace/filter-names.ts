/**
 * @internal What tasks are called, for a part of a trace: a record that is kept may mention a task whose creation is not.
 *
 * A name is kept for good once a kept record mentions its task, and else until the task has ended and acts no more: a run of any length
 * needs no memory for the names of tasks that are long gone.
 */
export class FilterNames {
  private readonly _known = new Map<number, string>();
  /** The tasks that kept records mention. */
  private readonly _mentioned = new Map<number, string>();
  /** What kept records themselves say of names. */
  private readonly _told = new Map<number, string>();
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

  /** Somebody else is at work. */
  moveOn(): void {
    while (this._ended.length > 0) {
      this._known.delete(this._ended.pop() as number);
    }
  }

  /** A kept record mentions what has this id, be it a task or not. */
  mention(id: number): void {
    const name = this._known.get(id);
    if (name !== undefined) {
      this._mentioned.set(id, name);
    }
  }

  /** A kept record tells what a task is called. */
  tell(task: number): void {
    this._told.set(task, this._known.get(task) as string);
  }

  /** The names that kept records need and do not tell, by id. */
  get untold(): ReadonlyMap<number, string> {
    const untold = [...this._mentioned].filter(([task, name]) => this._told.get(task) !== name);
    return new Map(untold.sort(([a], [b]) => a - b));
  }
}
