import { safeString } from "../base/describe.ts";
import { SafeError } from "../base/safe-error.ts";
/**
 * Thrown into a task that another one interrupts. It is not a cancellation: the task may go on.
 *
 * @see simpy.Interrupt
 */
export class Interrupt extends SafeError {
  override name = "Interrupt";
  /** Why, as the interrupting task said; `undefined` if it did not. */
  override readonly cause: unknown;
  private _remaining: number | undefined = undefined;

  constructor(cause?: unknown, message = cause === undefined ? "interrupted" : `interrupted: ${safeString(cause)}`) {
    super(message);
    this.cause = cause;
  }

  /** Seconds that were left of the sleep that was interrupted; `undefined` if the task did not sleep. */
  get remaining(): number | undefined {
    return this._remaining;
  }

  /** @internal */
  _setRemaining(seconds: number): void {
    this._remaining = seconds;
  }
}
