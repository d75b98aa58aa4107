import { describeValue } from "../../base/describe.ts";
import { InvalidStateError } from "../../base/errors.ts";

/** The outcome of an operation: it is open until it is known. */
export type OperationEnd = "open" | "ok" | "fail" | "info";

/** One operation of a history. */
export interface OperationRecord {
  readonly client: string;
  readonly name: string;
  readonly input: unknown;
  /**
   * Places in the order of all events of the history; the end of an operation that is open or unknown is `Infinity`.
   */
  readonly invoked: number;
  ended: number;
  end: OperationEnd;
  output: unknown;
}

/** An operation in progress: say how it ended. */
export class Invocation {
  private readonly _history: History;
  private readonly _record: OperationRecord;

  /** @internal */
  constructor(history: History, record: OperationRecord) {
    this._history = history;
    this._record = record;
  }

  /** It took effect, with this result. */
  ok(output?: unknown): void {
    this._finish("ok", output);
  }

  /** It had no effect, for certain. */
  fail(): void {
    this._finish("fail", undefined);
  }

  /** It may or may not have had its effect, or have it later: a timeout, a crash. */
  info(): void {
    this._finish("info", undefined);
  }

  private _finish(end: OperationEnd, output: unknown): void {
    const record = this._record;
    if (record.end !== "open") {
      throw new InvalidStateError(`${end}: ${record.name} of ${record.client} has ended already, with ${record.end}`);
    }
    record.end = end;
    record.output = output;
    if (end === "ok") {
      record.ended = this._history._tick();
    }
  }
}

/**
 * The operations of all clients with their outcomes, in the order of events: the input of {@link requireLinearizable}
 * and {@link requireSession}.
 *
 * Events are stamped by a counter. A simulation takes one step at a time, so their order is total and no clock is
 * needed.
 *
 * @see Jepsen's histories: `invoke`, `ok`, `fail`, `info`
 */
export class History {
  private readonly _operations: OperationRecord[] = [];
  private _clock = 0;

  /** The operations in the order of their invocations. */
  get operations(): readonly OperationRecord[] {
    return this._operations;
  }

  /** `client` asks for the operation `name` with `input`. @returns The invocation, to be ended. */
  invoke(client: string, name: string, input?: unknown): Invocation {
    const record: OperationRecord = {
      client,
      name,
      input,
      invoked: this._tick(),
      ended: Number.POSITIVE_INFINITY,
      end: "open",
      output: undefined,
    };
    this._operations.push(record);
    return new Invocation(this, record);
  }

  /** @internal */
  _tick(): number {
    return this._clock++;
  }
}

/** @internal @throws TypeError unless `history` is a {@link History}. */
export function requireHistory(what: string, history: unknown): void {
  if (!(history instanceof History)) {
    throw new TypeError(`${what}: expected a History, got ${describeValue(history)}`);
  }
}

/** An operation in words. */
export function operationText({ client, name, input, end, output }: OperationRecord): string {
  const given = input === undefined ? "" : (JSON.stringify(input) ?? String(input));
  const result = end === "ok" ? ` -> ${JSON.stringify(output) ?? "nothing"}` : ` -> ${end}`;
  return `${client}: ${name}(${given})${result}`;
}
