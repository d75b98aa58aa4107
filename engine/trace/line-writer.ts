import { AsciiWriter, Stamp, TEN_THOUSAND } from "./ascii-writer.ts";
import { CANCEL, CLOCK, RUN, SCHEDULE, STEP, TIMER, WAIT, WAKE, YIELD } from "./event-codes.ts";
import type { EventReader } from "./event-reader.ts";
import { recordLine } from "./jsonl.ts";
import { awaitedKind, readRecord } from "./read-record.ts";

/** Bytes after which a piece is passed on, and more than the longest line of a frequent kind has. */
const SIZE = 1 << 16;
const HEADROOM = 512;

/** Most bytes that a UTF-16 unit takes in UTF-8. */
const BYTES_PER_UNIT = 3;

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
  middles[RUN] = new Stamp(',"kind":"run","handle":');
  return middles;
})();

const SEQ = new Stamp('{"seq":');
const TIME = new Stamp(',"time":');
const WHEN = new Stamp(',"when":');
const BY = new Stamp(',"by":');
const END_OF_LINE = new Stamp("}\n");

const isDone = (tag: number): boolean => tag === WAKE || tag === TIMER || tag === SCHEDULE || tag === CANCEL;

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

  /** Add a line, with its line end. */
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
    if (middle === undefined) {
      this.append(recordLine(readRecord(reader, place)));
      return;
    }
    const ascii = this._ascii;
    if (ascii.room < HEADROOM) {
      this.flush();
    }
    this._writeSeq(reader.seq);
    this._writeTime(reader.time);
    ascii.stamp(middle);
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
    let stamp = this._awaited.get(kind);
    if (stamp === undefined) {
      stamp = new Stamp(`,"on":${JSON.stringify(kind)},"target":`);
      this._awaited.set(kind, stamp);
    }
    this._ascii.stamp(stamp);
    this._ascii.integer(target);
  }
}
