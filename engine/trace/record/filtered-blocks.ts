import { JUMP } from "../event-codes.ts";
import type { EventFilter } from "./event-filter.ts";
import { EventReader } from "./event-reader.ts";
import type { PlaceList } from "./place.ts";
import { WordStream } from "./word-stream.ts";

/** @internal Keeps the events of a run that a filter lets through, in canonical form, with jumps over the others. */
export class FilteredBlocks implements PlaceList {
  readonly blocks: Int32Array[] = [];
  private readonly _filter: EventFilter;
  private readonly _places: PlaceList;
  private readonly _reader = new EventReader();
  private readonly _kept = new WordStream((words, length) => this.blocks.push(words.slice(0, length)));
  /** The tasks whose creation was kept, by their place in the order of creation. */
  private readonly _creations: number[] = [];
  private _created = 0;
  /** Number of the last event that was kept. */
  private _last = 0;

  /** @param places - Where all tasks of the run were created. */
  constructor(filter: EventFilter, places: PlaceList) {
    this._filter = filter;
    this._places = places;
  }

  take(words: Int32Array, length: number): void {
    const reader = this._reader;
    let from = 0;
    reader.load(words, length);
    while (reader.next()) {
      // Symbols may be used by what comes later.
      this._kept.copy(words, from, reader.head);
      if (reader.isCreation) {
        this._created++;
      }
      const isKept = this._filter.letsThrough(reader);
      reader.skip();
      if (isKept) {
        this._keep(words);
      }
      from = reader.at;
    }
    this._kept.copy(words, from, length);
  }

  /** Bring all that was taken into the blocks. */
  flush(): void {
    this._kept.flush();
  }

  /** The place of the task whose creation was kept as number `index`, from 0. */
  at(index: number): string | undefined {
    const created = this._creations[index];
    return created === undefined ? undefined : this._places.at(created);
  }

  private _keep(words: Int32Array): void {
    const reader = this._reader;
    if (reader.seq !== this._last + 1) {
      this._kept.begin(JUMP, reader.seq - 1);
      this._kept.float(reader.time);
      this._kept.float(reader.by);
    }
    this._last = reader.seq;
    this._kept.copy(words, reader.head, reader.at);
    if (reader.isCreation) {
      this._creations.push(this._created - 1);
    }
  }
}
