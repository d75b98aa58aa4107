import { describeValue } from "../base/describe.ts";
import { formatAddress, parseAddress } from "../base/ip-address.ts";

/** The two kinds of addresses: IPv4 and IPv6. */
export type AddressFamily = 4 | 6;

/** An IP address, one object for each: what the same network calls by the same text is the same object. */
export class Address {
  /** In canonical form: `10.0.0.1`, `fd00::1`. */
  readonly text: string;
  readonly family: AddressFamily;
  /** The address as 4 or 16 bytes. */
  readonly bytes: Uint8Array;
  /** Number in order of first use within its network. */
  readonly id: number;
  /** `127.0.0.0/8` and `::1`, which every host has for itself. */
  readonly isLoopback: boolean;
  /** `0.0.0.0` and `::`, which stand for all addresses of a host. */
  readonly isUnspecified: boolean;
  /** `224.0.0.0/4` and `ff00::/8`. */
  readonly isMulticast: boolean;
  /** `255.255.255.255`. */
  readonly isBroadcast: boolean;
  /** `::ffff:0:0/96`, which stands for addresses of IPv4. */
  readonly isMapped: boolean;

  constructor(text: string, bytes: Uint8Array, id: number) {
    const first = bytes[0]!;
    this.text = text;
    this.bytes = bytes;
    this.id = id;
    this.family = bytes.length === 4 ? 4 : 6;
    this.isLoopback = this.family === 4 ? first === 127 : text === "::1";
    this.isUnspecified = bytes.every((byte) => byte === 0);
    this.isMulticast = this.family === 4 ? first >= 224 && first < 240 : first === 255;
    this.isMapped = this.family === 6 && bytes.every((byte, i) => i > 11 || byte === (i > 9 ? 255 : 0));
    this.isBroadcast = this.family === 4 && bytes.every((byte) => byte === 255);
  }

  toString(): string {
    return this.text;
  }
}

/** The addresses that a network has met. */
export class AddressBook {
  private readonly _byText = new Map<string, Address>();
  private _count = 0;

  /** The address that this string denotes, or `null` if it is none. */
  find(text: string): Address | null {
    const known = this._byText.get(text);
    if (known !== undefined) {
      return known;
    }
    const bytes = parseAddress(text);
    if (bytes === null) {
      return null;
    }
    const canonical = formatAddress(bytes);
    let address = this._byText.get(canonical);
    if (address === undefined) {
      address = new Address(canonical, bytes, this._count++);
      this._byText.set(canonical, address);
    }
    this._byText.set(text, address);
    return address;
  }

  /**
   * The addresses with these texts.
   *
   * @param what - For the message: whose they are.
   * @throws TypeError if it is not an array of strings; RangeError if one is not an address.
   */
  list(what: string, texts: unknown): Address[] {
    if (!(Array.isArray(texts) && texts.every((text) => typeof text === "string"))) {
      throw new TypeError(`${what}: expected an array of strings, got ${describeValue(texts)}`);
    }
    return texts.map((text) => this.get(text));
  }

  /** The address that this string denotes. @throws RangeError if it is none. */
  get(text: string): Address {
    const address = this.find(text);
    if (address === null) {
      throw new RangeError(`expected an IPv4 or IPv6 address such as 10.0.0.1 or fd00::1, got ${describeValue(text)}`);
    }
    return address;
  }
}
