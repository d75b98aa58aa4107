import { safeString, thrownLine } from "../base/describe.ts";

/** What an exception handler receives. Layers above add fields of their own, as asyncio does. */
export interface ExceptionContext {
  readonly message: string;
  readonly exception?: unknown;
  readonly [detail: string]: unknown;
}

/** Called for an uncaught exception. @see asyncio `loop.set_exception_handler` */
export type ExceptionHandler<Loop> = (loop: Loop, context: ExceptionContext) => void;

/** An error as `Name: message`, without the stack, which differs between machines. */
export const describeError = thrownLine;

/**
 * The report of the default handler: the message, each detail on a line, the exception last.
 *
 * @see asyncio `default_exception_handler`
 */
export function formatException(context: ExceptionContext): string {
  const lines = [context.message];
  for (const key of Object.keys(context).sort((a, b) => (a < b ? -1 : 1))) {
    if (key !== "message" && key !== "exception") {
      lines.push(`${key}: ${safeString(context[key])}`);
    }
  }
  if ("exception" in context) {
    lines.push(describeError(context.exception));
  }
  return lines.join("\n");
}
