import type { LevelData } from "../statistics/level.ts";
import type { TallyData } from "../statistics/tally.ts";

/** A run to make: a setting, by its number, with the number of a replication. */
export interface Replication {
  readonly setting: number;
  readonly replication: number;
}

/** Observations with their times, in order. */
export interface Series {
  readonly times: readonly number[];
  readonly values: readonly number[];
}

/** What a replication measured, as plain data. */
export interface ReplicationData {
  /** The measures: one number each. */
  readonly measures: Readonly<Record<string, number>>;
  /** The tallies and levels behind them. */
  readonly data: Readonly<Record<string, TallyData | LevelData>>;
  /** Kept observations, of the first replication, and of pilot runs. */
  readonly series: Readonly<Record<string, Series>>;
}

/** Result of a replication, as plain data. */
export interface ReplicationResult extends Replication, ReplicationData {}
