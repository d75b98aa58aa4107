import os from "node:os";
import type { AddressFamily } from "../../network/address.ts";
import type { SimulatedProcess } from "../loop/simulated-process.ts";

/** The numbers that libuv has for failed lookups. */
const LOOKUP_ERRORS: Readonly<Record<string, number>> = { ENOTFOUND: -3008, EAI_AGAIN: -3001 };

/** An address that a name means. */
export interface FoundAddress {
  readonly address: string;
  readonly family: AddressFamily;
}

/** What the network says of a name, and in how many seconds. */
export interface Answer {
  readonly found: readonly FoundAddress[];
  /** Why there is nothing; `null` if there is. */
  readonly code: string | null;
  /** Whether the name means anything, if of another family. */
  readonly exists: boolean;
  readonly delay: number;
}

/** An error as Node makes it of a failed lookup. */
export function lookupError(code: string, syscall: string, hostname: string): Error {
  const known = LOOKUP_ERRORS[code];
  const { EIO = 5 } = os.constants.errno as Readonly<Record<string, number>>;
  return Object.assign(new Error(`${syscall} ${code} ${hostname}`), {
    errno: syscall === "getaddrinfo" ? (known ?? -EIO) : undefined,
    code,
    syscall,
    hostname,
  });
}

/** What the network says of `hostname`: its addresses of `family`; 0 stands for both. */
export function askFor({ world, host }: SimulatedProcess, hostname: string, family: number): Answer {
  const { network } = world;
  const literal = network.findAddress(hostname);
  const { addresses, error, delay } =
    literal === null
      ? network.lookUp(hostname === "" ? null : hostname, false)
      : { addresses: [literal], error: undefined, delay: 0 };
  const found = addresses
    .filter((address) => family === 0 || address.family === family)
    .map(({ text, family: kind }) => ({ address: text, family: kind }));
  const seconds = typeof delay === "number" ? delay : delay(host.random("name lookups"));
  const code = error ?? (found.length === 0 ? "ENOTFOUND" : null);
  return { found, code, exists: addresses.length > 0, delay: seconds };
}

/** The name of the host that has the address `text`; `null` if none has. */
export function hostNameOf({ world }: SimulatedProcess, text: string): string | null {
  const { network } = world;
  const address = network.findAddress(text);
  if (address === null) {
    return null;
  }
  return address.isLoopback ? "localhost" : (network.hosts.find((host) => host._has(address))?.name ?? null);
}
