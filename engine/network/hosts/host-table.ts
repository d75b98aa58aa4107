import { describeValue } from "../../base/describe.ts";
import { unknownName } from "../../base/unknown-name.ts";
import { type Address, AddressBook, type AddressFamily } from "../address.ts";
import { type HostOptions, requireHostOptions } from "./host-options.ts";

/** What the table needs to know of a host. */
interface Named {
  readonly name: string;
}

/** Which hosts there are, and which of them has which address. */
export class HostTable<H extends Named> {
  readonly addresses = new AddressBook();
  private readonly _byName = new Map<string, H>();
  /** By address id. */
  private readonly _owners = new Map<number, H>();
  private _lastAssigned = 0;

  /** All hosts, in order of creation. */
  get all(): readonly H[] {
    return [...this._byName.values()];
  }

  get size(): number {
    return this._byName.size;
  }

  /** The host called `name`, or `null`. */
  find(name: string): H | null {
    return this._byName.get(name) ?? null;
  }

  /** The host called `name`. @throws RangeError if there is none. */
  get(name: string): H {
    const host = this._byName.get(name);
    if (host !== undefined) {
      return host;
    }
    if (typeof name !== "string") {
      throw new TypeError(`network: expected the name of a host, got ${describeValue(name)}`);
    }
    const problem = unknownName("host", name, this._byName.keys());
    const remedy = `dd it with network.host('${name}').`;
    throw new RangeError(`network: ${problem.endsWith("?") ? `${problem} Or a` : `${problem}. A`}${remedy}`);
  }

  /** The host that has `address`, or `null`. */
  ownerOf(address: Address): H | null {
    return this._owners.get(address.id) ?? null;
  }

  /**
   * The addresses that a new host with these options lists.
   *
   * @throws TypeError or RangeError for a name or options that it cannot have.
   */
  requireHost(name: string, options: HostOptions): readonly Address[] {
    this._requireFreeName(name);
    requireHostOptions(name, options);
    const { addresses = [] } = options;
    return this._freeAddresses(name, addresses);
  }

  /** @throws RangeError if a new host cannot have this name. */
  private _requireFreeName(name: string): void {
    if (typeof name !== "string" || !/^[\w.-]+$/.test(name)) {
      throw new RangeError(
        `host: expected a name of letters, digits, dots, hyphens and underscores, got ${describeValue(name)}`,
      );
    }
    if (this.addresses.find(name) !== null) {
      throw new RangeError(
        `host: ${name} is an address, and cannot be a name; list it among the addresses of the host`,
      );
    }
    if (this._byName.has(name)) {
      throw new RangeError(`host: there is a host ${name} already; get it with network.get("${name}")`);
    }
  }

  /** The addresses that `texts` denote. @throws RangeError if one is malformed, taken, or cannot belong to a host. */
  private _freeAddresses(host: string, texts: readonly string[]): readonly Address[] {
    const addresses = this.addresses.list(`host: addresses of ${host}`, texts);
    for (const address of addresses) {
      const owner = this._owners.get(address.id);
      if (owner !== undefined) {
        throw new RangeError(`host: the address ${address} of ${host} belongs to ${owner.name} already`);
      }
      if (address.isMapped) {
        throw new RangeError(
          `host: ${address} cannot be the address of a host; list the IPv4 address that it stands for`,
        );
      }
      if (address.isLoopback || address.isUnspecified || address.isMulticast || address.isBroadcast) {
        throw new RangeError(`host: ${address} cannot be the address of a host; all hosts share it`);
      }
    }
    if (new Set(addresses).size < addresses.length) {
      throw new RangeError(`host: ${host} has an address twice: ${addresses.join(", ")}`);
    }
    return addresses;
  }

  /** Add a host, with addresses that are free. */
  add(host: H, addresses: readonly Address[]): void {
    this._byName.set(host.name, host);
    this._give(host, addresses);
  }

  /** Give `host` the next pair of free addresses: one of IPv4, one of IPv6. */
  assign(host: H): readonly Address[] {
    for (;;) {
      const number = ++this._lastAssigned;
      const texts = [`10.0.${number >> 8}.${number & 255}`, `fd00::${number.toString(16)}`];
      const addresses = texts.map((text) => this.addresses.get(text));
      if (number % 256 !== 0 && number % 256 !== 255 && addresses.every((address) => this.ownerOf(address) === null)) {
        this._give(host, addresses);
        return addresses;
      }
    }
  }

  /** `127.0.0.1` or `::1`. */
  loopback(family: AddressFamily): Address {
    return this.addresses.get(family === 4 ? "127.0.0.1" : "::1");
  }

  private _give(host: H, addresses: readonly Address[]): void {
    for (const address of addresses) {
      this._owners.set(address.id, host);
    }
  }
}
