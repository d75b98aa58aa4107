import dns from "node:dns";
import net from "node:net";
import { here } from "../loop/current.ts";
import type { SimulatedProcess } from "../loop/simulated-process.ts";
import { askFor, type FoundAddress, hostNameOf, lookupError } from "./dns-answers.ts";
import { patchDnsQueries } from "./dns-queries.ts";

interface LookupOptions {
  readonly family?: number | "IPv4" | "IPv6";
  readonly all?: boolean;
  readonly order?: string;
  readonly verbatim?: boolean;
}

const isNoName = (hostname: string): boolean => hostname === "" || net.isIP(hostname) !== 0;

type LookupCallback = (error: Error | null, ...answer: unknown[]) => void;

const familyOf = (family: LookupOptions["family"]): number =>
  family === "IPv4" ? 4 : family === "IPv6" ? 6 : Number(family ?? 0);

/** Node's order of the addresses that it found. */
function ordered(found: readonly FoundAddress[], { order, verbatim }: LookupOptions): readonly FoundAddress[] {
  const wanted = order ?? (verbatim === false ? "ipv4first" : dns.getDefaultResultOrder());
  if (wanted === "verbatim") {
    return found;
  }
  const first = wanted === "ipv6first" ? 6 : 4;
  return [...found.filter(({ family }) => family === first), ...found.filter(({ family }) => family !== first)];
}

/** Look `hostname` up, and call `done` when the answer is there. */
function lookUp(
  process: SimulatedProcess,
  hostname: string,
  options: LookupOptions,
  done: (error: Error | null, found: readonly FoundAddress[]) => void,
): void {
  const { found, code, delay } = askFor(process, hostname, familyOf(options.family));
  process.answer(delay, () =>
    code === null ? done(null, ordered(found, options)) : done(lookupError(code, "getaddrinfo", hostname), []),
  );
}

/** `dns.lookup` and `dns.promises.lookup`: through the hosts and names of the network. */
function patchLookup(): void {
  const { lookup } = dns;
  const { lookup: lookupPromise } = dns.promises;
  const value = (hostname: string, given: unknown, last?: LookupCallback): unknown => {
    const process = here();
    const callback = typeof given === "function" ? (given as LookupCallback) : last;
    // Of an address, and of nothing, Node answers in a tick.
    if (process === null || typeof callback !== "function" || typeof hostname !== "string" || isNoName(hostname)) {
      return (lookup as (...args: unknown[]) => unknown)(hostname, given, last);
    }
    const options: LookupOptions =
      typeof given === "number" ? { family: given } : typeof given === "object" && given !== null ? given : {};
    lookUp(process, hostname, options, (error, found) => {
      if (error !== null) {
        callback(error);
      } else if (options.all === true) {
        callback(null, found);
      } else {
        callback(null, found[0]?.address, found[0]?.family);
      }
    });
    return {};
  };
  Object.assign(dns, { lookup: value });
  Object.assign(dns.promises, {
    lookup: (hostname: string, given?: number | LookupOptions) => {
      const process = here();
      if (process === null || typeof hostname !== "string" || isNoName(hostname)) {
        return lookupPromise(hostname, given as dns.LookupOptions);
      }
      const options = typeof given === "number" ? { family: given } : (given ?? {});
      return new Promise((resolve, reject) => {
        lookUp(process, hostname, options, (error, found) =>
          error === null ? resolve(options.all === true ? found : found[0]) : reject(error),
        );
      });
    },
  });
}

type ServiceCallback = (error: Error | null, hostname?: string, service?: string) => void;

/** `dns.lookupService`: the host that has an address; the simulated network has no names for ports. */
function patchLookupService(): void {
  const { lookupService } = dns;
  const { lookupService: lookupPromise } = dns.promises;
  const find = (process: SimulatedProcess, address: string, port: number, done: ServiceCallback): void => {
    const name = hostNameOf(process, address);
    process.answer(0, () =>
      name === null ? done(lookupError("ENOTFOUND", "getnameinfo", address)) : done(null, name, String(port)),
    );
  };
  Object.assign(dns, {
    lookupService: (address: string, port: number, callback: ServiceCallback) => {
      const process = here();
      if (process === null || typeof callback !== "function") {
        return lookupService(address, port, callback as never);
      }
      find(process, address, port, callback);
      return {};
    },
  });
  Object.assign(dns.promises, {
    lookupService: (address: string, port: number) => {
      const process = here();
      return process === null
        ? lookupPromise(address, port)
        : new Promise((resolve, reject) => {
            find(process, address, port, (error, hostname, service) =>
              error === null ? resolve({ hostname, service }) : reject(error),
            );
          });
    },
  });
}

/** Names are looked up in the simulated network. */
export function patchDns(): void {
  patchLookup();
  patchLookupService();
  patchDnsQueries();
}
