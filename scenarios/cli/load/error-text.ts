import { errorPlace } from "./error-place.ts";

/** An error in a line: its name and its message. */
export const errorLine = (error: unknown): string => errorText(error).replace(/\s*\n\s*/g, " ");

/** An error's name and message, which may have several lines; of a group also the errors in it, and where they came from. */
export function errorText(error: unknown): string {
  if (!(error instanceof Error)) {
    return `${describeValue(error)} was thrown, which is no Error`;
  }
  const text = error.message === "" ? error.name : `${error.name}: ${error.message}`;
  return error instanceof AggregateError ? [text, ...error.errors.map(memberText)].join("\n") : text;
}

function memberText(error: unknown): string {
  const place = errorPlace(error);
  const text = `- ${errorText(error)}${place === undefined ? "" : ` (at ${place})`}`;
  return text.replaceAll("\n", "\n  ");
}

const describeValue = (value: unknown): string => {
  if (typeof value === "string") {
    return JSON.stringify(value);
  }
  return typeof value === "object" && value !== null ? Object.prototype.toString.call(value) : String(value);
};
