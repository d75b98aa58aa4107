import { optionNames } from "../../../base/require-options.ts";
import { type CrashOptions, requireCrashOptions } from "../../hosts/crash-options.ts";
import { oneOf } from "./domain.ts";
import type { HostFault } from "./fault-kind.ts";

/** A host crashes, and restarts once the fault is over. */
export const crash: HostFault<CrashOptions> = {
  strikes: "host",
  fields: optionNames<CrashOptions>({ connections: true }),
  isRandom: true,
  draws: [{ connections: oneOf(undefined, "reset") }],
  check: requireCrashOptions,
  begin: (host, options) => {
    if (host.state !== "down") {
      host.crash(options);
    }
  },
  end: (host) => {
    if (host.state === "down") {
      host.restart();
    }
  },
};
