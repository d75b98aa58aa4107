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

/** What comes before the first record. */
const FIRST = { time: 0 };

/** An axis on which each event has its room, and virtual time that passes is drawn short. */
export interface EventAxis {
  /** Where each record is; ascending. */
  readonly positions: readonly number[];
  /** Where all ends. */
  readonly length: number;
  /** The records that are the first of their instant; the one that moved the clock belongs to the instant before. */
  readonly instants: readonly number[];
  /** Where each instant ends, and the pause after it begins. */
  readonly ends: readonly number[];
}

/**
 * Lays out a run by its events: many happen at one instant, and then nothing for hours.
 *
 * A pause takes more room the longer it is, by its square root.
 *
 * @param least - What the longest pause counts as at least, in seconds, to draw several runs to one scale.
 */
export function eventAxis(records: Iterable<TraceRecord>, least = 0): EventAxis {
  const list = [...records];
  const longest = list.reduce((most, { time }, i) => Math.max(most, time - (list[i - 1] ?? FIRST).time), least);
  const positions: number[] = [];
  const instants: number[] = [];
  const ends: number[] = [];
  let at = 0;
  let isNew = true;
  for (const [i, record] of list.entries()) {
    const pause = record.time - (list[i - 1] ?? FIRST).time;
    const gap = pause > 0 ? LEAST_GAP + (MOST_GAP - LEAST_GAP) * Math.sqrt(pause / longest) : 0;
    if (pause > 0 && !isNew) {
      ends.push(at);
      isNew = true;
    }
    if (record.kind === "clock") {
      // It ends its instant: what lasted until then does not reach into the pause.
      positions.push(at);
      at += gap;
    } else {
      at += gap;
      positions.push(at);
      if (isNew) {
        instants.push(i);
        isNew = false;
      }
    }
    at += roomFor(record);
  }
  if (!isNew) {
    ends.push(at);
  }
  return { positions, length: at, instants, ends };
}
