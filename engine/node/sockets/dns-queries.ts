import dns from "node:dns";
import type { AddressFamily } from "../../network/address.ts";
import { here } from "../loop/current.ts";
import type { SimulatedProcess } from "../loop/simulated-process.ts";
import { type Answer, askFor, hostNameOf, lookupError } from "./dns-answers.ts";

interface Query {
  readonly syscall: string;
  readonly family: AddressFamily | 0 | null;
}

/** The queries for addresses; the simulated network has no records of other types. */
const QUERIES: Readonly<Record<string, Query>> = {
  resolve4: { syscall: "queryA", family: 4 },
  resolve6: { syscall: "queryAaaa", family: 6 },
  resolveAny: { syscall: "queryAny", family: 0 },
  resolveCaa: { syscall: "queryCaa", family: null },
  resolveCname: { syscall: "queryCname", family: null },
  resolveMx: { syscall: "queryMx", family: null },
  resolveNaptr: { syscall: "queryNaptr", family: null },
  resolveNs: { syscall: "queryNs", family: null },
  resolvePtr: { syscall: "queryPtr", family: null },
  resolveSoa: { syscall: "querySoa", family: null },
  resolveSrv: { syscall: "querySrv", family: null },
  resolveTlsa: { syscall: "queryTlsa", family: null },
  resolveTxt: { syscall: "queryTxt", family: null },
  reverse: { syscall: "getHostByAddr", family: null },
};

const RECORD_QUERIES: Readonly<Record<string, string>> = { A: "resolve4", AAAA: "resolve6" };

/** Seconds that an address may be kept: names of the simulated network may change at any time. */
const TTL = 0;

type Callback = (error: Error | null, answer?: unknown) => void;

/** The query that a call of `name` with `args` asks for; `undefined` if Node would refuse the call. */
function queryOf(name: string, args: readonly unknown[]): string | undefined {
  const type = typeof args[1] === "string" ? args[1].toUpperCase() : "A";
  const query =
    name === "resolve" ? (RECORD_QUERIES[type] ?? `resolve${type.charAt(0)}${type.slice(1).toLowerCase()}`) : name;
  return typeof args[0] === "string" && QUERIES[query] !== undefined ? query : undefined;
}

/** The records of `answer`, in the form that the query `name` has. */
function recordsOf(name: string, { found }: Answer, hasTtl: boolean): unknown {
  if (name === "resolveAny") {
    return found.map(({ address, family }) => ({ type: family === 6 ? "AAAA" : "A", address, ttl: TTL }));
  }
  return found.map(({ address }) => (hasTtl ? { address, ttl: TTL } : address));
}

function ask(process: SimulatedProcess, name: string, args: readonly unknown[], done: Callback): void {
  const { syscall, family } = QUERIES[name] as Query;
  const hostname = args[0] as string;
  if (name === "reverse") {
    const found = hostNameOf(process, hostname);
    process.answer(0, () => (found === null ? done(lookupError("ENOTFOUND", syscall, hostname)) : done(null, [found])));
    return;
  }
  const answer = askFor(process, hostname, family ?? 0);
  const hasTtl = (args[1] as { ttl?: unknown } | undefined)?.ttl === true;
  const isFailed = answer.code !== null || family === null;
  const code = answer.exists ? "ENODATA" : (answer.code ?? "ENODATA");
  process.answer(answer.delay, () =>
    isFailed ? done(lookupError(code, syscall, hostname)) : done(null, recordsOf(name, answer, hasTtl)),
  );
}

/** The queries of each resolver that are not answered yet. */
const pendingOf = new WeakMap<object, Set<() => void>>();

/** Ask, so that `resolver.cancel()` calls it off. */
function askCancellably(
  resolver: object,
  process: SimulatedProcess,
  name: string,
  args: readonly unknown[],
  done: Callback,
): void {
  const pending = pendingOf.get(resolver) ?? new Set();
  pendingOf.set(resolver, pending);
  let isOver = false;
  const end: Callback = (...outcome) => {
    if (!isOver) {
      isOver = true;
      pending.delete(cancel);
      done(...outcome);
    }
  };
  const { syscall } = QUERIES[name] as Query;
  const cancel = (): void => end(lookupError("ECANCELLED", syscall, args[0] as string));
  pending.add(cancel);
  ask(process, name, args, end);
}

type Functions = Record<string, ((this: object, ...args: unknown[]) => unknown) | undefined>;

/** Replace the queries of `owner` that take callbacks. */
function patchCallbacks(owner: Functions): void {
  for (const name of [...Object.keys(QUERIES), "resolve"]) {
    const original = owner[name];
    if (original !== undefined) {
      owner[name] = function (...args) {
        const process = here();
        const callback = args.at(-1);
        const query = queryOf(name, args);
        if (process === null || typeof callback !== "function" || query === undefined) {
          return original.apply(this, args);
        }
        askCancellably(this ?? dns, process, query, args, callback as Callback);
        return {};
      };
    }
  }
}

/** Replace the queries of `owner` that return promises. */
function patchPromises(owner: Functions): void {
  for (const name of [...Object.keys(QUERIES), "resolve"]) {
    const original = owner[name];
    if (original !== undefined) {
      owner[name] = function (...args) {
        const process = here();
        const query = queryOf(name, args);
        if (process === null || query === undefined) {
          return original.apply(this, args);
        }
        return new Promise((resolve, reject) => {
          askCancellably(this ?? dns.promises, process, query, args, (error, answer) =>
            error === null ? resolve(answer) : reject(error),
          );
        });
      };
    }
  }
}

/** `cancel` of a resolver: its queries fail. */
function patchCancel(owner: Functions): void {
  const { cancel } = owner;
  owner["cancel"] = function () {
    for (const call of pendingOf.get(this) ?? []) {
      call();
    }
    return cancel?.call(this);
  };
}

/** `dns.resolve4` and its like, also those of a `Resolver`. */
export function patchDnsQueries(): void {
  patchCallbacks(dns as unknown as Functions);
  patchPromises(dns.promises as unknown as Functions);
  patchCallbacks(dns.Resolver.prototype as unknown as Functions);
  patchPromises(dns.promises.Resolver.prototype as unknown as Functions);
  patchCancel(dns.Resolver.prototype as unknown as Functions);
  patchCancel(dns.promises.Resolver.prototype as unknown as Functions);
}
