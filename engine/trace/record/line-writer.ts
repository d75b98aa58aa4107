import {
  ACQUIRED,
  CANCEL,
  CLOCK,
  DRAWN,
  RELEASED,
  RUN,
  SCHEDULE,
  STEP,
  TIMER,
  WAIT,
  WAITED,
  WAKE,
  YIELD,
} from "../event-codes.ts";
import { recordLine } from "../jsonl.ts";
import { AsciiWriter, Stamp, TEN_THOUSAND } from "./ascii-writer.ts";
import type { EventReader } from "./event-reader.ts";
import { awaitedKind, readRecord } from "./read-record.ts";

/**
 * Bytes after which a piece is passed on, and more than the longest line of a frequent kind has, its names not counted.
 */
const SIZE = 1 << 16;
const HEADROOM = 512;

/** Most bytes that a UTF-16 unit takes in UTF-8, and in a string in JSON. */
const BYTES_PER_UNIT = 3;
const JSON_BYTES_PER_UNIT = 6;

const encoder = new TextEncoder();

/** What follows the time in the lines of the frequent kinds. */
const MIDDLES: readonly (Stamp | undefined)[] = ((): (Stamp | undefined)[] => {
  const middles = new Array<Stamp | undefined>(32).fill(undefined);
  middles[CLOCK] = new Stamp(',"kind":"clock"');
  middles[WAKE] = new Stamp(',"kind":"wake","task":');
  middles[STEP] = new Stamp(',"kind":"step","task":');
  middles[WAIT] = new Stamp(',"kind":"wait","task":');
  middles[YIELD] = new Stamp(',"kind":"yield","task":');
  middles[SCHEDULE] = new Stamp(',"kind":"schedule","handle":');
  middles[TIMER] = new Stamp(',"kind":"timer","handle":');
  middles[CANCEL] = new Stamp(',"kind":"cancel","handle":');
  middles[WAITED] = new Stamp(',"kind":"sync.waited","by":');
  middles[ACQUIRED] = new Stamp(',"kind":"sync.acquired","by":');
  middles[RELEASED] = new Stamp(',"kind":"sync.released","by":');
  middles[DRAWN] = new Stamp(',"kind":"random.drawn","by":');
  middles[RUN] = new Stamp(',"kind":"run","handle":');
  return middles;
})();

const SEQ = new Stamp('{"seq":');
const TIME = new Stamp(',"time":');
const WHEN = new Stamp(',"when":');
const BY = new Stamp(',"by":');
const WAITING = new Stamp(',"waiting":');
const ITEMS = new Stamp(',"items":');
const END_OF_NOTE = new Stamp("}}\n");
const END_OF_LINE = new Stamp("}\n");

const isDone = (tag: number): boolean => tag === WAKE || tag === TIMER || tag === SCHEDULE || tag === CANCEL;

/** The stamp in `stamps` for `name`; made, around the name as JSON has it, when it is first needed. */
function kept(stamps: Map<string, Stamp>, name: string, around: (text: string) => string): Stamp {
  let stamp = stamps.get(name);
  if (stamp === undefined) {
    stamp = new Stamp(around(JSON.stringify(name)));
    stamps.set(name, stamp);
  }
  return stamp;
}

/**
 * Writes events as lines of JSON, the same as those of `recordLine`, in UTF-8.
 *
 * The frequent kinds are written without records and texts in between: that is several times as fast.
 */
export class LineWriter {
  private readonly _ascii = new AsciiWriter(SIZE + HEADROOM);
  private _time = Number.NaN;
  private readonly _timeStamp = new Stamp();
  private _upperSeq = 0;
  private readonly _upperSeqStamp = new Stamp();
  /** What stands between the task and the target in the line of one that waits. */
  private readonly _awaited = new Map<string, Stamp>();
  /** What stands before the number of a primitive, and before the value of a draw. */
  private readonly _primitives = new Map<string, Stamp>();
  private readonly _streams = new Map<string, Stamp>();
  private readonly _sink: (piece: Uint8Array) => void;

  /** @param sink - Gets whole lines, in an array that it must not keep: it is written to again after the call. */
  constructor(sink: (piece: Uint8Array) => void) {
    this._sink = sink;
  }

  /** Pass on what is there. */
  flush(): void {
    if (this._ascii.length > 0) {
      this._sink(this._ascii.bytes());
      this._ascii.length = 0;
    }
  }

  /** Add a line and its newline. */
  append(line: string): void {
    const most = line.length * BYTES_PER_UNIT;
    if (most > SIZE) {
      this.flush();
      this._sink(encoder.encode(line));
      return;
    }
    if (this._ascii.room < most) {
      this.flush();
    }
    this._ascii.encode(line);
  }

  /** Add the line of the event that `reader` is at. */
  write(reader: EventReader, place: string | undefined): void {
    const { tag } = reader;
    const middle = MIDDLES[tag];
    const most = HEADROOM + reader.longestSymbol * JSON_BYTES_PER_UNIT;
    if (middle === undefined || most > SIZE) {
      this.append(recordLine(readRecord(reader, place)));
      return;
    }
    const ascii = this._ascii;
    if (ascii.room < most) {
      this.flush();
    }
    this._writeSeq(reader.seq);
    this._writeTime(reader.time);
    ascii.stamp(middle);
    if (tag >= WAITED) {
      this._note(reader);
      return;
    }
    if (tag !== CLOCK) {
      ascii.integer(reader.id);
    }
    if (tag === WAIT) {
      this._target(reader);
    } else if (tag === TIMER) {
      ascii.stamp(WHEN);
      ascii.number(reader.float());
    }
    if (isDone(tag)) {
      ascii.stamp(BY);
      ascii.integer(reader.by);
    }
    ascii.stamp(END_OF_LINE);
  }

  /** Many events have the same time: it is put into digits once. */
  private _writeTime(time: number): void {
    if (time === this._time) {
      this._ascii.stamp(this._timeStamp);
      return;
    }
    const start = this._ascii.length;
    this._ascii.stamp(TIME);
    this._ascii.number(time);
    this._ascii.copyTo(this._timeStamp, start);
    this._time = time;
  }

  /** The numbers of events go up by one: their upper digits are the same for long. */
  private _writeSeq(seq: number): void {
    const upper = Math.floor(seq / TEN_THOUSAND);
    if (upper === 0) {
      this._ascii.stamp(SEQ);
      this._ascii.integer(seq);
      return;
    }
    if (upper !== this._upperSeq) {
      this._upperSeq = upper;
      this._upperSeqStamp.set(`{"seq":${upper}`);
    }
    this._ascii.stamp(this._upperSeqStamp);
    this._ascii.fourDigits(seq - upper * TEN_THOUSAND);
  }

  private _target(reader: EventReader): void {
    const target = reader.tagged();
    const kind = awaitedKind(reader);
    this._ascii.stamp(kept(this._awaited, kind, (text) => `,"on":${text},"target":`));
    this._ascii.integer(target);
  }

  /** The rest of a frequent note: the change of a primitive, or a draw. */
  private _note(reader: EventReader): void {
    const ascii = this._ascii;
    ascii.integer(reader.by);
    if (reader.tag === DRAWN) {
      ascii.stamp(kept(this._streams, reader.symbol(reader.id), (text) => `,"detail":{"stream":${text},"value":`));
      ascii.number(reader.float());
    } else {
      const waiting = reader.tagged();
      ascii.stamp(kept(this._primitives, awaitedKind(reader), (text) => `,"detail":{"primitive":${text},"id":`));
      ascii.integer(reader.id);
      ascii.stamp(WAITING);
      ascii.integer(waiting);
      const items = reader.word();
      if (items >= 0) {
        ascii.stamp(ITEMS);
        ascii.integer(items);
      }
    }
    ascii.stamp(END_OF_NOTE);
  }
}
