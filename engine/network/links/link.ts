import type { NoteShape } from "../../base/instrument.ts";
import { invariant } from "../../base/invariant.ts";
import type { RandomStream } from "../../base/random.ts";
import { chosen, isChosen } from "../../loop/chosen.ts";
import { touched } from "../../loop/touched.ts";
import { type Carrier, copyNote, type Packet } from "../packets/packet.ts";
import { happeningText, latencyText } from "./choice-text.ts";
import type { Fabric, LinkEnd } from "./fabric.ts";
import { type LinkCharacter, type LinkOptions, linkCharacter } from "./link-options.ts";
import type { HeldPacket } from "./packet-in-transit.ts";

const DELIVERED: NoteShape = { kind: "network.delivered", keys: ["packet", "link"] };
const DROPPED: NoteShape = { kind: "network.dropped", keys: ["packet", "link", "reason"] };
const DISCARDED: NoteShape = { kind: "network.discarded", keys: ["packet", "host", "reason"] };

/** Where a latency has no bounds, the shortest and the longest that an exploration takes are those of so many draws. */
const EXTREME_OF = 16;

/**
 * One direction of the way between two hosts, or of a host's way to itself. Made when the first packet goes that way;
 * costs nothing while none does.
 *
 * Invariant: `sent === delivered + dropped + inFlight`, at every instant; in flight is what is under way or held.
 */
export class Link implements Carrier {
  readonly from: LinkEnd;
  readonly to: LinkEnd;
  /** Packets that were put on the link, copies that it made itself included. */
  sent = 0;
  /** Packets that the host at the other end took. */
  delivered = 0;
  /** Packets that got lost, for whatever reason. */
  dropped = 0;
  /** Bytes of the packets that were put on the link, with all headers from IP upward. */
  sentBytes = 0;
  private readonly _fabric: Fabric;
  /** Packets that have an arrival, and packets that a rule holds. */
  private _underWay = 0;
  private _held = 0;
  private _character: LinkCharacter;
  private _name: string | null = null;
  private _random: RandomStream | null = null;
  /** When the last packet will have left, with limited bandwidth. */
  private _busyUntil = 0;
  /** No packet that is in line arrives before this. */
  private _lastArrival = 0;

  constructor(fabric: Fabric, from: LinkEnd, to: LinkEnd, character: LinkCharacter) {
    this._fabric = fabric;
    this.from = from;
    this.to = to;
    this._character = character;
  }

  /** `a→b`, for messages and for the name of the random stream, `link a→b`. */
  get name(): string {
    this._name ??= `${this.from.name}→${this.to.name}`;
    return this._name;
  }

  /** Packets on the way, those that a rule holds included. */
  get inFlight(): number {
    return this.sent - this.delivered - this.dropped;
  }

  /** Biggest packet, in bytes. */
  get mtu(): number {
    return this._character.mtu;
  }

  /**
   * Change what the link is like from now on; what is not named stays. Packets on the way are not affected.
   *
   * @throws RangeError for values out of range.
   */
  set(options: LinkOptions): void {
    this._character = linkCharacter(`link ${this.name}`, options, this._character);
  }

  /** Its name and counts, for `JSON.stringify`. */
  toJSON(): Pick<Link, "name" | "sent" | "delivered" | "dropped" | "inFlight" | "sentBytes"> {
    const { name, sent, delivered, dropped, inFlight, sentBytes } = this;
    return { name, sent, delivered, dropped, inFlight, sentBytes };
  }

  /** @internal @throws InvariantError if packets were lost without a word, or made of nothing. */
  checkInvariants(): void {
    invariant(this.inFlight === this._underWay + this._held, `${this}: what is in flight is under way or held`);
  }

  toString(): string {
    return `<Link ${this.name} sent=${this.sent} delivered=${this.delivered} dropped=${this.dropped} inFlight=${this.inFlight}>`;
  }

  /** @internal Put a packet on the link. */
  _send(packet: Packet, now: number): void {
    touched(this, "w");
    this._count(packet);
    this._depart(packet, now, null);
  }

  /** @internal A packet that a rule held goes on: the rules behind that one are asked now. */
  _goOn(packet: Packet, held: HeldPacket): void {
    touched(this, "w");
    this._held--;
    this._depart(packet, this._fabric.now(), held);
  }

  /** @internal */
  _arrive(packet: Packet, now: number): void {
    this._underWay--;
    const { rules } = this._fabric;
    const loss = (rules.isEmpty ? null : rules._arriving(packet, this, now)) ?? this._lossAtArrival(packet);
    if (loss !== null) {
      this._drop(packet, loss);
      return;
    }
    this.delivered++;
    this._requireBalance();
    const { isWatched } = this._fabric;
    if (isWatched) {
      this._fabric.noteAs(DELIVERED, [packet.id, this.name]);
    }
    const reason = this.to._receive(packet, now);
    if (reason !== null && isWatched) {
      this._fabric.noteAs(DISCARDED, [packet.id, this.to.name, reason]);
    }
  }

  /** A rule or a latency that throws ends the run: the program that sends has no part in it. */
  private _depart(packet: Packet, now: number, held: HeldPacket | null): void {
    try {
      if (held === null && this._fabric.rules.isEmpty) {
        this._travel(packet, 0, 1, now);
      } else {
        this._departByRules(packet, now, held);
      }
    } catch (error) {
      this._fabric.fail(error);
    }
  }

  private _departByRules(packet: Packet, now: number, heldBefore: HeldPacket | null): void {
    const transit = this._fabric.rules._departing(packet, this, now, heldBefore);
    const { _copies: copies, _delay: delay, _slowdown: slowdown, _dropped: reason, _held: held } = transit;
    if (reason !== null) {
      this._drop(packet, reason);
    } else if (held !== null) {
      this._held++;
    } else {
      for (let i = 0; i < copies; i++) {
        const copy = this._copyOf(packet);
        copy.corrupted = packet.corrupted;
        this._travel(copy, delay, slowdown, now);
      }
      this._travel(packet, delay, slowdown, now);
    }
  }

  private _lossAtArrival(packet: Packet): string | null {
    if (packet.corrupted) {
      return "checksum";
    }
    return this.to._isDown ? "host down" : null;
  }

  private _count(packet: Packet): void {
    this.sent++;
    this.sentBytes += packet.sizeBytes;
    if (this._fabric.isWatched) {
      const [shape, values] = [packet._noteShape, packet._noteValues(this.name)];
      if (packet.copyOf === 0) {
        this._fabric.noteAs(shape, values);
      } else {
        this._fabric.noteAs(copyNote(shape), [...values, packet.copyOf]);
      }
    }
  }

  private _drop(packet: Packet, reason: string): void {
    this.dropped++;
    this._requireBalance();
    if (this._fabric.isWatched) {
      this._fabric.noteAs(DROPPED, [packet.id, this.name, reason]);
    }
  }

  /** No packet leaves the link twice. */
  private _requireBalance(): void {
    invariant(this.delivered + this.dropped <= this.sent, "a link delivered or dropped more packets than were sent");
  }

  /** A copy that the link makes: a packet with a number of its own, which is sent as well. */
  private _copyOf(packet: Packet): Packet {
    const copy = packet._copy();
    copy.id = this._fabric.nextPacketId();
    copy.copyOf = packet.copyOf === 0 ? packet.id : packet.copyOf;
    this._count(copy);
    return copy;
  }

  /** Bandwidth first, then what may happen on the way, then the latency. */
  private _travel(packet: Packet, delay: number, slowdown: number, now: number): void {
    const { bandwidth, queueBytes, loss, duplicate, corrupt, latency, reorder, mtu } = this._character;
    const fragments = packet.sizeBytes > mtu ? fragmentsOf(packet, mtu) : 1;
    let departure = now;
    if (bandwidth !== Number.POSITIVE_INFINITY) {
      const begin = this._busyUntil > now ? this._busyUntil : now;
      if (((begin - now) * bandwidth) / 8 > queueBytes) {
        this._drop(packet, "queue");
        return;
      }
      departure = begin + ((packet.sizeBytes + (fragments - 1) * packet.ipHeaderBytes) * 8) / bandwidth;
      this._busyUntil = departure;
    }
    if (loss > 0 && this._anyOf(fragments, "loss", loss)) {
      this._drop(packet, "loss");
      return;
    }
    if (corrupt > 0 && this._anyOf(fragments, "corrupt", corrupt)) {
      packet.corrupted = true;
    }
    if (duplicate > 0 && this._chance("duplicate", duplicate)) {
      const copy = this._copyOf(packet);
      this._board(copy, departure + delay + slowdown * this._sample(latency), reorder, now);
    }
    this._board(packet, departure + delay + slowdown * this._sample(latency), reorder, now);
  }

  private _board(packet: Packet, arrival: number, reorder: number, now: number): void {
    let when = arrival;
    if (reorder === 0 || !this._chance("reorder", reorder)) {
      if (when < this._lastArrival) {
        when = this._lastArrival;
      }
      this._lastArrival = when;
    }
    packet._boards(this);
    this._underWay++;
    if (when <= now) {
      this._fabric.arriveNow(packet);
    } else {
      this._fabric.agenda.add(when, packet);
    }
  }

  /**
   * A latency; an exploration may take the shortest or the longest possible, or where these have no bound, one of the
   * shortest or longest.
   */
  private _sample(latency: LinkCharacter["latency"]): number {
    if (typeof latency === "number") {
      return latency;
    }
    const drawn = latency(this._stream());
    const option = isChosen()
      ? chosen(`d:${this.from.name}>${this.to.name}@${this.sent}`, 3, (taken) =>
          latencyText(taken, drawn, latency.range),
        )
      : 0;
    if (option === 0) {
      return drawn;
    }
    if (latency.range !== undefined) {
      return latency.range[option - 1]!;
    }
    const random = this._fabric.random(`link ${this.name}, otherwise`);
    const others = Array.from({ length: EXTREME_OF }, () => latency(random));
    return option === 1 ? Math.min(...others) : Math.max(...others);
  }

  /** Whether `what` happens to a packet; an exploration may take the other case. */
  private _chance(what: string, probability: number): boolean {
    const drawn = this._stream().chance(probability);
    const isOther =
      isChosen() &&
      chosen(`${what}:${this.from.name}>${this.to.name}@${this.sent}`, 2, () => happeningText(what, !drawn)) === 1;
    return drawn !== isOther;
  }

  /** Whether `what` happens to at least one of the fragments, without any of which the packet is worth nothing. */
  private _anyOf(fragments: number, what: string, probability: number): boolean {
    let spared = 1 - probability;
    for (let i = 1; i < fragments; i++) {
      spared *= 1 - probability;
    }
    return this._chance(what, fragments === 1 ? probability : 1 - spared);
  }

  private _stream(): RandomStream {
    this._random ??= this._fabric.random(`link ${this.name}`);
    return this._random;
  }
}

/**
 * How many fragments a packet makes that is bigger than the MTU: all but the last hold a multiple of eight bytes.
 *
 * @see RFC 791, RFC 8200
 */
const fragmentsOf = (packet: Packet, mtu: number): number => {
  const room = Math.max(8, (mtu - packet.ipHeaderBytes) & ~7);
  return Math.ceil((packet.sizeBytes - packet.ipHeaderBytes) / room);
};
