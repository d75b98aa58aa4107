import { EventReader } from "./event-reader.ts";
import { firstLine, lastLine } from "./jsonl.ts";
import { LineWriter } from "./line-writer.ts";
import type { Places } from "./place.ts";
import type { TraceHeader } from "./record.ts";

/** @internal Writes the events of a run to a sink as they come. */
export class StreamedLines {
  private readonly _reader = new EventReader();
  private readonly _places: Places;
  private readonly _writer: LineWriter;
  private _created = 0;

  constructor(header: TraceHeader, places: Places, sink: (piece: Uint8Array) => void) {
    this._places = places;
    this._writer = new LineWriter(sink);
    this._writer.append(firstLine(header));
  }

  take(words: Int32Array, length: number): void {
    const reader = this._reader;
    reader.load(words, length);
    while (reader.next()) {
      this._writer.write(reader, reader.isCreation ? this._places.at(this._created++) : undefined);
    }
  }

  finish(digest: string): void {
    this._writer.append(lastLine(this._reader.seq, digest));
    this._writer.flush();
  }
}
