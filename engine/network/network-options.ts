import { describeValue } from "../base/describe.ts";
import { optionNames, requireOptions } from "../base/require-options.ts";
import type { HostOptions } from "./hosts/host-options.ts";
import { HostTable } from "./hosts/host-table.ts";
import { BETWEEN_HOSTS, type LinkOptions, linkCharacter, WITHIN_HOST } from "./links/link-options.ts";
import { type TcpSettings, tcpSettings } from "./tcp/settings.ts";

/** Options of a simulated network. All have defaults. */
export interface NetworkOptions {
  /** Hosts to begin with, beside `localhost`, by name. */
  readonly hosts?: Readonly<Record<string, HostOptions>>;
  /** What links between hosts are like by default: a millisecond of latency, and perfect. */
  readonly links?: LinkOptions;
  /** What a host's link with itself is like: no latency, and perfect. */
  readonly loopback?: LinkOptions;
  /** How TCP behaves on all hosts. */
  readonly tcp?: Partial<TcpSettings>;
  /**
   * The planned faults that happen, by their numbers, from 1 in the order in which they are scheduled and take place;
   * all by default. For finding out which of them a failure needs.
   */
  readonly onlyFaults?: readonly number[];
}

/** @internal The names of {@link NetworkOptions}. */
export const NETWORK_OPTIONS = optionNames<NetworkOptions>({
  hosts: true,
  links: true,
  loopback: true,
  tcp: true,
  onlyFaults: true,
});

/** @internal The host of the code that was not started on a host of its own. */
export const LOCALHOST = "localhost";

/**
 * @internal Check all options of a network that may never be made.
 *
 * @throws TypeError or RangeError, as making the network would.
 */
export function requireNetworkOptions(options: NetworkOptions): void {
  requireOptions("network", options, NETWORK_OPTIONS);
  const { hosts = {}, links = {}, loopback = {}, tcp = {}, onlyFaults = [] } = options;
  tcpSettings(tcp);
  if (!(Array.isArray(onlyFaults) && onlyFaults.every((number) => Number.isSafeInteger(number) && number >= 1))) {
    throw new TypeError(`network.onlyFaults: expected numbers of faults, from 1, got ${describeValue(onlyFaults)}`);
  }
  linkCharacter("network.links", links, BETWEEN_HOSTS);
  linkCharacter("network.loopback", loopback, WITHIN_HOST);
  if (typeof hosts !== "object" || hosts === null || Array.isArray(hosts)) {
    throw new TypeError(`network.hosts: expected an object with the options of each host, got ${describeValue(hosts)}`);
  }
  const table = new HostTable<{ readonly name: string }>();
  table.add({ name: LOCALHOST }, []);
  for (const [name, hostOptions] of Object.entries(hosts)) {
    const [host, addresses] = [{ name }, table.requireHost(name, hostOptions)];
    table.add(host, addresses);
    if (addresses.length === 0) {
      table.assign(host);
    }
  }
}
