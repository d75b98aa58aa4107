/** A host, or several, by name or as objects. */
export type Hosts = string | { readonly name: string } | readonly (string | { readonly name: string })[];

/** What is needed to look hosts up. */
export interface HostDirectory {
  /** @throws RangeError if the host is unknown. */
  get(name: string): { readonly name: string };
}

/** The names of `hosts`. @throws RangeError for a host that does not exist, or for none at all. */
export function namesOf(directory: HostDirectory, what: string, hosts: Hosts): ReadonlySet<string> {
  const all: readonly (string | { readonly name: string })[] = Array.isArray(hosts) ? hosts : [hosts];
  if (hosts === null || hosts === undefined || all.length === 0) {
    throw new RangeError(
      `${what}: expected at least one host, got ${hosts === null || hosts === undefined ? String(hosts) : "none"}`,
    );
  }
  return new Set(all.map((host) => directory.get(typeof host === "string" ? host : host?.name).name));
}

/** @throws RangeError if both sets are the same host: nothing lies between it and itself. */
export function requireLinks(what: string, a: ReadonlySet<string>, b: ReadonlySet<string> | null): void {
  const [only] = a;
  if (a.size === 1 && b?.size === 1 && b.has(only!)) {
    throw new RangeError(`${what}: expected hosts between which there is a link, got ${only} on both sides`);
  }
}

const textOf = (hosts: ReadonlySet<string> | null): string => (hosts === null ? "*" : [...hosts].join(","));

/** What a fault between hosts is called: `partition a,b<>c`, with `>` if it is one way, and `*` for all other hosts. */
export const faultName = (
  kind: string,
  a: ReadonlySet<string>,
  b: ReadonlySet<string> | null,
  oneWay: boolean,
): string => `${kind} ${textOf(a)}${oneWay ? ">" : "<>"}${textOf(b)}`;

/** Which directions of which links are meant. */
export interface Direction {
  /** Whether packets from the one host to the other are meant. */
  covers(from: string, to: string): boolean;
}

/**
 * The links between two sets of hosts. Sets may overlap; what a host sends to itself is never meant.
 *
 * @param b - `null` for all hosts that are not in `a`, those that come later included.
 */
export function directionBetween(a: ReadonlySet<string>, b: ReadonlySet<string> | null, oneWay: boolean): Direction {
  const isInB = (name: string): boolean => (b === null ? !a.has(name) : b.has(name));
  const covers = (from: string, to: string): boolean => from !== to && a.has(from) && isInB(to);
  return oneWay ? { covers } : { covers: (from, to) => covers(from, to) || covers(to, from) };
}
