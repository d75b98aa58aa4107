import timers from "node:timers";

type GlobalObject = typeof globalThis;

/** The global object of the realm in which a function was made. */
function globalOf(callable: object): GlobalObject {
  try {
    return (callable.constructor as FunctionConstructor)("return globalThis")() as GlobalObject;
  } catch {
    // Node runs with --disallow-code-generation-from-strings.
    return globalThis;
  }
}

/** The global object that Node's own modules see: Jest runs test files with another. */
export const mainGlobal = globalOf(timers.setTimeout);

/** The global objects whose functions a simulation replaces. */
export const realms: readonly GlobalObject[] = mainGlobal === globalThis ? [globalThis] : [globalThis, mainGlobal];
