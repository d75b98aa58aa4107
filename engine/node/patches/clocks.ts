import { performance } from "node:perf_hooks";
import { here } from "../loop/current.ts";

const NANOSECONDS_PER_SECOND = 1_000_000_000;

/** Nanoseconds since the beginning, by the clock of the host; `null` outside of simulations. */
function nanoseconds(): number | null {
  const process = here();
  return process === null ? null : Math.round(process.milliseconds() * 1e6);
}

function patchHrtime(): void {
  const { hrtime } = process;
  const { bigint } = hrtime;
  const simulated = (since?: [number, number]): [number, number] => {
    const now = nanoseconds();
    if (now === null) {
      return hrtime(since);
    }
    let seconds = Math.floor(now / NANOSECONDS_PER_SECOND);
    let rest = now - seconds * NANOSECONDS_PER_SECOND;
    if (since !== undefined) {
      seconds -= since[0];
      rest -= since[1];
      if (rest < 0) {
        seconds--;
        rest += NANOSECONDS_PER_SECOND;
      }
    }
    return [seconds, rest];
  };
  process.hrtime = Object.assign(simulated, {
    bigint: (): bigint => {
      const now = nanoseconds();
      return now === null ? bigint() : BigInt(now);
    },
  });
}

interface Timed {
  readonly startTime?: number;
}

interface Measured {
  readonly start?: number | string;
  readonly end?: number | string;
  readonly duration?: number;
}

type AnyFunction = (...args: unknown[]) => unknown;

/** `performance`: `now`, `timeOrigin`, and the times of `mark` and `measure`. */
function patchPerformance(): void {
  const prototype = Object.getPrototypeOf(performance) as object;
  const { now, mark, measure } = performance as unknown as Record<"mark" | "measure", AnyFunction> & {
    readonly now: () => number;
  };
  const origin = Object.getOwnPropertyDescriptor(prototype, "timeOrigin");
  const define = (name: string, value: unknown): void => {
    Object.defineProperty(performance, name, { value, configurable: true, writable: true, enumerable: true });
  };
  const simulatedNow = (): number => here()?.milliseconds() ?? now.call(performance);
  define("now", simulatedNow);
  define("mark", (name: string, options?: Timed) =>
    here() === null
      ? mark.call(performance, name, options)
      : mark.call(performance, name, { startTime: simulatedNow(), ...options }),
  );
  define("measure", (name: string, from?: string | Measured, to?: string) => {
    if (here() === null || to !== undefined) {
      return measure.call(performance, name, from, to);
    }
    const given = typeof from === "string" ? { start: from } : (from ?? {});
    const end = given.duration === undefined && given.end === undefined ? { end: simulatedNow() } : {};
    return measure.call(performance, name, { start: 0, ...given, ...end });
  });
  Object.defineProperty(performance, "timeOrigin", {
    get: () => {
      const process = here();
      return process === null ? origin?.get?.call(performance) : process.world.loop._wallClock.seconds(0) * 1000;
    },
    configurable: true,
    enumerable: true,
  });
}

/** Clocks beside `Date`: they show virtual time since the beginning of the run. */
export function patchClocks(): void {
  patchHrtime();
  patchPerformance();
  const { uptime } = process;
  process.uptime = () => {
    const simulated = here();
    return simulated === null ? uptime.call(process) : simulated.milliseconds() / 1000;
  };
}
