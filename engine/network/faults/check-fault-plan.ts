import { describeValue } from "../../base/describe.ts";
import { pick, requireOptions } from "../../base/require-options.ts";
import { unknownName } from "../../base/unknown-name.ts";
import { FAULT_KINDS, type FaultKind, faultKind } from "./fault-kinds.ts";
import type { FaultPlan, TimedFault, TimedHostFault, TimedLinkFault } from "./fault-plan.ts";
import { type HostDirectory, requireLinks } from "./host-sets.ts";

const IN_ALL: readonly string[] = ["fault", "at", "until", "spread", "optional"];
const PLACES = { links: ["between", "oneWay"], host: ["host"] } as const;

const isTime = (value: unknown): value is number => typeof value === "number" && value >= 0 && Number.isFinite(value);

/** `plan`, sorted by time. @throws TypeError or RangeError for an invalid plan. */
export function checkedPlan(plan: FaultPlan, hosts: HostDirectory, now: number): FaultPlan {
  if (typeof plan !== "object" || plan === null || !Array.isArray(plan.faults)) {
    throw new TypeError(`faults: expected a fault plan { faults: […], end? }, got ${describeValue(plan)}`);
  }
  requireOptions("faults", plan, ["faults", "end"]);
  const { end } = plan;
  if (end !== undefined && !(isTime(end) && end >= now)) {
    throw new RangeError(`faults: expected "end" to be at least ${now} (now), got ${describeValue(end)}`);
  }
  for (const [i, fault] of plan.faults.entries()) {
    checkFault(`faults[${i}]`, fault, hosts, now, end ?? Number.POSITIVE_INFINITY);
  }
  const faults = [...plan.faults].sort((a, b) => a.at - b.at);
  return end === undefined ? { faults } : { faults, end };
}

function checkFault(what: string, fault: TimedFault, hosts: HostDirectory, now: number, end: number): void {
  requireKind(what, fault);
  requireFields(what, fault);
  requireTimes(what, fault, now, end);
  const kind = faultKind(fault.fault);
  if (kind.strikes === "links") {
    requireBetween(what, fault as TimedLinkFault, hosts);
  } else {
    requireHost(what, fault as TimedHostFault, hosts);
  }
  kind.check(what, fieldsOf(fault));
}

/** The fields of `fault` that only its kind has. */
export const fieldsOf = (fault: TimedFault): object => pick(fault as object, faultKind(fault.fault).fields as never[]);

function requireKind(what: string, fault: { readonly fault?: unknown } | null | undefined): void {
  const kind = fault?.fault;
  if (typeof kind !== "string") {
    const kinds = FAULT_KINDS.join(", ");
    throw new TypeError(`${what}: expected { fault, at, … } with a fault of ${kinds}, got ${describeValue(fault)}`);
  }
  if (!FAULT_KINDS.includes(kind as FaultKind)) {
    throw new RangeError(`${what}: ${unknownName("fault", kind, FAULT_KINDS)}`);
  }
}

function requireFields(what: string, fault: TimedFault): void {
  const kind = faultKind(fault.fault);
  const known = [...IN_ALL, ...PLACES[kind.strikes], ...kind.fields];
  const unknown = Object.keys(fault).find((name) => !known.includes(name));
  if (unknown !== undefined) {
    throw new TypeError(`${what}: ${unknownName("field", unknown, known)}`);
  }
}

function requireTimes(what: string, { at, until, spread, optional }: TimedFault, now: number, end: number): void {
  const last = end === Number.POSITIVE_INFINITY ? "" : ` to ${end} (the end)`;
  if (!(isTime(at) && at >= now && at <= end)) {
    throw new RangeError(`${what}: expected "at" from ${now} s (now)${last}, got ${describeValue(at)}`);
  }
  if (until !== undefined && !(isTime(until) && until >= at && until <= end)) {
    throw new RangeError(`${what}: expected "until" from ${at} s (its begin)${last}, got ${describeValue(until)}`);
  }
  if (spread !== undefined && !(isTime(spread) && at + spread <= end)) {
    const limit = end === Number.POSITIVE_INFINITY ? "" : ` to ${end - at} s, when the plan ends`;
    throw new RangeError(`${what}: expected "spread" from 0 s${limit}, got ${describeValue(spread)}`);
  }
  if (optional !== undefined && typeof optional !== "boolean") {
    throw new TypeError(`${what}: expected "optional" to be true or false, got ${describeValue(optional)}`);
  }
}

function requireBetween(what: string, { between: groups, oneWay }: TimedLinkFault, hosts: HostDirectory): void {
  const isGroup = (group: unknown): boolean =>
    Array.isArray(group) && group.length > 0 && group.every((name) => typeof name === "string");
  const isPair = Array.isArray(groups) && groups.length === 2;
  if (!isPair || !isGroup(groups[0]) || !((groups[1] ?? null) === null || isGroup(groups[1]))) {
    const expected = 'expected "between" to be two groups of hosts, [["a"], ["b", "c"]] or [["a"], null]';
    throw new TypeError(`${what}: ${expected}, got ${describeValue(groups)}`);
  }
  const [a, b] = groups as [string[], string[] | null];
  for (const name of [...a, ...(b ?? [])]) {
    hosts.get(name);
  }
  requireLinks(what, new Set(a), b === null ? null : new Set(b));
  if (oneWay !== undefined && typeof oneWay !== "boolean") {
    throw new TypeError(`${what}: expected "oneWay" to be true or false, got ${describeValue(oneWay)}`);
  }
}

function requireHost(what: string, { host }: TimedHostFault, hosts: HostDirectory): void {
  if (typeof host !== "string") {
    throw new TypeError(`${what}: expected "host" to be the name of a host, got ${describeValue(host)}`);
  }
  hosts.get(host);
}
