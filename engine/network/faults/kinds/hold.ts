import type { PacketInTransit } from "../../links/packet-in-transit.ts";
import type { Direction } from "../host-sets.ts";
import type { FaultRule, LinkFault } from "./fault-kind.ts";

/** Packets wait where they depart, and go on in order once the fault is over. */
export const hold: LinkFault<object> = {
  strikes: "links",
  fields: [],
  isRandom: true,
  draws: [{}],
  check: () => {},
  rule: (name, direction) => new HoldRule(name, direction),
};

class HoldRule implements FaultRule {
  readonly name: string;
  private readonly _direction: Direction;
  private _held: (() => void)[] = [];

  constructor(name: string, direction: Direction) {
    this.name = name;
    this._direction = direction;
  }

  departing(transit: PacketInTransit): void {
    if (this._direction.covers(transit.from, transit.to)) {
      this._held.push(transit.hold());
    }
  }

  ended(): void {
    const held = this._held;
    this._held = [];
    for (const release of held) {
      release();
    }
  }
}
