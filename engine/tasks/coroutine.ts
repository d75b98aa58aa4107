import { describeValue, isInstance, safeGet, safeString } from "../base/describe.ts";
import { RuntimeError } from "../base/errors.ts";
import { peekRunning } from "../loop/running.ts";
import { Awaitable, askLater, YIELDING } from "./awaitable.ts";
import { BEGUN, DELEGATED, DRIVEN, type GeneratorUse } from "./begun.ts";
import { CALLED, type Driven, type Frame, pushFrame } from "./drive.ts";
import { THROUGH_FRAME } from "./generator-operation.ts";
import type { Reportable, TaskLoop } from "./task-loop.ts";

/** A running or runnable coroutine: a generator, async or plain, that waits with `yield*` and returns a `T`. */
export type Coroutine<T> = AsyncGenerator<unknown, T, unknown> | Generator<unknown, T, unknown>;

/** A function whose call makes a coroutine: `async function*` or `function*`. */
export type CoroutineFunction<A extends readonly unknown[], T> = (...args: A) => Coroutine<T>;

/**
 * What can be run as a task: a generator, a {@link CoroutineObject}, or an awaitable such as `sleep(1)` that begins
 * when it is awaited.
 */
export type CoroutineLike<T> = Coroutine<T> | Awaitable<T>;

type RawCoroutine = Frame & { [BEGUN]?: number | GeneratorUse; readonly [Symbol.toStringTag]?: string };

const isGenerator = (value: unknown): value is RawCoroutine => {
  if (typeof value !== "object" || value === null) {
    return false;
  }
  const tag = safeGet(value, Symbol.toStringTag);
  return (tag === "Generator" || tag === "AsyncGenerator") && typeof safeGet(value, "next") === "function";
};

/**
 * Wait for `value` if it is something to wait for, or else take it as it is: for callbacks that may be plain functions
 * or coroutine functions.
 */
export function* finishing<T>(value: CoroutineLike<T> | T): Generator<unknown, T, unknown> {
  return (value instanceof Awaitable || value instanceof Promise || isGenerator(value) ? yield value : value) as T;
}

/**
 * Whether `value` is a coroutine: a generator, or an awaitable that begins only when it is awaited.
 *
 * @see asyncio.iscoroutine
 */
export const iscoroutine = (value: unknown): value is CoroutineLike<unknown> =>
  isGenerator(value) || (isInstance(value, Awaitable) && value._isCoroutine());

/**
 * The coroutine behind `value`, from now on in use.
 *
 * @throws TypeError if `value` is not a coroutine; RuntimeError if it is in use already.
 */
export function openCoroutine(value: unknown, user: string): Frame {
  if (isGenerator(value)) {
    const mark = value[BEGUN];
    if (mark !== undefined && (typeof mark === "number" || mark.isCoroutine)) {
      throw new RuntimeError("cannot reuse already awaited coroutine: call the coroutine function again for a new one");
    }
    value[BEGUN] = DRIVEN;
    return value;
  }
  const frame = value instanceof Awaitable ? value._open() : null;
  if (frame === null) {
    throw new TypeError(`${user}: a coroutine was expected, got ${describeNonCoroutine(value)}`);
  }
  return frame;
}

/** What was given in the place of a coroutine, and a hint what would be right. */
export function describeNonCoroutine(value: unknown): string {
  if (typeof value === "function") {
    return `the function ${safeString(safeGet(value, "name")) || "(anonymous)"}; call it`;
  }
  if (isInstance(value, Promise)) {
    return "a promise, which belongs to the real world; write the function as async function*";
  }
  if (Array.isArray(value)) {
    return "an array; gather(…) waits for all that is in it";
  }
  return describeValue(value);
}

/** The name of the function that made a coroutine, where it is known. */
export function coroutineName(value: unknown): string {
  if (value instanceof Awaitable) {
    return value._coroutineName();
  }
  return "coroutine";
}

/** The address of the first coroutine object that a run converts to a string, and the distance from one to the next. */
const FIRST_ADDRESS = 0x109bf6170;
const ADDRESS_STEP = 0xb0;

let addressesOutsideOfLoops = 0;

/**
 * A coroutine made by a function that {@link coroutine} wrapped: it has a string form, and a loop reports it if it
 * never begins.
 *
 * @see Python's coroutine objects
 */
export class CoroutineObject<T> extends Awaitable<T> implements Reportable {
  readonly _kind = "coroutine";
  /** @internal Between the numbers of what was made before and after it. */
  readonly id: number;
  private readonly _generator: RawCoroutine;
  private readonly _name: string;
  private _address = 0;
  private readonly _loop: TaskLoop | null;

  constructor(name: string, generator: Coroutine<T>) {
    super();
    this._generator = generator as RawCoroutine;
    this._name = name;
    // Code that has nothing to do with the loop may come here between two of its microtasks: it must leave no mark on
    // the run.
    this._loop = peekRunning() as TaskLoop | null;
    this.id = (this._loop?._lastId() ?? 0) + 0.5;
    this._loop?._unstarted.add(this);
  }

  override [Symbol.iterator](): Iterator<Awaitable<unknown>, T, unknown> {
    return isAsync(this._generator)
      ? (askLater(this, YIELDING) as Iterator<Awaitable<unknown>, T, unknown>)
      : (this._delegate() as unknown as Iterator<Awaitable<unknown>, T, unknown>);
  }

  override [Symbol.asyncIterator](): AsyncIterator<never, T, unknown> {
    return isAsync(this._generator)
      ? (this._delegate() as unknown as AsyncIterator<never, T, unknown>)
      : (askLater(this, THROUGH_FRAME) as AsyncIterator<never, T, unknown>);
  }

  /**
   * Give the coroutine up: it never begins, and is not reported. Does nothing once it has begun.
   *
   * @see Python's `coroutine.close`
   */
  close(): void {
    this._loop?._unstarted.delete(this);
  }

  override toString(): string {
    if (this._address === 0) {
      const number = (peekRunning() as TaskLoop | null)?._nextCoroutineNumber() ?? addressesOutsideOfLoops++;
      this._address = FIRST_ADDRESS + ADDRESS_STEP * number;
    }
    return `<coroutine object ${this._name} at 0x${this._address.toString(16)}>`;
  }

  /** @internal */
  _enter(task: Driven): number {
    pushFrame(task, this._open());
    return CALLED;
  }

  /** @internal Never asked: entering it always calls. */
  _take(): T {
    throw new RuntimeError(`${this} has no result of its own`);
  }

  /** @internal */
  override _open(): Frame {
    this._loop?._unstarted.delete(this);
    return openCoroutine(this._generator, "await");
  }

  /** The generator, for a `yield*` of the program. */
  private _delegate(): Frame {
    const generator = this._open();
    this._generator[BEGUN] = DELEGATED;
    return generator;
  }

  /** @internal */
  override _isCoroutine(): boolean {
    return true;
  }

  /** @internal */
  override _coroutineName(): string {
    return this._name;
  }

  /** @internal */
  _report(): string {
    return `sys:1: RuntimeWarning: coroutine '${this._name}' was never awaited`;
  }
}

/**
 * `coroutine` as something that `yield*` takes in generators of both kinds, and whose value keeps its type: for a
 * callback `() => Coroutine<T>` that a plain generator calls, where `yield*` refuses the async generator that it may
 * return.
 *
 * ```ts
 * function* twice<T>(callback: () => Coroutine<T>) {
 *   return [yield* awaitable(callback()), yield* awaitable(callback())];
 * }
 * ```
 *
 * @throws TypeError if `coroutine` is not a coroutine.
 * @see Python, where `await` takes every coroutine
 */
export function awaitable<T>(coroutine: CoroutineLike<T>): Awaitable<T> {
  if (coroutine instanceof Awaitable) {
    return coroutine;
  }
  if (!isGenerator(coroutine)) {
    throw new TypeError(`awaitable: expected a coroutine, got ${describeNonCoroutine(coroutine)}`);
  }
  return new CoroutineObject("coroutine", coroutine);
}

const isAsync = (generator: RawCoroutine): boolean => generator[Symbol.toStringTag] === "AsyncGenerator";

/**
 * Wrap a coroutine function so that its calls make {@link CoroutineObject}s, which have a string form and are reported
 * at the end of the run if they are never awaited.
 *
 * ```ts
 * const sayHello = coroutine(async function* say_hello() { … });
 * print(sayHello());  // <coroutine object say_hello at 0x109bf6170>
 * ```
 *
 * @throws TypeError if `fn` is not a generator function.
 * @see Python's `async def`, whose functions all do this; here it is opt-in, for a generator alone does not know.
 */
export function coroutine<A extends readonly unknown[], T>(
  fn: CoroutineFunction<A, T>,
): (...args: A) => CoroutineObject<T> {
  const kind = typeof fn === "function" ? (fn as { [Symbol.toStringTag]?: string })[Symbol.toStringTag] : undefined;
  if (kind !== "GeneratorFunction" && kind !== "AsyncGeneratorFunction") {
    throw new TypeError(`coroutine: expected an async function* or a function*, got ${describeNonCoroutine(fn)}`);
  }
  const wrapper = (...args: A): CoroutineObject<T> => new CoroutineObject(fn.name || "<lambda>", fn(...args));
  return Object.defineProperty(wrapper, "name", { value: fn.name });
}
