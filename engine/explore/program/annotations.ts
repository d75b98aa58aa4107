import { describeValue, safeString } from "../../base/describe.ts";
import type { Access } from "../../base/ordering-policy.ts";
import type { LoopCore } from "../../loop/loop-core.ts";
import { peekRunning, requireRunning } from "../../loop/running.ts";
import type { EventLoop } from "../../network/event-loop.ts";
import { CheckFailure } from "../run/check-failure.ts";
import { checksOf } from "../run/checked-queue.ts";
import type { Checks } from "../run/checks.ts";
import { RunPolicy } from "../run/run-policy.ts";
import { digestOf, valueText } from "../schedule/digest.ts";

/** The exploration that runs the program; `null` in an ordinary run. */
export const exploringPolicy = (): RunPolicy | null => policyOf(peekRunning());

/** What the program on `loop` states of itself. */
const checksIn = (loop: LoopCore): Checks => policyOf(loop)?.checks ?? checksOf(loop);

const policyOf = (loop: LoopCore | null): RunPolicy | null =>
  loop?._ordering instanceof RunPolicy ? loop._ordering : null;

/**
 * One of `options`: the first in an ordinary run; an exploration tries the others as well.
 *
 * @param name - What is chosen, for replay tokens; how often a task has asked before is added to it.
 * @throws TypeError if the name is not a string; RangeError if there are no options; RuntimeError if no loop runs.
 */
export function choose<const T>(name: string, options: readonly T[]): T {
  if (typeof name !== "string" || name === "") {
    throw new TypeError(`choose: expected a name, got ${describeValue(name)}`);
  }
  if (!Array.isArray(options) || options.length === 0) {
    throw new RangeError(`choose: expected at least one option for '${name}', got ${describeValue(options)}`);
  }
  const loop = requireRunning();
  const taken = policyOf(loop)?.chooseHere(name, options.length, (option) => optionText(options, option)) ?? 0;
  loop._instrument?.chosen(name, taken, options.length);
  return options[taken] as T;
}

/**
 * Say that the present step reads (`"r"`) or changes (`"w"`) what `label` stands for, so that an exploration knows
 * which steps may be exchanged without effect. Say it of all shared state or of none.
 *
 * @throws TypeError for anything but `"r"` and `"w"`. Outside of an exploration it does nothing.
 */
export function touch(label: string, access: Access): void {
  if (access !== "r" && access !== "w") {
    throw new TypeError(`touch: expected "r" or "w" for ${safeString(label)}, got ${describeValue(access)}`);
  }
  exploringPolicy()?.touched(safeString(label), access);
}

/**
 * Check after every step, in every order, that `check` does not throw and does not give `false`.
 *
 * @throws whatever `check` throws, out of the run, which ends at once.
 */
export function always(check: () => unknown): void {
  requireFunction("always", check);
  const loop = requireRunning();
  const verify = (): void => {
    const answer = check();
    if (answer === false) {
      throw new Error(`always: the check ${nameOf(check)} returned false`);
    }
    requireAnswer("always", check, answer);
  };
  checksIn(loop).afterStep.push(verify);
}

/**
 * Check that `check` returns something true at some instant within `within` seconds of virtual time from now.
 *
 * Virtual time moves on only when nothing is ready, so every task has had a turn by then. A program that ends earlier,
 * or whose world stops earlier (`until`), has broken the promise as well: nothing can make it true any more.
 */
export function eventually(check: () => unknown, within: number): void {
  requireFunction("eventually", check);
  if (!(typeof within === "number" && within >= 0 && within < Number.POSITIVE_INFINITY)) {
    throw new RangeError(`eventually: expected seconds, finite and not negative, got ${describeValue(within)}`);
  }
  const loop = requireRunning() as EventLoop;
  const policy = policyOf(loop);
  const checks = checksIn(loop);
  let isSeen = false;
  let isDue = false;
  const ring = (): void => {
    isDue = true;
  };
  const verify = (): void => {
    if (!isSeen) {
      const answer = check();
      requireAnswer("eventually", check, answer);
      isSeen = Boolean(answer);
    }
    if (isDue && !isSeen) {
      fail(`within ${within} s`);
    }
  };
  const fail = (when: string): never => {
    const error = new Error(`eventually: ${nameOf(check)} did not come true ${when}`);
    throw policy === null ? error : new CheckFailure("eventually", error);
  };
  const end = (): void => {
    if (!isSeen) {
      fail(`before the end of the program, at ${loop.time()} s; it had until ${due} s`);
    }
  };
  const due = loop.time() + within;
  const arm = () => loop.callLater(within, ring);
  policy === null ? arm() : policy.exempt(arm);
  checks.afterStep.push(verify);
  checks.atEnd.push(end);
}

/** Note whether `condition` held; an exploration reports labels whose condition never did. */
export function sometimes(label: string, condition = true): void {
  const sightings = exploringPolicy()?.sightings;
  if (sightings !== undefined) {
    sightings.set(label, sightings.get(label) === true || condition);
  }
}

/**
 * Every order must end alike: `digest` is compared at the end of the run with what it was at the end of the baseline
 * run.
 *
 * @param digest - A function that is called at the end, or the outcome itself. Values are compared by what they hold,
 * Maps, Sets and objects whatever the order in which that was put in, lists in theirs.
 */
export function sameOutcome(digest: unknown): void {
  const policy = exploringPolicy();
  if (policy === null) {
    return;
  }
  if (typeof digest === "function") {
    policy.outcomes.push(digest as () => unknown);
    return;
  }
  const text = digestOf(digest);
  policy.outcomes.push(() => text);
}

function requireFunction(what: string, check: unknown): void {
  if (typeof check !== "function") {
    throw new TypeError(`${what}: expected a function, got ${describeValue(check)}`);
  }
}

/**
 * @throws TypeError for what would never be looked at: a promise or a coroutine, which are true whatever comes of them.
 */
function requireAnswer(what: string, check: () => unknown, answer: unknown): void {
  if (typeof answer === "object" && answer !== null && ("then" in answer || "next" in answer)) {
    throw new TypeError(
      `${what}: the check ${nameOf(check)} returned ${String(answer)}, whose outcome is lost; ` +
        "write it as a plain function that answers at once",
    );
  }
}

const optionText = (options: readonly unknown[], option: number): string =>
  `${valueText(options[option])} instead of ${valueText(options[0])}`;

const nameOf = (check: () => unknown): string => check.name || String(check).replace(/\s+/g, " ").slice(0, 80);
