/** Marks a generator that is in use, so that it is not awaited twice; the value is one of those below. */
export const BEGUN = Symbol("simloop.begun");

/** The driver of tasks calls its methods. */
export const DRIVEN = 1;

/** A `yield*` of the program calls its methods. */
export const DELEGATED = 2;
