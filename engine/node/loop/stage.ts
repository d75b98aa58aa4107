import { ConnectionPools } from "./connection-pools.ts";
import { setCurrentWorld } from "./current.ts";
import { afterTurn } from "./internal-immediates.ts";
import type { World } from "./world.ts";

/**
 * Events of `process` about a program's own end and errors; within a simulation they are the simulated program's alone.
 */
const OWN_EVENTS = [
  "beforeExit",
  "exit",
  "rejectionHandled",
  "uncaughtException",
  "uncaughtExceptionMonitor",
  "unhandledRejection",
] as const;

type Listener = (...args: unknown[]) => void;
type Listeners = readonly (readonly [name: string, listeners: readonly Listener[]])[];

const emitter = process as unknown as NodeJS.EventEmitter;

/** Take away the listeners for {@link OWN_EVENTS}. @returns Them. */
function takeListeners(): Listeners {
  const taken: [string, readonly Listener[]][] = [];
  for (const name of OWN_EVENTS) {
    if (emitter.listenerCount(name) > 0) {
      taken.push([name, emitter.rawListeners(name) as Listener[]]);
      emitter.removeAllListeners(name);
    }
  }
  return taken;
}

function giveListeners(taken: Listeners): void {
  for (const [name, listeners] of taken) {
    for (const listener of listeners) {
      emitter.on(name, listener);
    }
  }
}

/**
 * Makes the process that of a simulated program, and its own again.
 *
 * Between {@link enter} and {@link leave} the simulation is the current one, and uncaught errors and unhandled
 * rejections are the program's.
 */
export class Stage {
  private _world: World | null = null;
  private _resume: () => void = () => {};
  private _outside: Listeners = [];
  private _outsidePools = new ConnectionPools();
  private _outsideExitCode: NodeJS.Process["exitCode"];
  private readonly _ofWorlds = new WeakMap<World, Listeners>();

  /**
   * Let the process be that of the program of `world`.
   *
   * @param again - Called to go on in another macrotask, when an exception has broken off this one; or at once, when
   * another program is not done with its own.
   * @returns Whether it is so now.
   */
  enter(world: World, again: () => void): boolean {
    if (this._world !== null && this._world !== world) {
      again();
      return false;
    }
    this._resume = again;
    if (this._world === world) {
      return true;
    }
    this._world = world;
    this._outside = takeListeners();
    giveListeners(this._ofWorlds.get(world) ?? []);
    emitter.on("unhandledRejection", this._onRejection);
    process.setUncaughtExceptionCaptureCallback(this._onException);
    this._outsideExitCode = process.exitCode;
    process.exitCode = world.exitCode;
    this._outsidePools = ConnectionPools.present();
    world.pools.use();
    setCurrentWorld(world);
    return true;
  }

  leave(): void {
    setCurrentWorld(null);
    process.setUncaughtExceptionCaptureCallback(null);
    emitter.off("unhandledRejection", this._onRejection);
    const world = this._world!;
    world.exitCode = process.exitCode;
    process.exitCode = this._outsideExitCode;
    this._ofWorlds.set(world, takeListeners());
    world.pools.keep();
    this._outsidePools.use();
    this._world = null;
    giveListeners(this._outside);
    this._outside = [];
  }

  private readonly _onRejection: Listener = (reason) => {
    if (emitter.listenerCount("unhandledRejection") === 1) {
      this._world?.threw(reason);
    }
  };

  private readonly _onException = (error: Error): void => {
    const world = this._world;
    world?.threw(error);
    // A turn that was not broken off has left the stage by then.
    afterTurn(() => {
      if (this._world === world) {
        this._resume();
      }
    });
  };
}
