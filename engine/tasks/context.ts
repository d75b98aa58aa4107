import { describeValue } from "../base/describe.ts";
import { RuntimeError } from "../base/errors.ts";
import { NO_OPTIONS, optionNames, requireOptions } from "../base/require-options.ts";
import { requireRunning } from "../loop/running.ts";

/** What a variable had before `set`; `reset` brings it back. @see contextvars.Token */
export class Token<T> {
  /** The variable that was set. */
  readonly variable: ContextVar<T>;
  /** @internal */
  readonly _context: Context;
  /** @internal */
  readonly _hadValue: boolean;
  /** @internal */
  readonly _oldValue: T | undefined;
  /** @internal */
  _used = false;

  constructor(variable: ContextVar<T>, context: Context, hadValue: boolean, oldValue: T | undefined) {
    this.variable = variable;
    this._context = context;
    this._hadValue = hadValue;
    this._oldValue = oldValue;
  }
}

type Values = ReadonlyMap<ContextVar<unknown>, unknown>;

const NO_VALUES: Values = new Map();

/**
 * The values of context variables. Every task runs in a context of its own, a copy of its creator's.
 *
 * Copies share their values until one of them changes, so a copy costs O(1).
 *
 * @see contextvars.Context
 */
export class Context {
  private _values: Values = NO_VALUES;
  private _entered = false;

  /** A copy, whose later changes this context does not see. @see contextvars.Context.copy */
  copy(): Context {
    const copy = new Context();
    copy._values = this._values;
    return copy;
  }

  /** The value of `variable` here, or `undefined`; its default does not count. @see contextvars.Context.get */
  get<T>(variable: ContextVar<T>): T | undefined {
    return this._values.get(variable as ContextVar<unknown>) as T | undefined;
  }

  /** Whether `variable` has a value here. */
  has<T>(variable: ContextVar<T>): boolean {
    return this._values.has(variable as ContextVar<unknown>);
  }

  /** How many variables have a value here. */
  get size(): number {
    return this._values.size;
  }

  /** The variables that have a value here, with it. */
  entries(): IterableIterator<[ContextVar<unknown>, unknown]> {
    return this._values.entries();
  }

  /**
   * Call `callback` with `args` in this context; what it sets stays here.
   *
   * @returns What `callback` returned.
   * @throws RuntimeError if this context is being run in already, or no loop runs; and what `callback` throws.
   * @see contextvars.Context.run
   */
  run<A extends readonly unknown[], R>(callback: (...args: A) => R, ...args: A): R {
    if (this._entered) {
      throw new RuntimeError("cannot enter a context that is already entered");
    }
    const loop = requireRunning();
    const outer = loop._context;
    this._entered = true;
    loop._context = this;
    try {
      return callback(...args);
    } finally {
      loop._context = outer;
      this._entered = false;
    }
  }

  /** @internal */
  _set(variable: ContextVar<unknown>, value: unknown): void {
    const values = new Map(this._values);
    values.set(variable, value);
    this._values = values;
  }

  /** @internal */
  _delete(variable: ContextVar<unknown>): void {
    const values = new Map(this._values);
    values.delete(variable);
    this._values = values;
  }
}

const CONTEXT_OPTION = optionNames<{ readonly context?: Context }>({ context: true });

/** @throws TypeError if `context` is given and no context. */
export function requireContext(method: string, context: unknown): void {
  if (context !== undefined && !(context instanceof Context)) {
    throw new TypeError(`${method}: expected a Context, such as copyContext() returns, got ${describeValue(context)}`);
  }
}

/** @throws TypeError for other options than a `context`, and for one that is none. */
export function requireContextOption(method: string, options: { readonly context?: Context }): void {
  requireOptions(method, options, CONTEXT_OPTION);
  requireContext(method, options.context);
}

/** The context of the code that runs now, made when first needed. */
function currentContext(): Context {
  const loop = requireRunning();
  let context = loop._context as Context | null;
  if (context === null) {
    context = new Context();
    loop._context = context;
  }
  return context;
}

/** A copy of the current context. @throws RuntimeError if no loop runs. @see contextvars.copy_context */
export const copyContext = (): Context => currentContext().copy();

const DEFAULT_OPTION = optionNames<{ readonly default?: unknown }>({ default: true });

/**
 * A variable with a value per task: what a task sets, its own later code and the tasks that it creates afterwards see,
 * and no others.
 *
 * @see contextvars.ContextVar
 */
export class ContextVar<T> {
  /** The name, for messages. */
  readonly name: string;
  private readonly _hasDefault: boolean;
  private readonly _default: T | undefined;

  /** @throws TypeError if `name` is not a string, and for unknown options. */
  constructor(name: string, options: { readonly default?: T } = NO_OPTIONS) {
    if (typeof name !== "string") {
      throw new TypeError(`ContextVar: expected a name, got ${describeValue(name)}`);
    }
    requireOptions("ContextVar", options, DEFAULT_OPTION);
    this.name = name;
    this._hasDefault = "default" in options;
    this._default = options.default;
  }

  /**
   * The value in the current context, else `fallback`, else the variable's default.
   *
   * @throws RangeError if there is none of them. @see contextvars.ContextVar.get, which raises LookupError
   */
  get(...fallback: [] | [T]): T {
    const context = requireRunning()._context as Context | null;
    if (context?.has(this) === true) {
      return context.get(this) as T;
    }
    if (fallback.length > 0) {
      return fallback[0] as T;
    }
    if (!this._hasDefault) {
      throw new RangeError(
        `${this} has no value in this context and no default; set it first, or give get() a fallback`,
      );
    }
    return this._default as T;
  }

  /** Set the value in the current context. @returns A token for {@link reset}. @see contextvars.ContextVar.set */
  set(value: T): Token<T> {
    const context = currentContext();
    const token = new Token<T>(this, context, context.has(this), context.get(this));
    context._set(this as ContextVar<unknown>, value);
    return token;
  }

  /**
   * Bring back what the variable was before the `set` that returned `token`.
   *
   * @throws RuntimeError if the token was used already; RangeError if it belongs to another variable or context.
   * @see contextvars.ContextVar.reset
   */
  reset(token: Token<T>): void {
    if (token._used) {
      throw new RuntimeError(`the token of ${this} has already been used once`);
    }
    if (token.variable !== this) {
      throw new RangeError(`the token was made by ${token.variable}, not by ${this}`);
    }
    if (token._context !== currentContext()) {
      throw new RangeError(`the token of ${this} was made in another context`);
    }
    token._used = true;
    if (token._hadValue) {
      token._context._set(this as ContextVar<unknown>, token._oldValue);
    } else {
      token._context._delete(this as ContextVar<unknown>);
    }
  }

  toString(): string {
    return `<ContextVar ${JSON.stringify(this.name)}>`;
  }
}
