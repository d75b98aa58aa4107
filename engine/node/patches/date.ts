import { here } from "../loop/current.ts";
import { realms } from "../loop/realms.ts";
import type { SimulatedProcess } from "../loop/simulated-process.ts";

/** What a wall clock may miss the next millisecond by, in milliseconds: seconds since 1970 have no more digits. */
const ROUNDING = 5e-4;

/** Milliseconds since 1970 by the wall clock of the host of `process`. */
const millisecondsOf = ({ world, host }: SimulatedProcess): number =>
  Math.floor(world.loop._wallClock.seconds(host.time()) * 1000 + ROUNDING);

/** `Date.now`, `new Date()` and `Date()` show the simulated wall clock: `start` at the beginning, plus virtual time. */
export function patchDate(): void {
  for (const realm of realms) {
    patchRealm(realm);
  }
}

function patchRealm(realm: typeof globalThis): void {
  const { Date: RealDate } = realm;
  const now = (): number => {
    const process = here();
    return process === null ? RealDate.now() : millisecondsOf(process);
  };
  function SimulatedDate(this: unknown, ...args: unknown[]): unknown {
    if (new.target === undefined) {
      return new RealDate(now()).toString();
    }
    const target = (new.target as unknown) === SimulatedDate ? RealDate : new.target;
    return Reflect.construct(RealDate, args.length === 0 ? [now()] : args, target);
  }
  Object.setPrototypeOf(SimulatedDate, RealDate);
  Object.defineProperties(SimulatedDate, {
    name: { value: "Date", configurable: true },
    length: { value: 7, configurable: true },
    now: { value: now, configurable: true, writable: true },
    prototype: { value: RealDate.prototype, writable: false },
  });
  Object.defineProperty(RealDate.prototype, "constructor", {
    value: SimulatedDate,
    configurable: true,
    writable: true,
  });
  Object.defineProperty(realm, "Date", { value: SimulatedDate, configurable: true, writable: true });
}
