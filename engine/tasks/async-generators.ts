import { RuntimeError } from "../base/errors.ts";
import { peekRunning } from "../loop/running.ts";
import { BEGUN, DRIVEN } from "./begun.ts";

/*
 * What a program does to async generators inside a step: `for await`, `yield*`, and calls of `next`, `return` and `throw`.
 *
 * JavaScript queues a request to an async generator that is at work for another task. In a simulation the second task would keep its step open for
 * ever, because the first can only go on in a later step. Python raises a RuntimeError in the second task, and so do the methods here, which take the place of
 * those that all async generators inherit. Outside of steps they do what they always did. The driver of tasks calls the native ones.
 */

type Request = "next" | "return" | "throw";

type Method = (this: object, value: unknown) => Promise<IteratorResult<unknown>>;

/** The side of a loop that this file works with. */
interface GeneratorLoop {
  /** @internal The task whose step is open. */
  readonly _currentTask: object | null;
  /** @internal Async generators that have yielded an item and have not ended, in the order of their first items. */
  readonly _openGenerators: Set<object>;
}

/** In how many requests to async generators the code is that runs now: what is behind them has not heard of a suspension yet. */
let depth = 0;

/** Whether the code that runs now was called by a program's request to an async generator, and returns to that program. */
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

/** What an async generator is at work for. */
class Use {
  loop: GeneratorLoop;
  task: object;
  /** Requests without an answer; not counted while {@link delegated} is set. */
  pending = 0;
  /** The answer to the `yield*` that asked first. Whether it is there is looked up only when it matters. */
  delegated: Promise<unknown> | null = null;

  constructor(loop: GeneratorLoop, task: object) {
    this.loop = loop;
    this.task = task;
  }
}

/** By which a generator is marked with its {@link Use}. */
const USE = Symbol("simloop.use");

type Watched = object & { [USE]?: Use; readonly [BEGUN]?: unknown };

/** Python's names of the requests. */
const NAMES: Readonly<Record<Request, string>> = { next: "anext", return: "aclose", throw: "athrow" };

const SETTLED = Promise.resolve();

const refusal = (message: string): Promise<never> => Promise.reject(new RuntimeError(message));

const isBusy = (use: Use, request: Request): Promise<never> =>
  refusal(
    `${NAMES[request]}(): asynchronous generator is already running: ${use.task} waits inside it, and two tasks cannot advance it at once`,
  );

/** Ask `generator` within the step of a task, and note who asks. */
function askFor(use: Use, generator: object, request: Request, value: unknown): Promise<IteratorResult<unknown>> {
  use.pending++;
  depth++;
  const answer = native[request].call(generator, value);
  depth--;
  // Functions without a name: one that a class keeps would be given its name again for each generator.
  answer.then(
    ({ done }) => {
      use.pending--;
      if (done === true) {
        use.loop._openGenerators.delete(generator);
      } else {
        use.loop._openGenerators.add(generator);
      }
    },
    () => {
      use.pending--;
      use.loop._openGenerators.delete(generator);
    },
  );
  return answer;
}

/** A request that the program made. */
interface Asked {
  readonly generator: Watched;
  readonly request: Request;
  readonly value: unknown;
}

/** A request of another task than that of the first, which was a `yield*`: refused unless that is over. */
function askAfterDelegation(use: Use, first: Promise<unknown>, task: object, asked: Asked) {
  let isOver = false;
  const note = (): void => {
    isOver = true;
  };
  first.then(note, note);
  // What has settled runs its reactions in the order of their making.
  return SETTLED.then(() => {
    if (!isOver) {
      return isBusy(use, asked.request);
    }
    use.task = task;
    use.delegated = null;
    return askFor(use, asked.generator, asked.request, asked.value);
  });
}

/** @param isDelegation - A `yield*` asks, which waits for the answer before the program goes on. */
function ask(
  generator: Watched,
  request: Request,
  value: unknown,
  isDelegation: boolean,
): Promise<IteratorResult<unknown>> {
  const loop = peekRunning() as unknown as GeneratorLoop | null;
  const task = loop?._currentTask ?? null;
  if (loop === null || task === null) {
    return native[request].call(generator, value);
  }
  if (generator[BEGUN] === DRIVEN) {
    return refusal(
      "cannot reuse already awaited coroutine: a task runs it; await the task, or call the function again",
    );
  }
  const known = generator[USE];
  if (known !== undefined) {
    if (known.task !== task && known.loop === loop) {
      if (known.delegated !== null) {
        return askAfterDelegation(known, known.delegated, task, { generator, request, value });
      }
      if (known.pending > 0) {
        return isBusy(known, request);
      }
    }
    known.task = task;
    known.loop = loop;
    return askFor(known, generator, request, value);
  }
  const use = new Use(loop, task);
  generator[USE] = use;
  if (isDelegation) {
    use.delegated = native[request].call(generator, value);
    return use.delegated as Promise<IteratorResult<unknown>>;
  }
  return askFor(use, generator, request, value);
}

const watching = (request: Request): Method =>
  Object.defineProperty(
    {
      [request](this: Watched, value: unknown) {
        // A `yield*` passes a value, which is undefined the first time; `for await` passes none.
        // biome-ignore lint/complexity/noArguments: rest parameters would be an array for each call
        return ask(this, request, value, arguments.length === 1 && value === undefined);
      },
    }[request]!,
    NATIVE,
    { value: native[request] },
  );

let watchingNext: unknown = null;

/** Watch what programs do to async generators from now on. Does nothing a second time, and where the methods cannot be replaced. */
export function watchAsyncGenerators(): void {
  if (watchingNext !== null) {
    return;
  }
  try {
    for (const request of ["next", "return", "throw"] as const) {
      const method = watching(request);
      Object.defineProperty(METHODS, request, { value: method });
      watchingNext = request === "next" ? method : watchingNext;
    }
  } catch {
    // Frozen intrinsics: two tasks at one generator then end in a ForeignAwaitError.
    watchingNext = undefined;
  }
}

/** The `next` of a coroutine for its driver. */
export const nextFor = <N>(next: N): N => (next === watchingNext ? (native.next as N) : next);

/** Throw `error` into a coroutine on behalf of its driver. */
export const throwInto = (
  coroutine: { next(value: unknown): unknown; throw(error: unknown): unknown },
  error: unknown,
): unknown => (coroutine.next === watchingNext ? native.throw.call(coroutine, error) : coroutine.throw(error));
