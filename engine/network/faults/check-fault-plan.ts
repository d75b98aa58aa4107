import { pick, requireOptions } from "../../base/require-options.ts";
import { HostClock } from "../hosts/host-clock.ts";
import { FAULT_KINDS, type FaultKind, type FaultPlan, type TimedFault } from "./fault-plan.ts";
import { IMPAIRMENT_OPTIONS, requireImpairment } from "./fault-rules.ts";
import { type HostDirectory, requireLinks } from "./host-sets.ts";

const IN_ALL: readonly string[] = ["fault", "at", "until", "spread", "optional"];

/** The fields of each kind of fault, beside those that all have. */
const FIELDS: Readonly<Record<FaultKind, readonly string[]>> = {
  partition: ["between", "oneWay"],
  hold: ["between", "oneWay"],
  impair: ["between", "oneWay", ...IMPAIRMENT_OPTIONS],
  crash: ["host", "connections"],
  pause: ["host"],
  clock: ["host", "skew", "drift"],
};

const isTime = (value: unknown): value is number => typeof value === "number" && value >= 0 && Number.isFinite(value);

/** `plan`, sorted by time. @throws TypeError, RangeError for what makes no sense. */
export function checkedPlan(plan: FaultPlan, hosts: HostDirectory, now: number): FaultPlan {
  if (typeof plan !== "object" || plan === null || !Array.isArray(plan.faults)) {
    throw new TypeError(`faults: expected a fault plan { faults: […], end? }, got ${JSON.stringify(plan)}`);
  }
  requireOptions("faults", plan, ["faults", "end"]);
  const { end } = plan;
  if (end !== undefined && !(isTime(end) && end >= now)) {
    throw new RangeError(`faults: expected the end from ${now} s (now) on, got ${String(end)}`);
  }
  for (const fault of plan.faults) {
    checkFault(fault, hosts, now, end ?? Number.POSITIVE_INFINITY);
  }
  const faults = [...plan.faults].sort((a, b) => a.at - b.at);
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
  if (fault.spread !== undefined && !(isTime(fault.spread) && at + fault.spread <= end)) {
    throw new RangeError(`${what}: expected "spread" from 0 s up to the end, got ${String(fault.spread)}`);
  }
  if (fault.optional !== undefined && typeof fault.optional !== "boolean") {
    throw new TypeError(`${what}: expected "optional" to be true or false, got ${String(fault.optional)}`);
  }
  checkFields(what, fault, hosts);
}

/**
 * Check what a fault has beside its times.
 *
 * @param what - For the messages: the fault as text.
 * @throws TypeError for fields that it does not have, or not of this kind; RangeError for unknown hosts and values out of range.
 */
function checkFields(what: string, fault: TimedFault, hosts: HostDirectory): void {
  const known = FIELDS[fault.fault];
  const unknown = Object.keys(fault).find((name) => !IN_ALL.includes(name) && !known.includes(name));
  if (unknown !== undefined) {
    throw new TypeError(
      `${what}: a ${fault.fault} has no "${unknown}"; it may have ${[...IN_ALL, ...known].map((name) => `"${name}"`).join(", ")}`,
    );
  }
  if ("between" in fault || known.includes("between")) {
    checkBetween(what, fault as Extract<TimedFault, { between: unknown }>, hosts);
  } else {
    checkHost(what, fault as Extract<TimedFault, { host: string }>, hosts);
  }
}

function checkBetween(what: string, fault: Extract<TimedFault, { between: unknown }>, hosts: HostDirectory): void {
  const groups: unknown = fault.between;
  const isGroup = (group: unknown): boolean =>
    Array.isArray(group) && group.length > 0 && group.every((name) => typeof name === "string");
  const isPair = Array.isArray(groups) && groups.length === 2;
  if (!isPair || !isGroup(groups[0]) || !((groups[1] ?? null) === null || isGroup(groups[1]))) {
    throw new TypeError(`${what}: expected "between" to be two groups of hosts, [["a"], ["b", "c"]] or [["a"], null]`);
  }
  const [a, b] = groups as [string[], string[] | null];
  for (const name of [...a, ...(b ?? [])]) {
    hosts.get(name);
  }
  requireLinks(what, new Set(a), b === null ? null : new Set(b));
  if (fault.oneWay !== undefined && typeof fault.oneWay !== "boolean") {
    throw new TypeError(`${what}: expected "oneWay" to be true or false, got ${JSON.stringify(fault.oneWay)}`);
  }
  if (fault.fault === "impair") {
    requireImpairment(what, fault);
  }
}

function checkHost(what: string, fault: Extract<TimedFault, { host: string }>, hosts: HostDirectory): void {
  if (typeof fault.host !== "string") {
    throw new TypeError(`${what}: expected "host" to be the name of a host, got ${JSON.stringify(fault.host)}`);
  }
  hosts.get(fault.host);
  if (fault.fault === "crash" && !["vanish", "reset", undefined].includes(fault.connections)) {
    throw new RangeError(
      `${what}: expected "connections" to be "vanish" or "reset", got ${JSON.stringify(fault.connections)}`,
    );
  }
  if (fault.fault === "clock") {
    new HostClock().set(fault.host, pick(fault, ["skew", "drift"]), 0);
  }
}
