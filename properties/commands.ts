import * as fc from "fast-check";
import { type CoroutineLike, createTask, gather, type Program } from "../engine/index.ts";
import { requireOptions } from "./require-options.ts";

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

/** Options of {@link program}. */
export interface ProgramOptions {
  /** Number of clients that run their commands concurrently; 1 by default. */
  readonly clients?: number;
  /** Maximum number of commands per client; fast-check's default otherwise. */
  readonly max?: number;
}

/**
 * Programs that run commands against a simulated system, in a list as `fc.commands` makes them, or in one list for each of several clients. They shrink to
 * the fewest commands.
 *
 * ```ts
 * fc.asyncProperty(schedule(), program([fc.constant(new Increment())], setup, { clients: 2 }), (orders, main) =>
 *   underSchedule(orders, main),
 * )
 * ```
 *
 * @param setup - Makes the model and the system anew for every run.
 */
export function program<M extends object, R>(
  commands: readonly fc.Arbitrary<SimulatedCommand<M, R>>[],
  setup: () => CommandSetup<M, R>,
  options: ProgramOptions = {},
): fc.Arbitrary<Program<void>> {
  requireOptions("program", options, { clients: true, max: true });
  const { clients = 1, max } = options;
  if (!(Number.isSafeInteger(clients) && clients >= 1)) {
    throw new RangeError(`program: clients must be a whole number from 1 on, got ${String(clients)}`);
  }
  // fast-check only passes on what `run` gives, whatever it is.
  const list = fc.commands(commands as unknown as fc.Arbitrary<fc.AsyncCommand<M, R>>[], {
    disableReplayLog: true,
    ...(max === undefined ? {} : { maxCommands: max, size: "max" as const }),
  }) as unknown as fc.Arbitrary<Iterable<SimulatedCommand<M, R>>>;
  return fc.tuple(...Array.from({ length: clients }, () => list)).map((lists) => {
    const main = clients === 1 ? commandProgram(lists[0] ?? [], setup) : concurrentCommands(lists, setup);
    const text = (): string => lists.map((each) => `[${String(each)}]`).join(" beside ");
    return Object.assign(main, { [fc.toStringMethod]: text, toString: text });
  });
}

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
