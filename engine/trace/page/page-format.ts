import type { TraceHeader, TraceRecord } from "../record.ts";

/** A number, an entry of a note, or the index of a string that is such an entry. `null` is a timer's never. */
export type PageToken = number | boolean | null | readonly [text: number];

/** A trace as it stands in a page. */
export interface EncodedTrace {
  readonly header: TraceHeader;
  readonly digest: string;
  /** Each event is its code and what the code demands; texts are indices into `texts`. */
  readonly tokens: readonly PageToken[];
  readonly texts: readonly string[];
  /** Of tasks that the events mention without their names. */
  readonly names: readonly (readonly [task: number, name: string])[];
}

/** The codes of the kinds that are frequent. */
export const KIND_CODES = {
  clock: 0,
  create: 1,
  wake: 2,
  step: 3,
  wait: 4,
  yield: 5,
  end: 6,
  schedule: 7,
  timer: 8,
  cancel: 9,
  run: 10,
  print: 11,
} satisfies Partial<Record<TraceRecord["kind"], number>>;

export const NOTE = 12;

/**
 * Not events: they correct what the next event has by default, the number after the last one's, the time of the last
 * and who ran then.
 */
export const SEQ = 13;
export const TIME = 14;
export const BY = 15;

/** A record of any other kind, as a string of JSON. */
export const RAW = 16;

/**
 * A call that was scheduled, and a timer that was set, on a host: as `schedule` and `timer`, and then the host's name.
 */
export const SCHEDULE_ON = 17;
export const TIMER_ON = 18;

/** No text. */
export const NOTHING = -1;
