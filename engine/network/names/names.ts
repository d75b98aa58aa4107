import { describeValue } from "../../base/describe.ts";
import { NO_OPTIONS, optionNames, requireOptions } from "../../base/require-options.ts";
import type { Address, AddressBook } from "../address.ts";
import type { NetworkErrorCode } from "../errors.ts";
import { type Latency, type Sampler, samplerOf } from "../links/latency.ts";

/** What looking up a name returns, and how long that takes. */
export interface NameRecord {
  /** In the order in which they are tried. */
  readonly addresses: readonly Address[];
  /** Why the lookup fails instead. */
  readonly error?: NetworkErrorCode;
  readonly delay: number | Sampler;
}

/** How a lookup fails: the name means nothing, or the lookup failed. */
export type LookupFailure = "ENOTFOUND" | "EAI_AGAIN";

/** Options of an entry of the name table. */
export interface NameOptions {
  /** How long a lookup takes; 0 by default. */
  readonly delay?: Latency;
}

const NAME_OPTIONS = optionNames<NameOptions>({ delay: true });

/** The names of a network, beside those of its hosts, before which they come: a name service that all hosts share. */
export class NameTable {
  private readonly _addresses: AddressBook;
  private readonly _records = new Map<string, NameRecord>();

  /** @internal */
  constructor(addresses: AddressBook) {
    this._addresses = addresses;
  }

  /**
   * Let `name` mean `addresses`, which are tried in this order.
   *
   * @throws RangeError for malformed names, addresses and delays.
   */
  set(name: string, addresses: readonly string[], options: NameOptions = NO_OPTIONS): void {
    const key = this._keyOf(name);
    const found = this._addresses.list(`names: addresses of ${name}`, addresses);
    this._records.set(key, { addresses: found, delay: delayOf(name, options) });
  }

  /** Let lookups of `name` fail. @throws RangeError for malformed names, errors and delays. */
  fail(name: string, error: LookupFailure, options: NameOptions = NO_OPTIONS): void {
    if (error !== "ENOTFOUND" && error !== "EAI_AGAIN") {
      throw new RangeError(`names: expected ENOTFOUND or EAI_AGAIN for ${name}, got ${describeValue(error)}`);
    }
    this._records.set(this._keyOf(name), { addresses: [], error, delay: delayOf(name, options) });
  }

  /** Forget `name`. */
  delete(name: string): void {
    this._records.delete(this._keyOf(name));
  }

  /** @internal What `name` means; `null` when nothing was said of it. */
  _find(name: string): NameRecord | null {
    return this._records.get(name.toLowerCase()) ?? null;
  }

  /** Names do not mind case. @throws RangeError for what is not a name, or has a fixed meaning. */
  private _keyOf(name: string): string {
    if (typeof name !== "string" || name === "") {
      throw new RangeError(`names: expected a name, got ${describeValue(name)}`);
    }
    if (this._addresses.find(name) !== null || name.toLowerCase() === "localhost") {
      throw new RangeError(`names: ${name} always means the same; set another name`);
    }
    return name.toLowerCase();
  }
}

function delayOf(name: string, options: NameOptions): number | Sampler {
  requireOptions(`names: ${name}`, options, NAME_OPTIONS);
  return samplerOf(`delay of the name ${name}`, options.delay === undefined ? 0 : options.delay);
}
