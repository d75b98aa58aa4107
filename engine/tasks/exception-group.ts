import { describeValue, isInstance, safeGet, safeString } from "../base/describe.ts";
import { CancelledError } from "../base/errors.ts";
import { requireArgument } from "../base/require-argument.ts";
import { type BlockCallback, beginBlock, requireBlockCallback } from "./block-callback.ts";
import { type CoroutineLike, finishing } from "./coroutine.ts";
import { GeneratorOperation } from "./generator-operation.ts";
import type { Operation, Steps } from "./operation.ts";

/** A class of errors, such as `RangeError`. */
export type ErrorClass = abstract new (...args: never[]) => unknown;

/**
 * Which errors of an {@link ExceptionGroup} are meant: a class, several classes, or a function that returns whether one
 * is.
 */
export type GroupCondition = ErrorClass | readonly ErrorClass[] | ((error: unknown) => boolean);

type Match = (error: unknown) => boolean;

const isClass = (value: unknown): value is ErrorClass =>
  typeof value === "function" && /^class\b/.test(Function.prototype.toString.call(value));

const isErrorClass = (value: unknown): value is ErrorClass =>
  typeof value === "function" && (value === Error || isInstance(value.prototype, Error) || isClass(value));

/** @throws TypeError unless `condition` is one. */
function toMatch(method: string, condition: GroupCondition): Match {
  if (Array.isArray(condition) && condition.length > 0 && condition.every(isErrorClass)) {
    return (error) => condition.some((type: ErrorClass) => isInstance(error, type));
  }
  if (isErrorClass(condition)) {
    return (error) => isInstance(error, condition);
  }
  if (typeof condition === "function") {
    return condition as Match;
  }
  throw new TypeError(
    `${method}: expected an error class, an array of them or a function, got ${describeValue(condition)}`,
  );
}

/**
 * Several errors that happened side by side, as a {@link TaskGroup} throws them.
 *
 * @see ExceptionGroup in Python. Differs: an `AggregateError`, so the errors come first:
 * `new ExceptionGroup(errors, message)`.
 */
export class ExceptionGroup extends AggregateError {
  override name = "ExceptionGroup";

  /** @throws TypeError if `errors` is not iterable */
  constructor(errors: Iterable<unknown>, message?: string, options?: ErrorOptions) {
    const isList = typeof safeGet(errors, Symbol.iterator) === "function";
    requireArgument("ExceptionGroup", "an array of errors", isList, errors);
    super(errors, message === undefined ? undefined : safeString(message), options);
  }

  /** The errors, as `errors` holds them. @see ExceptionGroup.exceptions */
  get exceptions(): readonly unknown[] {
    return this.errors;
  }

  /**
   * A group of `errors` with what this one has beside them: {@link split} and {@link subgroup} make their groups so. A
   * subclass overrides it to get groups of its own class.
   *
   * @see ExceptionGroup.derive
   */
  derive(errors: readonly unknown[]): ExceptionGroup {
    return new ExceptionGroup(errors, this.message);
  }

  /**
   * The errors that meet `condition`, in groups nested as they are here; `null` if there are none. A group that meets
   * it is taken whole.
   *
   * @throws TypeError if `condition` is neither class, array of classes nor function. @see ExceptionGroup.subgroup
   */
  subgroup(condition: GroupCondition): ExceptionGroup | null {
    return this._part(toMatch("ExceptionGroup.subgroup", condition), true);
  }

  /**
   * The errors that meet `condition`, and the others, each in groups nested as they are here; `null` for a part without
   * errors.
   *
   * @throws TypeError if `condition` is neither class, array of classes nor function. @see ExceptionGroup.split
   */
  split(condition: GroupCondition): [matching: ExceptionGroup | null, rest: ExceptionGroup | null] {
    const match = toMatch("ExceptionGroup.split", condition);
    return [this._part(match, true), this._part(match, false)];
  }

  private _part(match: Match, wanted: boolean): ExceptionGroup | null {
    if (match(this)) {
      return wanted ? this : null;
    }
    const errors: unknown[] = [];
    for (const error of this.errors as unknown[]) {
      if (isInstance(error, ExceptionGroup)) {
        const part = error._part(match, wanted);
        if (part !== null) {
          errors.push(part);
        }
      } else if (match(error) === wanted) {
        errors.push(error);
      }
    }
    if (errors.length === 0) {
      return null;
    }
    const part = this.derive(errors);
    if (this.cause !== undefined) {
      part.cause = this.cause;
    }
    return part;
  }
}

/**
 * One `except*` clause of {@link catchGroup}: which errors, and a function or coroutine function that is given the
 * group of them.
 */
export type GroupClause = readonly [
  condition: GroupCondition,
  handler: (group: ExceptionGroup) => CoroutineLike<unknown> | unknown,
];

/** A naked cancellation is not for those who handle errors, unless they name it. */
const concernsCancellation = ([condition]: GroupClause): boolean =>
  condition === CancelledError || (Array.isArray(condition) && condition.includes(CancelledError));

function leavesOf(error: unknown, leaves: Set<unknown>): void {
  if (isInstance(error, ExceptionGroup)) {
    for (const inner of error.exceptions) {
      leavesOf(inner, leaves);
    }
  } else {
    leaves.add(error);
  }
}

function* handleSteps(error: unknown, clauses: readonly GroupClause[]): Steps<void> {
  const isGroup = isInstance(error, ExceptionGroup);
  const whole = isGroup ? error : new ExceptionGroup([error], "");
  const raised: unknown[] = [];
  const kept = new Set<unknown>();
  let rest: ExceptionGroup | null = whole;
  for (const [condition, handler] of clauses) {
    if (rest === null) {
      break;
    }
    const [matching, others]: [ExceptionGroup | null, ExceptionGroup | null] = rest.split(condition);
    rest = others;
    if (matching !== null) {
      try {
        yield* finishing(handler(matching));
      } catch (thrown) {
        if (thrown === matching) {
          leavesOf(matching, kept);
        } else {
          raised.push(thrown);
        }
      }
    }
  }
  if (rest !== null) {
    leavesOf(rest, kept);
  }
  if (kept.size > 0) {
    raised.push(isGroup ? whole.subgroup((each) => kept.has(each)) : error);
  }
  if (raised.length > 1) {
    throw new ExceptionGroup(raised, "");
  }
  if (raised.length === 1) {
    throw raised[0];
  }
}

function* catchSteps<T>(callback: BlockCallback<[], T>, clauses: readonly GroupClause[]): Steps<T | undefined> {
  try {
    return (yield beginBlock(callback)) as T;
  } catch (error) {
    if (isInstance(error, CancelledError) && !clauses.some(concernsCancellation)) {
      throw error;
    }
    yield* handleSteps(error, clauses);
    return undefined;
  }
}

/**
 * Run `callback`, and handle the errors of the {@link ExceptionGroup} that it throws by their kinds: Python's
 * `try … except* …`.
 *
 * Each clause gets a group of those errors that no clause before it has matched. What no clause matches is thrown on,
 * together with what the handlers throw; a handler that throws the group it was given leaves those errors where they
 * were. An error outside of a group is treated as a group of one. A cancellation passes through unless a clause names
 * `CancelledError`.
 *
 * ```ts
 * yield* catchGroup(
 *   () => taskGroup(serve),
 *   [RangeError, (group) => print("out of range:", group.exceptions.length)],
 *   [NetworkError, function* (group) { yield* retry(group.exceptions); }],
 * );
 * ```
 *
 * @returns The result of `callback`; `undefined` if errors were handled.
 * @throws TypeError at the call if `callback` is not a coroutine function, or a clause is malformed.
 * @see Python's `except*`
 */
export function catchGroup<T>(
  callback: BlockCallback<[], T>,
  ...clauses: readonly GroupClause[]
): Operation<T | undefined> {
  requireBlockCallback("catchGroup", callback);
  for (const clause of clauses) {
    if (!Array.isArray(clause) || typeof clause[1] !== "function") {
      throw new TypeError(`catchGroup: expected clauses [condition, handler], got ${describeValue(clause)}`);
    }
    toMatch("catchGroup", clause[0]);
  }
  return new GeneratorOperation("catchGroup", catchSteps(callback, clauses));
}
