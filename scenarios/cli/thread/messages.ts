/** The standard output or the standard error, by the number of its file descriptor. */
export type StreamNumber = 1 | 2;

/** What the thread of the command sends to the main thread. */
export type FromThread =
  /** Write `chunk`. */
  | { readonly kind: "write"; readonly to: StreamNumber; readonly chunk: string | Uint8Array }
  /** `path` is about to be made, and has to be removed if the process is killed; or it was removed. */
  | { readonly kind: "made" | "removed"; readonly path: string }
  /** Start the command again when one of `files` changes. */
  | { readonly kind: "watch"; readonly files: readonly string[] }
  /** Send the standard input. */
  | { readonly kind: "listen" }
  /** The command awaits something that can never settle: nothing else is left to do. */
  | { readonly kind: "stuck" }
  /** The command is over. */
  | { readonly kind: "ended"; readonly code: number };

/** What the main thread sends to the thread of the command. */
export type ToThread =
  /** Of what was sent, `size` characters or bytes have been written. */
  | { readonly kind: "written"; readonly to: StreamNumber; readonly size: number }
  /** The stream has broken. */
  | { readonly kind: "broken"; readonly to: StreamNumber; readonly error: StreamFailure }
  /** Ctrl-C. */
  | { readonly kind: "interrupt" };

/** The error of a stream; the properties of an error that Node adds to it get lost between threads. */
export interface StreamFailure {
  readonly message: string;
  readonly code: string | undefined;
  readonly syscall: string | undefined;
}

/** What the main thread knows of one of its streams. */
export interface StreamKind {
  /** Width of the terminal; `undefined` if it is not a terminal. */
  readonly columns: number | undefined;
  readonly hasColours: boolean;
}

/** What the thread of the command is started with. */
export interface ThreadData {
  readonly argv: readonly string[];
  readonly streams: Readonly<Record<StreamNumber, StreamKind>>;
}
