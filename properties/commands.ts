import * as fc from "fast-check";
import { type CoroutineLike, createTask, gather, type Program } from "../engine/index.ts";
import { described, requireOptions } from "./require-options.ts";

/**
 * A command on a simulated system, beside a model that says what is to come of it.
 *
 * @see fast-check's `AsyncCommand`, whose `run` is a promise
 */
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
 * A program that runs commands one after another, leaving out those that make no sense. For `fc.commands`, whose
 * commands are plain objects with `check` and `run`; give the program to `simulate`, to `explore`, or to a schedule.
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
  /**
   * Together with fast-check's `seed` and `path`, replays a counterexample: which of the commands had run. A
   * counterexample prints it as `/*replayPath="…"*\/`.
   */
  readonly replayPath?: string;
  /** Do not print the replay path; false by default. */
  readonly disableReplayLog?: boolean;
}

/** Stands between the replay paths of two clients. */
const BETWEEN_PATHS = "|";
const PATH_COMMENT = /\s*\/\*replayPath="(.*?)"\*\/$/;

/**
 * Programs that run commands against a simulated system, in a list as `fc.commands` makes them, or in one list for each
 * of several clients. They shrink to the fewest commands.
 *
 * ```ts
 * fc.asyncProperty(schedule(), program([fc.constant(new Increment())], setup, { clients: 2 }), (orders, main) =>
 *   underSchedule(orders, main),
 * )
 * ```
 *
 * What shrinking tries depends on which commands have run. To replay a counterexample with fast-check's `seed` and
 * `path`, pass the `replayPath` that it prints; behind a {@link schedule}, use the token instead.
 *
 * @param setup - Makes the model and the system anew for every run.
 * @throws TypeError, RangeError for malformed options.
 */
export function program<M extends object, R>(
  commands: readonly fc.Arbitrary<SimulatedCommand<M, R>>[],
  setup: () => CommandSetup<M, R>,
  options: ProgramOptions = {},
): fc.Arbitrary<Program<void>> {
  requireOptions("program", options, { clients: true, max: true, replayPath: true, disableReplayLog: true });
  if (!Array.isArray(commands) || commands.length === 0 || !Array.from(commands).every(isArbitrary)) {
    throw new TypeError(`program: expected an array of arbitraries of commands, got ${described(commands)}`);
  }
  if (typeof setup !== "function") {
    throw new TypeError(`program: expected a function that makes the model and the system, got ${described(setup)}`);
  }
  const { clients = 1, max, replayPath, disableReplayLog = false } = options;
  if (!(Number.isSafeInteger(clients) && clients >= 1)) {
    throw new RangeError(`program: expected clients to be a positive integer, got ${described(clients)}`);
  }
  const paths = pathsOf(replayPath, clients);
  const lists = Array.from({ length: clients }, (_, client) => {
    const path = paths?.[client];
    // fast-check only passes on what `run` returns, whatever it is.
    return fc.commands(commands as unknown as fc.Arbitrary<fc.AsyncCommand<M, R>>[], {
      disableReplayLog,
      ...(path === undefined ? {} : { replayPath: path }),
      ...(max === undefined ? {} : { maxCommands: max, size: "max" as const }),
    }) as unknown as fc.Arbitrary<Iterable<SimulatedCommand<M, R>>>;
  });
  return fc.tuple(...lists).map((each) => {
    const main = clients === 1 ? commandProgram(each[0] ?? [], setup) : concurrentCommands(each, setup);
    const text = (): string => programText(each.map(String));
    // The report of a property shows how to replay it; the commands alone are its name elsewhere.
    return Object.assign(main, { [fc.toStringMethod]: text, toString: () => text().replace(PATH_COMMENT, "") });
  });
}

const isArbitrary = (value: unknown): boolean => value instanceof fc.Arbitrary;

/** The replay path of each client. @throws TypeError, RangeError for what no counterexample has printed. */
function pathsOf(replayPath: string | undefined, clients: number): readonly string[] | undefined {
  if (replayPath === undefined) {
    return undefined;
  }
  if (typeof replayPath !== "string") {
    throw new TypeError(
      `program: expected replayPath to be a string that a counterexample printed, got ${described(replayPath)}`,
    );
  }
  const paths = replayPath.split(BETWEEN_PATHS);
  if (paths.length !== clients) {
    throw new RangeError(
      `program: expected a replayPath for ${clients} client(s), got one for ${paths.length}: ${JSON.stringify(replayPath)}`,
    );
  }
  return paths;
}

/** The commands of each client, and one replay path for all of them. */
function programText(lists: readonly string[]): string {
  const paths = lists.map((list) => PATH_COMMENT.exec(list)?.[1]);
  const commands = lists.map((list) => `[${list.replace(PATH_COMMENT, "")}]`).join(" beside ");
  return paths.includes(undefined) ? commands : `${commands} /*replayPath="${paths.join(BETWEEN_PATHS)}"*/`;
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
