import type { Writable } from "node:stream";
import pc from "picocolors";
import { blocks, type Piece } from "./blocks.ts";
import { visible } from "./visible.ts";

/** A stream to write to; one that belongs to a terminal knows its width and colours. */
export interface OutputStream extends Writable {
  readonly columns?: number;
  hasColors?(): boolean;
}

/** What the command line talks to. */
export interface Io {
  readonly stdout: OutputStream;
  readonly stderr: OutputStream;
  /** Ends the command when it is aborted: Ctrl-C. */
  readonly signal?: AbortSignal;
  /** The lines of the standard input, as they come; without it, `debug` takes `--exec` only. */
  readonly lines?: () => AsyncIterable<string>;
  /** Starts the command again when one of these files changes; without it, `--watch` is refused. */
  readonly watch?: (files: readonly string[]) => void;
}

/** One of the two standard outputs, which may break while one writes to it. */
export class Outlet {
  /** Aborted, with the stream's error as reason, when the stream broke. */
  readonly broken: AbortSignal;
  /** Formats for this stream: codes on a terminal that wants them, plain text otherwise. */
  readonly colours: ReturnType<typeof pc.createColors>;
  private readonly _stream: OutputStream;
  private readonly _onError: (error: Error) => void;

  /** @param colour - Whether to use colours; by default, if the stream wants them. */
  constructor(stream: OutputStream, colour: boolean = stream.hasColors?.() === true) {
    const breaking = new AbortController();
    this.broken = breaking.signal;
    this.colours = pc.createColors(colour);
    this._stream = stream;
    this._onError = (error) => breaking.abort(error);
    stream.on("error", this._onError);
  }

  /** Width of the terminal in columns; 80 where there is none, or where it does not know. */
  get width(): number {
    return this._stream.columns || 80;
  }

  /** Whether it is a terminal. */
  get isTerminal(): boolean {
    return this._stream.columns !== undefined;
  }

  /** Write `text`; nothing happens when the stream has broken. */
  write(text: string): void {
    if (!this.broken.aborted) {
      this._stream.write(text);
    }
  }

  /** Write `bytes`, which must not change afterwards; nothing happens when the stream has broken. */
  writeBytes(bytes: Uint8Array): void {
    if (!this.broken.aborted) {
      this._stream.write(bytes);
    }
  }

  /** Write a message, which may quote the program: on a terminal, its control characters are shown and not obeyed. */
  say(message: string): void {
    this.write(this.shown(message));
  }

  /** `message` as {@link say} writes it, to be put into colours. */
  shown(message: string): string {
    return this.isTerminal ? visible(message) : message;
  }

  /** Write all of `pieces`, no faster than they are read; stops when the stream has broken. */
  async writeAll(pieces: Iterable<Piece>): Promise<void> {
    for (const block of blocks(pieces)) {
      if (this.broken.aborted) {
        return;
      }
      if (!this._stream.write(block)) {
        await this._drained();
      }
    }
  }

  private _drained(): Promise<void> {
    return new Promise((resolve) => {
      const done = (): void => {
        this._stream.off("drain", done);
        this.broken.removeEventListener("abort", done);
        resolve();
      };
      this._stream.on("drain", done);
      this.broken.addEventListener("abort", done);
    });
  }

  /** Wait until all is written or the stream has broken, and let go of the stream. */
  async close(): Promise<void> {
    if (!this.broken.aborted) {
      await new Promise<void>((resolve) => this._stream.write("", () => resolve()));
    }
    this._stream.off("error", this._onError);
    if (this.broken.aborted) {
      // The stream may complain again, and there is no listener any more.
      this._stream.on("error", () => {});
    }
  }

  /** Whether the reader has gone away, as `head` does when it has seen enough. */
  get isUnread(): boolean {
    return codeOf(this.broken.reason) === "EPIPE";
  }
}

const codeOf = (error: unknown): unknown => (error as { code?: unknown } | null)?.code;
