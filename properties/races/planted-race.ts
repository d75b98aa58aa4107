import { type ExploreOptions, type NetworkOptions, type Program, sleep } from "../../engine/index.ts";

/** A program with a planted bug that the default schedule hides, and its corrected twin. */
export interface PlantedBug {
  readonly name: string;
  readonly broken: Program<unknown>;
  readonly fixed: Program<unknown>;
  /** Fewest deviations that make it fail, where that is known. */
  readonly least?: number;
  /** Seconds by which timers may be late. */
  readonly delays?: number;
  /** What the network is like. */
  readonly network?: NetworkOptions;
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
  known: Pick<PlantedBug, "least" | "delays" | "network"> = {},
): PlantedBug => ({ name, broken: program(false), fixed: program(true), ...known });

/** What an exploration of a program has to know. */
export const exploreOptionsOf = ({ delays = 0, network = {} }: PlantedBug): ExploreOptions => ({
  vary: { delays },
  network,
});
