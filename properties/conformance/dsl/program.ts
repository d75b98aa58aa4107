/** A plain JSON value. */
export type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json };

/** The references and inline coroutines that `gather` and its like take. */
export interface Argument {
  readonly ref?: string;
  readonly coro?: string;
  readonly body?: readonly Op[];
}

/**
 * One operation. Which fields it has depends on `op`; {@link readProgram} makes sure of it, so that they count as
 * present here.
 */
export interface Op {
  readonly id: number;
  readonly op: string;
  readonly catch?: "exc" | "all";

  readonly arg: Argument;
  readonly args: readonly Argument[];
  readonly as: string;
  readonly body: readonly Op[];
  readonly cb: string;
  readonly cls?: "Cancelled" | "Timeout";
  readonly cm: string;
  readonly d: number | null;
  readonly do?: readonly Op[];
  readonly ds: readonly number[];
  readonly e: string | null;
  readonly finally?: readonly Op[];
  readonly ge: number;
  readonly h: string;
  readonly handler: readonly Op[];
  readonly immediate: boolean;
  readonly keep: readonly number[];
  readonly mod: number;
  readonly mode: "plain" | "async";
  readonly msg?: string;
  readonly n: number;
  readonly name: string;
  readonly obj: string;
  readonly on?: "Cancelled" | "Exception" | "App" | "Timeout" | "Base";
  readonly peek?: boolean;
  readonly reraise?: boolean;
  readonly rexc: boolean;
  readonly t: number | null;
  readonly tg: string;
  readonly timeout: number | null;
  readonly v: Json;
  readonly var: string;
  readonly what: string;
  readonly when: "FIRST_COMPLETED" | "FIRST_EXCEPTION" | "ALL_COMPLETED";
}

/** An object that a program declares. */
export interface Declaration {
  readonly name: string;
  readonly kind: string;
  readonly lock?: string;
  readonly maxsize: number;
  readonly parties: number;
  readonly value: number;
}

/** A program of the DSL; see `python/DSL.md`. */
export interface Program {
  readonly dsl: 1;
  readonly seed: number;
  readonly requires?: string;
  readonly clock_resolution: number;
  readonly objects: readonly Declaration[];
  readonly main: readonly Op[];
}

/** A file that is not a program, or one that this version cannot run. */
export class ProgramError extends Error {
  override readonly name = "ProgramError";
}
