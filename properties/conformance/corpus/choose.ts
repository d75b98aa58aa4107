import type { Features } from "./features.ts";

/** Something that could be chosen. */
export interface Candidate {
  readonly features: Features;
  /** What it costs to take it, such as its size. */
  readonly cost: number;
}

/**
 * Choose candidates that together have every essential feature of all, then as many detailed ones as `most` candidates
 * can.
 *
 * Takes, again and again, the one with the most new features for its cost; the earlier one of equals.
 */
export function choose<C extends Candidate>(candidates: readonly C[], most: number): C[] {
  const chosen: C[] = [];
  const left = new Set(candidates);
  for (const kind of ["essential", "detailed"] as const) {
    const covered = new Set(chosen.flatMap(({ features }) => [...features[kind]]));
    const gains = new Map([...left].map((each) => [each, each.features[kind].size / each.cost]));
    while (kind === "essential" || chosen.length < most) {
      const best = bestOf(left, gains, (each) => newIn(each.features[kind], covered) / each.cost);
      if (best === undefined) {
        break;
      }
      chosen.push(best);
      left.delete(best);
      for (const feature of best.features[kind]) {
        covered.add(feature);
      }
    }
  }
  return chosen;
}

/**
 * The candidate with the greatest gain above zero. Gains only fall, so that an old one that is too small need not be
 * computed again.
 */
function bestOf<C>(left: ReadonlySet<C>, gains: Map<C, number>, gainOf: (each: C) => number): C | undefined {
  let best: C | undefined;
  let bestGain = 0;
  for (const each of left) {
    if (gains.get(each)! > bestGain) {
      const gain = gainOf(each);
      gains.set(each, gain);
      if (gain > bestGain) {
        best = each;
        bestGain = gain;
      }
    }
  }
  return best;
}

function newIn(features: ReadonlySet<string>, covered: ReadonlySet<string>): number {
  let count = 0;
  for (const feature of features) {
    count += covered.has(feature) ? 0 : 1;
  }
  return count;
}
