import { extname } from "node:path";
import { jsonlLines, type Trace, textLines } from "../../engine/index.ts";
import { UsageError } from "./failures.ts";

/** A form in which a trace can be written. */
export interface TraceFormat {
  /** The ending of its files, with the dot. */
  readonly ending: string;
  /** The file's text, in pieces. */
  readonly write: (trace: Trace) => Iterable<string>;
}

/** The forms by name. */
const formats: Readonly<Record<string, TraceFormat>> = {
  text: { ending: ".txt", write: textLines },
  jsonl: { ending: ".jsonl", write: jsonlLines },
};

/** The names of the forms. */
export const traceFormatNames: readonly string[] = Object.keys(formats);

/**
 * The form to write the file at `path` in: the one called `name`, or else the one that the file's ending tells.
 *
 * @throws UsageError if there is none.
 */
export function traceFormat(path: string, name?: string): TraceFormat {
  const ending = extname(path).toLowerCase();
  const format = name === undefined ? Object.values(formats).find((one) => one.ending === ending) : formats[name];
  if (format === undefined) {
    const endings = Object.values(formats).map((one) => one.ending);
    throw new UsageError(
      `--trace ${path}: the format follows from an ending of ${endings.join(" or ")}; ` +
        `for another file, add --format ${traceFormatNames.join("|")}`,
    );
  }
  return format;
}
