import type { TraceRecord } from "../record.ts";

/** The room that an event takes on an axis of events, where one that people look for takes 1. */
function roomFor({ kind }: TraceRecord): number {
  switch (kind) {
    case "clock":
      return 0;
    case "schedule":
    case "timer":
    case "cancel":
      return 0.3;
    default:
      return kind.includes(".") ? 0.6 : 1;
  }
}

/** The room for a step of virtual time: the longest of the run takes the most. */
const LEAST_GAP = 2;
const MOST_GAP = 10;

/** An axis on which each event has its room, and virtual time that passes is drawn short. */
export interface EventAxis {
  /** Where each record is; ascending. */
  readonly positions: readonly number[];
  /** Where all ends. */
  readonly length: number;
  /** The records that are the first of their instant. */
  readonly instants: readonly number[];
}

/**
 * Lays out a run by its events: many happen at one instant, and then nothing for hours.
 *
 * A pause takes more room the longer it is, by its square root.
 *
 * @param least - What the longest pause counts as at least, in seconds, to draw several runs to one scale.
 */
export function eventAxis(records: Iterable<TraceRecord>, least = 0): EventAxis {
  const times: number[] = [];
  const rooms: number[] = [];
  let longest = least;
  for (const record of records) {
    longest = Math.max(longest, record.time - (times.at(-1) ?? record.time));
    times.push(record.time);
    rooms.push(roomFor(record));
  }
  const positions: number[] = [];
  const instants: number[] = [];
  let at = 0;
  times.forEach((time, i) => {
    const pause = i === 0 ? 0 : time - (times[i - 1] as number);
    if (pause > 0) {
      at += LEAST_GAP + (MOST_GAP - LEAST_GAP) * Math.sqrt(pause / longest);
    }
    if (pause > 0 || i === 0) {
      instants.push(i);
    }
    positions.push(at);
    at += rooms[i] as number;
  });
  return { positions, length: at, instants };
}
