import { peekRunning } from "./running.ts";

/** Which of `count` options of the choice called `name` is taken: 0, the default, unless somebody chooses the order and takes another. */
export const chosen = (name: string, count: number): number => peekRunning()?._ordering?.choose(name, count) ?? 0;

/** Whether somebody chooses the order, so that the name of a choice is worth making. */
export const isChosen = (): boolean => peekRunning()?._ordering != null;
