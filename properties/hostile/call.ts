import { types } from "node:util";
import * as fc from "fast-check";
import { type Awaitable, gather, iscoroutine, isfuture, simulate, sleep, waitFor } from "../../engine/index.ts";
import { complaintAbout } from "./judge.ts";
import { hostile, show } from "./values.ts";

/** A function of simloop, and how errors may begin that are about its arguments. */
export interface Target {
  readonly name: string;
  readonly names: readonly string[];
  /** Prepare the call inside of a run. */
  call(args: readonly unknown[]): unknown;
}

/** Real seconds after which a call counts as hanging; no call needs a hundredth of them. */
const PATIENCE = 60;

/**
 * Call `target` inside of a run, and wait for what it returns.
 *
 * @returns What is wrong with the outcome, if anything.
 */
export async function complaintOf(target: Target, args: readonly unknown[]): Promise<string | undefined> {
  let complaint: string | undefined;
  let promise: unknown;
  const judge = (error: unknown): void => {
    complaint ??= complaintAbout(error, target.names);
  };
  const run = await simulate(
    function* main() {
      try {
        const value = target.call(args);
        if (value instanceof Promise) {
          value.catch(() => {});
          promise = value;
        } else if (!types.isProxy(value) && (isfuture(value) || iscoroutine(value))) {
          yield* waitFor(value as Awaitable<unknown>, 1);
        }
      } catch (error) {
        judge(error);
      }
      // The loop goes on as if nothing had been.
      yield* gather(sleep(1), sleep(2));
      return "usable";
    },
    { trace: "off", maxSteps: 100_000, maxStepsPerInstant: 50_000 },
  );
  if (run.error !== undefined) {
    judge(run.error);
  } else if (run.value !== "usable") {
    complaint ??= "the loop ended early";
  }
  try {
    await withPatience(promise);
  } catch (error) {
    judge(error);
  }
  return complaint === undefined ? undefined : `${target.name}(${args.map(show).join(", ")}) ${complaint}`;
}

async function withPatience(promise: unknown): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise((_, reject) => {
    timer = setTimeout(() => reject(new Error("hangs")), PATIENCE * 1000);
  });
  try {
    await Promise.race([promise, late]);
  } finally {
    clearTimeout(timer);
  }
}

/** Call each target `calls` times with arguments that follow from `seed`. @returns What was wrong. */
export async function complaintsOf(targets: readonly Target[], calls: number, seed: number): Promise<string[]> {
  const lists = fc.sample(fc.array(hostile, { maxLength: 4 }), { numRuns: 1009, seed });
  const complaints: string[] = [];
  let next = 0;
  for (const target of targets) {
    for (let call = 0; call < calls; call++) {
      const args = lists[next++ % lists.length]!.map((make) => make());
      const complaint = await complaintOf(target, args);
      if (complaint !== undefined) {
        complaints.push(complaint);
      }
    }
  }
  return complaints;
}
