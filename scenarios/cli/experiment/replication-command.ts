import { type Experiment, type Replication, seedOf } from "../../../engine/experiment/index.ts";
import { isPath } from "../load/find-scenario.ts";
import { calledWords } from "../node-option.ts";
import { parameterWords } from "../param-words.ts";
import { shellWord } from "../shell-word.ts";

/**
 * The lines that name the command which repeats a replication; none where that command does not exist: for a built-in
 * experiment, whose name also means a scenario, and where a warm-up was found by pilot runs.
 */
export function replicationCommand(
  called: string,
  { settings, antithetic, warmUp }: Experiment,
  seed: number | string,
  at: Replication | undefined,
): readonly string[] {
  if (at === undefined || !isPath(called) || warmUp === "auto") {
    return [];
  }
  const own = shellWord(String(seedOf(seed, at.replication, antithetic)));
  return [
    `to see it again: simloop run ${calledWords(called)} --seed ${own}${parameterWords({ values: settings[at.setting] ?? {} })}`,
  ];
}
