import type { Detail, NoteShape, NoteValue } from "../../base/instrument.ts";
import { FALSE, INTEGER, NAME, NAMING_KEYS, NOTE, NUMBER, TEXT, TRUE } from "../event-codes.ts";
import type { SymbolTable } from "./symbol-table.ts";
import type { WordStream } from "./word-stream.ts";

/** Most words of an entry, those of a string not counted. */
const ENTRY_WORDS = 4;

/** A kind of note in symbols. */
class NoteForm {
  readonly kind: number;
  readonly names: readonly string[];
  /** The symbols of the keys; -1 for one that no note had yet, for symbols are written when they are first needed. */
  readonly keys: Int32Array;
  /** Which values are names: symbols stand for them. */
  readonly isName: readonly boolean[];
  /** The last name at each key, and its symbol: most notes repeat those of the one before. */
  readonly lastNames: (string | undefined)[];
  readonly lastSymbols: Int32Array;

  constructor(kind: string, keys: readonly string[], symbols: SymbolTable) {
    this.kind = symbols.of(kind.includes(".") ? kind : `note.${kind}`);
    this.names = keys;
    this.keys = new Int32Array(keys.length).fill(-1);
    this.isName = keys.map((key) => NAMING_KEYS.has(key));
    this.lastNames = keys.map(() => undefined);
    this.lastSymbols = new Int32Array(keys.length);
  }
}

/** @internal Writes notes in canonical form. */
export class NoteWriter {
  private readonly _stream: WordStream;
  private readonly _symbols: SymbolTable;
  private readonly _forms = new Map<NoteShape, NoteForm>();

  constructor(stream: WordStream, symbols: SymbolTable) {
    this._stream = stream;
    this._symbols = symbols;
  }

  write(kind: string, detail: Detail): void {
    this._write(new NoteForm(kind, Object.keys(detail), this._symbols), Object.values(detail));
  }

  writeAs(shape: NoteShape, values: readonly NoteValue[]): void {
    this._write(this._forms.get(shape) ?? this._form(shape), values);
  }

  private _form(shape: NoteShape): NoteForm {
    const form = new NoteForm(shape.kind, shape.keys, this._symbols);
    this._forms.set(shape, form);
    return form;
  }

  private _write(form: NoteForm, values: readonly NoteValue[]): void {
    const { keys } = form;
    const stream = this._stream;
    const count = this._prepare(form, values);
    stream.begin(NOTE, form.kind);
    stream.word(count);
    for (let i = 0; i < keys.length; i++) {
      const value = values[i];
      if (value === undefined) {
        continue;
      }
      const key = keys[i]!;
      stream._reserve(ENTRY_WORDS);
      if (typeof value === "number") {
        this._number(key, value);
      } else if (typeof value !== "string") {
        this._other(key, value);
      } else if (form.isName[i]) {
        stream.tagged(NAME, key);
        stream.word(form.lastSymbols[i]!);
      } else {
        this._text(key, value);
      }
    }
  }

  /** How many values there are. New symbols come before the event. */
  private _prepare(form: NoteForm, values: readonly NoteValue[]): number {
    const { keys, names, isName, lastNames } = form;
    let count = 0;
    for (let i = 0; i < keys.length; i++) {
      const value = values[i];
      if (value === undefined) {
        continue;
      }
      count++;
      if (keys[i]! < 0) {
        keys[i] = this._symbols.of(names[i]!);
      }
      if (isName[i] && value !== lastNames[i] && typeof value === "string") {
        lastNames[i] = value;
        form.lastSymbols[i] = this._symbols.of(value);
      }
    }
    return count;
  }

  private _number(key: number, value: number): void {
    const stream = this._stream;
    if (value === (value | 0)) {
      stream.tagged(INTEGER, key);
      stream.word(value);
    } else if (Number.isFinite(value)) {
      stream.tagged(NUMBER, key);
      stream.float(value);
    } else {
      this._text(key, String(value));
    }
  }

  private _other(key: number, value: boolean | Uint8Array): void {
    const stream = this._stream;
    if (typeof value === "boolean") {
      stream.tagged(value ? TRUE : FALSE, key);
    } else if (value instanceof Uint8Array) {
      stream.tagged(TEXT, key);
      stream.bytes(value);
    } else {
      this._text(key, String(value));
    }
  }

  private _text(key: number, text: string): void {
    this._stream.tagged(TEXT, key);
    this._stream.text(text);
  }
}
