import { meanInterval } from "../statistics/estimate.ts";
import { Tally } from "../statistics/tally.ts";
import type { Experiment } from "./experiment.ts";
import { settingText } from "./parameters.ts";
import { type Job, type SeedRange, type Shard, seedsOfShard } from "./plan.ts";
import type { RangeResult } from "./range-result.ts";
import { ExperimentError } from "./replication.ts";
import type { ReplicationResult } from "./replication-result.ts";

/** What decides how many replications are enough. */
export type Precision = Pick<
  Experiment,
  "name" | "settings" | "until" | "least" | "most" | "confidence" | "antithetic"
>;

/**
 * The replications of an experiment that were made, setting by setting, and those that are missing.
 *
 * What counts depends on the replications alone: of each setting the fewest with intervals as narrow as asked for, from
 * the first on.
 */
export class Replications {
  private readonly _precision: Precision;
  private readonly _range: SeedRange;
  /** By setting, and by replication from the first of the range. */
  private readonly _made: ReplicationResult[][];

  /**
   * @throws RangeError for a shard of an experiment whose number of replications depends on their results, or without
   * replications.
   */
  constructor(precision: Precision, shard?: Shard) {
    this._precision = precision;
    this._range = rangeOf(precision, shard);
    this._made = precision.settings.map(() => []);
  }

  /** Add a result of the campaign; what is known already, or belongs to another shard, changes nothing. */
  add({ replications = [] }: RangeResult): void {
    const { from, to } = this._range;
    for (const result of replications) {
      const made = this._made[result.setting];
      if (made !== undefined && result.replication >= from && result.replication <= to) {
        made[result.replication - from] ??= result;
      }
    }
  }

  /** The runs to make next; none when there are enough. */
  missing(): Job[] {
    const { from } = this._range;
    return this._made.flatMap((made, setting) => {
      const usable = leading(made);
      const total = this._enough(usable) === null ? this._wanted(usable) : 0;
      return gaps(made, total).map((gap) => ({ setting, from: gap.from + from, to: gap.to + from }));
    });
  }

  /** The replications that count, by setting. Where their number is fixed these are all, also if others are missing. */
  counted(): (readonly ReplicationResult[])[] {
    const { least, most } = this._precision;
    return this._made.map((made) => {
      const usable = least === most ? made.filter((result) => result !== undefined) : leading(made);
      return usable.slice(0, this._enough(usable) ?? usable.length);
    });
  }

  /** @throws ExperimentError unless all results have the same measures, and those that precision was asked for. */
  requireSameMeasures(): void {
    const { name, until, settings } = this._precision;
    const results = this._made.flatMap(leading);
    const names = Object.keys(results[0]?.measures ?? {});
    const missing = Object.keys(until).find((each) => !names.includes(each));
    if (missing !== undefined) {
      throw new ExperimentError(
        `${name}: replications are to go on until '${missing}' is precise, but the model measures ${names.join(", ")}`,
      );
    }
    for (const { setting, replication, measures } of results) {
      if (Object.keys(measures).join() !== names.join()) {
        throw new ExperimentError(
          `${name}: the model measured ${names.join(", ")} in the first run, and ${Object.keys(measures).join(", ")} with ${settingText(settings[setting] ?? {}) || "no parameters"}, replication ${replication}`,
        );
      }
    }
  }

  /**
   * How many of the first replications are enough: the fewest with intervals as narrow as asked for; `null` if there
   * are not enough yet.
   */
  private _enough(results: readonly ReplicationResult[]): number | null {
    const { until, confidence } = this._precision;
    const { least, most } = this._bounds();
    const tallies = Object.entries(until).map(([name, share]) => ({ name, share, tally: new Tally() }));
    for (let count = 1; count <= results.length; count++) {
      for (const { name, tally } of tallies) {
        tally.add(results[count - 1]!.measures[name]!);
      }
      const isPrecise = (): boolean =>
        tallies.every(
          ({ share, tally }) => meanInterval(tally, { confidence }).halfWidth <= share * Math.abs(tally.mean),
        );
      if (count >= least && (count === most || isPrecise())) {
        return count;
      }
    }
    return null;
  }

  /** How many replications to have next: what the present interval promises, at most twice as many as there are. */
  private _wanted(results: readonly ReplicationResult[]): number {
    const { until, confidence } = this._precision;
    const { least, most } = this._bounds();
    const { length } = results;
    if (length < least) {
      return least;
    }
    const needed = Object.entries(until).map(([name, share]) => {
      const { mean, halfWidth } = meanInterval(
        results.map(({ measures }) => measures[name]!),
        { confidence },
      );
      return Math.ceil(length * (halfWidth / (share * Math.abs(mean))) ** 2 * 1.05);
    });
    return Math.min(most, 2 * length, Math.max(length + 1, ...needed.filter(Number.isFinite)));
  }

  private _bounds(): { readonly least: number; readonly most: number } {
    const size = this._range.to - this._range.from + 1;
    return { least: Math.min(size, this._precision.least), most: Math.min(size, this._precision.most) };
  }
}

/** The replications of a shard; antithetic pairs stay together. */
function rangeOf({ name, least, most, antithetic }: Precision, shard: Shard | undefined): SeedRange {
  if (shard === undefined) {
    return { from: 0, to: most - 1 };
  }
  if (least !== most) {
    throw new RangeError(
      `${name}: a shard needs a fixed number of replications; expected a number as replications, got a precision`,
    );
  }
  const unit = antithetic ? 2 : 1;
  const part = seedsOfShard({ from: 0, to: Math.ceil(most / unit) - 1 }, shard);
  if (part === null) {
    throw new RangeError(
      `${name}: shard ${shard.index} of ${shard.of} has no replications, of which there are ${most}`,
    );
  }
  return { from: part.from * unit, to: Math.min(most, (part.to + 1) * unit) - 1 };
}

/** The results up to the first gap. */
function leading(made: readonly ReplicationResult[]): readonly ReplicationResult[] {
  for (let i = 0; i < made.length; i++) {
    if (made[i] === undefined) {
      return made.slice(0, i);
    }
  }
  return made;
}

/** The ranges below `total` that are not made. */
function gaps(made: readonly (ReplicationResult | undefined)[], total: number): SeedRange[] {
  const ranges: { from: number; to: number }[] = [];
  for (let i = 0; i < total; i++) {
    if (made[i] === undefined) {
      const last = ranges.at(-1);
      if (last !== undefined && last.to === i - 1) {
        last.to = i;
      } else {
        ranges.push({ from: i, to: i });
      }
    }
  }
  return ranges;
}
