import type { RandomStream } from "../../../base/random.ts";
import type { Host } from "../../hosts/host.ts";
import type { Rule } from "../../links/rules.ts";
import type { Direction } from "../host-sets.ts";
import type { Domain } from "./domain.ts";

/** Values for some of the fields `F` of a fault. A field whose value is `undefined` is left out. */
export type FaultDraw<F> = { readonly [K in keyof F]?: Domain<F[K] | undefined> };

/**
 * What both sorts of fault kinds describe. `F` are the fields that a planned fault of the kind has beside where and
 * when it happens.
 */
interface FaultKindOf<F> {
  /** The names of its fields. */
  readonly fields: readonly string[];
  /** Whether `randomFaults` draws it unless its options name the kinds. */
  readonly isRandom: boolean;
  /** The alternatives that a random fault is drawn from, the simplest first. */
  readonly draws: readonly FaultDraw<F>[];
  /**
   * @internal Check the values of the fields.
   *
   * @param what - The fault, for the message.
   */
  check(what: string, fields: F): void;
}

/** The rule of a fault that strikes links. */
export interface FaultRule extends Rule {
  /** Called once the fault is over and the rule is removed. */
  ended?(): void;
}

/** A kind of fault that strikes the links between hosts. */
export interface LinkFault<F> extends FaultKindOf<F> {
  readonly strikes: "links";
  /**
   * @internal The rule that is in force while the fault lasts. Its fields have been checked.
   *
   * @param name - The name of the fault.
   * @param random - Makes the random stream of the fault.
   */
  rule(name: string, direction: Direction, fields: F, random: () => RandomStream): FaultRule;
}

/** A kind of fault that strikes a host. */
export interface HostFault<F> extends FaultKindOf<F> {
  readonly strikes: "host";
  /** @internal Begin. A host that cannot be struck now stays as it is. Its fields have been checked. */
  begin(host: Host, fields: F): void;
  /** @internal End. A host that has recovered meanwhile stays as it is. */
  end(host: Host): void;
}
