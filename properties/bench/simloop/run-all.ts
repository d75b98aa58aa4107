import { closeSync, mkdtempSync, openSync, rmSync, writeSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createTask, getRunningLoop, type SimulationResult, simulate, type Task } from "../../../engine/index.ts";

/** How much of a run is recorded: for `file`, all of it, and written to a file while the run goes on. */
export type Trace = "off" | "digest" | "full" | "file";

/** A coroutine of the fast lane. */
export type Plain = Generator<unknown, void, unknown>;

/** A coroutine of the ordinary kind. */
export type Async = AsyncGenerator<unknown, void, unknown>;

/**
 * The worker `i` of a workload in each of the four ways of waiting: bare `yield` or `yield*`, in both kinds of
 * generator.
 */
export interface Workers {
  gen(i: number): Plain;
  genStar(i: number): Plain;
  agen(i: number): Async;
  agenStar(i: number): Async;
}

/** Runs `program` in a simulation, and returns what it returned. */
export async function simulated<T>(program: Parameters<typeof simulate<T>>[0], trace: Trace): Promise<T> {
  const outcome = trace === "file" ? await toFile<T>(program) : await simulate<T>(program, { trace });
  if (outcome.error !== undefined) throw outcome.error;
  return outcome.value as T;
}

async function toFile<T>(program: Parameters<typeof simulate<T>>[0]): Promise<SimulationResult<T>> {
  const directory = mkdtempSync(join(tmpdir(), "simloop-bench-"));
  const file = openSync(join(directory, "trace.jsonl"), "w");
  try {
    return await simulate<T>(program, { traceSink: (piece) => writeSync(file, piece) });
  } finally {
    closeSync(file);
    rmSync(directory, { recursive: true });
  }
}

/** Runs `count` workers to their end, in the way that `flavour` names; returns the final time. */
export function runAll(count: number, workers: Workers, flavour: string, trace: Trace): Promise<number> {
  const worker = workerOf(workers, flavour);
  function* plain(): Generator<unknown, number, unknown> {
    const tasks: Task<void>[] = [];
    for (let i = 0; i < count; i++) tasks.push(createTask(worker(i)));
    for (const task of tasks) yield* task;
    return getRunningLoop().time();
  }
  async function* async(): AsyncGenerator<unknown, number, unknown> {
    const tasks: Task<void>[] = [];
    for (let i = 0; i < count; i++) tasks.push(createTask(worker(i)));
    for (const task of tasks) yield* task;
    return getRunningLoop().time();
  }
  return simulated<number>(flavour.startsWith("agen") ? async : plain, trace);
}

const depth = 8;

function workerOf(workers: Workers, flavour: string): (i: number) => Plain | Async {
  switch (flavour) {
    case "gen":
      return workers.gen;
    case "gen-star":
      return workers.genStar;
    case "gen-star-8":
      return (i) => nested(depth, workers.genStar(i));
    case "gen-child-8":
      return (i) => called(depth, workers.gen(i));
    case "agen":
      return workers.agen;
    case "agen-star":
      return workers.agenStar;
    case "agen-star-8":
      return (i) => nestedAsync(depth, workers.agenStar(i));
    default:
      throw new RangeError(`there is no flavour ${flavour}`);
  }
}

/** `innermost` under `levels - 1` generators that delegate to it with `yield*`. */
function* nested(levels: number, innermost: Plain): Plain {
  yield* levels > 2 ? nested(levels - 1, innermost) : innermost;
}

/** The same with `yield child`, for which the loop keeps the stack of calls. */
function* called(levels: number, innermost: Plain): Plain {
  yield levels > 2 ? called(levels - 1, innermost) : innermost;
}

async function* nestedAsync(levels: number, innermost: Async): Async {
  yield* levels > 2 ? nestedAsync(levels - 1, innermost) : innermost;
}
