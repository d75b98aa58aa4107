import { errorReport } from "./load/error-text.ts";
import { calledWords } from "./node-option.ts";
import { type GivenParameters, parameterWords } from "./param-words.ts";
import { shellWord } from "./shell-word.ts";

/** The run that failed: how it was called, and how far it came. */
export interface FailedRun {
  /** The scenario as it was called for. */
  readonly called: string;
  readonly seed: number | string;
  /** The options `--param`, if there were any. */
  readonly param?: GivenParameters | undefined;
  /** The option `--until`, if it was given. */
  readonly until?: number | undefined;
  /** The option `--stack`: show stacks as they are. */
  readonly stack?: boolean | undefined;
  /** Virtual time at the end, in seconds. */
  readonly time: number;
  readonly error?: unknown;
}

/** The report on a failed run: what failed, when and where, and the commands that show it again. */
export function failureReport({ called, seed, param, until, stack, time, error }: FailedRun): string {
  const choice = `${calledWords(called)} --seed ${shellWord(String(seed))}${parameterWords(param)}${untilOption(until)}`;
  const lines = [
    `${called} failed at ${time} s with seed ${seed}`,
    ...errorReport(error, { stack }),
    `its trace as a page: simloop trace ${choice} -o trace.html`,
    `to see it again: simloop run ${choice}`,
  ];
  return lines.join("\n  ");
}

const untilOption = (until: number | undefined): string => (until === undefined ? "" : ` --until ${until}`);
