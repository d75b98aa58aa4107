/** The exit codes of the command line. */
export const EXIT = {
  ok: 0,
  /** A scenario failed, runs differ, an input was not a trace, or an output could not be written. */
  failed: 1,
  /** Wrong usage. */
  usage: 2,
  /** Ctrl-C, as shells count it: 128 and the number of the signal. */
  interrupted: 130,
} as const;

/** Something that ends a command with a line on the standard error. */
export abstract class CommandFailure extends Error {
  abstract readonly exitCode: number;
}

/** The command was called in a wrong way: the message says what was expected and what came. */
export class UsageError extends CommandFailure {
  override name = "UsageError";
  readonly exitCode = EXIT.usage;
}

/** An output could not be written: the message says which, and why. */
export class OutputError extends CommandFailure {
  override name = "OutputError";
  readonly exitCode = EXIT.failed;
}

/** An input could not be read, or is not what it should be: the message says which, and why. */
export class InputError extends CommandFailure {
  override name = "InputError";
  readonly exitCode = EXIT.failed;
}

/** Two runs that should be equal are not: the message says which; how they differ stands on the standard output. */
export class DifferenceFound extends CommandFailure {
  override name = "DifferenceFound";
  readonly exitCode = EXIT.failed;
}

/** A scenario failed: the message is the whole report, in several lines. */
export class ScenarioFailure extends CommandFailure {
  override name = "ScenarioFailure";
  readonly exitCode = EXIT.failed;
}

/** Why a call of the operating system failed: `ENOENT: no such file or directory`. */
export function systemReason(error: unknown): string {
  if (!(error instanceof Error)) {
    return String(error);
  }
  const { syscall } = error as NodeJS.ErrnoException;
  // Node adds the call and its paths, of which one may be a temporary name.
  return syscall === undefined ? error.message : error.message.split(`, ${syscall}`)[0]!;
}

/** Ctrl-C. */
export class Interruption extends CommandFailure {
  override name = "Interruption";
  readonly exitCode = EXIT.interrupted;
}
