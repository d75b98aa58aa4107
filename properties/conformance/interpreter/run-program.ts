import {
  CancelledError,
  DeadlockError,
  EventLoop,
  type ExceptionContext,
  ForeignAwaitError,
  type Future,
  gather,
  LimitError,
  Task,
} from "simloop";
import type { Program } from "../dsl/program.ts";
import { detailOf } from "./errors.ts";
import { type Flavour, flowsFor } from "./flavours.ts";
import { declare } from "./objects.ts";
import { TaskList } from "./task-list.ts";
import { World } from "./world.ts";

/** Far more than any generated program takes: one that gets there runs in a circle. */
const MAX_STEPS = 20_000_000;

/** The engine's state of a future that failed without anybody having looked. */
const FAILED_UNSEEN = 3;

/**
 * Run a program on a loop of its own, as section 8 of DSL.md says.
 *
 * @returns The trace: one line of JSON text for each event.
 * @throws LimitError, ForeignAwaitError, or an error of the engine's own, if the run broke down.
 */
export async function runProgram(program: Program, flavour: Flavour): Promise<string[]> {
  const tasks = new TaskList();
  const loop = new EventLoop({ timerTies: "heapq", maxSteps: MAX_STEPS, instrument: tasks });
  const world = new World(loop, flowsFor(flavour));
  loop.setExceptionHandler((_loop, context) => logException(world, context));
  const declareAll = (): void => {
    for (const declaration of program.objects) {
      declare(world, declaration);
    }
  };
  const main = loop.createTask(world.flow(0).main(declareAll, program.main), { name: "main" });
  world.awaitables.set("main", main);
  await drive(world, main);
  await shutDown(world, tasks.unfinished());
  for (const task of tasks.all) {
    logEnd(world, task.getName(), task);
  }
  for (const { name, future } of world.futures) {
    logEnd(world, name, future);
  }
  loop.close();
  return world.trace;
}

/** Run until `future` is done; its error was logged by the body that threw it. */
async function drive(world: World, future: Future<unknown>): Promise<void> {
  try {
    await world.loop.runUntilComplete(future);
  } catch (error) {
    if (error instanceof LimitError || error instanceof ForeignAwaitError || world.loop._wasCutOff) {
      throw error;
    }
    if (error instanceof DeadlockError) {
      world.log("loop:deadlock", null);
    }
  }
}

async function shutDown(world: World, left: readonly Task<unknown>[]): Promise<void> {
  world.log(
    "loop:shutdown",
    left.map((task) => task.getName()),
  );
  for (const task of left) {
    task.cancel();
  }
  if (left.length === 0) {
    return;
  }
  await drive(
    world,
    world.loop._within(() => gather(left, { returnExceptions: true })),
  );
  for (const task of left.filter((each) => each.done() && !each.cancelled())) {
    const exception = task.exception();
    if (exception !== null) {
      world.loop.callExceptionHandler({ message: "unhandled exception during shutdown", exception });
    }
  }
}

function logException(world: World, { message, exception }: ExceptionContext): void {
  const kind = message.startsWith("Exception in callback")
    ? "callback"
    : message.includes("parent task")
      ? "taskgroup"
      : message.includes("shutdown")
        ? "shutdown"
        : "other";
  world.log("loop:exception", [kind, detailOf(exception)]);
}

function logEnd(world: World, name: string, future: Future<unknown>): void {
  const outcome = endOf(world, future);
  world.log(`final:${name}`, future instanceof Task ? [...outcome, future.cancelling()] : outcome);
}

function endOf(world: World, future: Future<unknown>): unknown[] {
  const unretrieved = future._state === FAILED_UNSEEN;
  if (!future.done()) {
    return ["pending"];
  }
  try {
    const error = future.exception();
    return error === null ? ["ok", world.encode(future.result())] : ["err", ...detailOf(error), unretrieved];
  } catch (error) {
    if (!(error instanceof CancelledError)) {
      throw error;
    }
    return ["cancelled", detailOf(error)[1]];
  }
}
