import { describeValue } from "../../base/describe.ts";
import { RuntimeError } from "../../base/errors.ts";
import type { Packet } from "../packets/packet.ts";

/** A host as rules see it. */
interface NamedHost {
  readonly name: string;
}

/** What {@link PacketInTransit} needs of the link that the packet is on. */
export interface TransitLink {
  readonly from: NamedHost;
  readonly to: NamedHost;
  /** @internal Let a packet that was held go on. */
  _goOn(packet: Packet, held: HeldPacket): void;
}

/** Copies of one packet that rules may ask for in all: more would only fill the memory. */
const MAX_COPIES = 1000;

/** @throws RangeError unless `factor` is a finite number of at least 1. */
export function requireSlowdown(what: string, factor: unknown): asserts factor is number {
  if (typeof factor !== "number" || !(factor >= 1 && factor < Number.POSITIVE_INFINITY)) {
    throw new RangeError(`${what}: expected a finite factor of at least 1, got ${describeValue(factor)}`);
  }
}

/**
 * A packet at one of the two ends of a link, and what rules decide about it.
 *
 * One object serves all packets: it is valid during the call of a rule and not afterwards.
 */
export class PacketInTransit {
  /** @internal Why the packet is dropped; `null` while it is not. */
  _dropped: string | null = null;
  /** @internal Seconds that it travels longer. */
  _delay = 0;
  /** @internal What the latency of the link is multiplied by. */
  _slowdown = 1;
  /** @internal How many copies are sent as well. */
  _copies = 0;
  /** @internal Set when a rule keeps the packet. */
  _held: HeldPacket | null = null;
  /** @internal The end of the link at which the packet is; `null` when no rule is being asked. */
  _end: "departing" | "arriving" | null = null;
  private _packet!: Packet;
  private _link!: TransitLink;
  private _now = 0;

  /** The packet. */
  get packet(): Packet {
    return this._packet;
  }

  /** Name of the sending host. */
  get from(): string {
    return this._link.from.name;
  }

  /** Name of the host that the packet goes to. */
  get to(): string {
    return this._link.to.name;
  }

  /** Virtual time in seconds. */
  get now(): number {
    return this._now;
  }

  /** Drop the packet. @param reason - Why, for the trace. @throws TypeError unless `reason` is a string. */
  drop(reason: string): void {
    this._require("drop");
    if (typeof reason !== "string") {
      throw new TypeError(`drop: expected a reason for the trace, as a string, got ${describeValue(reason)}`);
    }
    this._dropped ??= reason;
  }

  /**
   * Let the packet travel longer, by `seconds`. Several delays add up.
   *
   * @throws RangeError if `seconds` is negative or infinite; RuntimeError for a packet that arrives.
   */
  delay(seconds: number): void {
    this._require("delay", "departing");
    if (typeof seconds !== "number" || !(seconds >= 0 && this._delay + seconds < Number.POSITIVE_INFINITY)) {
      throw new RangeError(`delay: expected seconds, finite and not negative, got ${describeValue(seconds)}`);
    }
    this._delay += seconds;
  }

  /**
   * Multiply the latency of the link by `factor`, for this packet. Several factors multiply. Bandwidth and delays stay
   * as they are.
   *
   * @throws RangeError unless `factor` is a finite number of at least 1; RuntimeError for a packet that arrives.
   */
  slow(factor: number): void {
    this._require("slow", "departing");
    requireSlowdown("slow", factor);
    requireSlowdown("slow: all factors together", this._slowdown * factor);
    this._slowdown *= factor;
  }

  /**
   * Send `copies` more of the packet. What rules decide about the packet holds for its copies as well.
   *
   * @throws RangeError unless `copies` is an integer that is not negative, and no more than 1000 in all; RuntimeError
   * for a packet that arrives.
   */
  duplicate(copies = 1): void {
    this._require("duplicate", "departing");
    if (!(Number.isInteger(copies) && copies >= 0 && this._copies + copies <= MAX_COPIES)) {
      throw new RangeError(
        `duplicate: expected an integer from 0 to ${MAX_COPIES} copies of a packet, got ${describeValue(copies)}`,
      );
    }
    this._copies += copies;
  }

  /** Damage the packet, so that its checksum is wrong and its receiver drops it. */
  corrupt(): void {
    this._require("corrupt");
    this._packet.corrupted = true;
  }

  /**
   * Keep the packet back. What rules decided before stays decided; the rules behind this one are asked once the packet
   * goes on.
   *
   * @returns A function that lets the packet go on. A second call has no effect.
   * @throws RuntimeError for a packet that arrives.
   */
  hold(): () => void {
    this._require("hold", "departing");
    this._held ??= new HeldPacket(this._packet, this._link);
    const held = this._held;
    return () => {
      if (this._held === held && this._end !== null) {
        // Let go by the very call that held it: it was never kept.
        this._held = null;
      }
      held.release();
    };
  }

  /** @internal @param held - What was decided before the packet was held; `null` for one that was not. */
  _begin(end: "departing" | "arriving", packet: Packet, link: TransitLink, now: number, held: HeldPacket | null): void {
    this._end = end;
    this._packet = packet;
    this._link = link;
    this._now = now;
    this._dropped = null;
    this._delay = held?.delay ?? 0;
    this._slowdown = held?.slowdown ?? 1;
    this._copies = held?.copies ?? 0;
    this._held = null;
  }

  /** @internal The rule with this number was the last to be asked. */
  _conclude(rule: number): void {
    this._end = null;
    this._held?.keep(this, rule);
  }

  private _require(method: string, end = this._end): void {
    if (this._end === null || this._end !== end) {
      throw new RuntimeError(
        this._end === null
          ? `${method}: expected a call while the rule is asked, got one afterwards. Decide in the rule, or hold() the packet there.`
          : `${method}: expected a packet that departs, got one that arrives, which can only be dropped or corrupted. Do this in departing().`,
      );
    }
  }
}

/** A packet that a rule keeps back, with what was decided about it until then. */
export class HeldPacket {
  delay = 0;
  slowdown = 1;
  copies = 0;
  /** The number of the rule that holds it. Those behind it have not been asked yet. */
  rule = 0;
  private readonly _packet: Packet;
  private readonly _link: TransitLink;
  private _state: "asked" | "kept" | "gone" = "asked";

  constructor(packet: Packet, link: TransitLink) {
    this._packet = packet;
    this._link = link;
  }

  /** Note what was decided. A packet that was dropped as well is gone. */
  keep(
    { _dropped: dropped, _delay: delay, _slowdown: slowdown, _copies: copies }: PacketInTransit,
    rule: number,
  ): void {
    this._state = dropped === null ? "kept" : "gone";
    this.delay = delay;
    this.slowdown = slowdown;
    this.copies = copies;
    this.rule = rule;
  }

  /** Let it go on. Has no effect unless it is kept. */
  release(): void {
    if (this._state === "kept") {
      this._state = "gone";
      this._link._goOn(this._packet, this);
    }
  }
}
