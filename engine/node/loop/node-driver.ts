import type { DrivenLoop, Driver } from "../../loop/driver.ts";
import { HorizonReached } from "../../loop/run-in-progress.ts";
import type { EventLoop } from "../../network/event-loop.ts";
import { iscoroutine } from "../../tasks/coroutine.ts";
import type { Future } from "../../tasks/future.ts";
import { notAProgram } from "../../tasks/main-coroutine.ts";
import { whenCompiled } from "./compilations.ts";
import { within } from "./current.ts";
import { adoptImmediates, afterTurn, markImmediates, unmarkImmediates } from "./internal-immediates.ts";
import { drainTicks } from "./internals.ts";
import { ProcessExit } from "./process-exit.ts";
import { Stage } from "./stage.ts";
import { World } from "./world.ts";

/** The key of a function that a program may have, which prepares a run: the run begins when its promise is settled. */
export const PREPARE = Symbol("simloop.prepare");

/** What can be waited for in a plain generator. */
type Waiting = Generator<unknown, unknown, unknown>;

const isPromise = (value: unknown): value is PromiseLike<unknown> =>
  typeof (value as PromiseLike<unknown> | null)?.then === "function";

/**
 * Runs a simulation within one macrotask of the host: takes a step, lets all ticks and microtasks run, takes the next.
 *
 * libuv never gets a turn meanwhile, so that nothing real can come in between, and a program that waits for something
 * real is found at once, as one for which nothing is left to happen.
 */
export class NodeDriver implements Driver {
  private readonly _worlds = new WeakMap<object, World>();
  private readonly _stage = new Stage();
  /** The loop that has begun a run and has not been released, and those that wait for that. */
  private _owner: DrivenLoop | null = null;
  private readonly _waiting: (() => void)[] = [];

  whenFree(loop: DrivenLoop, begin: () => void): void {
    if (this._owner === null || this._owner === loop) {
      this._owner = loop;
      begin();
    } else {
      this._waiting.push(() => this.whenFree(loop, begin));
    }
  }

  drive(loop: DrivenLoop): void {
    const world = this._worldOf(loop);
    const begin = (): unknown => afterTurn(() => whenCompiled(() => this._turn(world)));
    const { preparation } = world;
    world.preparation = null;
    if (preparation === null) {
      begin();
    } else {
      void preparation().then(begin, begin);
    }
  }

  coroutineOf(loop: DrivenLoop, program: () => unknown, life: object | null): Waiting {
    const { [PREPARE]: prepare } = program as { readonly [PREPARE]?: () => Promise<void> };
    if (prepare !== undefined) {
      this._worldOf(loop).preparation = prepare;
    }
    return this._steps(loop, program, life);
  }

  private *_steps(loop: DrivenLoop, program: () => unknown, life: object | null): Waiting {
    const world = this._worldOf(loop);
    const made = within(world.processOf(life), program);
    if (iscoroutine(made)) {
      return yield* (loop as EventLoop).createTask(made) as Iterable<unknown> as Waiting;
    }
    if (!isPromise(made)) {
      throw notAProgram(made);
    }
    return yield* settled(loop as EventLoop, made) as Iterable<unknown> as Waiting;
  }

  async release(loop: DrivenLoop): Promise<void> {
    const world = this._worlds.get(loop);
    if (world !== undefined) {
      await new Promise<void>((resolve) => {
        afterTurn(() => this._release(world, resolve));
      });
    }
    if (this._owner === loop) {
      this._owner = null;
      for (const next of this._waiting.splice(0)) {
        next();
      }
    }
  }

  deadlock(_loop: DrivenLoop, error: Error): Error {
    return error;
  }

  private _worldOf(loop: DrivenLoop): World {
    let world = this._worlds.get(loop);
    if (world === undefined) {
      world = new World(loop as EventLoop);
      this._worlds.set(loop, world);
    }
    return world;
  }

  /**
   * Drive the run to its end. What a tick throws leaves this function in the middle, see {@link drainTicks}; the stage
   * then calls it again. Called with nothing of the host's below it but its loop.
   */
  private _turn(world: World): void {
    const { loop } = world;
    if (!this._stage.enter(world, () => afterTurn(() => this._turn(world)))) {
      return;
    }
    markImmediates();
    drainTicks();
    while (world.verdict === null && this._step(world)) {
      if (world.hasThrown) {
        world.hasThrown = false;
      } else {
        drainTicks();
      }
      if (loop._stepOpen) {
        loop._onForeignAwait();
        break;
      }
    }
    if (world.verdict !== null && loop.isRunning()) {
      loop._cutOffRun(endOf(world.verdict.error));
    }
    unmarkImmediates();
    this._stage.leave();
  }

  /** Take a step. @returns Whether there was one to take. */
  private _step(world: World): boolean {
    adoptImmediates(world.root);
    return world.loop._driveStep();
  }

  /** Free what is left. What the program still does meanwhile has no effect, and what it throws no meaning. */
  private _release(world: World, done: () => void): void {
    world.isOver = true;
    if (!this._stage.enter(world, () => afterTurn(() => this._release(world, done)))) {
      return;
    }
    for (const free of world.leftovers) {
      world.leftovers.delete(free);
      free();
    }
    drainTicks();
    for (const process of world.processes) {
      process.runDry(() => drainTicks());
    }
    this._stage.leave();
    done();
  }
}

/** A process that has exited with code 0 has not failed: its world ends there. */
const endOf = (error: unknown): unknown =>
  error instanceof ProcessExit && error.code === 0 ? new HorizonReached(error.message) : error;

/** A future of `loop` with the outcome of `promise`. */
function settled(loop: EventLoop, promise: PromiseLike<unknown>): Future<unknown> {
  const future = loop._futureFor<unknown>("promise");
  promise.then(
    (value) => {
      if (!future.done()) {
        future.setResult(value);
      }
    },
    (error) => {
      if (!future.done()) {
        future.setException(error);
      }
    },
  );
  return future;
}
