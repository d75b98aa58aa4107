import { describeValue } from "../../base/describe.ts";
import type { Steps } from "../../tasks/operation.ts";
import type { Address, AddressFamily } from "../address.ts";
import { NetworkError } from "../errors.ts";
import type { Internet } from "../sockets/contract.ts";

/** Which addresses are wanted: of IPv4 (4), of IPv6 (6), or of both (0). */
export type WantedFamily = 0 | AddressFamily;

const isWanted = (family: WantedFamily) => (address: Address) => family === 0 || address.family === family;

/** @throws TypeError unless `host` is a name, an address, or `null` for any. */
export function requireHostName(method: string, host: unknown): asserts host is string | null | undefined {
  if (host !== null && host !== undefined && typeof host !== "string") {
    throw new TypeError(`${method}: expected a host name or an address, got ${describeValue(host)}`);
  }
}

/** @throws RangeError unless `family` is 0, 4 or 6. */
export function requireFamily(method: string, family: unknown): asserts family is WantedFamily | undefined {
  if (family !== undefined && family !== 0 && family !== 4 && family !== 6) {
    throw new RangeError(`${method}: expected the family 4, 6 or 0 for both, got ${describeValue(family)}`);
  }
}

/**
 * The addresses that `host` means, of the family wanted; an address means itself, at once.
 *
 * @param passive - What no host means: all addresses, for a server, or else the loopback.
 * @throws NetworkError ENOTFOUND if the name means nothing, EAI_AGAIN if the lookup failed.
 * @see asyncio `_ensure_resolved`
 */
export function* resolve(
  network: Internet,
  host: string | null,
  family: WantedFamily,
  passive: boolean,
): Steps<readonly Address[]> {
  const literal = host === null ? null : network.findAddress(host);
  if (literal !== null) {
    return requireSome([literal].filter(isWanted(family)), host);
  }
  const addresses = yield* network.lookUpSteps(host, passive);
  return requireSome(addresses.filter(isWanted(family)), host);
}

function requireSome(addresses: readonly Address[], host: string | null): readonly Address[] {
  if (addresses.length === 0) {
    throw new NetworkError("ENOTFOUND", "getaddrinfo", host ?? undefined);
  }
  return addresses;
}
