import type { CrashedConnections } from "../host.ts";
import type { ClockOptions } from "../host-clock.ts";
import type { Disturbance } from "./fault-rules.ts";
import type { HostDirectory } from "./host-sets.ts";

/** When a fault happens. */
interface When {
  /** When it begins: seconds of virtual time. */
  readonly at: number;
  /** When it ends: partitions are repaired, hosts restarted or resumed … At the end of the timetable by default. */
  readonly until?: number;
}

/** Between which hosts. */
interface Between {
  /** Two groups of hosts, by name; `null` in the second place stands for all others. */
  readonly between: readonly [readonly string[], readonly string[] | null];
  /** Only from the first group to the second; false by default. */
  readonly oneWay?: boolean;
}

/** One fault of a timetable. */
export type TimedFault = When &
  (
    | ({ readonly fault: "partition" } & Between)
    | ({ readonly fault: "hold" } & Between)
    | ({ readonly fault: "disturb" } & Between & Disturbance)
    | { readonly fault: "crash"; readonly host: string; readonly connections?: CrashedConnections }
    | { readonly fault: "pause"; readonly host: string }
    | ({ readonly fault: "clock"; readonly host: string } & ClockOptions)
  );

/** The kinds of faults that a timetable can have. */
export type FaultKind = TimedFault["fault"];

/** What goes wrong, and when: plain data, to be kept as JSON. */
export interface FaultTimetable {
  readonly faults: readonly TimedFault[];
  /** When everything is healed; never by default. */
  readonly end?: number;
}

/** The kinds of faults. */
export const FAULT_KINDS: readonly FaultKind[] = ["partition", "hold", "disturb", "crash", "pause", "clock"];

const isTime = (value: unknown): value is number => typeof value === "number" && value >= 0 && Number.isFinite(value);

/** `timetable`, sorted by time. @throws TypeError, RangeError for what makes no sense. */
export function checkedTimetable(timetable: FaultTimetable, hosts: HostDirectory, now: number): FaultTimetable {
  if (typeof timetable !== "object" || timetable === null || !Array.isArray(timetable.faults)) {
    throw new TypeError(`faults: expected a timetable { faults: […], end? }, got ${JSON.stringify(timetable)}`);
  }
  const { end } = timetable;
  if (end !== undefined && !(isTime(end) && end >= now)) {
    throw new RangeError(`faults: expected the end from ${now} s (now) on, got ${String(end)}`);
  }
  for (const fault of timetable.faults) {
    checkFault(fault, hosts, now, end ?? Number.POSITIVE_INFINITY);
  }
  const faults = [...timetable.faults].sort((a, b) => a.at - b.at);
  return end === undefined ? { faults } : { faults, end };
}

function checkFault(fault: TimedFault, hosts: HostDirectory, now: number, end: number): void {
  const what = `faults: ${JSON.stringify(fault)}`;
  if (!FAULT_KINDS.includes(fault?.fault)) {
    throw new RangeError(`${what}: expected one of ${FAULT_KINDS.join(", ")}`);
  }
  const { at, until } = fault;
  if (!(isTime(at) && at >= now && at <= end)) {
    throw new RangeError(`${what}: expected "at" from ${now} s (now) to the end, got ${String(at)}`);
  }
  if (until !== undefined && !(isTime(until) && until >= at && until <= end)) {
    throw new RangeError(`${what}: expected "until" from ${at} s to the end, got ${String(until)}`);
  }
  for (const name of hostsOf(fault, what)) {
    hosts.get(name);
  }
}

function hostsOf(fault: TimedFault, what: string): readonly string[] {
  if ("host" in fault) {
    return [fault.host];
  }
  const groups: unknown = fault.between;
  if (!Array.isArray(groups) || groups.length !== 2 || !Array.isArray(groups[0])) {
    throw new TypeError(`${what}: expected "between" to be two groups of hosts, [["a"], ["b", "c"]] or [["a"], null]`);
  }
  return [...groups[0], ...(groups[1] ?? [])];
}
