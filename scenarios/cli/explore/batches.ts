import { type StrategyName, strategyTraits } from "../../../engine/index.ts";

/** A part of a search, which any worker can do: its result depends on nothing else. */
export interface Batch {
  readonly index: number;
  readonly strategy: StrategyName;
  readonly runs: number;
  readonly firstRun: number;
}

/** Runs of the first batch, which does the reversals of a mix, and of the others. */
const FIRST = 2000;
const OTHERS = 500;

/**
 * The search in parts, which do not depend on the number of workers.
 *
 * @param isFirstShard - In others, the strategy of the later parts does all of them.
 */
export function* batchesOf(strategy: StrategyName, runs: number, isFirstShard: boolean): Generator<Batch, void, void> {
  const { isDivisible, laterParts = strategy } = strategyTraits(strategy);
  if (!isDivisible) {
    yield { index: 0, strategy, runs, firstRun: 0 };
    return;
  }
  let firstRun = 0;
  for (let index = 0; firstRun < runs; index++) {
    const size = Math.min(index === 0 ? FIRST : OTHERS, runs - firstRun);
    yield { index, strategy: index === 0 && isFirstShard ? strategy : laterParts, runs: size, firstRun };
    firstRun += size;
  }
}
