import { RuntimeError } from "../../base/errors.ts";
import { requireCallback } from "../../loop/validate.ts";
import type { Packet } from "../packets/packet.ts";

/** A host as rules see it. */
interface Place {
  readonly name: string;
}

/** What {@link Crossing} needs of the link that the packet is on. */
export interface CrossedLink {
  readonly from: Place;
  readonly to: Place;
  /** @internal Let a packet that was held go on, and copies of it. */
  _goOn(packet: Packet, copies: number): void;
}

/**
 * A packet at one of the two ends of a link, and what rules decide about it.
 *
 * One object serves all packets: it is valid during the call of a rule and not afterwards.
 */
export class Crossing {
  /** @internal Why the packet is dropped; `null` while it is not. */
  _dropped: string | null = null;
  /** @internal */
  _delay = 0;
  /** @internal */
  _copies = 0;
  /** @internal Whether a rule keeps the packet; it waits with its copies. */
  _held: { copies: number } | null = null;
  /** @internal At which end of the link the packet is; `null` when no rule is being asked. */
  _end: "departing" | "arriving" | null = null;
  private _packet!: Packet;
  private _link!: CrossedLink;
  private _now = 0;

  /** The packet. */
  get packet(): Packet {
    return this._packet;
  }

  /** Name of the host that sends it. */
  get from(): string {
    return this._link.from.name;
  }

  /** Name of the host that it goes to. */
  get to(): string {
    return this._link.to.name;
  }

  /** Virtual time in seconds. */
  get now(): number {
    return this._now;
  }

  /** Drop the packet, for a reason that the trace shows. */
  drop(reason: string): void {
    this._require("drop");
    if (typeof reason !== "string") {
      throw new TypeError(`drop: expected a reason, which the trace shows, got ${String(reason)}`);
    }
    this._dropped ??= reason;
  }

  /** Let the packet travel longer, by `seconds`. When departing only. @throws RangeError if negative or infinite; RuntimeError when arriving. */
  delay(seconds: number): void {
    this._require("delay", "departing");
    if (!(seconds >= 0 && seconds < Number.POSITIVE_INFINITY)) {
      throw new RangeError(`delay: expected seconds, finite and not negative, got ${String(seconds)}`);
    }
    this._delay += seconds;
  }

  /** Send `copies` more of the packet. When departing only. @throws RangeError if that is no count; RuntimeError when arriving. */
  duplicate(copies = 1): void {
    this._require("duplicate", "departing");
    if (!(Number.isInteger(copies) && copies >= 0)) {
      throw new RangeError(`duplicate: expected a number of copies from 0 on, got ${String(copies)}`);
    }
    this._copies += copies;
  }

  /** Damage the packet, so that its checksum is wrong. */
  corrupt(): void {
    this._require("corrupt");
    this._packet.corrupted = true;
  }

  /** Take the packet off the link. When departing only. @returns A function that lets it go on; twice does nothing more. @throws RuntimeError when arriving. */
  hold(): () => void {
    this._require("hold", "departing");
    const { _packet: packet, _link: link } = this;
    const held = { copies: 0 };
    let isOver = false;
    this._held = held;
    return () => {
      if (!isOver) {
        isOver = true;
        link._goOn(packet, held.copies);
      }
    };
  }

  /** @internal */
  _begin(end: "departing" | "arriving", packet: Packet, link: CrossedLink, now: number): void {
    this._end = end;
    this._packet = packet;
    this._link = link;
    this._now = now;
    this._dropped = null;
    this._delay = 0;
    this._copies = 0;
    this._held = null;
  }

  private _require(method: string, end = this._end): void {
    if (this._end === null || this._end !== end) {
      throw new RuntimeError(
        this._end === null
          ? `${method}: a crossing is for the call of the rule only; decide there, or hold() the packet`
          : `${method}: a packet that arrives can be dropped or corrupted only; do this in departing()`,
      );
    }
  }
}

/** Decides what becomes of packets. Every packet passes every rule, twice: where it departs and where it arrives. */
export interface Rule {
  /** For traces and texts. */
  readonly name: string;
  /** A packet is about to leave. */
  departing?(crossing: Crossing): void;
  /** A packet is about to arrive. */
  arriving?(crossing: Crossing): void;
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
  private readonly _chain: RuleChain;

  constructor(chain: RuleChain, rule: Rule) {
    this._chain = chain;
    this.rule = rule;
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
  private readonly _crossing = new Crossing();

  /** Whether there is no rule, so that nobody need be asked. */
  get isEmpty(): boolean {
    return this._guards.length === 0;
  }

  /** Put `rule` in force, behind those that are. @throws TypeError if it is no rule. */
  add(rule: Rule): RuleGuard {
    if (!isRule(rule)) {
      throw new TypeError(
        `rules: expected a rule, an object with a name and departing() or arriving(), got ${String(rule)}`,
      );
    }
    for (const end of ["departing", "arriving"] as const) {
      if (rule[end] !== undefined) {
        requireCallback(`rules: ${rule.name}.${end}`, rule[end]);
      }
    }
    const guard = new RuleGuard(this, rule);
    this._guards = [...this._guards, guard];
    return guard;
  }

  /** @internal What the rules decide about a packet that leaves. */
  _departing(packet: Packet, link: CrossedLink, now: number): Crossing {
    const crossing = this._begin("departing", packet, link, now);
    try {
      for (const { rule } of this._guards) {
        rule.departing?.(crossing);
        if (crossing._dropped !== null || crossing._held !== null) {
          break;
        }
      }
    } finally {
      crossing._end = null;
    }
    if (crossing._held !== null) {
      crossing._held.copies = crossing._copies;
    }
    return crossing;
  }

  /** @internal Why the rules drop a packet that arrives; `null` if they do not. */
  _arriving(packet: Packet, link: CrossedLink, now: number): string | null {
    const crossing = this._begin("arriving", packet, link, now);
    try {
      for (const { rule } of this._guards) {
        rule.arriving?.(crossing);
        if (crossing._dropped !== null) {
          break;
        }
      }
    } finally {
      crossing._end = null;
    }
    return crossing._dropped;
  }

  /** The one object for all crossings, or another while a rule that is being asked sends a packet itself. */
  private _begin(end: "departing" | "arriving", packet: Packet, link: CrossedLink, now: number): Crossing {
    const crossing = this._crossing._end === null ? this._crossing : new Crossing();
    crossing._begin(end, packet, link, now);
    return crossing;
  }

  /** @internal */
  _remove(guard: RuleGuard): void {
    this._guards = this._guards.filter((other) => other !== guard);
  }
}
