import type { HostFault } from "./fault-kind.ts";

/** The programs of a host stand still, and go on once the fault is over. */
export const pause: HostFault<object> = {
  strikes: "host",
  fields: [],
  isRandom: true,
  draws: [{}],
  check: () => {},
  begin: (host) => {
    if (host.state === "running") {
      host.pause();
    }
  },
  end: (host) => {
    if (host.state === "paused") {
      host.resume();
    }
  },
};
