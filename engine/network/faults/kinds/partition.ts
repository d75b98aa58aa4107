import type { PacketInTransit } from "../../links/packet-in-transit.ts";
import type { LinkFault } from "./fault-kind.ts";

/** No packet passes, those on the way included, as with a cut cable. */
export const partition: LinkFault<object> = {
  strikes: "links",
  fields: [],
  isRandom: true,
  draws: [{}],
  check: () => {},
  rule: (name, direction) => {
    const cut = (transit: PacketInTransit): void => {
      if (direction.covers(transit.from, transit.to)) {
        transit.drop("partition");
      }
    };
    return { name, departing: cut, arriving: cut };
  },
};
