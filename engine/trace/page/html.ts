import { isObject, requireArgument } from "../../base/require-argument.ts";
import { NO_OPTIONS, optionNames, requireOptions } from "../../base/require-options.ts";
import { escapeXml } from "../svg/markup.ts";
import { requireTrace, type Trace } from "../trace.ts";
import { encodedPieces, scriptJson } from "./encode.ts";
import { type PageFailure, requirePageFailure } from "./failure.ts";
import { PAGE_BODY } from "./page-body.ts";
import { PAGE_SCRIPT } from "./page-script.ts";
import { PAGE_STYLE } from "./page-style.ts";

/** Options of {@link toHtml}. */
export interface HtmlOptions {
  /** Another run to compare with, such as one that failed. */
  readonly compareWith?: Trace;
  /** What the runs are called where two are compared. */
  readonly names?: readonly [string, string];
  /** Source files by name, without their directories: the page shows the lines in which tasks were created. */
  readonly sources?: Readonly<Record<string, string>>;
  /** A failure that the page is about: a banner shows it. With `compareWith`, that is the failing run. */
  readonly failure?: PageFailure;
}

const HTML_OPTIONS = optionNames<HtmlOptions>({ compareWith: true, names: true, sources: true, failure: true });

const DEFAULT_NAMES = ["A", "B"] as const;

/** Nothing is fetched from anywhere. */
const POLICY = "default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'; img-src data:";

function* data(id: string, pieces: Iterable<string>): Generator<string, void, undefined> {
  yield `<script type="application/json" id="${id}">`;
  yield* pieces;
  yield "</script>\n";
}

/** The pieces of {@link toHtml}, one after another. @throws TypeError as {@link toHtml}, at the call. */
export function htmlPieces(trace: Trace, options: HtmlOptions = NO_OPTIONS): Generator<string, void, undefined> {
  requireTrace("toHtml", trace);
  requireOptions("toHtml", options, HTML_OPTIONS);
  if (options.compareWith !== undefined) {
    requireTrace("toHtml: compareWith", options.compareWith);
  }
  const { names = DEFAULT_NAMES, sources = {} } = options;
  const areNames = Array.isArray(names) && names.length === 2 && names.every((one) => typeof one === "string");
  requireArgument("toHtml: names", "an array of two strings", areNames, names);
  const areSources = isObject(sources) && Object.values(sources).every((one) => typeof one === "string");
  requireArgument("toHtml: sources", "an object of strings by file name", areSources, sources);
  if (options.failure !== undefined) {
    requirePageFailure(options.failure);
  }
  return pagePieces(trace, options);
}

function* pagePieces(
  trace: Trace,
  { compareWith, names = DEFAULT_NAMES, sources = {}, failure }: HtmlOptions,
): Generator<string, void, undefined> {
  const programs = [trace, ...(compareWith === undefined ? [] : [compareWith])].map((run) => run.header.program);
  const title = [...new Set(programs)].map((program) => escapeXml(program ?? "simloop")).join(" / ");
  yield '<!doctype html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n';
  yield '<meta name="viewport" content="width=device-width,initial-scale=1">\n';
  yield `<meta http-equiv="Content-Security-Policy" content="${POLICY}">\n`;
  yield `<title>${title} - simloop trace</title>\n<style>${PAGE_STYLE}</style>\n</head>\n<body>${PAGE_BODY}`;
  yield* data("run", encodedPieces(trace));
  if (compareWith !== undefined) {
    yield* data("other-run", encodedPieces(compareWith));
  }
  yield* data("page-options", [scriptJson({ names, sources, failure })]);
  yield `<script>${PAGE_SCRIPT}</script>\n</body>\n</html>\n`;
}

/**
 * A trace as one page that opens offline in any browser: swim lanes to zoom and search, and a play head that steps
 * through the events with the program's output beside it. With `compareWith`, two runs, their first difference and what
 * follows. With `failure`, a banner with the error and how to see it again.
 *
 * @throws TypeError for what is not a trace, and for unknown or invalid options.
 */
export const toHtml = (trace: Trace, options?: HtmlOptions): string => [...htmlPieces(trace, options)].join("");
