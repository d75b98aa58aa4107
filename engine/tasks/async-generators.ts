import { RuntimeError } from "../base/errors.ts";
import { peekRunning } from "../loop/running.ts";
import { BEGUN, DELEGATED, DRIVEN, type GeneratorUse } from "./begun.ts";

/*
 * What a program does to async generators inside a step: `for await`, `yield*`, and calls of `next`, `return` and
 * `throw`.
 *
 * JavaScript queues a request to an async generator that is at work for another task. In a simulation the second task
 * would keep its step open for ever, because the first can only go on in a later step. Python raises a RuntimeError in
 * the second task, and so do the methods here, which take the place of those that all async generators inherit. Outside
 * of steps they do what they always did. The driver of tasks calls the native ones.
 */

type Request = "next" | "return" | "throw";

type Method = (this: object, value: unknown) => Promise<IteratorResult<unknown>>;

/** The side of a task that this file works with. */
interface GeneratorTask {
  readonly _loop: {
    /** @internal Async generators that have yielded an item and have not ended, in the order of their first items. */
    readonly _openGenerators: Set<object>;
  };
}

/**
 * In how many requests to async generators the code is that runs now: what is behind them has not heard of a suspension
 * yet.
 */
let depth = 0;

/**
 * Whether the code that runs now was called by a program's request to an async generator, and returns to that program.
 */
export const isInsideRequest = (): boolean => depth > 0;

/** Where the watching methods keep the native ones, so that another copy of this module finds them. */
const NATIVE = Symbol.for("simloop.native");

const METHODS = (async function* () {}.constructor as unknown as { readonly prototype: { readonly prototype: object } })
  .prototype.prototype as Record<Request, Method & { readonly [NATIVE]?: Method }>;

const nativeOf = (request: Request): Method => METHODS[request][NATIVE] ?? METHODS[request];

const native: Readonly<Record<Request, Method>> = {
  next: nativeOf("next"),
  return: nativeOf("return"),
  throw: nativeOf("throw"),
};

const nativeNext = native.next;

/** What an async generator is at work for. */
class Use implements GeneratorUse {
  task: GeneratorTask;
  /**
   * The answer to the last request, which comes after all others. Whether it is there is looked up only when it
   * matters: to hear of the end of every call of a coroutine would cost more than the call.
   */
  answer: Promise<unknown> | null = null;
  readonly isCoroutine: boolean;

  constructor(task: GeneratorTask, isCoroutine: boolean) {
    this.task = task;
    this.isCoroutine = isCoroutine;
  }
}

type Watched = object & { [BEGUN]?: number | Use };

/** Python's names of the requests. */
const NAMES: Readonly<Record<Request, string>> = { next: "anext", return: "aclose", throw: "athrow" };

const SETTLED = Promise.resolve();

const refusal = (message: string): Promise<never> => Promise.reject(new RuntimeError(message));

const isBusy = (use: Use, request: Request): Promise<never> =>
  refusal(
    `${NAMES[request]}(): asynchronous generator is already running: ${use.task} waits inside it, and two tasks cannot advance it at once`,
  );

/** Ask `generator`, and note whether it stays open: a `for await` may leave it in the middle. */
function askTracked(use: Use, generator: object, request: Request, value: unknown): Promise<IteratorResult<unknown>> {
  depth++;
  const answer = native[request].call(generator, value);
  depth--;
  use.answer = answer;
  // Functions without a name: one that a class keeps would be given its name again for each generator.
  answer.then(
    ({ done }) => {
      const open = use.task._loop._openGenerators;
      if (done === true) {
        open.delete(generator);
      } else {
        open.add(generator);
      }
    },
    () => {
      use.task._loop._openGenerators.delete(generator);
    },
  );
  return answer;
}

/** A request of another task than that of the last one, whose answer is `last`: refused unless that is there. */
function askAfter(
  last: Promise<unknown>,
  use: Use,
  task: GeneratorTask,
  generator: object,
  request: Request,
  value: unknown,
): Promise<IteratorResult<unknown>> {
  let isOver = false;
  const note = (): void => {
    isOver = true;
  };
  last.then(note, note);
  // What has settled runs its reactions in the order of their making.
  return SETTLED.then(() => {
    if (!isOver) {
      return isBusy(use, request);
    }
    use.task = task;
    return askTracked(use, generator, request, value);
  });
}

const runningTask = (): GeneratorTask | null =>
  (peekRunning() as unknown as { readonly _currentTask: GeneratorTask | null } | null)?._currentTask ?? null;

/** Ask `generator` on behalf of `task`. */
function ask(
  generator: Watched,
  request: Request,
  value: unknown,
  task: GeneratorTask,
): Promise<IteratorResult<unknown>> {
  const mark = generator[BEGUN];
  if (mark === DRIVEN) {
    return refusal(
      "cannot reuse already awaited coroutine: a task runs it; await the task, or call the function again",
    );
  }
  if (mark === undefined || typeof mark === "number") {
    const use = new Use(task, mark !== undefined);
    generator[BEGUN] = use;
    return askTracked(use, generator, request, value);
  }
  if (mark.task !== task && mark.task._loop === task._loop && mark.answer !== null) {
    return askAfter(mark.answer, mark, task, generator, request, value);
  }
  mark.task = task;
  return askTracked(mark, generator, request, value);
}

/** Nothing that a coroutine is ever given. */
const NOTHING = Symbol("nothing");

/** What the driver gives to the coroutine that it is about to resume, which passes it on through each `yield*`. */
let given: unknown = NOTHING;

/** The native `next`, for the driver. */
function resumeWith(this: object, value: unknown): unknown {
  given = value;
  const answer = nativeNext.call(this, value);
  given = NOTHING;
  return answer;
}

/**
 * `next` as every async generator inherits it. Calls of coroutines by `yield*`, the frequent case, are looked at here.
 */
function watchedNext(this: Watched, value: unknown): Promise<IteratorResult<unknown>> {
  const task = runningTask();
  if (task === null) {
    return nativeNext.call(this, value);
  }
  const mark = this[BEGUN];
  // A `yield*` passes a value, which is undefined the first time and then what the driver gives; `for await` passes
  // none.
  // biome-ignore lint/complexity/noArguments: rest parameters would be an array for each call
  if (arguments.length === 1) {
    if (mark === undefined || mark === DELEGATED) {
      if (value === undefined) {
        const use = new Use(task, mark !== undefined);
        this[BEGUN] = use;
        use.answer = nativeNext.call(this, undefined);
        return use.answer as Promise<IteratorResult<unknown>>;
      }
    } else if (value === given && mark !== DRIVEN && (mark as Use).task === task) {
      (mark as Use).answer = nativeNext.call(this, value);
      return (mark as Use).answer as Promise<IteratorResult<unknown>>;
    }
  }
  return ask(this, "next", value, task);
}

const watching = (request: "return" | "throw"): Method =>
  ({
    [request](this: Watched, value: unknown) {
      const task = runningTask();
      return task === null ? native[request].call(this, value) : ask(this, request, value, task);
    },
  })[request]!;

const WATCHING: Readonly<Record<Request, Method>> = {
  next: Object.defineProperty(watchedNext, "name", { value: "next" }),
  return: watching("return"),
  throw: watching("throw"),
};

let watchingNext: unknown = null;

/**
 * Watch what programs do to async generators from now on. Does nothing a second time, and where the methods cannot be
 * replaced.
 */
export function watchAsyncGenerators(): void {
  if (watchingNext !== null) {
    return;
  }
  try {
    for (const request of ["next", "return", "throw"] as const) {
      const method = Object.defineProperty(WATCHING[request], NATIVE, { value: native[request] });
      Object.defineProperty(METHODS, request, { value: method });
    }
    watchingNext = WATCHING.next;
  } catch {
    // Frozen intrinsics: two tasks at one generator then end in a ForeignAwaitError.
    watchingNext = undefined;
  }
}

/** The `next` of a coroutine for its driver. */
export const nextFor = <N>(next: N): N => (next === watchingNext ? (resumeWith as N) : next);

/** Throw `error` into a coroutine on behalf of its driver. */
export const throwInto = (
  coroutine: { next(value: unknown): unknown; throw(error: unknown): unknown },
  error: unknown,
): unknown => (coroutine.next === watchingNext ? native.throw.call(coroutine, error) : coroutine.throw(error));
