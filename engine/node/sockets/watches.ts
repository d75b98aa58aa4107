import type { Handle } from "../../loop/handle.ts";
import { READ } from "../../network/poller.ts";
import type { SimulatedStreamSocket } from "../../network/sockets/stream-socket.ts";
import type { SimulatedProcess } from "../loop/simulated-process.ts";

/** What is to be called when `socket` is ready for `event`; `null` for nothing any more. */
interface Change {
  readonly socket: SimulatedStreamSocket;
  readonly event: number;
  readonly handle: Handle | null;
}

/**
 * What one handle watches its sockets for.
 *
 * As in libuv, the poller learns of changes when the loop polls next: a socket that is still watched then keeps its
 * place among those that are ready, and one that is watched for the first time comes behind those to which something
 * has happened meanwhile.
 *
 * @see libuv `uv__io_start`, `uv__io_poll`
 */
export class Watches {
  private readonly _process: SimulatedProcess;
  private _changes: Change[] = [];

  constructor(process: SimulatedProcess) {
    this._process = process;
  }

  /** Call `callback` in each poll phase in which `socket` is ready. */
  watch(socket: SimulatedStreamSocket, event: number, callback: () => void): void {
    this.unwatch(socket, event);
    this._change({ socket, event, handle: this._process.handleFor(callback) });
  }

  unwatch(socket: SimulatedStreamSocket, event: number): void {
    this._changes = this._changes.filter((change) => change.socket !== socket || change.event !== event);
    const handle = event === READ ? socket._registration?.reader : socket._registration?.writer;
    if (handle && !this._process.world.isSilent) {
      handle.cancel();
      this._change({ socket, event, handle: null });
    }
  }

  /** The sockets are closed. */
  clear(): void {
    this._changes = [];
  }

  private _change(change: Change): void {
    if (this._changes.length === 0) {
      this._process.world.beforePoll.push(this._apply);
    }
    this._changes.push(change);
  }

  private readonly _apply = (): void => {
    const { poller } = this._process.world.network;
    const changes = this._changes;
    this._changes = [];
    const removed: Change[] = [];
    for (const change of changes) {
      const { socket, event, handle } = change;
      if (handle === null) {
        removed.push(change);
      } else if (event === READ) {
        poller.addReader(socket, handle);
      } else {
        poller.addWriter(socket, handle);
      }
    }
    // Last, so that a socket that is watched for something else stays in the list of those that are ready.
    for (const { socket, event } of removed) {
      const registration = socket._registration;
      const handle = event === READ ? registration?.reader : registration?.writer;
      if (handle?.cancelled() === true) {
        event === READ ? poller.removeReader(socket) : poller.removeWriter(socket);
      }
    }
  };
}
