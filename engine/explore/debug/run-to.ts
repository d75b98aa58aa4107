import type { Access } from "../../base/ordering-policy.ts";
import { EventLoop } from "../../network/event-loop.ts";
import { cancelAllTasks } from "../../runner.ts";
import { mainCoroutine } from "../../tasks/main-coroutine.ts";
import { beginNoting } from "../../tasks/wait-places.ts";
import { RunAbandoned } from "../run/check-failure.ts";
import type { Chooser, Entry } from "../run/chooser.ts";
import type { RunSettings } from "../run/run-once.ts";
import type { RunPolicy } from "../run/run-policy.ts";
import { valueText } from "../schedule/digest.ts";
import type { ExecutionRecord } from "../schedule/execution-record.ts";
import { BranchingChooser, stopping } from "./branching-chooser.ts";
import type { DebugStep, DebugTask, Moment } from "./moment.ts";

/**
 * Run the program from its beginning up to where `steps` steps have run, and look at it.
 *
 * Where the tasks stand is found out by cancelling them, after everything else has been looked at.
 */
export async function runTo(
  policy: RunPolicy,
  settings: RunSettings,
  chooser: Chooser,
  steps: number,
): Promise<Moment> {
  const printed: string[] = [];
  let seen: Omit<Moment, "tasks"> | null = null;
  let tasks: DebugTask[] = [];
  const loop = new EventLoop(
    { ...settings.options, ordering: policy, output: (text) => printed.push(text), errorOutput: () => {} },
    true,
  );
  loop._useDriver();
  const look = (ready: readonly Entry[]): void => {
    seen = {
      steps: policy.record.length,
      time: loop.time(),
      last: lastStep(policy.record),
      ready: ready.map(({ name, maker, isFree }) => ({
        name: name.text,
        cause: policy.record.names[maker]?.text ?? null,
        isFree,
      })),
      values: valuesOf(policy),
      output: printed.join(""),
    };
    const isReady = new Set(ready.map(({ item }) => item as unknown));
    tasks = loop.allTasks().map((task) => ({
      path: policy.pathOf(task) ?? task.getName(),
      name: task.getName(),
      state: isReady.has(task) ? "ready" : "waiting",
      waitsFor: task._waitsFor(),
      host: task.host,
      createdAt: task.createdAt(),
      stack: [],
    }));
  };
  policy.begin(
    new BranchingChooser(policy, chooser, steps, stopping(look), settings.fairAfter),
    Number.POSITIVE_INFINITY,
  );
  policy.attach(loop);
  if (settings.options.until !== undefined) {
    loop._stopWorldAt(settings.options.until);
  }
  let error: unknown;
  try {
    await loop.runUntilComplete(mainCoroutine(loop, settings.program));
  } catch (caught) {
    error = caught;
  }
  policy.settle();
  const { signal } = settings.options;
  if (signal?.aborted === true && error === signal.reason) {
    loop.close();
    await loop._driver?.release(loop);
    throw error;
  }
  if (!(error instanceof RunAbandoned)) {
    loop._within(() => look([]));
  }
  const stacks = await stacksOf(loop);
  return { ...seen!, tasks: tasks.map((task, i) => ({ ...task, stack: stacks[i] ?? [] })) };
}

/** Where the tasks of `loop` stand; ends them and the loop. */
async function stacksOf(loop: EventLoop): Promise<(readonly string[])[]> {
  const tasks = loop.allTasks();
  const places = beginNoting();
  loop._waitPlaces = places;
  try {
    await cancelAllTasks(loop);
  } catch {
    // How the program is ended has no part in what it does.
  }
  loop.close();
  await loop._driver?.release(loop);
  return tasks.map((task) => places.of(task));
}

/** The values that the program shows, each as a string. */
function valuesOf(policy: RunPolicy): { readonly label: string; readonly value: string }[] {
  return policy.unobserved(() =>
    [...policy.shown].map(([label, read]) => {
      try {
        return { label, value: valueText(read()) };
      } catch (error) {
        return { label, value: `(${String(error)})` };
      }
    }),
  );
}

/** The last step of `record`. */
export const lastStep = (record: ExecutionRecord): DebugStep | null =>
  record.length === 0 ? null : stepOf(record, record.length - 1);

/** Step number `index` of `record`, from 0. */
export function stepOf(record: ExecutionRecord, index: number): DebugStep {
  const { names, times, makers, firstAccess, objects, accesses } = record;
  const touches: { object: string; access: Access }[] = [];
  for (let i = firstAccess[index]!; i < firstAccess[index + 1]!; i++) {
    const access: Access = accesses[i] === "r" ? "r" : "w";
    touches.push({ object: objects[i]!.name, access });
  }
  return {
    number: index + 1,
    name: names[index]!.text,
    time: times[index]!,
    cause: names[makers[index]!]?.text ?? null,
    touches,
  };
}
