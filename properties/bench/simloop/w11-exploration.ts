import { createTask, type ExploreOptions, explore, gather, replay, simulate, sleep } from "../../../engine/index.ts";
import { exploration } from "../workloads/w11-exploration.ts";
import type { Async, Plain } from "./run-all.ts";

const { tasks, pauses } = exploration;

function* main(): Plain {
  function* work(): Plain {
    for (let i = 0; i < pauses; i++) {
      yield* sleep(0);
    }
  }
  yield* gather(Array.from({ length: tasks }, () => createTask(work())));
}

async function* mainAsync(): Async {
  async function* work(): Async {
    for (let i = 0; i < pauses; i++) {
      yield* sleep(0);
    }
  }
  yield* gather(Array.from({ length: tasks }, () => createTask(work())));
}

/**
 * W11: without any exploration (`-off`), with one that may not vary anything (`-first`), or with the default strategy.
 */
export async function runExploration(scale: number, flavour: string): Promise<string> {
  const program = flavour.startsWith("agen") ? mainAsync : main;
  const runs = exploration.units(scale);
  const steps = (await replay(program, "s1:", { trace: "off" })).order.length;
  if (flavour.endsWith("-off")) {
    for (let run = 0; run < runs; run++) {
      await simulate(program, { trace: "off" });
    }
    return `${runs}/${steps}`;
  }
  const nothing: ExploreOptions = { strategy: "random", vary: { ready: false, ties: false, network: false } };
  const report = await explore(program, { runs, ...(flavour.endsWith("-first") ? nothing : {}) });
  return `${report.runs}/${steps}`;
}
