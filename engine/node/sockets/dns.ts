import dns from "node:dns";
import net from "node:net";
import os from "node:os";
import type { AddressFamily } from "../../network/address.ts";
import { here } from "../loop/current.ts";
import type { SimulatedProcess } from "../loop/simulated-process.ts";

/** The numbers that libuv has for failed lookups. */
const LOOKUP_ERRORS: Readonly<Record<string, number>> = { ENOTFOUND: -3008, EAI_AGAIN: -3001 };

interface Found {
  readonly address: string;
  readonly family: AddressFamily;
}

interface LookupOptions {
  readonly family?: number | "IPv4" | "IPv6";
  readonly all?: boolean;
  readonly order?: string;
  readonly verbatim?: boolean;
}

const isNoName = (hostname: string): boolean => hostname === "" || net.isIP(hostname) !== 0;

type LookupCallback = (error: Error | null, ...answer: unknown[]) => void;

/** An error as Node makes it of a failed lookup. */
function lookupError(code: string, syscall: string, hostname: string): Error {
  const known = LOOKUP_ERRORS[code];
  return Object.assign(new Error(`${syscall} ${code} ${hostname}`), {
    errno: syscall === "getaddrinfo" ? (known ?? -(os.constants.errno as Record<string, number>)["EIO"]!) : undefined,
    code,
    syscall,
    hostname,
  });
}

const familyOf = (family: LookupOptions["family"]): number =>
  family === "IPv4" ? 4 : family === "IPv6" ? 6 : Number(family ?? 0);

/** What the network says of `hostname`: its addresses of `family`, or an error; and in how many seconds. */
function ask(
  { world }: SimulatedProcess,
  hostname: string,
  family: number,
): { found: Found[]; code: string | null; delay: number } {
  const { network } = world;
  const literal = network.findAddress(hostname);
  const { addresses, error, delay } =
    literal === null
      ? network.lookUp(hostname === "" ? null : hostname, false)
      : { addresses: [literal], error: undefined, delay: 0 };
  const found = addresses
    .filter((address) => family === 0 || address.family === family)
    .map(({ text, family: kind }) => ({ address: text, family: kind }));
  const seconds = typeof delay === "number" ? delay : delay(network.here.random("name lookups"));
  return { found, code: error ?? (found.length === 0 ? "ENOTFOUND" : null), delay: seconds };
}

/** Node's order of the addresses that it found. */
function ordered(found: readonly Found[], { order, verbatim }: LookupOptions): readonly Found[] {
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
  done: (error: Error | null, found: readonly Found[]) => void,
): void {
  const { found, code, delay } = ask(process, hostname, familyOf(options.family));
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

/** The queries for addresses; for others the simulated network has no records. */
const QUERIES: Readonly<Record<string, { readonly syscall: string; readonly family: AddressFamily | null }>> = {
  resolve4: { syscall: "queryA", family: 4 },
  resolve6: { syscall: "queryAaaa", family: 6 },
  resolveAny: { syscall: "queryAny", family: null },
  resolveCaa: { syscall: "queryCaa", family: null },
  resolveCname: { syscall: "queryCname", family: null },
  resolveMx: { syscall: "queryMx", family: null },
  resolveNaptr: { syscall: "queryNaptr", family: null },
  resolveNs: { syscall: "queryNs", family: null },
  resolvePtr: { syscall: "queryPtr", family: null },
  resolveSoa: { syscall: "querySoa", family: null },
  resolveSrv: { syscall: "querySrv", family: null },
  resolveTxt: { syscall: "queryTxt", family: null },
  reverse: { syscall: "getHostByAddr", family: null },
};

function query(
  process: SimulatedProcess,
  name: string,
  hostname: string,
  done: (error: Error | null, answer?: unknown) => void,
): void {
  const { syscall, family } = QUERIES[name]!;
  const asked = family === null ? null : ask(process, hostname, family);
  const code = asked === null ? "ENOTFOUND" : asked.code;
  process.answer(asked?.delay ?? 0, () =>
    code === null
      ? done(
          null,
          asked?.found.map(({ address }) => address),
        )
      : done(lookupError(code, syscall, hostname)),
  );
}

const RECORD_QUERIES: Readonly<Record<string, string>> = { A: "resolve4", AAAA: "resolve6" };

/** `dns.resolve4` and its like. */
function patchQueries(): void {
  const owner = dns as unknown as Record<string, (...args: unknown[]) => unknown>;
  const promises = dns.promises as unknown as Record<string, (...args: unknown[]) => unknown>;
  for (const name of [...Object.keys(QUERIES), "resolve"]) {
    const [original, originalPromise] = [owner[name], promises[name]];
    const queryOf = (args: unknown[]): string => {
      const type = typeof args[1] === "string" ? args[1].toUpperCase() : "A";
      return name === "resolve"
        ? (RECORD_QUERIES[type] ?? `resolve${type.charAt(0)}${type.slice(1).toLowerCase()}`)
        : name;
    };
    owner[name] = (...args) => {
      const process = here();
      const callback = args.at(-1);
      if (process === null || typeof callback !== "function" || QUERIES[queryOf(args)] === undefined) {
        return original?.(...args);
      }
      query(process, queryOf(args), args[0] as string, callback as (error: Error | null) => void);
      return {};
    };
    promises[name] = (...args) => {
      const process = here();
      if (process === null || QUERIES[queryOf(args)] === undefined) {
        return originalPromise?.(...args);
      }
      return new Promise((resolve, reject) => {
        query(process, queryOf(args), args[0] as string, (error, answer) =>
          error === null ? resolve(answer) : reject(error),
        );
      });
    };
  }
}

/** Names are looked up in the simulated network. */
export function patchDns(): void {
  patchLookup();
  patchQueries();
}
