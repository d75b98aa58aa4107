import { simulate } from "../../../engine/index.ts";
import { emptyRun } from "../workloads/w0-empty-run.ts";
import type { Trace } from "./run-all.ts";

/** W0 with a `main` of the given kind. */
export async function runEmpty(scale: number, flavour: string, trace: Exclude<Trace, "file">): Promise<string> {
  const main = flavour.startsWith("agen") ? emptyAsync : emptyPlain;
  let time = 0;
  let sum = 0;
  for (let i = 0; i < emptyRun.units(scale); i++) {
    const outcome = await simulate(main, { trace });
    time += outcome.time;
    sum += outcome.value!;
  }
  return `${time}/${sum}`;
}

function* emptyPlain(): Generator<unknown, number, unknown> {
  return 1;
}

async function* emptyAsync(): AsyncGenerator<unknown, number, unknown> {
  return 1;
}
