import type { Writable } from "node:stream";
import type { FromThread, StreamFailure, StreamNumber, ToThread } from "./messages.ts";

/** The thread of a command, as far as it matters here: a `Worker`. */
export interface Thread {
  on(event: "message", listener: (message: FromThread) => void): unknown;
  on(event: "error", listener: (error: unknown) => void): unknown;
  on(event: "exit", listener: (code: number) => void): unknown;
  postMessage(message: ToThread): void;
  terminate(): unknown;
  /** The standard input of the thread. */
  readonly stdin: Writable | null;
}

/** What the supervisor uses of its process; tests have one of their own. */
export interface Host {
  /** Start the thread of the command. */
  start(): Thread;
  /** Write `chunk`, then call `done` with the error if there was one. */
  write(to: StreamNumber, chunk: string | Uint8Array, done: (error?: Error | null) => void): void;
  /** Send the standard input of the process to `stdin`. @returns A function that ends it. */
  listen(stdin: Writable): () => void;
  /** Remove the file or directory at `path` at once. */
  remove(path: string): void;
  /** Let `signal` end the process in the ordinary way. */
  dieOf(signal: EndingSignal): void;
  /** Call `callback` after `seconds` of real time; nothing waits for it. */
  after(seconds: number, callback: () => void): void;
  /** Call `onChange` when one of `files` changes. @returns A function that ends it. */
  watch(files: readonly string[], onChange: () => void): () => void;
}

/** Signals that end a command. */
export type EndingSignal = "SIGINT" | "SIGTERM" | "SIGHUP";

/** Seconds that a command has to close what it opened, after SIGTERM and SIGHUP. */
const GRACE = 2;
/** Seconds after which a command that goes on after Ctrl-C gets explained. */
const PATIENCE = 0.5;

/**
 * Supervises the thread of a command from the main thread, which executes no code of users and so always answers.
 *
 * The first Ctrl-C asks the command to end; the second ends the process at once. SIGTERM and SIGHUP ask, and end the
 * process after two seconds. In each case temporary files are removed.
 */
export class Supervisor {
  private readonly _host: Host;
  private readonly _isTerminal: boolean;
  private readonly _temporary = new Set<string>();
  private _thread: Thread;
  private _isOver = false;
  /** The signal that asked the command to end. */
  private _asked: EndingSignal | undefined;
  private _stopWatching: (() => void) | undefined;
  private _stopListening: (() => void) | undefined;
  /** The files whose change starts the command again; `null` if none does. */
  private _watched: readonly string[] | null = null;
  /** Whether the thread has said itself how its command ended. */
  private _hasEnded = false;
  private _resolve!: (code: number) => void;
  /** The exit code, once the command is over. */
  readonly exitCode: Promise<number>;

  /** Start. @param isTerminal - Whether a person reads the standard error. */
  constructor(host: Host, isTerminal: boolean) {
    this._host = host;
    this._isTerminal = isTerminal;
    this.exitCode = new Promise((resolve) => {
      this._resolve = resolve;
    });
    this._thread = this._start();
  }

  /** The process was sent `signal`. */
  receive(signal: EndingSignal): void {
    if (this._asked !== undefined || this._watched !== null) {
      this._die(signal);
      return;
    }
    this._asked = signal;
    this._thread.postMessage({ kind: "interrupt" });
    if (signal !== "SIGINT") {
      this._host.after(GRACE, () => this._isOver || this._die(signal));
    } else if (this._isTerminal) {
      this._host.after(PATIENCE, () => this._isOver || this._say("still running; Ctrl-C again ends it at once"));
    }
  }

  /** One of the standard streams has broken. */
  broke(to: StreamNumber, error: NodeJS.ErrnoException): void {
    const { message, code, syscall } = error;
    this._thread.postMessage({ kind: "broken", to, error: { message, code, syscall } satisfies StreamFailure });
  }

  private _start(): Thread {
    const thread = this._host.start();
    this._hasEnded = false;
    thread.on("message", (message) => this._isAtWork(thread) && this._take(message));
    thread.on("error", (error) => this._isAtWork(thread) && this._end(1, uncaught(error)));
    thread.on("exit", (code) => this._isAtWork(thread) && this._end(1, exited(code)));
    return thread;
  }

  /** Whether `thread` is the one that counts and its command goes on. */
  private _isAtWork(thread: Thread): boolean {
    return thread === this._thread && !this._isOver && !this._hasEnded;
  }

  private _take(message: FromThread): void {
    switch (message.kind) {
      case "write":
        this._write(message.to, message.chunk);
        break;
      case "made":
        this._temporary.add(message.path);
        break;
      case "removed":
        this._temporary.delete(message.path);
        break;
      case "watch":
        this._watch(message.files);
        break;
      case "listen":
        this._stopListening ??= this._host.listen(this._thread.stdin!);
        break;
      case "stuck":
        this._end(1, "it awaits something that can never settle");
        break;
      case "ended":
        this._end(message.code);
    }
  }

  private _write(to: StreamNumber, chunk: string | Uint8Array): void {
    const thread = this._thread;
    this._host.write(to, chunk, (error) => {
      if (this._isAtWork(thread) && error == null) {
        thread.postMessage({ kind: "written", to, size: chunk.length });
      }
    });
  }

  /** The command is over, or its thread is. */
  private _end(code: number, complaint?: string): void {
    if (complaint !== undefined) {
      this._say(complaint);
    }
    this._hasEnded = true;
    if (this._watched !== null && this._asked === undefined) {
      // A command that ended badly may not have come to say what to watch.
      this._watch(this._watched);
      return;
    }
    this._isOver = true;
    this._stopWatching?.();
    this._stopListening?.();
    this._removeTemporary();
    this._thread.terminate();
    if (this._asked === undefined || this._asked === "SIGINT") {
      this._resolve(code);
    } else {
      this._host.dieOf(this._asked);
    }
  }

  private _die(signal: EndingSignal): void {
    this._isOver = true;
    this._stopWatching?.();
    this._removeTemporary();
    this._host.dieOf(signal);
  }

  private _watch(files: readonly string[]): void {
    this._watched = files;
    this._stopWatching?.();
    this._stopWatching = this._host.watch(files, () => {
      this._thread.terminate();
      this._removeTemporary();
      this._thread = this._start();
    });
  }

  private _removeTemporary(): void {
    for (const path of this._temporary) {
      this._host.remove(path);
    }
    this._temporary.clear();
  }

  private _say(text: string): void {
    this._host.write(2, `simloop: ${text}\n`, () => {});
  }
}

function uncaught(error: unknown): string {
  if ((error as { code?: unknown } | null)?.code === "ERR_WORKER_OUT_OF_MEMORY") {
    return "out of memory; NODE_OPTIONS=--max-old-space-size=8192 allows 8 GB";
  }
  return `uncaught ${error instanceof Error ? (error.stack ?? String(error)) : String(error)}`;
}

const exited = (code: number): string => `the program called process.exit(${code})`;
