import { clock } from "./kinds/clock.ts";
import { crash } from "./kinds/crash.ts";
import type { HostFault, LinkFault } from "./kinds/fault-kind.ts";
import { hold } from "./kinds/hold.ts";
import { impair } from "./kinds/impair.ts";
import { partition } from "./kinds/partition.ts";
import { pause } from "./kinds/pause.ts";
import { slow } from "./kinds/slow.ts";

/**
 * The kinds of faults, by name: what each strikes, its fields, and values to draw it from at random.
 *
 * Fault plans and their checks, `randomFaults`, and the arbitraries of `simloop/properties` follow from this table.
 */
export const faultKinds = { partition, hold, impair, slow, crash, pause, clock };

/** The kinds of faults that a fault plan can have. */
export type FaultKind = keyof typeof faultKinds;

/** The names of the kinds of faults. */
export const FAULT_KINDS = Object.keys(faultKinds) as readonly FaultKind[];

/** Those kinds that strike links between hosts. */
export type LinkFaultKind = {
  [K in FaultKind]: (typeof faultKinds)[K] extends LinkFault<infer _> ? K : never;
}[FaultKind];

/** Those kinds that strike a host. */
export type HostFaultKind = Exclude<FaultKind, LinkFaultKind>;

/** The fields that a planned fault of kind `K` has beside where and when it happens. */
export type FaultFields<K extends FaultKind> = (typeof faultKinds)[K] extends LinkFault<infer F> | HostFault<infer F>
  ? F
  : never;

/** The description of a kind by its name, with the types of its fields left aside. */
export const faultKind = (name: FaultKind): LinkFault<object> | HostFault<object> =>
  faultKinds[name] as LinkFault<object> | HostFault<object>;
