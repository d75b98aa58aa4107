import type { Address } from "./address.ts";
import type { NetworkErrorCode } from "./errors.ts";

/** What looking up a name gives, and how long that takes. */
export interface NameRecord {
  /** In the order in which they are tried. */
  readonly addresses: readonly Address[];
  /** Why the lookup fails instead. */
  readonly error?: NetworkErrorCode;
  /** In seconds. */
  readonly delay: number;
}

/** The names of a network: those that were set, and those of its hosts. */
export class NameTable {
  private readonly _records = new Map<string, NameRecord>();

  /** What `name` means; names do not mind case. */
  find(name: string): NameRecord | null {
    return this._records.get(name.toLowerCase()) ?? null;
  }

  set(name: string, record: NameRecord): void {
    this._records.set(name.toLowerCase(), record);
  }

  delete(name: string): void {
    this._records.delete(name.toLowerCase());
  }
}
