import { stackOf, userFrames } from "./error-place.ts";

/** An error in a line: its name and its message. */
export const errorLine = (error: unknown): string => summary(error).replace(/\s*\n\s*/g, " ");

/** How many calls of a stack are shown. */
const MOST_FRAMES = 10;
/** How many causes of causes and members of members are followed. */
const DEPTH = 8;

/** How {@link errorReport} shows an error. */
export interface ErrorReportOptions {
  /** Show stacks as they are, with the calls of the engine and of Node. */
  readonly stack?: boolean | undefined;
}

/**
 * An error for people, line by line: name and message, the calls of the user's program, the same of each member of a
 * group and of the cause.
 */
export const errorReport = (error: unknown, options: ErrorReportOptions = {}): string[] => report(error, options, []);

function report(error: unknown, options: ErrorReportOptions, seen: readonly unknown[]): string[] {
  if (seen.includes(error) || seen.length >= DEPTH) {
    return [`${summary(error).split("\n")[0]} (as above)`];
  }
  const further = [...seen, error];
  const members = membersOf(error).flatMap((member) => bulleted(report(member, options, further)));
  const cause = causeOf(error);
  const causes = cause === undefined ? [] : labelled("caused by ", report(cause, options, further));
  return [...summary(error).split("\n"), ...calls(error, options), ...members, ...causes];
}

const bulleted = (lines: readonly string[]): string[] => lines.map((line, i) => `${i === 0 ? "-" : " "} ${line}`);

const labelled = (label: string, [first, ...others]: readonly string[]): string[] => [`${label}${first}`, ...others];

/** Name and message, which may have several lines. */
function summary(error: unknown): string {
  if (!(error instanceof Error)) {
    return `${describeValue(error)} was thrown, which is not an Error`;
  }
  try {
    const { name, message } = error;
    return message === "" ? `${name}` : `${name}: ${message}`;
  } catch {
    return "an error whose message cannot be read";
  }
}

function calls(error: unknown, { stack = false }: ErrorReportOptions): string[] {
  if (stack) {
    const lines = stackOf(error).split("\n");
    const first = lines.findIndex((line) => /^\s+at /.test(line));
    return first < 0 ? [] : lines.slice(first).map((line) => line.trim());
  }
  const frames = userFrames(error).map(({ name, place }) =>
    name === undefined ? `at ${place}` : `at ${name} (${place})`,
  );
  const more = frames.length - MOST_FRAMES;
  return more > 0 ? [...frames.slice(0, MOST_FRAMES), `and ${more} more; --stack shows them`] : frames;
}

function membersOf(error: unknown): readonly unknown[] {
  const { errors } = error instanceof AggregateError ? error : { errors: [] };
  return Array.isArray(errors) ? errors : [];
}

function causeOf(error: unknown): unknown {
  try {
    return error instanceof Error ? error.cause : undefined;
  } catch {
    return undefined;
  }
}

const describeValue = (value: unknown): string => {
  if (typeof value === "string") {
    return JSON.stringify(value);
  }
  return typeof value === "object" && value !== null ? Object.prototype.toString.call(value) : String(value);
};
