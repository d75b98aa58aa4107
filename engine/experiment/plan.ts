import { describeValue } from "../base/describe.ts";
import { invariant } from "../base/invariant.ts";
import { requireArgument, requireFields } from "../base/require-argument.ts";
import type { Setting } from "./parameters.ts";

/** Seeds from `from` to `to`, both included. */
export interface SeedRange {
  readonly from: number;
  readonly to: number;
}

/** Which runs there are: every setting with every seed. */
export interface Plan {
  readonly settings: readonly Setting[];
  readonly seeds: SeedRange;
}

/** Some runs of a plan that one worker makes one after another: a setting, by its number, with a range of seeds. */
export interface Job extends SeedRange {
  readonly setting: number;
}

/** The part `index` of `of` equal parts of the seeds, counted from 1. */
export interface Shard {
  readonly index: number;
  readonly of: number;
}

/** How many seeds a range has. */
export function sizeOf(seeds: SeedRange): number {
  requireFields("sizeOf", "seeds { from, to }", seeds, { from: "number", to: "number" });
  return seeds.to - seeds.from + 1;
}

/** The name of a job, unique within its plan. */
export function jobKey(job: Job): string {
  requireFields("jobKey", "a job { setting, from, to }", job, { setting: "number", from: "number", to: "number" });
  return `${job.setting}:${job.from}-${job.to}`;
}

/** @throws RangeError unless the seeds are safe integers, not negative, the first not after the last. */
export function requireSeeds(what: string, seeds: SeedRange): SeedRange {
  requireArgument("requireSeeds", "a string as what takes the seeds", typeof what === "string", what);
  const { from, to } = seeds ?? {};
  const isSeed = (seed: unknown): seed is number => Number.isSafeInteger(seed) && (seed as number) >= 0;
  if (!isSeed(from) || !isSeed(to)) {
    throw new RangeError(
      `${what}: expected seeds from 0 to ${Number.MAX_SAFE_INTEGER}, got ${describeValue(from)} to ${describeValue(to)}`,
    );
  }
  if (from > to) {
    throw new RangeError(
      `${what}: expected the first seed before the last, got ${describeValue(from)} to ${to}; did you mean ${to} to ${from}?`,
    );
  }
  return { from, to };
}

/**
 * The seeds of a shard: contiguous, and together with those of the other shards all of `seeds`. `null` if it has none.
 */
export function seedsOfShard(seeds: SeedRange, shard: Shard): SeedRange | null {
  requireSeeds("seedsOfShard", seeds);
  requireFields("seedsOfShard", "a shard { index, of }", shard, { index: "number", of: "number" });
  const { index, of } = shard;
  const share = sizeOf(seeds) / of;
  const from = seeds.from + Math.floor(share * (index - 1));
  const to = index === of ? seeds.to : seeds.from + Math.floor(share * index) - 1;
  return from <= to ? { from, to } : null;
}

/**
 * The jobs of a plan in order: setting by setting, seeds upward, `runsPerJob` runs each but for the last of a setting.
 */
export function* jobsOf({ settings, seeds }: Plan, runsPerJob: number): Generator<Job, void, void> {
  invariant(runsPerJob >= 1, "a job has at least one run");
  for (let setting = 0; setting < settings.length; setting++) {
    for (let from = seeds.from; from <= seeds.to; from += runsPerJob) {
      yield { setting, from, to: Math.min(seeds.to, from + runsPerJob - 1) };
    }
  }
}

/** All runs of a plan: a job for each setting. */
export function jobsOfPlan(plan: Plan): readonly Job[] {
  requireFields("jobsOfPlan", "a plan { settings, seeds }", plan, { settings: "array", seeds: "object" });
  return [...jobsOf(plan, sizeOf(plan.seeds))];
}

/**
 * What is left of `job` without the ranges of `done`, which are those of the same setting: zero or more jobs, seeds
 * upward.
 */
export function withoutDone(job: Job, done: readonly SeedRange[]): Job[] {
  let rest: Job[] = [job];
  for (const range of done) {
    rest = rest.flatMap((part) => cut(part, range));
  }
  return rest;
}

function cut(job: Job, { from, to }: SeedRange): Job[] {
  if (to < job.from || from > job.to) {
    return [job];
  }
  return [
    { ...job, to: from - 1 },
    { ...job, from: to + 1 },
  ].filter((part) => part.from <= part.to);
}
