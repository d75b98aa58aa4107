import { optionNames, requireOptions } from "../../base/require-options.ts";
import { type DiskOptions, requireDiskOptions } from "./disk.ts";
import { type ClockOptions, HostClock } from "./host-clock.ts";

/** Options of a host. All have defaults. */
export interface HostOptions {
  /** Its IPv4 and IPv6 addresses; by default the next free ones of 10.0.0.0/16 and fd00::/64. */
  readonly addresses?: readonly string[];
  /** How its clock is off; not at all by default. */
  readonly clock?: ClockOptions;
  /** What its disk is like. */
  readonly disk?: DiskOptions;
}

const HOST_OPTIONS = optionNames<HostOptions>({ addresses: true, clock: true, disk: true });

/** @throws TypeError for unknown options; RangeError for an invalid clock or disk. The addresses are not looked at. */
export function requireHostOptions(name: string, options: HostOptions): void {
  requireOptions(`host ${name}`, options, HOST_OPTIONS);
  const { clock = {}, disk = {} } = options;
  requireDiskOptions(disk);
  new HostClock().set(`clock of host ${name}`, clock, 0);
}
