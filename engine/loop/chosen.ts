import type { Meaning } from "../base/ordering-policy.ts";
import { peekRunning } from "./running.ts";

/**
 * Which of `count` options of the choice called `name` is taken: 0, the default, unless an ordering policy takes
 * another.
 *
 * @param say - What an option means, for the explanation of a failure.
 */
export const chosen = (name: string, count: number, say?: Meaning): number =>
  peekRunning()?._ordering?.choose(name, count, say) ?? 0;

/** Whether there is an ordering policy, so that the name of a choice is worth making. */
export const isChosen = (): boolean => peekRunning()?._ordering != null;
