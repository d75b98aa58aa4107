import { describeValue } from "../../base/describe.ts";
import { OutcomeError } from "../run/failure.ts";
import { type History, type OperationRecord, operationText, requireHistory } from "./history.ts";

/** What a history is compared with: a thing that does one operation at a time. States must not be changed in place. */
export interface Model<S> {
  readonly initial: S;
  /** What `name` with `input` returns in `state`, and the state after it. */
  apply(state: S, name: string, input: unknown): { readonly state: S; readonly output: unknown };
  /** Operations with different keys have nothing to do with each other, and are looked at apart. */
  key?(name: string, input: unknown): string;
  /** States with the same string are the same; `JSON.stringify` by default. */
  text?(state: S): string;
}

/** Result of a check. */
export interface LinearizabilityResult {
  /** `"unknown"`: the budget was spent before the answer was known. */
  readonly verdict: "ok" | "bad" | "unknown";
  /** If bad: the shortest beginning of the history, of one key, that no order of its operations explains. */
  readonly badPrefix: readonly OperationRecord[];
}

/** Steps of the search that may be made for each key, by default. */
const BUDGET = 1_000_000;

/**
 * Whether some order of the operations explains all results, each taking effect at one instant between its invocation
 * and its end.
 *
 * Operations that ended with `info`, or have not ended, may take effect at any time after their invocation, or never;
 * those that failed never did.
 *
 * After Wing and Gong (1993), with Lowe's cache of configurations (2017), each key by itself as in Porcupine.
 *
 * @param budget - Limit on the steps of the search for each key.
 * @throws TypeError, RangeError for arguments that are not a history, a model and a budget.
 */
export function checkLinearizable<S>(history: History, model: Model<S>, budget = BUDGET): LinearizabilityResult {
  requireArguments("checkLinearizable", history, model, budget);
  let verdict: "ok" | "unknown" = "ok";
  for (const operations of partsOf(history, model)) {
    const explained = explains(operations, model, budget);
    if (explained === false) {
      return { verdict: "bad", badPrefix: shortestBad(operations, model, budget) };
    }
    if (explained === null) {
      verdict = "unknown";
    }
  }
  return { verdict, badPrefix: [] };
}

/**
 * Check that a history is linearizable.
 *
 * @throws OutcomeError, which an exploration reports as `notLinearizable`, with the shortest bad beginning of the
 * history.
 */
export function requireLinearizable<S>(history: History, model: Model<S>, budget = BUDGET): void {
  requireArguments("requireLinearizable", history, model, budget);
  const { verdict, badPrefix } = checkLinearizable(history, model, budget);
  if (verdict === "bad") {
    const lines = badPrefix.map((operation) => `\n  ${operationText(operation)}`);
    throw new OutcomeError("notLinearizable", `not linearizable: no order explains${lines.join("")}`);
  }
}

/** @throws TypeError, RangeError for what can neither be a history, nor a model, nor a budget. */
function requireArguments(what: string, history: unknown, model: unknown, budget: unknown): void {
  requireHistory(what, history);
  const { apply } = (typeof model === "object" && model !== null ? model : {}) as { apply?: unknown };
  if (typeof apply !== "function") {
    throw new TypeError(
      `${what}: expected a model, { initial, apply(state, name, input) }, got ${describeValue(model)}`,
    );
  }
  if (typeof budget !== "number" || !(budget >= 0)) {
    throw new RangeError(`${what}: expected a budget of steps that is not negative, got ${describeValue(budget)}`);
  }
}

function partsOf<S>({ operations }: History, model: Model<S>): OperationRecord[][] {
  const parts = new Map<string, OperationRecord[]>();
  for (const operation of operations) {
    if (operation.end !== "fail") {
      const key = model.key?.(operation.name, operation.input) ?? "";
      const part = parts.get(key);
      if (part === undefined) {
        parts.set(key, [operation]);
      } else {
        part.push(operation);
      }
    }
  }
  return [...parts.values()];
}

/** Cut after ever later ends; a bad history stays bad however it goes on, so halving finds the first bad cut. */
function shortestBad<S>(operations: readonly OperationRecord[], model: Model<S>, budget: number): OperationRecord[] {
  const ends = operations.filter(({ end }) => end === "ok").map(({ ended }) => ended);
  ends.sort((a, b) => a - b);
  let low = 0;
  let high = ends.length - 1;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (explains(cutAfter(operations, ends[middle]!), model, budget) === false) {
      high = middle;
    } else {
      low = middle + 1;
    }
  }
  return cutAfter(operations, ends[low]!);
}

const cutAfter = (operations: readonly OperationRecord[], instant: number): OperationRecord[] =>
  operations
    .filter(({ invoked }) => invoked < instant)
    .map((operation) =>
      operation.ended > instant
        ? { ...operation, ended: Number.POSITIVE_INFINITY, end: "open", output: undefined }
        : operation,
    );

/** Whether an order explains the operations; `null` if the budget was too small. */
function explains<S>(operations: readonly OperationRecord[], model: Model<S>, budget: number): boolean | null {
  const textOf = model.text ?? ((state: S) => JSON.stringify(state));
  const seen = new Set<string>();
  const required = operations.filter(({ end }) => end === "ok").length;
  const isDone = new Array<boolean>(operations.length).fill(false);
  let left = budget;

  const search = (state: S, done: number): boolean | null => {
    if (done === required) {
      return true;
    }
    const key = `${isDone.map(Number).join("")}|${textOf(state)}`;
    if (seen.has(key)) {
      return false;
    }
    seen.add(key);
    // An operation invoked after an undone one had ended cannot come before it.
    let horizon = Number.POSITIVE_INFINITY;
    for (const [i, { ended }] of operations.entries()) {
      if (isDone[i] === false && ended < horizon) {
        horizon = ended;
      }
    }
    for (const [i, operation] of operations.entries()) {
      if (isDone[i] === true || operation.invoked > horizon) {
        continue;
      }
      if (left-- <= 0) {
        return null;
      }
      const next = model.apply(state, operation.name, operation.input);
      const isRequired = operation.end === "ok";
      if (isRequired && JSON.stringify(next.output) !== JSON.stringify(operation.output)) {
        continue;
      }
      isDone[i] = true;
      const found = search(next.state, done + Number(isRequired));
      isDone[i] = false;
      if (found !== false) {
        return found;
      }
    }
    return false;
  };
  return search(model.initial, 0);
}

/** A register: `write(value)` and `read()`, which returns what was written last. */
export const registerModel = <T>(initial: T): Model<T> => ({
  initial,
  apply: (state, name, input) =>
    name === "write" ? { state: input as T, output: undefined } : { state, output: state },
});
