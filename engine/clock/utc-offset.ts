const FORM = /^([+-])([01]\d|2[0-3])(?::?([0-5]\d)(?::?([0-5]\d))?)?$/;

const twoDigits = (value: number): string => String(value).padStart(2, "0");

/**
 * The seconds east of UTC that a string such as `+08:00`, `-0330`, `+08` or `+00:53:28` means.
 *
 * @returns `undefined` when `text` is not an offset of less than a day.
 */
export function parseOffset(text: string): number | undefined {
  const match = FORM.exec(text);
  if (match === null) {
    return undefined;
  }
  const [, sign, hours, minutes = "0", seconds = "0"] = match;
  const size = Number(hours) * 3600 + Number(minutes) * 60 + Number(seconds);
  return sign === "-" && size > 0 ? -size : size;
}

/**
 * An offset from UTC as Python writes it: `+08:00`, or `+0800` with no `separator`; with seconds only where it has
 * some.
 *
 * @param offset - Seconds east of UTC.
 */
export function formatOffset(offset: number, separator: ":" | ""): string {
  const size = Math.abs(offset);
  const parts = [Math.floor(size / 3600), Math.floor(size / 60) % 60];
  if (size % 60 !== 0) {
    parts.push(size % 60);
  }
  return (offset < 0 ? "-" : "+") + parts.map(twoDigits).join(separator);
}
