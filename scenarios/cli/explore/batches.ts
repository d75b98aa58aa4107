import type { StrategyName } from "../../../engine/index.ts";

/** A part of a search, which any worker can do: what comes of it depends on nothing but itself. */
export interface Batch {
  readonly index: number;
  readonly strategy: StrategyName;
  readonly runs: number;
  readonly firstRun: number;
}

/** Strategies whose runs have nothing to do with each other, so that a search can be divided. */
const DIVISIBLE: ReadonlySet<StrategyName> = new Set([
  "mix",
  "sampling",
  "random",
  "priority",
  "pct",
  "pos",
  "surw",
  "urw",
  "delays",
]);

/** Runs of the first batch, which does the reversals of a mix, and of the others. */
const FIRST = 2000;
const OTHERS = 500;

/** Whether a search with this strategy can be divided among workers. */
export const isDivisible = (strategy: StrategyName): boolean => DIVISIBLE.has(strategy);

/** The search in parts, which do not depend on the number of workers. @param isFirstShard - Others leave the reversals out: the first does them. */
export function* batchesOf(strategy: StrategyName, runs: number, isFirstShard: boolean): Generator<Batch, void, void> {
  const own = strategy === "mix" && !isFirstShard ? "sampling" : strategy;
  if (!isDivisible(strategy)) {
    yield { index: 0, strategy, runs, firstRun: 0 };
    return;
  }
  let firstRun = 0;
  for (let index = 0; firstRun < runs; index++) {
    const size = Math.min(index === 0 ? FIRST : OTHERS, runs - firstRun);
    yield { index, strategy: index === 0 || own !== "mix" ? own : "sampling", runs: size, firstRun };
    firstRun += size;
  }
}
