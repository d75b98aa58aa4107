import type { Setting } from "./parameters.ts";

/** What differs from a run of the sweep. */
export interface RunVariant {
  readonly values: Setting;
  readonly onlyFaults?: readonly number[] | undefined;
}
