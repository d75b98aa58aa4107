import { Buffer } from "node:buffer";
import { open } from "node:fs/promises";
import {
  type Salvage,
  type Trace,
  type TraceFilter,
  TraceFormatError,
  TraceParser,
  TraceSalvager,
} from "../../engine/index.ts";
import { InputError, systemReason, UsageError } from "./failures.ts";
import { isOpenFile } from "./open-file.ts";

/** Bytes that are read at once. */
const CHUNK = 2 ** 20;

/** Whether `text` means a recorded trace rather than a scenario; what comes through a pipe is one. */
export const isTraceFile = (text: string): boolean => text.toLowerCase().endsWith(".jsonl") || isOpenFile(text);

/**
 * The trace that the file at `path` holds: what `filter` lets through.
 *
 * @throws UsageError if the file does not exist; InputError if it cannot be read, or is not a complete trace; the
 * message names the line.
 */
export async function readTrace(path: string, filter?: TraceFilter): Promise<Trace> {
  const parser = new TraceParser(filter);
  try {
    for await (const line of lines(path)) {
      parser.line(line);
    }
    return parser.end();
  } catch (error) {
    throw readingFailed(path, error);
  }
}

/**
 * What can be saved of the trace file at `path`, up to the first line that cannot be read.
 *
 * @throws UsageError if the file does not exist; InputError if it cannot be read, or has no header of a trace.
 */
export async function salvageTrace(path: string): Promise<Salvage> {
  const salvager = new TraceSalvager();
  try {
    let unreadable: string | null = null;
    try {
      for await (const line of lines(path)) {
        if (!salvager.line(line)) {
          break;
        }
      }
    } catch (error) {
      if (!(error instanceof TraceFormatError)) {
        throw error;
      }
      unreadable = error.message;
    }
    const { trace, problem } = salvager.end();
    return { trace, problem: unreadable ?? problem };
  } catch (error) {
    throw readingFailed(path, error);
  }
}

function readingFailed(path: string, error: unknown): UsageError | InputError {
  if ((error as NodeJS.ErrnoException | null)?.code === "ENOENT") {
    return new UsageError(`no such trace file: ${path}`, { cause: error });
  }
  const reason = error instanceof TraceFormatError ? error.message : systemReason(error);
  return new InputError(`cannot read ${path}: ${reason}`, { cause: error });
}

const NEWLINE = 10;
const BYTE_ORDER_MARK = "\ufeff";

/** Node makes no string that is longer than about twice this. */
const LONGEST_LINE = 2 ** 28;

/**
 * The lines of a file, without their ends; Node's own reader also splits at ends of paragraphs, which may stand in
 * strings.
 *
 * @throws TraceFormatError with the line that is not in UTF-8, or too long to be one of a trace.
 */
async function* lines(path: string): AsyncGenerator<string, void, undefined> {
  await using file = await open(path);
  let count = 0;
  let length = 0;
  let rest: Uint8Array[] = [];
  const take = (): string[] => {
    const found = decoded(Buffer.concat(rest), count);
    rest = [];
    length = 0;
    if (count === 0 && found[0]?.startsWith(BYTE_ORDER_MARK)) {
      found[0] = found[0].slice(1);
    }
    count += found.length;
    return found;
  };
  for await (const chunk of file.createReadStream({ autoClose: false, highWaterMark: CHUNK })) {
    const bytes = chunk as Buffer;
    const end = bytes.lastIndexOf(NEWLINE);
    rest.push(end < 0 ? bytes : bytes.subarray(0, end));
    length += bytes.length;
    if (end >= 0) {
      yield* take();
      rest.push(bytes.subarray(end + 1));
      length = bytes.length - end - 1;
    }
    if (length > LONGEST_LINE) {
      throw new TraceFormatError(count + 1, "expected a line of a trace, got one that does not end");
    }
  }
  if (length > 0) {
    yield* take();
  }
}

/** Whole lines as strings. @param before - How many lines came before, for the message. */
function decoded(bytes: Uint8Array, before: number): string[] {
  const text = textOf(bytes);
  if (text === null) {
    throw new TraceFormatError(before + 1 + linesUntilInvalid(bytes), "expected UTF-8");
  }
  return text.split("\n");
}

/** How many lines can be decoded before the first that cannot. */
function linesUntilInvalid(bytes: Uint8Array): number {
  let count = 0;
  for (let start = 0; start < bytes.length; count++) {
    const newline = bytes.indexOf(NEWLINE, start);
    const end = newline < 0 ? bytes.length : newline;
    if (textOf(bytes.subarray(start, end)) === null) {
      return count;
    }
    start = end + 1;
  }
  return count;
}

/** `bytes` as a string; `null` if they are not UTF-8. */
function textOf(bytes: Uint8Array): string | null {
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return null;
  }
}
