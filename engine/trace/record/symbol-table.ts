import { SYMBOL } from "../event-codes.ts";
import type { WordStream } from "./word-stream.ts";

/** @internal Numbers for texts that come again and again; a stream gets each text once. */
export class SymbolTable {
  private readonly _numbers = new Map<string, number>();
  private readonly _stream: WordStream;

  constructor(stream: WordStream) {
    this._stream = stream;
  }

  /** How many symbols there are. */
  get size(): number {
    return this._numbers.size;
  }

  /** The number of `text`; a new one is written. Only between two events. */
  of(text: string): number {
    return this._numbers.get(text) ?? this._add(text);
  }

  private _add(text: string): number {
    const number = this._numbers.size;
    this._numbers.set(text, number);
    this._stream.begin(SYMBOL, number);
    this._stream.text(text);
    return number;
  }
}

/** @internal Remembers the symbol that was last asked for, as the same text mostly comes again. */
export class LastSymbol {
  private readonly _symbols: SymbolTable;
  private _text: string | null = null;
  private _number = -1;

  constructor(symbols: SymbolTable) {
    this._symbols = symbols;
  }

  /** The number of `text`; a new one is written. Only between two events. */
  of(text: string): number {
    if (text !== this._text) {
      this._number = this._symbols.of(text);
      this._text = text;
    }
    return this._number;
  }
}
