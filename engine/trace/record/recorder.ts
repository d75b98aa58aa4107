import type {
  Detail,
  Instrument,
  NoteShape,
  NoteValue,
  ObservedPrimitive,
  ObservedTask,
  PrimitiveEvent,
  RunOutcome,
  TaskOutcome,
} from "../../base/instrument.ts";
import { requireArgument } from "../../base/require-argument.ts";
import { optionNames, requireOptions } from "../../base/require-options.ts";
import {
  ACQUIRED,
  CANCEL,
  CHOSEN,
  CLOCK,
  CREATE,
  CREATE_ON,
  DRAWN,
  END,
  OTHER_SYMBOL,
  OUTCOMES,
  OUTSIDE,
  PRINT,
  RELEASED,
  RUN,
  SCHEDULE,
  SCHEDULE_ON,
  STEP,
  TIMER,
  TIMER_ON,
  WAIT,
  WAITED,
  WAKE,
  YIELD,
} from "../event-codes.ts";
import type { TraceFilter } from "../filter/filter-rules.ts";
import { TRACE_FORMAT, TRACE_VERSION, type TraceHeader } from "../record.ts";
import { Trace } from "../trace.ts";
import { ENGINE_VERSION } from "../version.ts";
import { errorText } from "./error-text.ts";
import { EventFilter } from "./event-filter.ts";
import { FilteredBlocks } from "./filtered-blocks.ts";
import { NoteWriter } from "./note-writer.ts";
import { Places } from "./place.ts";
import { RecordedEvents } from "./recorded-events.ts";
import { StreamedLines } from "./streamed-lines.ts";
import { LastSymbol, SymbolTable } from "./symbol-table.ts";
import { type WordConsumer, WordStream } from "./word-stream.ts";

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
   * In mode `"full"`: takes the trace as JSONL in UTF-8 while it comes into being, in pieces of whole lines, and
   * nothing is kept in memory. A piece must be used up during the call, for its bytes change afterwards. The last piece
   * comes with {@link Recorder.finish}.
   */
  readonly sink?: ((piece: Uint8Array) => void) | undefined;
  /** In mode `"full"`: what to keep or to write. The rest is in the digest only. */
  readonly filter?: TraceFilter | undefined;
}

const RECORDER_OPTIONS = optionNames<RecorderOptions>({
  mode: true,
  seed: true,
  start: true,
  timeZone: true,
  program: true,
  sink: true,
  filter: true,
});

const traceHeader = (options: RecorderOptions): TraceHeader => ({
  format: TRACE_FORMAT,
  version: TRACE_VERSION,
  engine: ENGINE_VERSION,
  ...(options.program === undefined ? {} : { program: options.program }),
  seed: options.seed ?? 0,
  start: options.start ?? "2000-01-01T00:00:00",
  timeZone: options.timeZone ?? "UTC",
});

/** The actor of the next event is the task or handle that ran last. */
const ACTING = 0;
/** The next event has no actor, and the stream says so already: the clock moved, or OUTSIDE was written. */
const NO_ACTOR = 1;
/** The next event has no actor, but the stream does not say so yet: OUTSIDE is written before it. */
const LEFT = 2;

/**
 * Records a run: every event in canonical form, hashed, and kept or written if wanted.
 *
 * An event costs a few words in an array; records are made of them on demand.
 */
export class Recorder implements Instrument {
  private readonly _header: TraceHeader;
  private readonly _stream: WordStream;
  /** The words of the events; `null` when they are not kept. */
  private readonly _blocks: Int32Array[] | null;
  /** Where tasks were created; `null` when it is not recorded. */
  private readonly _places: Places | null;
  private readonly _lines: StreamedLines | null;
  private readonly _filtered: FilteredBlocks | null;
  private readonly _filter: EventFilter | null;
  private readonly _symbols: SymbolTable;
  private readonly _notes: NoteWriter;
  /**
   * What the last task began to wait for, what the last primitive and the last host were, and which stream was drawn
   * from: mostly the same again.
   */
  private readonly _awaited: LastSymbol;
  private readonly _primitive: LastSymbol;
  private readonly _drawn: LastSymbol;
  private readonly _host: LastSymbol;
  private _actor = NO_ACTOR;
  /** How many OUTSIDE words the stream has. */
  private _leavings = 0;

  /** @throws TypeError for unknown or invalid options. */
  constructor(options: RecorderOptions) {
    requireOptions("Recorder", options, RECORDER_OPTIONS);
    this._header = traceHeader(options);
    const { mode, sink } = options;
    requireArgument("Recorder: mode", '"digest" or "full"', mode === "digest" || mode === "full", mode);
    const isSink = sink === undefined || typeof sink === "function";
    requireArgument("Recorder: sink", "a function that takes pieces of the trace", isSink, sink);
    const filter = options.filter === undefined ? null : new EventFilter(options.filter);
    const places = mode === "full" ? new Places() : null;
    const isKept = places !== null && sink === undefined;
    this._places = places;
    this._filter = filter;
    this._lines = places === null || sink === undefined ? null : new StreamedLines(this._header, places, sink, filter);
    this._filtered = isKept && filter !== null ? new FilteredBlocks(filter, places) : null;
    this._blocks = isKept ? (this._filtered?.blocks ?? []) : null;
    this._stream = new WordStream(this._consumer());
    this._symbols = new SymbolTable(this._stream);
    this._notes = new NoteWriter(this._stream, this._symbols);
    this._awaited = new LastSymbol(this._symbols);
    this._primitive = new LastSymbol(this._symbols);
    this._drawn = new LastSymbol(this._symbols);
    this._host = new LastSymbol(this._symbols);
  }

  /**
   * The trace so far: all events in mode `"full"` without a sink, those that the filter lets through; otherwise none.
   */
  get trace(): Trace {
    const digest = this.digest();
    const blocks = this._blocks;
    const rules = this._filter?.rules;
    const leftOut = rules && (() => rules);
    if (blocks === null) {
      return new Trace(this._header, digest, [], leftOut);
    }
    this._filtered?.flush();
    const places = this._filtered ?? this._places!;
    return new Trace(this._header, digest, new RecordedEvents(blocks.slice(), places), leftOut);
  }

  /** How many events there were so far, in every mode. */
  get events(): number {
    return this._stream.begun - this._symbols.size - this._leavings;
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
    this._actor = NO_ACTOR;
    this._stream.begin(CLOCK, 0);
    this._stream.float(time);
  }

  outsideActs(): void {
    if (this._actor === ACTING) {
      this._actor = LEFT;
    }
  }

  handleScheduled(id: number, host?: string): void {
    this._act();
    if (host === undefined) {
      this._stream.begin(SCHEDULE, id);
    } else {
      const symbol = this._host.of(host);
      this._stream.begin(SCHEDULE_ON, id);
      this._stream.word(symbol);
    }
  }

  timerScheduled(id: number, when: number, host?: string): void {
    this._act();
    if (host === undefined) {
      this._stream.begin(TIMER, id);
      this._stream.float(when);
    } else {
      const symbol = this._host.of(host);
      this._stream.begin(TIMER_ON, id);
      this._stream.float(when);
      this._stream.word(symbol);
    }
  }

  handleCancelled(id: number): void {
    this._act();
    this._stream.begin(CANCEL, id);
  }

  handleRun(id: number): void {
    this._actor = ACTING;
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
    this._actor = ACTING;
    this._stream.begin(STEP, task.id);
  }

  taskSuspended(task: ObservedTask, kind: string, id: number): void {
    const symbol = this._awaited.of(kind);
    this._stream.begin(WAIT, task.id);
    this._tagged(symbol, id);
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

  primitiveChanged(primitive: ObservedPrimitive, event: PrimitiveEvent, waiting: number, items: number): void {
    const { kind } = primitive;
    this._act();
    const symbol = this._primitive.of(kind);
    this._stream.begin(event === "waited" ? WAITED : event === "acquired" ? ACQUIRED : RELEASED, primitive.id);
    this._tagged(symbol, waiting);
    this._stream.word(items);
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
    this._act();
    this._stream.begin(DRAWN, this._drawn.of(stream));
    this._stream.float(value);
  }

  chosen(point: string, option: number, of: number): void {
    this._act();
    this._stream.begin(CHOSEN, this._symbols.of(point));
    this._stream.word(option);
    this._stream.word(of);
  }

  runEnded(outcome: RunOutcome, error?: unknown): void {
    this.outsideActs();
    this.noted("run.ended", outcome === "failed" ? { outcome, ...errorText(error) } : { outcome });
  }

  noted(kind: string, detail: Detail): void {
    this._act();
    this._notes.write(kind, detail);
  }

  notedAs(shape: NoteShape, values: readonly NoteValue[]): void {
    this._act();
    this._notes.writeAs(shape, values);
  }

  /** Consumer of the words of events; `null` if they are only hashed. */
  private _consumer(): WordConsumer | null {
    const reader = this._lines ?? this._filtered;
    if (reader !== null) {
      return (words, length) => reader.take(words, length);
    }
    const blocks = this._blocks;
    return blocks === null ? null : (words, length) => blocks.push(words.slice(0, length));
  }

  /** Before an event that has an actor: write OUTSIDE if the actor has left since the last event. */
  private _act(): void {
    if (this._actor === LEFT) {
      this._actor = NO_ACTOR;
      this._leavings++;
      this._stream.begin(OUTSIDE, 0);
    }
  }

  /** Add a number with a symbol, which comes after it where it does not fit into the tag. */
  private _tagged(symbol: number, number: number): void {
    const stream = this._stream;
    if (symbol < OTHER_SYMBOL) {
      stream.tagged(symbol, number);
    } else {
      stream.tagged(OTHER_SYMBOL, number);
      stream.word(symbol);
    }
  }
}
