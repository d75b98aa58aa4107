import { isObject, requireArgument } from "../../base/require-argument.ts";

/** A place where the failing run was steered, or went wrong, as the page marks it. */
export interface PageMark {
  /** What happened there, in words. */
  readonly text: string;
  /** Numbers (`seq`) of the record in the first and in the second run; `undefined` where a run has none. */
  readonly records: readonly [first: number | undefined, second: number | undefined];
}

/** A failure that a page is about. Of two runs the second is the failing one. */
export interface PageFailure {
  /** The error, or what else went wrong, in one or several lines. */
  readonly error: string;
  /** Replays the failing run. */
  readonly token?: string;
  /** The command that shows the failure again. */
  readonly command?: string;
  /** What the failing run does differently. */
  readonly marks?: readonly PageMark[];
}

const isText = (value: unknown): boolean => value === undefined || typeof value === "string";

const isMark = (value: unknown): boolean =>
  isObject(value) && typeof value["text"] === "string" && Array.isArray(value["records"]);

/** @throws TypeError unless `value` is a failure for a page. */
export function requirePageFailure(value: unknown): asserts value is PageFailure {
  const isRight =
    isObject(value) &&
    typeof value["error"] === "string" &&
    isText(value["token"]) &&
    isText(value["command"]) &&
    (value["marks"] === undefined || (Array.isArray(value["marks"]) && value["marks"].every(isMark)));
  requireArgument("toHtml: failure", "an object with the string 'error'", isRight, value);
}
