import { lookup } from "node:dns";
import { RuntimeError } from "../../base/errors.ts";
import type { Handle } from "../../loop/handle.ts";
import type { Steps } from "../../tasks/operation.ts";
import type { TaskEventLoop } from "../../tasks/task-event-loop.ts";
import { type Address, AddressBook } from "../address.ts";
import type { NameRecord } from "../names/names.ts";
import { type Pollable, Poller } from "../poller.ts";
import type { Internet, SocketFactory } from "../sockets/contract.ts";
import { socketHandle } from "../transports/socket-handle.ts";
import type { Connection } from "./connection.ts";
import type { Done, HostSockets } from "./host-sockets.ts";
import { networkError } from "./node-error.ts";
import { RealDatagramSocket } from "./real-datagram-socket.ts";
import { RealStreamSocket } from "./real-stream-socket.ts";

/** How long a connection that was closed may take to get rid of what was sent on it, once the loop is closed. */
const LINGER_SECONDS = 5;

const LOOPBACK = ["127.0.0.1", "::1"];
const ANY = ["0.0.0.0", "::"];

interface OpenSocket extends Pollable {
  close(): void;
}

/**
 * The network of the machine, as Node exposes it.
 *
 * Node's events come at any time; here they wait until the loop asks, in its next pass.
 */
export class RealNetwork implements Internet, HostSockets {
  /** @internal */
  readonly poller: Poller;
  private readonly _loop: TaskEventLoop;
  private readonly _wake: () => void;
  private readonly _addresses = new AddressBook();
  private readonly _open = new Set<OpenSocket>();
  private readonly _lingering = new Set<Connection>();
  /** What was done since the last pass. */
  private _done: Handle[] = [];
  private _pending = 0;

  /** @param wake - Called when something has happened. */
  constructor(loop: TaskEventLoop, wake: () => void) {
    this._loop = loop;
    this._wake = wake;
    this.poller = new Poller(loop);
    loop._attach(this);
  }

  /** Whether anything can still happen here. */
  get isAlive(): boolean {
    return this._open.size > 0 || this._pending > 0;
  }

  nextEvent(): number {
    return this._done.length > 0 || this.poller.hasReady() ? 0 : Number.POSITIVE_INFINITY;
  }

  poll(): void {
    for (const handle of this._done) {
      this._loop._ready.push(handle);
    }
    this._done = [];
    this.poller.collect();
  }

  socketsHere(): SocketFactory {
    return {
      streamSocket: (family) => new RealStreamSocket(this, family),
      datagramSocket: (family) => new RealDatagramSocket(this, family),
    };
  }

  address(text: string): Address {
    return this._addresses.get(text);
  }

  findAddress(text: string): Address | null {
    return this._addresses.find(text);
  }

  *lookUpSteps(name: string | null, passive: boolean): Steps<readonly Address[]> {
    if (name === null) {
      return this._all(passive ? ANY : LOOPBACK);
    }
    const texts = yield* this.completion<readonly string[]>("getaddrinfo", (done) =>
      lookup(name, { all: true }, (error, found) => {
        if (error === null) {
          done(
            null,
            found.map(({ address }) => address),
          );
        } else {
          done(networkError(error, "getaddrinfo", name));
        }
      }),
    );
    // One with a zone (fe80::1%eth0) means something on one machine only, and is left out.
    return this._all(texts.filter((text) => this.findAddress(text) !== null));
  }

  lookUp(name: string): NameRecord {
    if (name.toLowerCase() === "localhost") {
      return { addresses: this._all(LOOPBACK), delay: 0 };
    }
    throw new RuntimeError(
      `sendto: expected an address, got the name ${name}: this machine takes time to look names up; await loop.getaddrinfo for it first`,
    );
  }

  opened(socket: OpenSocket): void {
    this._open.add(socket);
  }

  closed(socket: OpenSocket): void {
    this._open.delete(socket);
    this.poller.removeReader(socket);
    this.poller.removeWriter(socket);
  }

  changed(socket: Pollable, events: number): void {
    this.poller.notify(socket, events);
    this._wake();
  }

  lingers(connection: Connection): void {
    this._lingering.add(connection);
    connection.onceGone(() => this._lingering.delete(connection));
  }

  *completion<T>(kind: string, start: (done: Done<T>) => void): Steps<T> {
    const future = this._loop._futureFor<T>(kind);
    let settle = (): void => {};
    const handle = socketHandle(this._loop, () => settle());
    this._pending++;
    future.addDoneCallback(() => {
      this._pending--;
    });
    start((error: Error | null, value?: T) => {
      settle = () => {
        if (future.done()) {
          return;
        }
        if (error === null) {
          future.setResult(value as T);
        } else {
          future.setException(error);
        }
      };
      this._done.push(handle);
      this._wake();
    });
    return yield* future;
  }

  report(message: string, exception: Error): void {
    this._loop._within(() => this._loop.callExceptionHandler({ message, exception }));
  }

  /** Close what the program has not; what it sent still has some time to go out. */
  close(): void {
    for (const socket of [...this._open]) {
      socket.close();
    }
    for (const connection of this._lingering) {
      connection.abandonAfter(LINGER_SECONDS);
    }
  }

  private _all(texts: readonly string[]): readonly Address[] {
    return texts.map((text) => this.address(text));
  }
}
