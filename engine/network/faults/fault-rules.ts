import type { RandomStream } from "../../base/random.ts";
import { chosen, isChosen } from "../../loop/chosen.ts";
import { happeningText } from "../links/choice-text.ts";
import { type Latency, type Sampler, samplerOf } from "../links/latency.ts";
import type { PacketInTransit } from "../links/packet-in-transit.ts";
import type { Rule } from "../links/rules.ts";
import type { PacketProtocol } from "../packets/packet.ts";
import type { Direction } from "./host-sets.ts";

/** Drops every packet of `direction`, those on the way included: what a cut cable does. */
export function partitionRule(name: string, direction: Direction): Rule {
  const cut = (transit: PacketInTransit): void => {
    if (direction.covers(transit.from, transit.to)) {
      transit.drop("partition");
    }
  };
  return { name, departing: cut, arriving: cut };
}

/** Keeps every packet of `direction` that departs, until it is released. */
export class HoldRule implements Rule {
  readonly name: string;
  private readonly _direction: Direction;
  private _held: (() => void)[] = [];

  constructor(name: string, direction: Direction) {
    this.name = name;
    this._direction = direction;
  }

  /** How many packets it holds. */
  get count(): number {
    return this._held.length;
  }

  departing(transit: PacketInTransit): void {
    if (this._direction.covers(transit.from, transit.to)) {
      this._held.push(transit.hold());
    }
  }

  /** Let all packets go on, in the order in which they came. */
  release(): void {
    const held = this._held;
    this._held = [];
    for (const goOn of held) {
      goOn();
    }
  }
}

/** How packets are impaired. All have defaults, which impair nothing. */
export interface Impairment {
  /** Probability that a packet is dropped. */
  readonly loss?: number;
  /** How much longer packets travel, in seconds. */
  readonly delay?: Latency;
  /** Probability that a packet is sent twice. */
  readonly duplicate?: number;
  /** Probability that a packet is damaged. */
  readonly corrupt?: number;
  /** Packets of this protocol only. */
  readonly protocol?: PacketProtocol;
}

/** The names of what a {@link Impairment} has. */
export const IMPAIRMENT_OPTIONS: readonly string[] = ["loss", "delay", "duplicate", "corrupt", "protocol"];

const PROTOCOLS: readonly unknown[] = ["tcp", "udp", "icmp", undefined];

/** @throws RangeError for probabilities outside 0 to 1, delays that make no sense, and unknown protocols. */
export function requireImpairment(what: string, impairment: Impairment): void {
  probability(what, "loss", impairment.loss);
  probability(what, "duplicate", impairment.duplicate);
  probability(what, "corrupt", impairment.corrupt);
  samplerOf(`delay of ${what}`, impairment.delay ?? 0);
  if (!PROTOCOLS.includes(impairment.protocol)) {
    throw new RangeError(`${what}: expected the protocol tcp, udp or icmp, got ${String(impairment.protocol)}`);
  }
}

/** Impairs packets of `direction`, with draws from a random stream of its own. Its impairment has been checked. */
export class ImpairRule implements Rule {
  readonly name: string;
  private readonly _direction: Direction;
  private readonly _random: RandomStream;
  private readonly _protocol: PacketProtocol | undefined;
  private readonly _loss: number;
  private readonly _duplicate: number;
  private readonly _corrupt: number;
  private readonly _delay: number | Sampler;
  /** Packets that it was asked about. */
  private _asked = 0;

  constructor(name: string, direction: Direction, impairment: Impairment, random: RandomStream) {
    this.name = name;
    this._direction = direction;
    this._random = random;
    this._protocol = impairment.protocol;
    this._loss = impairment.loss ?? 0;
    this._duplicate = impairment.duplicate ?? 0;
    this._corrupt = impairment.corrupt ?? 0;
    this._delay = samplerOf(`delay of ${name}`, impairment.delay ?? 0);
  }

  departing(transit: PacketInTransit): void {
    const isMeant = this._protocol === undefined || this._protocol === transit.packet.protocol;
    if (!isMeant || !this._direction.covers(transit.from, transit.to)) {
      return;
    }
    this._asked++;
    if (this._happens("loss", this._loss)) {
      transit.drop(this.name);
      return;
    }
    if (this._happens("duplicate", this._duplicate)) {
      transit.duplicate();
    }
    if (this._happens("corrupt", this._corrupt)) {
      transit.corrupt();
    }
    transit.delay(typeof this._delay === "number" ? this._delay : this._delay(this._random));
  }

  /** Whether `what` happens to a packet; an exploration may take the other case. */
  private _happens(what: string, chance: number): boolean {
    if (chance === 0) {
      return false;
    }
    const drawn = this._random.chance(chance);
    const isOther =
      isChosen() &&
      chosen(`${what}:${this.name.replaceAll(" ", "-")}@${this._asked}`, 2, () => happeningText(what, !drawn)) === 1;
    return drawn !== isOther;
  }
}

function probability(rule: string, what: string, value = 0): void {
  if (typeof value !== "number" || !(value >= 0 && value <= 1)) {
    throw new RangeError(`${what} of ${rule}: expected a probability from 0 to 1, got ${String(value)}`);
  }
}
