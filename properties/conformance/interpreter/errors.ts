import { CancelledError, ExceptionGroup, TimeoutError } from "simloop";
import type { Json, Op } from "../dsl/program.ts";

/** The programs' own error, with a code. */
export class AppError extends Error {
  override readonly name = "AppError";
  readonly code: string | null;

  constructor(code: string | null) {
    super(code ?? "");
    this.code = code;
  }
}

/** Thrown when an operation names something that does not exist (yet). */
export class Skip extends Error {}

/** Python's name where ours differs. */
const PYTHON_NAMES: Readonly<Record<string, string>> = { RangeError: "ValueError" };

/** The classes whose messages are not compared. */
const KNOWN = new Set([
  "BrokenBarrierError",
  "InvalidStateError",
  "QueueEmpty",
  "QueueFull",
  "QueueShutDown",
  "RangeError",
  "RuntimeError",
  "TimeoutError",
]);

/** `[class, detail]` of an error; one that no program should meet shows its message, so that it cannot hide. */
export function detailOf(error: unknown): [string, Json] {
  if (error instanceof AppError) {
    return ["AppError", error.code];
  }
  if (error instanceof CancelledError) {
    return ["CancelledError", error.reason ?? null];
  }
  if (error instanceof ExceptionGroup) {
    return ["ExceptionGroup", error.errors.map(detailOf)];
  }
  if (!(error instanceof Error)) {
    return ["no error", String(error)];
  }
  const { name, message } = error;
  return KNOWN.has(name) && !message.includes("call stack")
    ? [PYTHON_NAMES[name] ?? name, null]
    : [`unexpected ${name}`, message];
}

/** The error that an operation's fields describe. */
export function makeError(op: Op): Error {
  switch (op.cls) {
    case "Cancelled":
      return op.e === null || op.e === undefined ? new CancelledError() : new CancelledError(op.e);
    case "Timeout":
      return new TimeoutError("made by the program");
    default:
      return new AppError(op.e ?? null);
  }
}

/** Python's `Exception` takes in every class but CancelledError. */
const isException = (error: unknown): boolean => !(error instanceof CancelledError);

/** Whether an operation's `catch` swallows `error`. */
export const swallows = (op: Op, error: unknown): boolean =>
  op.catch === "all" || (op.catch === "exc" && isException(error));

/** Whether a `try` operation handles `error`. */
export function handles(op: Op, error: unknown): boolean {
  switch (op.on) {
    case "Cancelled":
      return error instanceof CancelledError;
    case "Exception":
      return isException(error);
    case "App":
      return error instanceof AppError;
    case "Timeout":
      return error instanceof TimeoutError;
    case "Base":
      return true;
    default:
      return false;
  }
}
