import type { ObservedTask } from "../../base/instrument.ts";

/**
 * A place in a source file, `file:line:column`, without the directories: they differ between machines, and a trace must
 * not.
 */
export const trimPlace = (place: string | undefined): string | undefined => place?.replace(/^.*[\\/]/, "");

/** Where tasks were created, in the order of their creation, from 0. */
export interface PlaceList {
  at(index: number): string | undefined;
}

/** So many tasks of a run may have a place; the loop records no more either. */
const MOST = 1000;

/**
 * Where the tasks of a run were created, in order.
 *
 * To read a stack costs more than a short run, so it is done on demand; until then the tasks are kept.
 */
export class Places implements PlaceList {
  private _unread: ObservedTask[] = [];
  private readonly _places: (string | undefined)[] = [];

  add(task: ObservedTask): void {
    if (this._places.length + this._unread.length < MOST) {
      this._unread.push(task);
    }
  }

  /** The place of the task that was created as number `index`, from 0. */
  at(index: number): string | undefined {
    if (this._unread.length > 0) {
      this._places.push(...this._unread.map((task) => trimPlace(task.createdAt())));
      this._unread = [];
    }
    return this._places[index];
  }
}
