import { type Program, sleep } from "../../engine/index.ts";

/** A program with a planted bug that the plain order hides, and its corrected twin. */
export interface PlantedBug {
  readonly name: string;
  readonly broken: Program<unknown>;
  readonly fixed: Program<unknown>;
  /** Fewest deviations that make it fail, where that is known. */
  readonly least?: number;
  /** Seconds by which timers may be late. */
  readonly delays?: number;
}

/** Give up `turns` turns: a little work that others may overtake. */
export function* turns(count: number): Generator<unknown, void, unknown> {
  for (let i = 0; i < count; i++) {
    yield* sleep(0);
  }
}

/** @throws Error unless `condition` holds. */
export function expect(condition: boolean, text: string): void {
  if (!condition) {
    throw new Error(text);
  }
}

/** Makes a pair of programs from one that knows whether it is the corrected one. */
export const pair = (
  name: string,
  program: (isFixed: boolean) => Program<unknown>,
  known: { readonly least?: number; readonly delays?: number } = {},
): PlantedBug => ({ name, broken: program(false), fixed: program(true), ...known });
