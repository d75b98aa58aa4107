/** An error in a line: its name and its message. */
export const errorLine = (error: unknown): string => errorText(error).replace(/\s*\n\s*/g, " ");

/** An error's name and message, which may have several lines. */
export function errorText(error: unknown): string {
  if (!(error instanceof Error)) {
    return `${describeValue(error)} was thrown, which is no Error`;
  }
  return error.message === "" ? error.name : `${error.name}: ${error.message}`;
}

const describeValue = (value: unknown): string => {
  if (typeof value === "string") {
    return JSON.stringify(value);
  }
  return typeof value === "object" && value !== null ? Object.prototype.toString.call(value) : String(value);
};
