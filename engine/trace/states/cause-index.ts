import type { TraceRecord } from "../record.ts";
import { Causes } from "./causes.ts";

/** Stands for no cause. */
export const NO_CAUSE = -1;

/** The position of each record's cause in `records`, {@link NO_CAUSE} where it has none. */
export function causeIndex(records: readonly TraceRecord[]): Int32Array {
  const index = new Int32Array(records.length);
  let at = 0;
  const causes = new Causes<number>((_record, cause = NO_CAUSE) => {
    index[at] = cause;
    return at;
  });
  for (const record of records) {
    causes.add(record);
    at++;
  }
  return index;
}

/**
 * The cause of the record at `at` that says something new, or `undefined`.
 *
 * What a step does is caused by that step; the question "why?" is answered by what made the step happen.
 */
export function meaningfulCause(
  records: readonly TraceRecord[],
  index: ArrayLike<number>,
  at: number,
): number | undefined {
  const cause = index[at] ?? NO_CAUSE;
  const record = records[cause];
  if (record === undefined) {
    return undefined;
  }
  const before = index[cause]!;
  return (record.kind === "step" || record.kind === "run") && before !== NO_CAUSE ? before : cause;
}
