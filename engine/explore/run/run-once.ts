import type { ExceptionContext } from "../../loop/exceptions.ts";
import type { Callback } from "../../loop/handle.ts";
import { HorizonReached } from "../../loop/run-in-progress.ts";
import { EventLoop, type EventLoopOptions } from "../../network/event-loop.ts";
import { cancelAllTasks } from "../../runner.ts";
import type { Program, SimulateOptions } from "../../simulation.ts";
import { describeNonCoroutine, iscoroutine } from "../../tasks/coroutine.ts";
import { digestOf } from "../schedule/digest.ts";
import { RunAbandoned } from "./check-failure.ts";
import type { Chooser } from "./chooser.ts";
import { type Breakage, breakageOf, OutcomeError } from "./failure.ts";
import { finalLeftovers, type Leftovers, leakOf, NOTHING_LEFT } from "./leftovers.ts";
import type { RunPolicy } from "./run-policy.ts";

/** What one run of an exploration came to; its steps are in the policy's record. */
export interface RunOutcome {
  /** What broke; `null` if the run ended well. */
  readonly breakage: Breakage | null;
  /** The chooser gave the run up. */
  readonly isAbandoned: boolean;
  readonly left: Leftovers;
  /** What the program called its outcome. */
  readonly digests: readonly string[];
  readonly time: number;
}

/** What every run of an exploration has in common. */
export interface RunSettings {
  readonly program: Program<unknown>;
  readonly options: SimulateOptions;
  /** What the plain run left behind, and its outcomes: the measure for the others. */
  readonly plain: { readonly left: Leftovers; readonly digests: readonly string[] } | null;
  /** The step from which on the order is plain again. */
  readonly fairAfter: number;
  /** Record where tasks are created, which costs as much as many steps. */
  readonly wantsPlaces: boolean;
}

/** A loop that keeps what nobody handled, and prints nothing. */
class ExploringLoop extends EventLoop {
  readonly unhandled: unknown[] = [];
  private readonly _wantsPlaces: boolean;

  constructor(options: EventLoopOptions, wantsPlaces: boolean) {
    super(options, true);
    this._wantsPlaces = wantsPlaces;
  }

  override defaultExceptionHandler(context: ExceptionContext): void {
    if (context.exception !== undefined) {
      this.unhandled.push(context.exception);
    }
  }

  protected override _recordPlace(): object | null {
    return this._wantsPlaces ? super._recordPlace() : null;
  }
}

/** The program is none: not a failure that it has, but a mistake of the caller. */
class NoCoroutine extends TypeError {
  override name = "TypeError";
}

const ignore: Callback = () => {};

/** Run `settings.program` once, as `simulate` does, in the order that `chooser` picks. */
export async function runOnce(policy: RunPolicy, chooser: Chooser, settings: RunSettings): Promise<RunOutcome> {
  policy.begin(chooser, settings.fairAfter);
  const options = { ...settings.options, ordering: policy, output: ignore, errorOutput: ignore };
  const loop = new ExploringLoop(options, settings.wantsPlaces);
  policy.attach(loop);
  if (settings.options.until !== undefined) {
    loop._stopWorldAt(settings.options.until);
  }
  let breakage: Breakage | null = null;
  let isAbandoned = false;
  try {
    const main: unknown = loop._within(settings.program);
    if (!iscoroutine(main)) {
      throw new NoCoroutine(`expected a function that makes a coroutine, but it gave ${describeNonCoroutine(main)}`);
    }
    await loop.runUntilComplete(main);
    policy.settle();
    // Another simulation may be at work meanwhile: what is looked at here must not count as touched by it.
    loop._within(() => policy.finish());
  } catch (error) {
    policy.settle();
    if (error instanceof NoCoroutine) {
      loop.close();
      throw error;
    }
    isAbandoned = error instanceof RunAbandoned;
    breakage = error instanceof HorizonReached || isAbandoned ? null : breakageOf(error);
  }
  settings.options.signal?.throwIfAborted();
  const time = loop.time();
  const digests: string[] = [];
  try {
    loop._within(() => digests.push(...policy.outcomes.map((outcome) => digestOf(outcome()))));
  } catch (error) {
    breakage ??= isAbandoned ? null : { kind: "error", error };
  }
  breakage ??= isAbandoned ? null : unhandledOf(loop);
  let left = NOTHING_LEFT;
  if (breakage === null && !isAbandoned) {
    const { plain } = settings;
    if (!loop._wasCutOff) {
      left = await finalLeftovers(loop, plain?.left ?? null, policy.touchedObjects(), policy.pendingTimers());
    }
    breakage = plain === null ? null : differenceOf(left, digests, plain);
  }
  await endRun(loop);
  return { breakage, isAbandoned, left, digests, time };
}

/** An error that nobody handled, in a run whose main task ended well. */
function unhandledOf(loop: ExploringLoop): Breakage | null {
  const failed = loop._failures.find((future) => future._report() !== null) as { _value?: unknown } | undefined;
  return loop.unhandled.length === 0 && failed === undefined
    ? null
    : { kind: "unhandled", error: failed === undefined ? loop.unhandled[0] : failed._value };
}

/** In what a run that ended well is worse than the plain one. */
function differenceOf(
  left: Leftovers,
  digests: readonly string[],
  plain: NonNullable<RunSettings["plain"]>,
): Breakage | null {
  const leak = leakOf(left, plain.left);
  if (leak !== null) {
    return { kind: "leak", error: new OutcomeError("leak", leak) };
  }
  for (let i = 0; i < Math.max(digests.length, plain.digests.length); i++) {
    if (digests[i] !== plain.digests[i]) {
      const text = `sameOutcome: this order ends with ${digests[i] ?? "no outcome"}, the plain one with ${plain.digests[i] ?? "no outcome"}`;
      return { kind: "outcome", error: new OutcomeError("outcome", text) };
    }
  }
  return null;
}

/** Cancel what is left and close the loop. What goes wrong here has no part in the verdict. */
async function endRun(loop: ExploringLoop): Promise<void> {
  if (!loop._wasCutOff && loop.allTasks().length > 0) {
    try {
      await cancelAllTasks(loop);
    } catch {
      // A task that refuses to end.
    }
  }
  loop.close();
}
