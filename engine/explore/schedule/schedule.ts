import type { ExecutionRecord } from "./execution-record.ts";
import type { Names } from "./names.ts";

/** `step` waits until `until` has run. */
export interface Hold {
  /** The step that is held back, as in `A#3`: the third of task A. */
  readonly step: string;
  /** The step that has to run first. */
  readonly until: string;
}

/** The option that is taken of the choice `name`; never 0, which is the default. */
export interface Choice {
  /** The name of the choice, with its ordinal: `L@2`. */
  readonly name: string;
  /** Which option, counted from 0. */
  readonly option: number;
}

/** The deviations of a run from the baseline run; empty for the baseline run itself. */
export interface Schedule {
  /** Steps that are held back until others have run. */
  readonly holds: readonly Hold[];
  /** Choices that are not the default. */
  readonly choices: readonly Choice[];
}

export const DEFAULT_SCHEDULE: Schedule = { holds: [], choices: [] };

/** How many deviations `schedule` has. */
export const sizeOf = ({ holds, choices }: Schedule): number => holds.length + choices.length;

/** Orders strings, in the same way everywhere. */
export const byText = (a: string, b: string): number => (a < b ? -1 : Number(a > b));

/** The deviations as a string, the same for equal schedules. */
export const scheduleText = ({ holds, choices }: Schedule): string =>
  [
    ...holds.map(({ step, until }) => `${step}>${until}`).sort(byText),
    ...choices.map(({ name, option }) => `${name}=${option}`).sort(byText),
  ].join(",");

/**
 * The schedule that leads to exactly the run in `record`: whatever was overtaken is held until the last step that
 * overtook it.
 *
 * What had to wait for another step of its maker, which was overtaken as well, needs no hold of its own.
 */
export function scheduleOf(record: ExecutionRecord): Schedule {
  const { length, names, arrivals, leaders, pending } = record;
  const holds: Hold[] = [];
  for (const [step, last] of lastOvertakers(arrivals, length).entries()) {
    if (last >= 0 && leaders[step]! <= last) {
      holds.push({ step: names[step]?.text as string, until: names[last]?.text as string });
    }
  }
  for (const { name, arrival } of pending) {
    const last = arrivals.findLastIndex((other, step) => step < length && other > arrival);
    if (last >= 0) {
      holds.push({ step: name.text, until: names[last]?.text as string });
    }
  }
  const choices = record.choices.filter(({ taken }) => taken !== 0).map(({ name, taken }) => ({ name, option: taken }));
  return { holds, choices };
}

/** For each step the last one before it that had joined later; -1 if there is none. */
function lastOvertakers(arrivals: readonly number[], length: number): number[] {
  const overtakers: number[] = new Array(length).fill(-1);
  const latestFirst = Array.from({ length }, (_, step) => step);
  latestFirst.sort((a, b) => arrivals[b]! - arrivals[a]!);
  const joinedLater: number[] = [];
  for (const step of latestFirst) {
    const at = firstNotBelow(joinedLater, step);
    overtakers[step] = joinedLater[at - 1] ?? -1;
    joinedLater.splice(at, 0, step);
  }
  return overtakers;
}

/** Where the ascending `places` reach `place`. */
function firstNotBelow(places: readonly number[], place: number): number {
  let low = 0;
  let high = places.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (places[middle]! < place) {
      low = middle + 1;
    } else {
      high = middle;
    }
  }
  return low;
}

/** Holds as pairs of numbers, for the inner loop. */
export const holdIds = (names: Names, holds: readonly Hold[]): number[] =>
  holds.flatMap(({ step, until }) => [names.idOf(step), names.idOf(until)]);
