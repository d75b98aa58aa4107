import { describeValue } from "../base/describe.ts";
import { requireCallback } from "../loop/validate.ts";
import { type CoroutineLike, finishing } from "./coroutine.ts";
import { GeneratorOperation } from "./generator-operation.ts";
import type { Operation, Steps } from "./operation.ts";
import { type AsyncContextManager, requireContextManager } from "./with-async.ts";

/** What the end of the block calls: without an argument if it ended well, else with its error; `true` swallows that. */
export type ExitCallback = (error?: unknown) => CoroutineLike<unknown> | unknown;

/**
 * A block whose context managers and clean-up calls are not known in advance. They end in reverse order.
 *
 * ```ts
 * yield* withAsync(new AsyncExitStack(), function* (stack) {
 *   for (const name of names) {
 *     connections.push(yield* stack.enterAsyncContext(new Connection(name)));
 *   }
 * });
 * ```
 *
 * @see contextlib.AsyncExitStack
 */
export class AsyncExitStack implements AsyncContextManager<AsyncExitStack> {
  private _exits: ExitCallback[] = [];

  /**
   * Enter `manager`; the end of the block leaves it.
   *
   * @returns What entering returned.
   * @see AsyncExitStack.enter_async_context
   */
  enterAsyncContext<T>(manager: AsyncContextManager<T>): Operation<T> {
    requireContextManager("AsyncExitStack.enterAsyncContext", manager);
    return new GeneratorOperation("AsyncExitStack.enterAsyncContext", this._enterSteps(manager));
  }

  /**
   * Dispose of `resource` at the end of the block.
   *
   * @returns The resource.
   * @throws TypeError if it is not disposable.
   * @see AsyncExitStack.enter_context
   */
  enterContext<T extends Disposable>(resource: T): T {
    if (typeof (resource as T | null | undefined)?.[Symbol.dispose] !== "function") {
      throw new TypeError(
        `AsyncExitStack.enterContext: expected an object with Symbol.dispose, got ${describeValue(resource)}`,
      );
    }
    this._exits.push(() => {
      resource[Symbol.dispose]();
    });
    return resource;
  }

  /**
   * Have the end of the block leave `exit`, which was entered already, or call it if it is a function.
   *
   * @throws TypeError if it is neither. @see AsyncExitStack.push_async_exit
   */
  pushAsyncExit(exit: AsyncContextManager<unknown> | ExitCallback): void {
    if (typeof exit === "function") {
      this._exits.push(exit);
    } else {
      requireContextManager("AsyncExitStack.pushAsyncExit", exit);
      this._exits.push((...error) => exit.exit(...error));
    }
  }

  /**
   * Have the end of the block run the coroutine function `callback` with `args`; it cannot swallow an error.
   *
   * @throws TypeError if it is not a function. @see AsyncExitStack.push_async_callback
   */
  pushAsyncCallback<A extends readonly unknown[]>(callback: (...args: A) => CoroutineLike<unknown>, ...args: A): void {
    if (typeof callback !== "function") {
      throw new TypeError(
        `AsyncExitStack.pushAsyncCallback: expected a coroutine function, got ${describeValue(callback)}`,
      );
    }
    this._exits.push(function* () {
      yield callback(...args);
    });
  }

  /**
   * Have the end of the block call `callback` with `args`.
   *
   * @throws TypeError if it is not a plain function.
   * @see AsyncExitStack.callback
   */
  callback<A extends readonly unknown[]>(callback: (...args: A) => unknown, ...args: A): void {
    requireCallback("AsyncExitStack.callback", callback);
    this._exits.push(() => {
      callback(...args);
    });
  }

  /** Move everything to a new stack, so that the end of this one's block calls nothing. @see AsyncExitStack.pop_all */
  popAll(): AsyncExitStack {
    const stack = new AsyncExitStack();
    stack._exits = this._exits;
    this._exits = [];
    return stack;
  }

  /** End everything now, in reverse order. @throws what one of them throws. @see AsyncExitStack.aclose */
  aclose(): Operation<void> {
    return new GeneratorOperation("AsyncExitStack.aclose", this._closeSteps());
  }

  /** For {@link withAsync}: the block gets the stack. */
  enter(): this {
    return this;
  }

  /** For {@link withAsync}: end everything, in reverse order; an error passes by those that remain. */
  exit(...error: [] | [error: unknown]): Operation<boolean> {
    return new GeneratorOperation("AsyncExitStack.exit", this._exitSteps(error));
  }

  private *_enterSteps<T>(manager: AsyncContextManager<T>): Steps<T> {
    const entered = yield* finishing(manager.enter());
    this._exits.push((...error) => manager.exit(...error));
    return entered;
  }

  private *_closeSteps(): Steps<void> {
    yield* this._exitSteps([]);
  }

  /** @returns Whether the error that came was swallowed. */
  private *_exitSteps(given: [] | [error: unknown]): Steps<boolean> {
    let failure = given;
    let isNew = false;
    for (let exit = this._exits.pop(); exit !== undefined; exit = this._exits.pop()) {
      try {
        if ((yield* finishing(exit(...failure))) === true) {
          failure = [];
          isNew = false;
        }
      } catch (error) {
        failure = [error];
        isNew = true;
      }
    }
    if (isNew) {
      throw failure[0];
    }
    return given.length > 0 && failure.length === 0;
  }
}
