import { firstLine, lastLine } from "../jsonl.ts";
import type { TraceHeader } from "../record.ts";
import type { EventFilter } from "./event-filter.ts";
import { EventReader } from "./event-reader.ts";
import { LineWriter } from "./line-writer.ts";
import type { PlaceList } from "./place.ts";

/** @internal Writes the events of a run to a sink as they come: all, or those that a filter lets through. */
export class StreamedLines {
  private readonly _reader = new EventReader();
  private readonly _places: PlaceList;
  private readonly _writer: LineWriter;
  private readonly _filter: EventFilter | null;
  private _created = 0;
  private _written = 0;

  constructor(
    header: TraceHeader,
    places: PlaceList,
    sink: (piece: Uint8Array) => void,
    filter: EventFilter | null = null,
  ) {
    this._places = places;
    this._filter = filter;
    this._writer = new LineWriter(sink);
    this._writer.append(firstLine(header));
  }

  take(words: Int32Array, length: number): void {
    const reader = this._reader;
    const filter = this._filter;
    reader.load(words, length);
    while (reader.next()) {
      const created = reader.isCreation ? this._created++ : -1;
      if (filter === null || filter.letsThrough(reader)) {
        this._writer.write(reader, created < 0 ? undefined : this._places.at(created));
        this._written++;
      } else {
        reader.skip();
      }
    }
  }

  finish(digest: string): void {
    this._writer.append(lastLine(this._written, digest, this._filter?.rules.names ?? new Map()));
    this._writer.flush();
  }
}
