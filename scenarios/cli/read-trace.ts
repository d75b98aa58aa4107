import { open } from "node:fs/promises";
import { type Trace, TraceFormatError, TraceParser } from "../../engine/index.ts";
import { InputError, systemReason, UsageError } from "./failures.ts";

/** Whether `text` means a recorded trace rather than a scenario. */
export const isTraceFile = (text: string): boolean => text.toLowerCase().endsWith(".jsonl");

/**
 * The trace that the file at `path` holds.
 *
 * @throws UsageError if there is no such file; InputError if it cannot be read, or is no whole trace, with the line.
 */
export async function readTrace(path: string): Promise<Trace> {
  const parser = new TraceParser();
  try {
    for await (const line of lines(path)) {
      parser.line(line);
    }
    return parser.end();
  } catch (error) {
    if ((error as NodeJS.ErrnoException | null)?.code === "ENOENT") {
      throw new UsageError(`no such trace file: ${path}`, { cause: error });
    }
    const reason = error instanceof TraceFormatError ? error.message : systemReason(error);
    throw new InputError(`cannot read ${path}: ${reason}`, { cause: error });
  }
}

/** The lines of a file, without their ends; Node's own reader also splits at ends of paragraphs, which may stand in texts. */
async function* lines(path: string): AsyncGenerator<string, void, undefined> {
  await using file = await open(path);
  const decoder = new TextDecoder("utf-8", { fatal: true });
  let rest = "";
  for await (const chunk of file.createReadStream({ autoClose: false })) {
    const parts = (rest + decoder.decode(chunk as Uint8Array, { stream: true })).split("\n");
    rest = parts.pop() as string;
    yield* parts;
  }
  rest += decoder.decode();
  if (rest !== "") {
    yield rest;
  }
}
