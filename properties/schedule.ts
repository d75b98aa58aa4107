import * as fc from "fast-check";
import { type AsyncProgram, type ExploreOptions, explore, type Program, parseToken, replay } from "../engine/index.ts";
import { described } from "./require-options.ts";

/** Options of {@link schedule}: those of `explore` that matter inside a property. `seed` is that of the program. */
export interface ScheduleOptions
  extends Omit<ExploreOptions, "token" | "shard" | "firstRun" | "onProgress" | "signal" | "mustReach"> {
  /** Schedules that are tried for each generated input; 30 by default. */
  readonly runs?: number;
}

/** As many searches are different: the inputs of a property try different orders. */
const SEARCHES = 1_000_000;

/** Data that the program itself refuses, with `fc.pre`, are not a failure. */
function requireNoPrecondition(error: unknown): void {
  if (fc.PreconditionFailure.isFailure(error)) {
    throw error;
  }
}

/** A program failed under a schedule: the message explains it, the cause is what the program threw. */
export class ScheduleError extends Error {
  override name = "ScheduleError";
  /** Replays the failure. */
  readonly token: string;

  constructor(explanation: string, token: string, cause: unknown) {
    super(typeof explanation === "string" ? explanation : described(explanation), { cause });
    this.token = token;
  }
}

/** What {@link schedule} generates: many orders to try, or, once one of them has failed, that one. */
export class SchedulePlan {
  private readonly _options: ScheduleOptions;
  /** What the orders follow from. */
  readonly seed: number;
  private readonly _searches: boolean;
  private _token: string | null;

  /** @internal @param searches - Try other orders as well when that of the token passes. */
  constructor(options: ScheduleOptions, seed: number, token: string | null, searches = false) {
    this._options = options;
    this.seed = seed;
    this._token = token;
    this._searches = searches;
  }

  /** The schedule that failed, or that is to be followed; `null` while none is known. */
  get token(): string | null {
    return this._token;
  }

  /**
   * Run `program` under these orders, the default one first.
   *
   * @param program - Makes its state anew each time; it is run several times.
   * @throws ScheduleError if it fails in any of them.
   */
  async run(program: Program<unknown> | AsyncProgram<unknown>): Promise<void> {
    if (this._token !== null) {
      await this._follow(program, this._token);
    }
    if (this._token === null || this._searches) {
      await this._search(program);
    }
  }

  toString(): string {
    return this._token === null ? `schedule(seed ${this.seed})` : JSON.stringify(this._token);
  }

  [fc.toStringMethod](): string {
    return this.toString();
  }

  private async _search(program: Program<unknown> | AsyncProgram<unknown>): Promise<void> {
    // The program keeps its seed, so that the token replays it: from input to input the search goes on elsewhere.
    const firstRun = (this.seed >>> 0) % SEARCHES;
    const report = await explore(program, { runs: 30, ...this._options, firstRun });
    const { failure } = report;
    if (failure !== undefined) {
      requireNoPrecondition(failure.error);
      this._token = failure.token;
      throw new ScheduleError(String(report), this._token, failure.error);
    }
  }

  private async _follow(program: Program<unknown> | AsyncProgram<unknown>, token: string): Promise<void> {
    const { runs: _, time: _time, strategy: _strategy, ...options } = this._options;
    const { failure, explanation } = await replay(program, token, {
      ...options,
      lenient: true,
      trace: "off",
    });
    if (failure !== undefined) {
      requireNoPrecondition(failure.error);
      throw new ScheduleError(`${explanation}\n\nreplay token: ${token}`, token, failure.error);
    }
  }
}

/**
 * Run `program` under what {@link schedule} returned: a plan, or the text of a token that stands among the examples of
 * a property.
 *
 * What a token names and the program does not come to is left out, so that a regression test goes on passing when the
 * program has been corrected.
 *
 * @param options - For a token: those that were passed to {@link schedule}, of which an example knows nothing.
 * @throws ScheduleError if it fails; TokenError if the string is not a token.
 */
export async function underSchedule(
  given: SchedulePlan | string,
  program: Program<unknown> | AsyncProgram<unknown>,
  options: ScheduleOptions = {},
): Promise<void> {
  if (typeof given !== "string" && !(given instanceof SchedulePlan)) {
    throw new TypeError(`underSchedule: expected a plan of schedule() or a token, got ${described(given)}`);
  }
  if (typeof program !== "function") {
    throw new TypeError(`underSchedule: expected a coroutine function (main, not main()), got ${described(program)}`);
  }
  await (typeof given === "string" ? new SchedulePlan(options, 0, given) : given).run(program);
}

/** The arbitrary; see {@link schedule}. */
class ScheduleArbitrary extends fc.Arbitrary<SchedulePlan | string> {
  private readonly _options: ScheduleOptions;

  constructor(options: ScheduleOptions) {
    super();
    this._options = options;
  }

  override generate(random: fc.Random): fc.Value<SchedulePlan | string> {
    return new fc.Value(new SchedulePlan(this._options, random.nextInt(), null), undefined);
  }

  override canShrinkWithoutContext(value: unknown): value is SchedulePlan | string {
    return value instanceof SchedulePlan || (typeof value === "string" && value.startsWith("s1:"));
  }

  override shrink(value: SchedulePlan | string, context: unknown): fc.Stream<fc.Value<SchedulePlan | string>> {
    const token = typeof value === "string" ? value : value.token;
    if (token === null) {
      return fc.Stream.nil();
    }
    // First pin what failed, so that the data shrink under it, or under what takes its place when names change with the
    // data.
    const seed = typeof value === "string" ? 0 : value.seed;
    const plans =
      context === "pinned"
        ? smaller(token).map((text) => new SchedulePlan(this._options, seed, text))
        : [new SchedulePlan(this._options, seed, token, true)];
    const values = plans.map((plan) => new fc.Value<SchedulePlan | string>(plan, "pinned"));
    return fc.stream(values[Symbol.iterator]());
  }
}

/** The tokens with one deviation less. */
function smaller(token: string): string[] {
  const { schedule } = parseToken(token);
  const parts = [
    ...schedule.holds.map(({ step, until }) => `${step}>${until}`),
    ...schedule.choices.map(({ name, option }) => `${name}=${option}`),
  ];
  return parts.map((_, i) => `s1:${parts.filter((__, j) => j !== i).join()}`);
}

/**
 * Orders of events to run a program in. Put it first among the arbitraries of a property, and the data behind it:
 *
 * ```ts
 * fc.asyncProperty(schedule(), fc.array(fc.nat()), (orders, items) => underSchedule(orders, () => main(items)))
 * ```
 *
 * For each generated input the default schedule is run and then some others. A failure is shrunk to the fewest
 * deviations from the default schedule, the schedule is pinned to that, and then the data shrink under it. A token from
 * a report is a regression test: `examples: [[token, items]]`.
 *
 * fast-check's own `path` does not replay it, for shrinking depends on what the program did: use the token.
 */
export const schedule = (options: ScheduleOptions = {}): fc.Arbitrary<SchedulePlan | string> =>
  new ScheduleArbitrary(options);
