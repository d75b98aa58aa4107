import type { ExecutionRecord } from "../schedule/execution-record.ts";
import type { Race } from "./races.ts";

/** Tasks that one barrier holds. */
const MOST_HELD = 32;

/**
 * Barriers: for a step, all that raced with it stand still where they have come equally far, until it has run.
 *
 * Where it is not known what steps touch, such a group is what lets one task go ahead while many others are half done:
 * a single reversal holds one of them, and one for each would be far too deep to be found one by one.
 *
 * @returns The races to be reversed together, for each step and each number of steps that the others may take before.
 */
export function barriersOf(record: ExecutionRecord, races: readonly Race[]): Race[][] {
  const levels = levelsOf(record);
  const bySecond = new Map<number, Race[]>();
  for (const race of races) {
    const list = bySecond.get(race.second);
    list === undefined ? bySecond.set(race.second, [race]) : list.push(race);
  }
  const barriers: Race[][] = [];
  for (const list of bySecond.values()) {
    list.sort((a, b) => a.first - b.first);
    for (const level of new Set(list.map(({ first }) => levels[first]!))) {
      const held = firstOfEach(
        record,
        list.filter(({ first }) => levels[first]! >= level),
      );
      if (held.length > 1 && held.length <= MOST_HELD) {
        barriers.push(held);
      }
    }
  }
  return barriers;
}

/** For each step, how many steps at its instant led to it, each made or woken by the one before. */
function levelsOf({ length, makers, times }: ExecutionRecord): number[] {
  const levels: number[] = [];
  for (let step = 0; step < length; step++) {
    const maker = makers[step]!;
    levels.push(maker >= 0 && times[maker] === times[step] ? levels[maker]! + 1 : 0);
  }
  return levels;
}

/** Of the races, those of the first step of each task. */
function firstOfEach({ names }: ExecutionRecord, races: readonly Race[]): Race[] {
  const seen = new Set<object | undefined>();
  return races.filter(({ first }) => {
    const actor = names[first]?.actor;
    return !seen.has(actor) && seen.add(actor);
  });
}
