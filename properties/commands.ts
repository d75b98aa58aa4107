import { type CoroutineLike, createTask, gather, type Program } from "../engine/index.ts";

/** A command on a simulated system, beside a model that says what is to come of it. @see fast-check's `AsyncCommand`, whose `run` is a promise */
export interface SimulatedCommand<M extends object, R> {
  /** Whether the command makes sense in this state of the model. */
  check(model: Readonly<M>): boolean;
  /** Do it to both, and throw if they differ. */
  run(model: M, real: R): CoroutineLike<unknown>;
  toString(): string;
}

/** What commands run against, made anew for every run. */
export interface CommandSetup<M extends object, R> {
  readonly model: M;
  readonly real: R;
}

/**
 * A program that runs commands one after another, leaving out those that make no sense. For `fc.commands`, whose commands are plain objects with
 * `check` and `run`; give the program to `simulate`, to `explore`, or to a schedule.
 */
export const commandProgram =
  <M extends object, R>(commands: Iterable<SimulatedCommand<M, R>>, setup: () => CommandSetup<M, R>): Program<void> =>
  () =>
    runAll(commands, setup());

/** A program that runs several lists of commands at the same time, each as a task: `client-1`, `client-2` … */
export const concurrentCommands =
  <M extends object, R>(
    lists: readonly Iterable<SimulatedCommand<M, R>>[],
    setup: () => CommandSetup<M, R>,
  ): Program<void> =>
  () =>
    runLists(lists, setup());

function* runLists<M extends object, R>(
  lists: readonly Iterable<SimulatedCommand<M, R>>[],
  world: CommandSetup<M, R>,
): Generator<unknown, void, unknown> {
  yield* gather(lists.map((list, i) => createTask(runAll(list, world), { name: `client-${i + 1}` })));
}

function* runAll<M extends object, R>(
  commands: Iterable<SimulatedCommand<M, R>>,
  { model, real }: CommandSetup<M, R>,
): Generator<unknown, void, unknown> {
  for (const command of commands) {
    if (command.check(model)) {
      yield command.run(model, real);
    }
  }
}
