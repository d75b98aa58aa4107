import { describeValue } from "../base/describe.ts";
import type { RandomStream } from "../base/random.ts";
import type { WaitQueue } from "../sync/wait-queue.ts";
import type { Request } from "./request.ts";

/** Compares two requests: below zero if the first comes first. */
export type RequestOrder = (a: Request, b: Request) => number;

/**
 * In which order waiting requests are served: by priority and then by time of asking (the default), by time of asking
 * alone, the last one first, in random order, or by a comparison. Equal ones are served in the order of asking.
 */
export type Discipline = "priority" | "fifo" | "lifo" | "random" | RequestOrder;

const DISCIPLINES: readonly unknown[] = ["priority", "fifo", "lifo", "random"];

/** Puts a request in its place in the queue. */
export type Join = (queue: WaitQueue<Request>, request: Request) => void;

/** SimPy's key: priority, then time of asking, then those that preempt before those that do not. */
export function comesFirst(a: Request, b: Request): boolean {
  if (a.priority !== b.priority) {
    return a.priority < b.priority;
  }
  if (a.time !== b.time) {
    return a.time < b.time;
  }
  return a.preempt && !b.preempt;
}

/**
 * The request that comes last by {@link comesFirst}: of equals, the one that was granted last. `null` if there is none.
 */
export function lastOf(holders: Iterable<Request>): Request | null {
  let last: Request | null = null;
  for (const holder of holders) {
    if (last === null || !comesFirst(holder, last)) {
      last = holder;
    }
  }
  return last;
}

const joins: Readonly<Record<"priority" | "fifo" | "lifo", Join>> = {
  priority: (queue, request) => queue.enter(request, comesFirst),
  fifo: (queue, request) => queue.enter(request),
  lifo: (queue, request) => queue.enter(request, () => true),
};

/** How requests join the queue under `discipline`. @throws TypeError for anything that is not a discipline. */
export function joinBy(what: string, discipline: Discipline, stream: () => RandomStream): Join {
  if (typeof discipline === "function") {
    const isBefore = (a: Request, b: Request): boolean => discipline(a, b) < 0;
    return (queue, request) => queue.enter(request, isBefore);
  }
  if (!DISCIPLINES.includes(discipline)) {
    throw new TypeError(
      `${what}: expected a discipline (priority, fifo, lifo, random or a comparison of two requests), got ${describeValue(discipline)}`,
    );
  }
  if (discipline === "random") {
    return (queue, request) => {
      // A random place among those that wait: whoever is at the head is each of them with the same probability.
      let places = stream().integer(0, queue.size);
      queue.enter(request, () => places-- > 0);
    };
  }
  return joins[discipline];
}
