import { ScenarioFailure } from "./failures.ts";
import type { Outlet } from "./outlet.ts";

/** Warnings of CPython that report no exception. */
const MERE_WARNING = /^(?:sys:1: |Task was destroyed but it is pending!)/;

/** How many of `warnings` report an exception of a background task or a callback. */
export const backgroundFailures = (warnings: readonly string[]): number =>
  warnings.filter((warning) => !MERE_WARNING.test(warning)).length;

/**
 * Decide about exceptions of background tasks and callbacks, among what a run has warned of: they fail the run if it is
 * `strict`, and otherwise a line says that they would.
 *
 * @throws ScenarioFailure if it is `strict` and there are any.
 */
export function judgeBackground(
  called: string,
  warnings: readonly string[],
  strict: boolean | undefined,
  err: Outlet,
): void {
  const count = backgroundFailures(warnings);
  if (count === 0) {
    return;
  }
  const failures = count === 1 ? "a background failure" : `${count} background failures`;
  if (strict === true) {
    throw new ScenarioFailure(`${called} ended with ${failures}, which --strict does not allow`);
  }
  err.write(`${err.colours.yellow("simloop:")} ${failures} did not fail the run; with --strict, exit code 1\n`);
}
