import { chosen } from "../../loop/chosen.ts";
import { faultText } from "../links/choice-text.ts";
import type { FaultFields, HostFaultKind, LinkFaultKind } from "./fault-kinds.ts";

/** When a fault happens. */
interface FaultTime {
  /** When it begins, in seconds of virtual time. */
  readonly at: number;
  /** When it ends: partitions are repaired, hosts restarted or resumed … At the end of the fault plan by default. */
  readonly until?: number;
  /** An exploration may shift its begin and end by up to this many seconds; 0 by default. */
  readonly spread?: number;
  /** Whether it happens only if an exploration chooses so; false by default. */
  readonly optional?: boolean;
}

/** Between which hosts a fault happens. */
interface BetweenHosts {
  /** Two groups of hosts, by name; `null` in the second place stands for all others. */
  readonly between: readonly [readonly string[], readonly string[] | null];
  /** Whether only the direction from the first group to the second is struck; false by default. */
  readonly oneWay?: boolean;
}

/** On which host a fault happens. */
interface OnHost {
  /** The host, by name. */
  readonly host: string;
}

/** A planned fault that strikes links. */
export type TimedLinkFault = {
  [K in LinkFaultKind]: FaultTime & { readonly fault: K } & BetweenHosts & FaultFields<K>;
}[LinkFaultKind];

/** A planned fault that strikes a host. */
export type TimedHostFault = {
  [K in HostFaultKind]: FaultTime & { readonly fault: K } & OnHost & FaultFields<K>;
}[HostFaultKind];

/** One planned fault: its kind, where and when it happens, and the fields of its kind. */
export type TimedFault = TimedLinkFault | TimedHostFault;

/** What goes wrong, and when: plain data, to be kept as JSON. */
export interface FaultPlan {
  /** The planned faults, in any order. */
  readonly faults: readonly TimedFault[];
  /** When everything is healed, in seconds of virtual time; never by default. */
  readonly end?: number;
}

/** How many instants within the spread of a fault an exploration tries. */
const INSTANTS = 8;

/**
 * When a planned fault happens: as planned, unless an exploration chooses another instant of its spread.
 *
 * @param number - Its number in the plan, from 1, which names the choice.
 * @param end - The end of the plan.
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
