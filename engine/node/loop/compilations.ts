import { fetchIsReady, isFetchLoaded } from "./fetch-readiness.ts";
import { afterTurn } from "./internal-immediates.ts";

/*
 * WebAssembly that the process compiles outside of simulations. Its completion is a macrotask of the host, which cannot
 * come while a run lasts: a program that waited for it would wait forever. A run therefore begins when all compilations
 * have ended.
 */

const pending = new Set<Promise<unknown>>();

/** Whether `fetch` was loaded before this module, so that its parser may still be being compiled, unseen. */
let isFetchUnknown = isFetchLoaded();

/**
 * Let no run begin before `compilation` is settled.
 *
 * @returns A promise like it, whose rejection is unhandled unless the caller handles it.
 */
export function holdRuns<T>(compilation: Promise<T>): Promise<T> {
  const end = (): unknown => pending.delete(ended);
  const ended = compilation.then(end, end);
  pending.add(ended);
  return compilation.then((value) => value);
}

/** Call `begin`, from a macrotask of the host, when nothing is being compiled: at once, if that is so now. */
export function whenCompiled(begin: () => void): void {
  if (isFetchUnknown) {
    isFetchUnknown = false;
    // If the request fails, so will those of the program, which reports it.
    holdRuns(fetchIsReady()).catch(() => {});
  }
  if (pending.size === 0) {
    begin();
    return;
  }
  // What waits for a compilation may begin another: undici compiles, then instantiates.
  const again = (): unknown => afterTurn(() => whenCompiled(begin));
  void Promise.all(pending).then(again);
}
