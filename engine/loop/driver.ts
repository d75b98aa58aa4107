/** What a {@link Driver} needs of the loop that it drives. */
export interface DrivenLoop {
  /** @internal A coroutine's step has begun and has neither suspended nor ended. */
  readonly _stepOpen: boolean;
  /** @internal Take one step. @returns Whether the run goes on. */
  _driveStep(): boolean;
  /** @internal End the present run with `error`; nothing of the loop runs afterwards. */
  _cutOffRun(error: unknown): void;
  /** @internal The open step waits for something that is not of this loop: end the run. */
  _onForeignAwait(): void;
}

/**
 * Runs the steps of loops in place of their own drain, and makes coroutines of programs that are none.
 *
 * `engine/node` implements it: its programs use promises and Node's timers, so that the host's microtasks have to run
 * between two steps. A process has at most one driver; `import "simloop/node"` installs it.
 */
export interface Driver {
  /**
   * Call `begin` as soon as no other loop has begun a run and not been released: programs may share what a process has
   * once.
   */
  whenFree(loop: DrivenLoop, begin: () => void): void;
  /** Drive the run that `loop` has begun, in a turn of the host to come. */
  drive(loop: DrivenLoop): void;
  /**
   * A coroutine that calls `program` in its first step and waits for the promise that it returns.
   *
   * @param life - The life of a simulated host on which it runs, or `null` outside of them.
   */
  coroutineOf(loop: DrivenLoop, program: () => unknown, life: object | null): Iterator<unknown, unknown, unknown>;
  /** Free what the program of `loop` still holds of the host's: sockets, timers, listeners. */
  release(loop: DrivenLoop): Promise<void>;
  /** The error that ends a run in which nothing can happen any more, in place of `error`. */
  deadlock(loop: DrivenLoop, error: Error): Error;
}

let installed: Driver | null = null;

/** Let `driver` drive the simulations that begin from now on. */
export const installDriver = (driver: Driver): void => {
  installed = driver;
};

/** The driver of this process, or `null`. */
export const installedDriver = (): Driver | null => installed;
