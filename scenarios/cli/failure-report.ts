import { errorPlace } from "./load/error-place.ts";
import { errorText } from "./load/error-text.ts";

/** The run that failed: how it was called, and how far it came. */
export interface FailedRun {
  /** The scenario as it was called for. */
  readonly called: string;
  readonly seed: number | string;
  /** The option `--until`, if it was given. */
  readonly until?: number | undefined;
  /** Virtual time at the end, in seconds. */
  readonly time: number;
  readonly error?: unknown;
}

/** The report on a failed run: what failed, when and where, and the command that shows it again. */
export function failureReport({ called, seed, until, time, error }: FailedRun): string {
  const place = errorPlace(error);
  const lines = [
    `${called} failed at ${time} s with seed ${seed}`,
    ...errorText(error).split("\n"),
    ...(place === undefined ? [] : [`at ${place}`]),
    `to see it again: simloop run ${shellWord(called)} --seed ${shellWord(String(seed))}${untilOption(until)}`,
  ];
  return lines.join("\n  ");
}

const untilOption = (until: number | undefined): string => (until === undefined ? "" : ` --until ${until}`);

/** `text` as one word for a shell. */
export const shellWord = (text: string): string =>
  /^[\w@%+=:,./-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`;
