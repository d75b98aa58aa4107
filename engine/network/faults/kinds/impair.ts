import { describeValue } from "../../../base/describe.ts";
import type { RandomStream } from "../../../base/random.ts";
import { optionNames } from "../../../base/require-options.ts";
import { chosen, isChosen } from "../../../loop/chosen.ts";
import { happeningText } from "../../links/choice-text.ts";
import { type Latency, type Sampler, samplerOf } from "../../links/latency.ts";
import { requireProbability } from "../../links/link-options.ts";
import type { PacketInTransit } from "../../links/packet-in-transit.ts";
import type { PacketProtocol } from "../../packets/packet.ts";
import type { Direction } from "../host-sets.ts";
import { mapped, multiplesFrom } from "./domain.ts";
import type { FaultRule, LinkFault } from "./fault-kind.ts";

/** How packets are impaired. By default, not at all. */
export interface Impairment {
  /** Probability that a packet is dropped. */
  readonly loss?: number;
  /** How much longer packets travel, in seconds. */
  readonly delay?: Latency;
  /** Probability that a packet is sent twice. */
  readonly duplicate?: number;
  /** Probability that a packet is damaged, so that its receiver drops it. */
  readonly corrupt?: number;
  /** Impair packets of this protocol only. */
  readonly protocol?: PacketProtocol;
}

const PROTOCOLS: readonly unknown[] = ["tcp", "udp", "icmp", undefined];

const chances = multiplesFrom(0.05, 0.5, 0.05);
const delays = mapped(multiplesFrom(0.01, 0.2, 0.01), (exponential): Latency => ({ exponential }));

/** Packets are lost, delayed, duplicated or damaged at random. */
export const impair: LinkFault<Impairment> = {
  strikes: "links",
  fields: optionNames<Impairment>({ loss: true, delay: true, duplicate: true, corrupt: true, protocol: true }),
  isRandom: true,
  draws: [
    { loss: chances },
    { duplicate: chances },
    { corrupt: chances },
    { delay: delays },
    { loss: chances, duplicate: chances, delay: delays },
  ],
  check: (what, impairment) => {
    for (const each of ["loss", "duplicate", "corrupt"] as const) {
      const { [each]: probability = 0 } = impairment;
      requireProbability(what, each, probability);
    }
    const { delay = 0 } = impairment;
    samplerOf(`${what}: delay`, delay);
    if (!PROTOCOLS.includes(impairment.protocol)) {
      throw new RangeError(
        `${what}: expected the protocol tcp, udp or icmp, got ${describeValue(impairment.protocol)}`,
      );
    }
  },
  rule: (name, direction, impairment, random) => new ImpairRule(name, direction, impairment, random()),
};

/** Impairs packets of `direction`, with draws from a random stream of its own. */
class ImpairRule implements FaultRule {
  readonly name: string;
  private readonly _direction: Direction;
  private readonly _random: RandomStream;
  private readonly _impairment: Impairment;
  private readonly _delay: number | Sampler;
  /** The number of packets that it was asked about, which names the choices of an exploration. */
  private _asked = 0;

  constructor(name: string, direction: Direction, impairment: Impairment, random: RandomStream) {
    this.name = name;
    this._direction = direction;
    this._random = random;
    this._impairment = { ...impairment };
    this._delay = samplerOf(`delay of ${name}`, impairment.delay ?? 0);
  }

  departing(transit: PacketInTransit): void {
    const { protocol, loss = 0, duplicate = 0, corrupt = 0 } = this._impairment;
    const isMeant = protocol === undefined || protocol === transit.packet.protocol;
    if (!isMeant || !this._direction.covers(transit.from, transit.to)) {
      return;
    }
    this._asked++;
    if (this._happens("loss", loss)) {
      transit.drop(this.name);
      return;
    }
    if (this._happens("duplicate", duplicate)) {
      transit.duplicate();
    }
    if (this._happens("corrupt", corrupt)) {
      transit.corrupt();
    }
    transit.delay(typeof this._delay === "number" ? this._delay : this._delay(this._random));
  }

  /** Whether `what` happens to a packet. An exploration may choose the other case. */
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
