import { optionNames } from "../../../base/require-options.ts";
import { requireSlowdown } from "../../links/packet-in-transit.ts";
import { multiplesFrom } from "./domain.ts";
import type { LinkFault } from "./fault-kind.ts";

/** How much slower links are. */
export interface Slowdown {
  /** The latency of the links is multiplied by this: a finite number of at least 1. */
  readonly factor: number;
}

/** Packets take a multiple of the links' latency. Bandwidth, and delays that rules add, stay as they are. */
export const slow: LinkFault<Slowdown> = {
  strikes: "links",
  fields: optionNames<Slowdown>({ factor: true }),
  isRandom: true,
  draws: [{ factor: multiplesFrom(2, 100, 1) }],
  check: (what, { factor }) => requireSlowdown(what, factor),
  rule: (name, direction, { factor }) => ({
    name,
    departing: (transit) => {
      if (direction.covers(transit.from, transit.to)) {
        transit.slow(factor);
      }
    },
  }),
};
