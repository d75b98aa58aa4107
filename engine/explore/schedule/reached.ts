import type { ExecutionRecord } from "./execution-record.ts";
import type { Schedule } from "./schedule.ts";
import { TokenError } from "./token.ts";

/** @throws TokenError unless everything that the schedule names came up, in this run or in the baseline run. */
export function requireReached(
  { holds, choices }: Schedule,
  record: ExecutionRecord,
  baselineOrder: readonly string[],
): void {
  const steps = new Set([...baselineOrder, ...record.order(), ...record.pending.map(({ name }) => name.text)]);
  const missing = [
    ...holds.flatMap(({ step, until }) => [step, until]).filter((name) => !steps.has(name)),
    ...choices.map(({ name }) => name).filter((name) => !record.choices.some((choice) => choice.name === name)),
  ];
  if (missing.length > 0) {
    throw new TokenError(
      `stale replay token: the program does not come to ${[...new Set(missing)].join(", ")} any more; explore again`,
    );
  }
}
