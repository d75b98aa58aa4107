import { optionNames, requireOptions } from "../base/require-options.ts";
import { OutcomeError } from "./failure.ts";
import { type History, type OperationRecord, operationText } from "./history.ts";

/** What a client may rely on about its own operations. */
export type SessionGuarantee = "readYourWrites" | "monotonicReads";

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
 * Check what each client may rely on about its own operations: that it reads what it wrote, or something newer, and never something
 * older than it read before.
 *
 * @throws TypeError for options that there are not; OutcomeError, which an exploration reports as `session`, with the two operations.
 */
export function requireSession(history: History, options: SessionOptions): void {
  requireOptions("requireSession", options, SESSION_OPTIONS);
  const { guarantees = ["readYourWrites", "monotonicReads"], kind, version, key = () => "" } = options;
  const newest = new Map<string, OperationRecord>();
  for (const operation of history.operations) {
    const what = operation.end === "ok" ? kind(operation) : null;
    if (what === null) {
      continue;
    }
    const place = `${operation.client}\n${key(operation)}`;
    if (what === "read") {
      for (const guarantee of guarantees) {
        const before = newest.get(`${guarantee}\n${place}`);
        if (before !== undefined && version(operation) < version(before)) {
          throw new OutcomeError(
            "session",
            `${guarantee} is broken: ${operationText(operation)} came after ${operationText(before)}`,
          );
        }
      }
    }
    const slot = `${what === "write" ? "readYourWrites" : "monotonicReads"}\n${place}`;
    const before = newest.get(slot);
    if (before === undefined || version(operation) >= version(before)) {
      newest.set(slot, operation);
    }
  }
}
