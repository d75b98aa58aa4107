import { describeValue } from "../../base/describe.ts";
import { optionNames, requireOptions } from "../../base/require-options.ts";
import { requireOneOf } from "../../loop/options.ts";
import { OutcomeError } from "../run/failure.ts";
import { type History, type OperationRecord, operationText, requireHistory } from "./history.ts";

/** What a client may rely on about its own operations. */
export type SessionGuarantee = "readYourWrites" | "monotonicReads";

const GUARANTEES: readonly SessionGuarantee[] = ["readYourWrites", "monotonicReads"];

/** How to read a history for {@link requireSession}. */
export interface SessionOptions {
  /** What to check; both by default. */
  readonly guarantees?: readonly SessionGuarantee[];
  /** Whether the operation reads or writes; others do not count. */
  kind(operation: OperationRecord): "read" | "write" | null;
  /** The version that it read or wrote; later versions are greater. */
  version(operation: OperationRecord): number;
  /** What it is about; everything is about the same thing by default. */
  key?(operation: OperationRecord): string;
}

const SESSION_OPTIONS = optionNames<SessionOptions>({ guarantees: true, kind: true, version: true, key: true });

/**
 * Check what each client may rely on about its own operations: that it reads what it wrote, or something newer, and
 * never something older than it read before. Only what had ended when a read began counts as before it.
 *
 * @throws OutcomeError, which an exploration reports as `session`, with the two operations; TypeError, RangeError for
 * malformed options.
 */
export function requireSession(history: History, options: SessionOptions): void {
  requireHistory("requireSession", history);
  requireOptions("requireSession", options, SESSION_OPTIONS);
  const { guarantees = GUARANTEES, kind, version } = options;
  if (typeof kind !== "function" || typeof version !== "function") {
    throw new TypeError(
      "requireSession: expected { kind, version }, two functions that say of an operation whether it reads or writes, and which version; " +
        `got ${describeValue(kind)} and ${describeValue(version)}`,
    );
  }
  for (const guarantee of guarantees) {
    requireOneOf("requireSession: guarantees", guarantee, GUARANTEES);
  }
  for (const operations of sessionsOf(history, options)) {
    for (const guarantee of guarantees) {
      requireGuarantee(guarantee, operations, options);
    }
  }
}

/** The operations that read or write, with known outcome, of each client about each thing. */
function sessionsOf(history: History, { kind, key = () => "" }: SessionOptions): Iterable<OperationRecord[]> {
  const sessions = new Map<string, OperationRecord[]>();
  for (const operation of history.operations) {
    if (operation.end === "ok" && kind(operation) !== null) {
      const place = JSON.stringify([operation.client, key(operation)]);
      const session = sessions.get(place);
      session === undefined ? sessions.set(place, [operation]) : session.push(operation);
    }
  }
  return sessions.values();
}

function requireGuarantee(
  guarantee: SessionGuarantee,
  operations: readonly OperationRecord[],
  { kind, version }: SessionOptions,
): void {
  const earlier = operations
    .filter((operation) => kind(operation) === (guarantee === "readYourWrites" ? "write" : "read"))
    .sort((a, b) => a.ended - b.ended);
  let newest: OperationRecord | undefined;
  let next = 0;
  // In the order of their invocations, as the history has them.
  for (const operation of operations) {
    for (; next < earlier.length && earlier[next]!.ended < operation.invoked; next++) {
      const ended = earlier[next]!;
      newest = newest === undefined || version(ended) >= version(newest) ? ended : newest;
    }
    if (newest !== undefined && kind(operation) === "read" && version(operation) < version(newest)) {
      throw new OutcomeError(
        "session",
        `${guarantee} is broken: ${operationText(operation)} came after ${operationText(newest)}`,
      );
    }
  }
}
