import type { NoteRecord, TraceRecord } from "../record.ts";
import { Trace } from "../trace.ts";
import { shownName } from "./one-line.ts";

/** What the tasks of a trace are called: by their names, with the id where several have the same name. */
export class TaskNames {
  private readonly _names = new Map<number, string>();
  private readonly _counts = new Map<string, number>();

  /** Learn from a record. */
  add(record: TraceRecord): void {
    if (record.kind === "create") {
      this.call(record.task, record.name);
    } else if (record.kind === "task.renamed") {
      // Found by its last name: most are named right after they were created.
      const { task, name } = (record as NoteRecord).detail;
      this.call(Number(task), String(name));
    }
  }

  /** Task `task` is called `name`. */
  call(task: number, name: string): void {
    const former = this._names.get(task);
    if (former !== undefined) {
      this._counts.set(former, this._counts.get(former)! - 1);
    }
    this._names.set(task, name);
    this._counts.set(name, (this._counts.get(name) ?? 0) + 1);
  }

  /** Whether `id` is a task's. */
  has(id: number): boolean {
    return this._names.has(id);
  }

  /** The ids of the tasks, in order of creation. */
  ids(): number[] {
    return [...this._names.keys()];
  }

  /** The name of task `id`, as it is shown; `task #5` if the trace does not name it. */
  of(id: number): string {
    const name = this._names.get(id);
    if (name === undefined) {
      return `task #${id}`;
    }
    return this._counts.get(name) === 1 ? shownName(name) : `${shownName(name)}#${id}`;
  }
}

/** The names of all tasks of a trace. */
export function taskNames(records: Iterable<TraceRecord>): TaskNames {
  const names = new TaskNames();
  for (const record of records) {
    names.add(record);
  }
  if (records instanceof Trace) {
    for (const [task, name] of records.names) {
      names.call(task, name);
    }
  }
  return names;
}
