import { RuntimeError } from "../base/errors.ts";
import type { LoopCore } from "../loop/loop-core.ts";
import { peekRunning, requireRunning } from "../loop/running.ts";
import type { Timer } from "../loop/timers.ts";
import { isInsideRequest, nextFor, throwInto } from "./async-generators.ts";
import { explained } from "./recursion.ts";
import { rejected } from "./wait-places.ts";

/**
 * How coroutines are resumed. No other file calls `next` or `throw` of a generator.
 *
 * A task keeps the stack of its coroutines; the one on top is resumed. There are three ways to be suspended:
 *
 * - *by yield*: a coroutine yielded an awaitable to this file, which resumes it with `next(value)`. This is how plain
 *   generators always wait, and async generators that write a bare `yield`;
 * - *directly*: an async generator is inside `yield* awaitable`, whose iterator ran here, in the middle of the
 *   coroutine, and gave it a promise. The generators above it never see the suspension, so it costs the same at any
 *   depth;
 * - *in a frame*: an async generator is inside `yield* operation`, and the operation's own (plain) generator lies on
 *   top of the stack. A {@link PromiseFrame} between the two turns the operation's end into a promise.
 */

/** What becomes of an awaitable that a task begins to wait for. */
export const READY = 0;
export const SUSPENDED = 1;
/** The awaitable put a coroutine of its own on the task's stack. */
export const CALLED = 2;

/** What a task can wait for. */
export interface Enterable {
  /**
   * @internal `task` begins to wait. Answers {@link READY} when the result is there already, for `_take` to give;
   * {@link SUSPENDED} when the task is registered and will be put into the ready queue; {@link CALLED}.
   */
  _enter(task: Driven): number;
  /** @internal The result of an awaitable that was ready. @throws what it failed with. */
  _take(): unknown;
}

const isEnterable = (yielded: unknown): yielded is Enterable =>
  yielded !== undefined && yielded !== null && (yielded as Enterable)._enter !== undefined;

/** A generator of either kind, or a frame that acts as one. */
export interface Frame {
  next(value: unknown): unknown;
  throw(error: unknown): unknown;
}

/** What a suspended task waits for. */
export interface WaitTarget {
  /** @internal For traces, as of an awaitable. */
  readonly _kind: string;
  /** @internal Number for traces. */
  readonly _number: number;
  /** @internal One of the states of a future. */
  readonly _state: number;
  /** @internal The result, once finished. */
  readonly _value: unknown;
  /** @internal The error to throw into the task; asked once, when its step begins. */
  _takeError(): unknown;
  /** @internal `task` no longer waits for this, which goes on without it. */
  _leftBy(task: Listener): void;
  cancel(reason?: string): boolean;
}

/** States of a {@link Resumable} that leads to a step, beyond those of a future: it was woken, or cancelled. */
export const WOKEN = 5;
export const TAKEN_BACK = 6;

/** What takes part in the step of a task that waited for it: it may find that it has to wait again. */
export interface Resumable extends WaitTarget {
  /**
   * @internal The task has its turn. Answers {@link READY} when the result is in `_value`; {@link SUSPENDED} when it
   * waits again; {@link CALLED}.
   *
   * @throws what the wait ends with.
   */
  _goOn(task: Driven): number;
  /**
   * @internal The task goes on with `error`, thrown into it; clean up. @returns Whether that takes time: a coroutine
   * has been put on the task's stack, which is to throw the error in the end.
   */
  _giveUp(task: Driven, error: unknown): boolean;
}

/** What hears of a future's end: a task that waits for it, or what waits for several. */
export interface Listener {
  /** @internal Join the ready queue. */
  _wakeUp(): void;
  /** @internal Take the next step at once, as the last act of a handle. */
  _wakeUpNow(): void;
}

/** The side of a task that this file and the awaitables work with. */
export interface Driven extends Listener {
  /**
   * @internal The same, as the last act of a handle: if that is all that the next pass holds, the task runs at once.
   */
  _wakeUpLast(): void;
  /**
   * @internal Wait for one pass: asyncio's bare yield. What is `given` is done already, and the task resumes with its
   * result.
   */
  _yieldTurn(given?: WaitTarget): void;
  /** @internal Note what is waited for; a cancellation that is due goes straight to it. */
  _waitFor(awaited: WaitTarget): void;
  /** @internal The coroutine on top of the stack; `null` once the last has ended. */
  _coroutine: Frame | null;
  /**
   * @internal The `next` of the coroutine on top, looked up when it got there: to V8 the generators of each function
   * are of a kind of their own, and it is slow to find a method of many kinds.
   */
  _advance: Frame["next"];
  /** @internal The coroutines below it, the outermost first. */
  _callers: Frame[] | null;
  /** @internal Resolves the promise of a direct suspension. */
  _resume: ((step: unknown) => void) | null;
  /** @internal */
  readonly _loop: DrivenLoop;
  /** @internal The timer of its sleeps, kept from one to the next. */
  _sleepTimer: (WaitTarget & Timer) | null;
  /** @internal The last coroutine ended: with a value, or by throwing. */
  _end(failed: boolean, value: unknown): void;
  /**
   * @internal A coroutine yielded something else than an awaitable: nothing, a coroutine to call, or a mistake. Answers
   * like `_enter`.
   */
  _interpret(yielded: unknown): number;
}

/** The side of a loop that this file works with. */
export interface DrivenLoop extends LoopCore {
  /** @internal The task whose step is open. */
  _currentTask: Driven | null;
  /** @internal The step of the current task is over. */
  _closeStep(): void;
  /**
   * @internal The program did what leaves its tasks in no sensible state: the run ends with `error` before anything
   * else happens.
   */
  _failBy<E extends Error>(error: E): E;
  /** @internal What the promises of async generators call; made when the first is needed. */
  _settlers: Settlers | null;
}

/**
 * What follows a promise of an async generator. Of one loop, so that a coroutine left behind by a failed run cannot
 * settle another run's step.
 */
export interface Settlers {
  onStep(step: GeneratorStep): void;
  onFailure(error: unknown): void;
}

interface GeneratorStep {
  readonly done?: boolean;
  readonly value: unknown;
}

/**
 * Given back to a coroutine that goes on without a result. It never changes.
 *
 * A generator made it, because V8 resolves a promise faster with an object of that shape: it knows that it has no
 * `then`.
 */
const DONE_WITHOUT_VALUE = (function* nothing(): Generator<
  never,
  undefined
> {})().next() as IteratorReturnResult<undefined>;

/** The end of an inner iteration with `value`, as `yield*` expects it. */
export const doneWith = (value: unknown): IteratorReturnResult<unknown> =>
  value === undefined ? DONE_WITHOUT_VALUE : { done: true, value };

/** What a {@link PromiseFrame} answers: the coroutine below it goes on by itself. */
const HANDED_OVER: GeneratorStep = Object.freeze({ value: undefined });

/**
 * What the executor of the promise that is being made was given. It is set and taken within one expression, with no
 * code of users in between, so that one variable serves all loops; a closure for each promise would cost an object.
 */
let captured: ((step: unknown) => void) | null = null;

/** Executor of the promises below. Shared, and without `reject`: a failure resolves with a rejected promise. */
const capture = (resolve: (step: unknown) => void): void => {
  captured = resolve;
};

const takeCaptured = (): ((step: unknown) => void) => {
  const resolve = captured!;
  captured = null;
  return resolve;
};

/** Turns the end of what lies above it on the stack into the settlement of a promise, for the async generator below. */
class PromiseFrame implements Frame {
  settled = false;
  failed = false;
  value: unknown;
  resolve: ((step: unknown) => void) | null = null;

  next(value: unknown): unknown {
    return this._settle(false, value);
  }

  throw(error: unknown): unknown {
    return this._settle(true, error);
  }

  private _settle(failed: boolean, value: unknown): unknown {
    if (this.resolve === null) {
      this.settled = true;
      this.failed = failed;
      this.value = value;
    } else {
      this.resolve(failed ? rejected(value) : doneWith(value));
    }
    return HANDED_OVER;
  }
}

/** Put `frame` on top of the stack of `task`. */
export function pushFrame(task: Driven, frame: Frame): void {
  const below = task._coroutine;
  if (below !== null) {
    if (task._callers === null) {
      task._callers = [below];
    } else {
      task._callers.push(below);
    }
  }
  task._coroutine = frame;
  task._advance = nextFor(frame.next);
}

/**
 * Let `steps` run before the coroutine that is suspended on top of the stack, which goes on with what they return or
 * throw.
 */
export function runBefore(task: Driven, steps: Frame): void {
  if (task._resume !== null) {
    const frame = new PromiseFrame();
    frame.resolve = task._resume;
    task._resume = null;
    pushFrame(task, frame);
  }
  pushFrame(task, steps);
}

function popFrame(task: Driven): void {
  const below = task._callers?.pop() ?? null;
  task._coroutine = below;
  if (below !== null) {
    task._advance = nextFor(below.next);
  }
}

/**
 * A step runs inside the step that created its task. Set by {@link startEagerly} alone, for as long as that is on the
 * stack; a parameter of {@link resume} would have to pass through every frame of a coroutine.
 */
let eager = false;

/** Run the first step of `task` at once, up to its first wait, its end, or the first async generator. */
export function startEagerly(task: Driven): void {
  const outer = eager;
  eager = true;
  try {
    resume(task, false, undefined);
  } finally {
    eager = outer;
  }
}

/**
 * Resume a suspended task with a value or an error: the coroutine on top of its stack, and what that calls and returns
 * to, until the task suspends or ends, or until an async generator is at work, which will come back through
 * {@link settlersOf}.
 *
 * All is written out here, `popFrame` too where it matters: V8 compiles functions of up to 460 bytes of bytecode into
 * each of their callers again, and callers that hold this one, which is just above, run slower by a tenth.
 */
export function resume(task: Driven, failed: boolean, value: unknown): void {
  let throwing = failed;
  let given = value;
  const settle = task._resume;
  if (settle !== null) {
    task._resume = null;
    settle(throwing ? rejected(given) : doneWith(given));
    return;
  }
  for (;;) {
    const coroutine = task._coroutine;
    if (coroutine === null) {
      task._end(throwing, given);
      return;
    }
    if (eager && (coroutine as { readonly [Symbol.toStringTag]?: string })[Symbol.toStringTag] === "AsyncGenerator") {
      // It goes on in microtasks, which cannot be waited for in the middle of another step.
      task._wakeUp();
      task._loop._closeStep();
      return;
    }
    let step: GeneratorStep;
    try {
      step = (throwing ? throwInto(coroutine, given) : task._advance.call(coroutine, given)) as GeneratorStep;
    } catch (error) {
      popFrame(task);
      throwing = true;
      given = explained(error);
      continue;
    }
    throwing = false;
    if (step.done === false) {
      const yielded = step.value;
      try {
        const outcome = isEnterable(yielded) ? yielded._enter(task) : task._interpret(yielded);
        if (outcome === SUSPENDED) {
          task._loop._closeStep();
          return;
        }
        given = outcome === READY ? (yielded as Enterable)._take() : undefined;
      } catch (error) {
        throwing = true;
        given = error;
      }
    } else if (step.done === true) {
      const below = task._callers?.pop() ?? null;
      task._coroutine = below;
      if (below !== null) {
        task._advance = nextFor(below.next);
      }
      given = step.value;
    } else if (step === HANDED_OVER) {
      popFrame(task);
      return;
    } else {
      task._loop._settlers ??= settlersOf(task._loop);
      const { onStep, onFailure } = task._loop._settlers;
      (step as unknown as Promise<GeneratorStep>).then(onStep, onFailure);
      return;
    }
  }
}

/** Go on with a task after its async generator came back, and then with the loop if the step ended thereby. */
function comeBack(task: Driven, failed: boolean, value: unknown): void {
  const loop = task._loop;
  loop._draining = true;
  resume(task, failed, value);
  loop._draining = false;
  if (!loop._stepOpen) {
    loop._drain();
  }
}

/**
 * The settlers of `loop`. A promise of an async generator settles within a step of its own task, unless the run was cut
 * off meanwhile. They return nothing: returning a promise would build an adoption chain.
 */
function settlersOf(loop: DrivenLoop): Settlers {
  const openTask = (): Driven | null => (peekRunning() === loop && loop._stepOpen ? loop._currentTask : null);
  return {
    onStep(step) {
      const task = openTask();
      if (task === null) {
        return;
      }
      if (step.done === true) {
        popFrame(task);
        comeBack(task, false, step.value);
      } else {
        comeBackFromYield(task, step.value);
      }
    },
    onFailure(error) {
      const task = openTask();
      if (task !== null) {
        popFrame(task);
        comeBack(task, true, explained(error));
      }
    },
  };
}

function comeBackFromYield(task: Driven, yielded: unknown): void {
  let failed = false;
  let given: unknown;
  try {
    const outcome = isEnterable(yielded) ? yielded._enter(task) : task._interpret(yielded);
    if (outcome === SUSPENDED) {
      const loop = task._loop;
      loop._closeStep();
      loop._drain();
      return;
    }
    given = outcome === READY ? (yielded as Enterable)._take() : undefined;
  } catch (error) {
    failed = true;
    given = error;
  }
  comeBack(task, failed, given);
}

/** The task that runs now. @throws RuntimeError outside of a task. */
export function requireTask(what: unknown): Driven {
  const loop = requireRunning() as DrivenLoop;
  const task = loop._currentTask;
  if (task === null) {
    if (suspended !== null && suspended._loop === loop && suspendedIn === loop._steps) {
      throw loop._failBy(
        new RuntimeError(
          `${suspended} cannot wait for ${String(what)} as well: a task waits for one thing at a time. To wait for several, make tasks of them: ` +
            "yield* gather(…), with each() around an async generator",
        ),
      );
    }
    throw new RuntimeError(`${String(what)} was awaited outside of a task: only a coroutine can wait`);
  }
  return task;
}

/** Suspend the running coroutine, an async generator, directly: what `yield*` on an awaitable calls. */
export function enterDirectly(awaitable: Enterable): GeneratorStep | Promise<GeneratorStep> {
  const task = requireTask(awaitable);
  if (awaitable._enter(task) === READY) {
    return doneWith(awaitable._take());
  }
  const promise = new Promise(capture) as Promise<GeneratorStep>;
  task._resume = takeCaptured();
  const loop = task._loop;
  loop._closeStep();
  if (isInsideRequest()) {
    leaveLater(task);
  } else if (!loop._draining) {
    loop._drain();
  }
  return promise;
}

/** Run a plain generator in the running task on behalf of an async generator: what `yield*` on an operation calls. */
export function enterThroughFrame(operation: Enterable): GeneratorStep | Promise<GeneratorStep> {
  const task = requireTask(operation);
  const loop = task._loop;
  const frame = new PromiseFrame();
  pushFrame(task, frame);
  const drained = loop._draining;
  // What runs above the frame may end the step; other tasks must not run before the frame has its promise.
  loop._draining = true;
  operation._enter(task);
  resume(task, false, undefined);
  loop._draining = drained;
  if (frame.settled) {
    if (frame.failed) {
      throw frame.value;
    }
    return doneWith(frame.value);
  }
  const promise = new Promise(capture) as Promise<GeneratorStep>;
  frame.resolve = takeCaptured();
  if (!loop._stepOpen) {
    if (isInsideRequest()) {
      leaveLater(task);
    } else if (!drained) {
      loop._drain();
    }
  }
  return promise;
}

/**
 * The task that has just been suspended inside a request to an async generator, and the step in which that happened.
 */
let suspended: Driven | null = null;
let suspendedIn = 0;

const SETTLED = Promise.resolve();

/**
 * Go on with the loop after a direct suspension inside a request to an async generator, once the program that made the
 * request has gone on: it may make another one, as in `Promise.all([a.next(), b.next()])`, in what must not be the step
 * of another task.
 */
function leaveLater(task: Driven): void {
  const loop = task._loop;
  suspended = task;
  suspendedIn = loop._steps;
  if (!loop._draining) {
    loop._draining = true;
    void SETTLED.then(() => goOn(loop));
  }
}

function goOn(loop: DrivenLoop): void {
  suspended = null;
  if (peekRunning() === loop) {
    loop._draining = false;
    loop._drain();
  }
}
