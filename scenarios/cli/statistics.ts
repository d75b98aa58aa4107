import type { SimulationResult } from "../../engine/index.ts";
import { columns } from "./columns.ts";

/** How a run went, a line each: what `--stats` shows. @param streamed - The number of records that the result does not have. */
export function statistics(result: SimulationResult<unknown>, seed: number | string, streamed?: number): string {
  return columns([
    ["virtual time", `${result.time} s`],
    ["steps", String(result.steps)],
    ["seed", String(seed)],
    ["digest", result.digest],
    ["trace", `${streamed ?? count(result.trace)} records`],
  ]);
}

function count(things: Iterable<unknown>): number {
  let number = 0;
  for (const _ of things) {
    number++;
  }
  return number;
}
