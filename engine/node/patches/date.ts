import { here } from "../loop/current.ts";
import { real } from "../loop/real.ts";
import type { SimulatedProcess } from "../loop/simulated-process.ts";

/** What a wall clock may miss the next millisecond by, in milliseconds: seconds since 1970 have no more digits. */
const ROUNDING = 5e-4;

/** Milliseconds since 1970 by the wall clock of the host of `process`. */
const millisecondsOf = ({ world, host }: SimulatedProcess): number =>
  Math.floor(world.loop._wallClock.seconds(host.time()) * 1000 + ROUNDING);

/** `Date.now`, `new Date()` and `Date()` show the simulated wall clock: `start` at the beginning, plus virtual time. */
export function patchDate(): void {
  const now = (): number => {
    const process = here();
    return process === null ? real.Date.now() : millisecondsOf(process);
  };
  function SimulatedDate(this: unknown, ...args: unknown[]): unknown {
    if (new.target === undefined) {
      return new real.Date(now()).toString();
    }
    const target = (new.target as unknown) === SimulatedDate ? real.Date : new.target;
    return Reflect.construct(real.Date, args.length === 0 ? [now()] : args, target);
  }
  Object.setPrototypeOf(SimulatedDate, real.Date);
  Object.defineProperties(SimulatedDate, {
    name: { value: "Date", configurable: true },
    length: { value: 7, configurable: true },
    now: { value: now, configurable: true, writable: true },
    prototype: { value: real.Date.prototype, writable: false },
  });
  Object.defineProperty(real.Date.prototype, "constructor", {
    value: SimulatedDate,
    configurable: true,
    writable: true,
  });
  Object.defineProperty(globalThis, "Date", { value: SimulatedDate, configurable: true, writable: true });
}
