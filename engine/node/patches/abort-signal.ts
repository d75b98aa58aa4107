import { here } from "../loop/current.ts";
import { SimulatedTimeout } from "../loop/simulated-timeout.ts";

/** Whether Node takes it for a delay, an unsigned integer of 32 bits; it refuses all else. */
const isDelay = (milliseconds: unknown): boolean =>
  Number.isInteger(milliseconds) && (milliseconds as number) >= 0 && (milliseconds as number) < 2 ** 32;

/** `AbortSignal.timeout` aborts in virtual time. As in Node, it does not keep the process alive. */
export function patchAbortSignal(): void {
  const { timeout } = AbortSignal;
  AbortSignal.timeout = (milliseconds: number): AbortSignal => {
    const process = here();
    if (process === null || !isDelay(milliseconds)) {
      return timeout.call(AbortSignal, milliseconds);
    }
    const controller = new AbortController();
    const abort = (): void =>
      controller.abort(new DOMException("The operation was aborted due to timeout", "TimeoutError"));
    new SimulatedTimeout(process, abort, milliseconds, [], false, false);
    return controller.signal;
  };
}
