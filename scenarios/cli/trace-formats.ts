import { extname } from "node:path";
import {
  chromePieces,
  htmlPieces,
  jsonlLines,
  pcapngPieces,
  svgPieces,
  type Trace,
  textLines,
  toMermaidGantt,
  toMermaidSequence,
  toOtlp,
  toShiviz,
  toSpeedscope,
} from "../../engine/index.ts";
import type { Piece } from "./blocks.ts";
import { UsageError } from "./failures.ts";
import { sourceTexts } from "./load/source-texts.ts";
import { STANDARD_OUTPUT } from "./open-output.ts";
import { withoutFunction } from "./without-function.ts";

/** A form in which a trace can be written. */
export interface TraceFormat {
  /** The ending of its files, from a dot on; several forms may have the same, and then the first is meant. */
  readonly ending: string;
  /** The file, in pieces. */
  readonly write: (trace: Trace, sources: Readonly<Record<string, string>>) => Iterable<Piece>;
  /** Whether it shows the lines of the source in which tasks were created. */
  readonly showsSources?: true;
}

/** The forms by name. */
const formats = {
  text: { ending: ".txt", write: textLines },
  jsonl: { ending: ".jsonl", write: jsonlLines },
  chrome: { ending: ".json", write: chromePieces },
  mermaid: { ending: ".mmd", write: (trace) => [toMermaidSequence(trace)] },
  gantt: { ending: ".mmd", write: (trace) => [toMermaidGantt(trace)] },
  svg: { ending: ".svg", write: (trace) => svgPieces(trace) },
  html: { ending: ".html", write: (trace, sources) => htmlPieces(trace, { sources }), showsSources: true },
  speedscope: { ending: ".speedscope.json", write: (trace) => [toSpeedscope(trace)] },
  otlp: { ending: ".otlp.json", write: (trace) => [toOtlp(trace)] },
  shiviz: { ending: ".shiviz.log", write: (trace) => [toShiviz(trace)] },
  pcapng: { ending: ".pcapng", write: (trace) => pcapngPieces(trace) },
} satisfies Readonly<Record<string, TraceFormat>>;

/** The names of the forms. */
export const traceFormatNames: readonly string[] = Object.keys(formats);

/** The form that is the engine's own, and can be written while a run goes on. */
export const JSONL: TraceFormat = formats.jsonl;

/** The form that is for programs alone: a terminal can do nothing with it. */
export const PCAPNG: TraceFormat = formats.pcapng;

/**
 * {@link PCAPNG} with the packets of one link: `a:b` for both directions, `a→b` for one. Writing it throws a UsageError
 * if there are none.
 */
export const captureOf = (link: string): TraceFormat => ({
  ...PCAPNG,
  write: (trace) => {
    try {
      return pcapngPieces(trace, { links: [link] });
    } catch (error) {
      throw error instanceof RangeError
        ? new UsageError(`--link: ${withoutFunction(error.message)}`, { cause: error })
        : error;
    }
  },
});

/** The form for people, if none is asked for. */
export const TEXT: TraceFormat = formats.text;

/** A trace in a form, in pieces. @param called - What the run was called by, to find its sources. */
export const written = async (format: TraceFormat, trace: Trace, called: string): Promise<Iterable<Piece>> =>
  format.write(trace, format.showsSources ? await sourceTexts(trace, called) : {});

/**
 * The form to write the file at `path` in: the one called `name`, or else the one of the file's ending.
 *
 * @param option - The option that gave the path, for the message.
 * @throws UsageError if there is none.
 */
export function traceFormat(path: string, name?: string, option = "--trace"): TraceFormat {
  if (name !== undefined) {
    return namedFormat(name);
  }
  if (path === STANDARD_OUTPUT) {
    return TEXT;
  }
  // The longest ending counts: run.otlp.json is not Chrome's.
  const lowered = path.toLowerCase();
  const format = Object.values(formats)
    .filter((one) => lowered.endsWith(one.ending))
    .sort((a, b) => b.ending.length - a.ending.length)[0];
  if (format === undefined) {
    const endings = [...new Set(Object.values(formats).map((one) => one.ending))];
    throw new UsageError(
      `${option} ${path}: the format follows from an ending of ${endings.join(", ")}; ` +
        `for another file, add --format ${traceFormatNames.join("|")}`,
    );
  }
  return format;
}

/** The form called `name`. @throws UsageError if there is none. */
export function namedFormat(name: string): TraceFormat {
  if (!Object.hasOwn(formats, name)) {
    throw new UsageError(`unknown format '${name}'; expected one of ${traceFormatNames.join(", ")}`);
  }
  return formats[name as keyof typeof formats];
}

/**
 * @param what - What is written there in any case, for the message.
 * @param option - The option that named the file.
 * @throws UsageError if the ending of the file means another form.
 */
export function requireEnding(output: string | undefined, ending: string, what: string, option = "-o"): void {
  const given = extname(output ?? "").toLowerCase();
  if (given !== "" && given !== ending) {
    throw new UsageError(`${option} ${output}: ${what}; expected a name that ends with ${ending}`);
  }
}
