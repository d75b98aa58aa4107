import type { TraceRecord } from "../record.ts";
import { EventReader } from "./event-reader.ts";
import type { PlaceList } from "./place.ts";
import { readRecord } from "./read-record.ts";

/** @internal The events that a recorder has kept, as records. */
export class RecordedEvents implements Iterable<TraceRecord> {
  private readonly _blocks: readonly Int32Array[];
  private readonly _places: PlaceList;

  constructor(blocks: readonly Int32Array[], places: PlaceList) {
    this._blocks = blocks;
    this._places = places;
  }

  *[Symbol.iterator](): Generator<TraceRecord, void, undefined> {
    const reader = new EventReader();
    let created = 0;
    for (const block of this._blocks) {
      reader.load(block, block.length);
      while (reader.next()) {
        yield readRecord(reader, reader.isCreation ? this._places.at(created++) : undefined);
      }
    }
  }
}
