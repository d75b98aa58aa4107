/**
 * Marks a generator that is in use, so that it is not awaited twice; the value is one of those below, or a
 * {@link GeneratorUse}.
 */
export const BEGUN = Symbol("simloop.begun");

/** The driver of tasks calls its methods. */
export const DRIVEN = 1;

/** A `yield*` of the program calls its methods. */
export const DELEGATED = 2;

/**
 * The program has called the methods of an async generator. One mark for all, since every call of a coroutine looks for
 * it and sets it.
 */
export interface GeneratorUse {
  /** It was {@link DELEGATED}: a coroutine object, which cannot be awaited again. */
  readonly isCoroutine: boolean;
}
