import type { CommandFailure } from "./failures.ts";
import type { Outlet } from "./outlet.ts";

/** What a command may use of the world. */
export interface CommandIo {
  /** The standard output. */
  readonly out: Outlet;
  /** The standard error. */
  readonly err: Outlet;
  /** Aborted by Ctrl-C. */
  readonly signal: AbortSignal;
  /** The lines of the standard input, as they come; `undefined` where there is none. */
  readonly lines?: (() => AsyncIterable<string>) | undefined;
  /** Starts the command again when one of these files changes; `undefined` where that is not possible. */
  readonly watch?: ((files: readonly string[]) => void) | undefined;
}

/** Report on the standard error what went wrong. */
export const complain = ({ err }: CommandIo, failure: CommandFailure): void =>
  err.write(`${err.colours.red("simloop:")} ${err.shown(failure.message)}\n`);
