import type { Detail, Instrument, ObservedTask, RunOutcome, TaskOutcome } from "../base/instrument.ts";
import { errorText } from "./error-text.ts";
import {
  CANCEL,
  CLOCK,
  CREATE,
  CREATE_ON,
  END,
  FALSE,
  NOTE,
  NUMBER,
  OTHER_SYMBOL,
  OUTCOMES,
  OUTSIDE,
  PRINT,
  RUN,
  SCHEDULE,
  STEP,
  SYMBOL,
  TEXT,
  TIMER,
  TRUE,
  WAIT,
  WAKE,
  YIELD,
} from "./event-codes.ts";
import { Places } from "./place.ts";
import { TRACE_FORMAT, TRACE_VERSION, type TraceHeader } from "./record.ts";
import { RecordedEvents } from "./recorded-events.ts";
import { StreamedLines } from "./streamed-lines.ts";
import { Trace } from "./trace.ts";
import { ENGINE_VERSION } from "./version.ts";
import { WordStream } from "./word-stream.ts";

/** How much is recorded of a run: nothing, the hash of all events, or the events themselves. */
export type TraceMode = "off" | "digest" | "full";

/** Options of a {@link Recorder}. */
export interface RecorderOptions {
  /** `"digest"` keeps nothing but the hash of the events. */
  readonly mode: "digest" | "full";
  /** For the header: the seed of the run; 0 by default. */
  readonly seed?: number | string | undefined;
  /** For the header: the option `start` of the run. */
  readonly start?: number | string | undefined;
  /** For the header: the option `timeZone` of the run. */
  readonly timeZone?: string | undefined;
  /** For the header: the name of the program. */
  readonly program?: string | undefined;
  /**
   * In mode `"full"`: takes the trace as JSONL in UTF-8 while it comes into being, in pieces of whole lines, and nothing is kept in
   * memory. A piece must be used up during the call, for its bytes change afterwards. The last piece comes with {@link Recorder.finish}.
   */
  readonly sink?: ((piece: Uint8Array) => void) | undefined;
}

const traceHeader = (options: RecorderOptions): TraceHeader => ({
  format: TRACE_FORMAT,
  version: TRACE_VERSION,
  engine: ENGINE_VERSION,
  ...(options.program === undefined ? {} : { program: options.program }),
  seed: options.seed ?? 0,
  start: options.start ?? "2000-01-01T00:00:00",
  timeZone: options.timeZone ?? "UTC",
});

/** Who is at work: the task or handle that ran last, nobody, or nobody without a word of it in the stream yet. */
const SOMEBODY = 0;
const NOBODY = 1;
const LEFT = 2;

/**
 * Records a run: every event in canonical form, hashed, and kept or written if wanted.
 *
 * An event costs a few words in an array; what it means in full is found out when somebody asks.
 */
export class Recorder implements Instrument {
  private readonly _header: TraceHeader;
  private readonly _stream: WordStream;
  /** The words of the events; `null` when they are not kept. */
  private readonly _blocks: Int32Array[] | null;
  /** Where tasks were created; `null` when it is not recorded. */
  private readonly _places: Places | null;
  private readonly _lines: StreamedLines | null;
  private readonly _symbols = new Map<string, number>();
  private _lastSymbol = "";
  private _lastSymbolCode = -1;
  private _actor = NOBODY;

  constructor(options: RecorderOptions) {
    this._header = traceHeader(options);
    if (options.mode === "digest") {
      this._places = null;
      this._blocks = null;
      this._lines = null;
      this._stream = new WordStream(null);
      return;
    }
    const places = new Places();
    this._places = places;
    if (options.sink === undefined) {
      const blocks: Int32Array[] = [];
      this._blocks = blocks;
      this._lines = null;
      this._stream = new WordStream((words, length) => blocks.push(words.slice(0, length)));
    } else {
      const lines = new StreamedLines(this._header, places, options.sink);
      this._blocks = null;
      this._lines = lines;
      this._stream = new WordStream((words, length) => lines.take(words, length));
    }
  }

  /** The trace so far: all events in mode `"full"` without a sink, otherwise none. */
  get trace(): Trace {
    const digest = this.digest();
    const blocks = this._blocks;
    if (blocks === null) {
      return new Trace(this._header, digest, []);
    }
    return new Trace(this._header, digest, new RecordedEvents(blocks.slice(), this._places as Places));
  }

  /** The hash of all events so far, as 32 hexadecimal digits: the same in every mode. */
  digest(): string {
    return this._stream.digest();
  }

  /** End the recording: the sink gets the rest of the trace, and its last line. */
  finish(): void {
    this._lines?.finish(this.digest());
  }

  clockAdvanced(time: number): void {
    this._actor = NOBODY;
    this._stream.begin(CLOCK, 0);
    this._stream.float(time);
  }

  outsideActs(): void {
    if (this._actor === SOMEBODY) {
      this._actor = LEFT;
    }
  }

  handleScheduled(id: number): void {
    this._act();
    this._stream.begin(SCHEDULE, id);
  }

  timerScheduled(id: number, when: number): void {
    this._act();
    this._stream.begin(TIMER, id);
    this._stream.float(when);
  }

  handleCancelled(id: number): void {
    this._act();
    this._stream.begin(CANCEL, id);
  }

  handleRun(id: number): void {
    this._actor = SOMEBODY;
    this._stream.begin(RUN, id);
  }

  taskCreated(task: ObservedTask): void {
    const { host } = task;
    this._act();
    this._stream.begin(host === undefined ? CREATE : CREATE_ON, task.id);
    this._stream.text(task.getName());
    if (host !== undefined) {
      this._stream.text(host);
    }
    this._places?.add(task);
  }

  taskStepped(task: ObservedTask): void {
    this._actor = SOMEBODY;
    this._stream.begin(STEP, task.id);
  }

  taskSuspended(task: ObservedTask, kind: string, id: number): void {
    const symbol = kind === this._lastSymbol ? this._lastSymbolCode : this._symbol(kind);
    const stream = this._stream;
    stream.begin(WAIT, task.id);
    if (symbol < OTHER_SYMBOL) {
      stream.tagged(symbol, id);
    } else {
      stream.tagged(OTHER_SYMBOL, id);
      stream.word(symbol);
    }
  }

  taskYielded(task: ObservedTask): void {
    this._stream.begin(YIELD, task.id);
  }

  taskWoken(task: ObservedTask): void {
    this._act();
    this._stream.begin(WAKE, task.id);
  }

  taskEnded(task: ObservedTask, outcome: TaskOutcome, error?: unknown): void {
    const stream = this._stream;
    stream.begin(END, task.id);
    stream.word(OUTCOMES.indexOf(outcome));
    if (outcome === "failed") {
      const { name, message } = errorText(error);
      stream.text(name);
      stream.text(message);
    }
  }

  taskRenamed(task: ObservedTask): void {
    this.noted("task.renamed", { task: task.id, name: task.getName() });
  }

  printed(text: string): void {
    this._act();
    this._stream.begin(PRINT, 0);
    this._stream.text(text);
  }

  errorReported(text: string): void {
    this.noted("error.reported", { text });
  }

  drawn(stream: string, value: number): void {
    this.noted("random.drawn", { stream, value });
  }

  chosen(point: string, option: number, of: number): void {
    this.noted("choice.made", { point, option, of });
  }

  runEnded(outcome: RunOutcome, error?: unknown): void {
    this.outsideActs();
    this.noted("run.ended", outcome === "failed" ? { outcome, ...errorText(error) } : { outcome });
  }

  noted(kind: string, detail: Detail): void {
    this._act();
    const keys = Object.keys(detail);
    const symbol = this._symbol(kind.includes(".") ? kind : `note.${kind}`);
    for (const key of keys) {
      // New symbols come before the event.
      this._symbol(key);
    }
    const stream = this._stream;
    stream.begin(NOTE, symbol);
    stream.word(keys.length);
    for (const key of keys) {
      this._entry(this._symbols.get(key) as number, detail[key]);
    }
  }

  /** What comes next has somebody who does it, or else the stream says first that it has not. */
  private _act(): void {
    if (this._actor === LEFT) {
      this._actor = NOBODY;
      this._stream.begin(OUTSIDE, 0);
    }
  }

  private _entry(symbol: number, value: unknown): void {
    const stream = this._stream;
    stream._reserve(4);
    if (typeof value === "boolean") {
      stream.tagged(value ? TRUE : FALSE, symbol);
    } else if (typeof value === "number" && Number.isFinite(value)) {
      stream.tagged(NUMBER, symbol);
      stream.float(value);
    } else {
      stream.tagged(TEXT, symbol);
      stream.text(String(value));
    }
  }

  /** The number of the symbol `text`; a new one is written first. */
  private _symbol(text: string): number {
    let code = this._symbols.get(text);
    if (code === undefined) {
      code = this._symbols.size;
      this._symbols.set(text, code);
      this._stream.begin(SYMBOL, code);
      this._stream.text(text);
    }
    this._lastSymbol = text;
    this._lastSymbolCode = code;
    return code;
  }
}
