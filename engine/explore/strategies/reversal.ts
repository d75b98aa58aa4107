import { barriersOf } from "../causality/barriers.ts";
import { isTooLong, type Race, racesOf } from "../causality/races.ts";
import { orderHash } from "../causality/trace-hash.ts";
import type { Chooser } from "../run/chooser.ts";
import { HoldChooser } from "../run/hold-chooser.ts";
import type { ChoiceRecord, ExecutionRecord } from "../schedule/execution-record.ts";
import { type KeptRun, KeptRuns } from "./kept-runs.ts";
import type { Strategy, StrategyContext } from "./strategy.ts";

/**
 * Options of one choice that are tried: as many as a fault has that is optional and may come within a spread, and some
 * more.
 */
const MOST_OPTIONS = 16;

/** Steps that a schedule may try before the next of its level has its turn. */
const STEPS_PER_TURN = 8;
/** Steps of kept records, all together: what would go beyond is not built upon. */
const MOST_KEPT = 2_000_000;
/** Schedules that are tried, for all of them are remembered. */
const MOST_TRIED = 150_000;

type Choices = ReadonlyMap<string, number>;

/** Numbers of steps stay below. Two of them make one number, which takes a tenth of the room of an object. */
const PAIR = 2 ** 26;

/** What a run is changed by: more holds, as pairs of numbers, or another option. */
interface Step {
  readonly holds: readonly number[];
  readonly choice: readonly [name: string, option: number] | null;
  readonly rarity: number;
}

/** A schedule that was run, and what can be done to it next. */
interface Node {
  readonly holds: readonly number[];
  readonly choices: Choices;
  /** What it did; `null` once {@link Node.steps} has been made of it. */
  kept: KeptRun | null;
  steps: Steps;
  next: number;
}

/**
 * What to try after a run, the most promising first: a hold, as one number, or minus the place of something else,
 * counted from 1.
 */
interface Steps {
  readonly order: readonly number[];
  readonly others: readonly Step[];
}

const NO_STEPS: Steps = { order: [], others: [] };

/**
 * Conflict reversal, breadth first from the baseline run: let two steps that raced run the other way round, by holding
 * the first until the second has run; then pairs of such reversals, and so on. So the first failure found is close to
 * the smallest.
 *
 * After Jensen et al., "Stateless Model Checking of Event-Driven Applications" (R4, OOPSLA 2015). Departures: reversals
 * are named holds on top of the default order; races for the rarest object come first; all steps that raced with one
 * may be held together; where the conflicts are unknown, all tasks may be held where they have come equally far; the
 * schedules of one level take turns.
 */
export class ConflictReversal implements Strategy {
  readonly name = "reversal";
  private readonly _everything: boolean;
  private readonly _deepest: number;
  private readonly _largest: number;
  private readonly _chooser: HoldChooser;
  private readonly _keptRuns: KeptRuns;
  private readonly _tried = new Set<string>();
  private readonly _orders = new Set<number>();
  private _level: Node[] = [];
  private _nextLevel: Node[] = [];
  private _turn = 0;
  private _depth = 0;
  private _kept = 0;
  /** Whether something was left out that could have been tried: for its length, or for want of room. */
  isCut = false;
  /** A text for the schedule that was tried last: what is the same has the same. */
  key = "";
  private _running: { holds: readonly number[]; choices: Choices } = { holds: [], choices: new Map() };

  /**
   * @param everything - Take every pair of steps for a race.
   * @param deepest - Most reversals at once.
   * @param largest - Most deviations at once; a reversal that holds a group has several.
   */
  constructor(
    context: Pick<StrategyContext, "policy" | "baseline">,
    { everything = false, deepest = Number.POSITIVE_INFINITY, largest = Number.POSITIVE_INFINITY } = {},
  ) {
    this._everything = everything;
    this._deepest = deepest;
    this._largest = largest;
    this._chooser = new HoldChooser(context.policy);
    this._keptRuns = new KeptRuns(context.policy.names);
    this._orders.add(orderHash(context.baseline));
    this._level = [this._node([], new Map(), context.baseline)];
  }

  next(): Chooser | null {
    if (this._tried.size >= MOST_TRIED) {
      this._giveUp();
      return null;
    }
    for (;;) {
      const found = this._take();
      if (found === null) {
        return null;
      }
      const [node, step] = found;
      const holds = step.holds.length === 0 ? node.holds : [...node.holds, ...step.holds];
      const choices = step.choice === null ? node.choices : new Map(node.choices).set(...step.choice);
      if (holds.length / 2 + choices.size > this._largest) {
        continue;
      }
      const key = keyOf(holds, choices);
      if (!this._tried.has(key)) {
        this._tried.add(key);
        this._running = { holds, choices };
        this.key = key;
        return this._chooser.follow(holds, choices);
      }
    }
  }

  /** Enough has been tried: forget what is left to try. */
  private _giveUp(): void {
    this.isCut = true;
    this._level = [];
    this._nextLevel = [];
  }

  /** The schedule that was tried last. */
  get tried(): { readonly holds: readonly number[]; readonly choices: Choices } {
    return this._running;
  }

  ran(record: ExecutionRecord): void {
    const order = orderHash(record);
    if (!this._orders.has(order)) {
      this._orders.add(order);
      this.isCut ||= this._kept >= MOST_KEPT;
      if (this._depth + 1 < this._deepest && this._kept < MOST_KEPT) {
        this._nextLevel.push(this._node(this._running.holds, this._running.choices, record));
      }
    }
  }

  private _take(): [Node, Pick<Step, "holds" | "choice">] | null {
    for (;;) {
      if (this._level.length === 0) {
        if (this._nextLevel.length === 0 || this._depth + 1 >= this._deepest) {
          return null;
        }
        this._level = this._nextLevel;
        this._nextLevel = [];
        this._turn = 0;
        this._depth++;
      }
      if (this._turn >= this._level.length) {
        this._turn = 0;
        this._level = this._level.filter((node) => node.next < node.steps.order.length);
        continue;
      }
      const node = this._level[this._turn]!;
      this._expand(node);
      if (node.next < node.steps.order.length) {
        const step = stepAt(node.steps, node.next++);
        if (node.next % STEPS_PER_TURN === 0) {
          this._turn++;
        }
        return [node, step];
      }
      this._turn++;
    }
  }

  private _node(holds: readonly number[], choices: Choices, record: ExecutionRecord): Node {
    this._kept += record.length;
    return { holds, choices, kept: this._keptRuns.keep(record), steps: NO_STEPS, next: 0 };
  }

  /** Find out what can be done to the run of `node`; late, for many are never asked. */
  private _expand(node: Node): void {
    if (node.kept !== null) {
      const record = this._keptRuns.record(node.kept);
      node.kept = null;
      this.isCut ||= isTooLong(record, this._everything) || record.choices.some(({ count }) => count > MOST_OPTIONS);
      node.steps = stepsFrom(record, racesOf(record, this._everything), this._everything);
      this._kept -= record.length;
    }
  }
}

/** What to try after a run, the most promising first. */
function stepsFrom(record: ExecutionRecord, races: readonly Race[], everything: boolean): Steps {
  const { names } = record;
  const idOf = (step: number): number => (names[step] as { id: number }).id;
  const together = (group: readonly Race[]): Step => ({
    holds: group.flatMap(({ first, second }) => [idOf(first), idOf(second)]),
    choice: null,
    rarity: group[0]!.rarity + 0.5,
  });
  const groups = groupsOf(races).map(together);
  const others: Step[] = [];
  const barriers = everything ? barriersOf(record, races).map(together) : [];
  const order = inTurn(
    [...races, ...groups, ...optionsFrom(record.choices)].sort((a, b) => a.rarity - b.rarity),
    barriers,
  ).map((step) => ("first" in step ? idOf(step.first) * PAIR + idOf(step.second) : -others.push(step)));
  return { order, others };
}

function stepAt({ order, others }: Steps, place: number): Pick<Step, "holds" | "choice"> {
  const step = order[place]!;
  return step < 0 ? others[-step - 1]! : { holds: [Math.floor(step / PAIR), step % PAIR], choice: null };
}

/** The items of two lists in turn, while both have any. */
const inTurn = <A, B>(a: readonly A[], b: readonly B[]): (A | B)[] =>
  Array.from({ length: Math.max(a.length, b.length) }, (_, i) => [...a.slice(i, i + 1), ...b.slice(i, i + 1)]).flat();

/** For each step that raced with several before it for the same thing: those races. */
function groupsOf(races: readonly Race[]): Race[][] {
  const groups = new Map<string, Race[]>();
  for (const race of races) {
    const key = `${race.second}/${race.object?.id ?? ""}`;
    const group = groups.get(key);
    if (group === undefined) {
      groups.set(key, [race]);
    } else {
      group.push(race);
    }
  }
  return [...groups.values()].filter((group) => group.length > 1 && group.length <= 16);
}

/** The other options of the choices that came up. */
export const optionsFrom = (choices: readonly ChoiceRecord[]) =>
  choices.flatMap(({ name, count, taken }) =>
    taken !== 0
      ? []
      : Array.from({ length: Math.min(count, MOST_OPTIONS) - 1 }, (_, i) => ({
          holds: [],
          choice: [name, i + 1] as const,
          rarity: choices.length,
        })),
  );

const byText = (a: string, b: string): number => (a < b ? -1 : Number(a > b));

function keyOf(holds: readonly number[], choices: Choices): string {
  const parts: string[] = [];
  for (let i = 0; i < holds.length; i += 2) {
    parts.push(`${holds[i]}>${holds[i + 1]}`);
  }
  for (const [name, option] of choices) {
    parts.push(`${name}=${option}`);
  }
  return parts.length === 1 ? parts[0]! : [...new Set(parts)].sort(byText).join();
}
