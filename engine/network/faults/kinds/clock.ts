import { optionNames } from "../../../base/require-options.ts";
import { type ClockOptions, HostClock } from "../../hosts/host-clock.ts";
import { multiplesAround0 } from "./domain.ts";
import type { HostFault } from "./fault-kind.ts";

/** The clock of a host is off, and shows afterwards what it would have shown anyway. */
export const clock: HostFault<ClockOptions> = {
  strikes: "host",
  fields: optionNames<ClockOptions>({ skew: true, drift: true }),
  isRandom: false,
  draws: [{ skew: multiplesAround0(1, 0.1), drift: multiplesAround0(1e-3, 1e-4) }],
  check: (what, options) => new HostClock().set(what, options, 0),
  begin: (host, options) => host._clock.impair(host.name, options, host.now()),
  end: (host) => host._clock.heal(),
};
