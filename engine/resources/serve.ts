import { describeValue } from "../base/describe.ts";
import { optionNames, pick, requireOptions } from "../base/require-options.ts";
import { requireDelay } from "../loop/validate.ts";
import type { Steps } from "../tasks/operation.ts";
import { sleep } from "../tasks/sleep.ts";
import { NotServedError } from "./not-served-error.ts";
import { Preempted } from "./preempted.ts";
import type { Request, RequestOptions } from "./request.ts";

/**
 * What becomes of work that was interrupted by a preemption: it goes on where it was, begins again, begins again with a
 * new duration, or is given up.
 */
export type OnPreempt = "resume" | "restart" | "resample" | "leave";

const ON_PREEMPT: readonly OnPreempt[] = ["resume", "restart", "resample", "leave"];

/** Options of `serve`. */
export interface ServeOptions extends RequestOptions {
  /** What becomes of preempted work; `"resume"` by default. */
  readonly onPreempt?: OnPreempt;
}

const REQUEST_NAMES = ["priority", "amount", "preempt", "timeout", "balk"] as const;
const SERVE_OPTIONS = optionNames<ServeOptions>({
  onPreempt: true,
  priority: true,
  amount: true,
  preempt: true,
  timeout: true,
  balk: true,
});

/** How a service ended. */
export interface ServeOutcome {
  /** Whether the work was finished; false if it was given up after a preemption. */
  readonly isDone: boolean;
  /** How often it was preempted. */
  readonly preemptions: number;
  /** Seconds of work that are left; 0 when it is finished. */
  readonly remaining: number;
}

/** What can be asked for units. */
interface Servable {
  request(options: RequestOptions): Request;
}

function drawn(duration: number | (() => number)): number {
  const seconds = typeof duration === "function" ? duration() : duration;
  requireDelay("serve", seconds);
  return seconds;
}

/** Work for some seconds with a unit of `resource`. @throws NotServedError if the request is turned away. */
export function* serveSteps(
  resource: Servable,
  duration: number | (() => number),
  options: ServeOptions,
): Steps<ServeOutcome> {
  requireOptions("serve", options, SERVE_OPTIONS);
  const { onPreempt = "resume" } = options;
  if (!ON_PREEMPT.includes(onPreempt)) {
    throw new TypeError(`serve: expected onPreempt to be ${ON_PREEMPT.join(", ")}, got ${describeValue(onPreempt)}`);
  }
  const asked = pick(options, REQUEST_NAMES);
  let remaining = drawn(duration);
  const whole = remaining;
  for (let preemptions = 0; ; preemptions++) {
    const request = resource.request(asked);
    let began = false;
    try {
      yield request;
      if (!request.granted && request.state !== "preempted") {
        throw new NotServedError(request);
      }
      began = true;
      yield sleep(remaining);
      return { isDone: true, preemptions, remaining: 0 };
    } catch (error) {
      if (!(error instanceof Preempted && (error.resource as unknown) === resource && request.state === "preempted")) {
        throw error;
      }
      remaining = began ? (error.remaining ?? remaining) : remaining;
      if (onPreempt === "leave") {
        return { isDone: false, preemptions: preemptions + 1, remaining };
      }
      remaining = onPreempt === "resume" ? remaining : onPreempt === "restart" ? whole : drawn(duration);
    } finally {
      request[Symbol.dispose]();
    }
  }
}
