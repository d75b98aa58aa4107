import type { Steps } from "../../tasks/operation.ts";
import type { Pollable } from "../poller.ts";
import type { Connection } from "./connection.ts";

/** Called when something was done, or with the reason why it failed. */
export interface Done<T> {
  (error: Error): void;
  (error: null, value: T): void;
}

/** What real sockets need of the network that they belong to. */
export interface HostSockets {
  /** The program has opened a socket. */
  opened(socket: Pollable & { close(): void }): void;
  /** The program has closed it. */
  closed(socket: Pollable & { close(): void }): void;
  /** `socket` may be ready for `events` of the poller now. */
  changed(socket: Pollable, events: number): void;
  /** Report an uncaught error. */
  report(message: string, exception: Error): void;
  /** The program has closed `connection`, and some of what it sent may still have to go out. */
  lingers(connection: Connection): void;
  /** Wait until what `start` begins is done. @param kind - What traces would call it. */
  completion<T>(kind: string, start: (done: Done<T>) => void): Steps<T>;
}
