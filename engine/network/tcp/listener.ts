import type { Address } from "../address.ts";
import type { ControlBlock, TcpObserver } from "./control-block.ts";

/** A socket that waits for connections: those whose handshake is complete, in order, for the program to accept. */
export class TcpListener {
  readonly address: Address;
  readonly port: number;
  /** How many complete connections may wait. As on Linux, one more does. */
  readonly backlog: number;
  readonly complete: ControlBlock[] = [];
  readonly incomplete = new Set<ControlBlock>();
  observer: TcpObserver | null = null;

  constructor(address: Address, port: number, backlog: number) {
    this.address = address;
    this.port = port;
    this.backlog = backlog;
  }

  /** Whether no further connection can wait. */
  get isFull(): boolean {
    return this.complete.length > this.backlog;
  }
}
