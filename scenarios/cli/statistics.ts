import type { SimulationResult } from "../../engine/index.ts";
import { columns } from "./columns.ts";

/** How a run went, a line each: what `--stats` shows. */
export function statistics(result: SimulationResult<unknown>, seed: number | string): string {
  return columns([
    ["virtual time", `${result.time} s`],
    ["steps", String(result.steps)],
    ["seed", String(seed)],
    ["digest", result.digest],
    ["trace", `${result.events} records`],
  ]);
}
