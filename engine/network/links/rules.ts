import { describeValue } from "../../base/describe.ts";
import { requireCallback } from "../../loop/validate.ts";
import type { Packet } from "../packets/packet.ts";
import { type HeldPacket, PacketInTransit, type TransitLink } from "./packet-in-transit.ts";

/** Decides what becomes of packets. Every packet passes every rule, twice: where it departs and where it arrives. */
export interface Rule {
  /** For traces and messages. */
  readonly name: string;
  /** A packet is about to leave. */
  departing?(transit: PacketInTransit): void;
  /** A packet is about to arrive. */
  arriving?(transit: PacketInTransit): void;
}

const isCallable = (value: unknown): boolean => value === undefined || typeof value === "function";

const isRule = (value: unknown): value is Rule => {
  const rule = value as Rule | null;
  return (
    typeof rule === "object" &&
    rule !== null &&
    typeof rule.name === "string" &&
    (rule.departing ?? rule.arriving) !== undefined &&
    isCallable(rule.departing) &&
    isCallable(rule.arriving)
  );
};

/** A rule in force. Use it with `using`, or call `remove()`. */
export class RuleGuard implements Disposable {
  /** The rule. */
  readonly rule: Rule;
  /** @internal Its number, in order of adding. */
  readonly _number: number;
  private readonly _chain: RuleChain;

  /** @internal Guards are made by `network.rules.add()`. */
  constructor(chain: RuleChain, rule: Rule, number: number) {
    this._chain = chain;
    this.rule = rule;
    this._number = number;
  }

  /** Whether the rule is still in force. */
  get isActive(): boolean {
    return this._chain._guards.includes(this);
  }

  /** End the rule. Twice does nothing more. */
  remove(): void {
    this._chain._remove(this);
  }

  /** The same as {@link remove}. */
  [Symbol.dispose](): void {
    this.remove();
  }
}

/** The one seam that every packet and every fault passes: rules, in the order in which they were added. */
export class RuleChain {
  /** @internal */
  _guards: readonly RuleGuard[] = [];
  private readonly _transit = new PacketInTransit();
  private _added = 0;

  /** Whether there is no rule, so that the rules can be skipped. */
  get isEmpty(): boolean {
    return this._guards.length === 0;
  }

  /** Put `rule` in force, behind those that are. @throws TypeError if it is not a rule. */
  add(rule: Rule): RuleGuard {
    if (!isRule(rule)) {
      throw new TypeError(
        `rules: expected a rule, an object with a name and departing() or arriving(), got ${describeValue(rule)}`,
      );
    }
    for (const end of ["departing", "arriving"] as const) {
      if (rule[end] !== undefined) {
        requireCallback(`rules: ${rule.name}.${end}`, rule[end]);
      }
    }
    const guard = new RuleGuard(this, rule, ++this._added);
    this._guards = [...this._guards, guard];
    return guard;
  }

  /**
   * @internal What the rules decide about a packet that departs.
   *
   * @param held - For a packet that a rule held: only the rules behind that one are asked.
   */
  _departing(packet: Packet, link: TransitLink, now: number, held: HeldPacket | null): PacketInTransit {
    const transit = this._begin("departing", packet, link, now, held);
    let last = held?.rule ?? 0;
    try {
      for (const { rule, _number: number } of this._guards) {
        if (number > last) {
          last = number;
          rule.departing?.(transit);
        }
        if (transit._dropped !== null || transit._held !== null) {
          break;
        }
      }
    } finally {
      transit._conclude(last);
    }
    return transit;
  }

  /** @internal Why the rules drop a packet that arrives; `null` if they do not. */
  _arriving(packet: Packet, link: TransitLink, now: number): string | null {
    const transit = this._begin("arriving", packet, link, now, null);
    try {
      for (const { rule } of this._guards) {
        rule.arriving?.(transit);
        if (transit._dropped !== null) {
          break;
        }
      }
    } finally {
      transit._end = null;
    }
    return transit._dropped;
  }

  /** The one object for all packets, or another while a rule that is being asked sends a packet itself. */
  private _begin(
    end: "departing" | "arriving",
    packet: Packet,
    link: TransitLink,
    now: number,
    held: HeldPacket | null,
  ): PacketInTransit {
    const transit = this._transit._end === null ? this._transit : new PacketInTransit();
    transit._begin(end, packet, link, now, held);
    return transit;
  }

  /** @internal */
  _remove(guard: RuleGuard): void {
    this._guards = this._guards.filter((other) => other !== guard);
  }
}
