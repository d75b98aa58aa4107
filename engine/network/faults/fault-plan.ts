import { chosen } from "../../loop/chosen.ts";
import type { CrashedConnections } from "../hosts/host.ts";
import type { ClockOptions } from "../hosts/host-clock.ts";
import { faultText } from "../links/choice-text.ts";
import type { Impairment } from "./fault-rules.ts";

/** When a fault happens. */
interface When {
  /** When it begins: seconds of virtual time. */
  readonly at: number;
  /** When it ends: partitions are repaired, hosts restarted or resumed … At the end of the fault plan by default. */
  readonly until?: number;
  /** An exploration may let it begin, and end, up to so many seconds later; 0 by default. */
  readonly spread?: number;
  /** It only happens if an exploration wants it to; false by default. */
  readonly optional?: boolean;
}

/** Between which hosts. */
interface Between {
  /** Two groups of hosts, by name; `null` in the second place stands for all others. */
  readonly between: readonly [readonly string[], readonly string[] | null];
  /** Only from the first group to the second; false by default. */
  readonly oneWay?: boolean;
}

/** One planned fault. */
export type TimedFault = When &
  (
    | ({ readonly fault: "partition" } & Between)
    | ({ readonly fault: "hold" } & Between)
    | ({ readonly fault: "impair" } & Between & Impairment)
    | { readonly fault: "crash"; readonly host: string; readonly connections?: CrashedConnections }
    | { readonly fault: "pause"; readonly host: string }
    | ({ readonly fault: "clock"; readonly host: string } & ClockOptions)
  );

/** The kinds of faults that a fault plan can have. */
export type FaultKind = TimedFault["fault"];

/** What goes wrong, and when: plain data, to be kept as JSON. */
export interface FaultPlan {
  readonly faults: readonly TimedFault[];
  /** When everything is healed; never by default. */
  readonly end?: number;
}

/** The kinds of faults. */
export const FAULT_KINDS: readonly FaultKind[] = ["partition", "hold", "impair", "crash", "pause", "clock"];

/** Of the instants within a fault's spread, so many are tried. */
const INSTANTS = 8;

/**
 * When the fault with this number happens: as the fault plan has it, unless an exploration takes another instant of its spread.
 *
 * @returns The fault with its times; `null` if it does not happen.
 */
export function chosenFault(fault: TimedFault, number: number, end: number): TimedFault | null {
  const { spread = 0, optional = false, at, until } = fault;
  const instants = spread > 0 ? INSTANTS : 1;
  const shiftOf = (instant: number): number => (instants === 1 ? 0 : (spread * instant) / (instants - 1));
  const option =
    chosen(`f:${fault.fault}@${number}`, instants + Number(optional), (taken) =>
      faultText(fault.fault, struckBy(fault), at + shiftOf(taken - Number(optional)), optional ? null : at),
    ) - Number(optional);
  if (option < 0) {
    return null;
  }
  const shift = shiftOf(option);
  return { ...fault, at: at + shift, ...(until === undefined ? {} : { until: Math.min(until + shift, end) }) };
}

/** The hosts that a fault strikes, in words. */
const struckBy = (fault: TimedFault): string =>
  "host" in fault
    ? fault.host
    : `${fault.between[0].join()}${fault.oneWay === true ? ">" : "<>"}${fault.between[1]?.join() ?? "*"}`;
