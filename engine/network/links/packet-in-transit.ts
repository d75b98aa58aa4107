import { RuntimeError } from "../../base/errors.ts";
import type { Packet } from "../packets/packet.ts";

/** A host as rules see it. */
interface Place {
  readonly name: string;
}

/** What {@link PacketInTransit} needs of the link that the packet is on. */
export interface TransitLink {
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
export class PacketInTransit {
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
  private _link!: TransitLink;
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
  _begin(end: "departing" | "arriving", packet: Packet, link: TransitLink, now: number): void {
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
          ? `${method}: expected a call while the rule is asked, got one afterwards. Decide in the rule, or hold() the packet there.`
          : `${method}: expected a packet that departs, got one that arrives, which can only be dropped or corrupted. Do this in departing().`,
      );
    }
  }
}
