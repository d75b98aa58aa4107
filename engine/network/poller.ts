import { invariant } from "../base/invariant.ts";
import type { Handle } from "../loop/handle.ts";
import type { LoopCore } from "../loop/loop-core.ts";

/** Events that a socket can be ready for; a mask of them. */
export const READ = 1;
export const WRITE = 2;

/** A socket, as the poller sees it. */
export interface Pollable {
  /** @internal What it is ready for now. An error counts as ready for everything. */
  _readiness(): number;
  /** @internal */
  _registration: Registration | null;
}

/** What is to be called when a socket is ready. */
export class Registration {
  readonly socket: Pollable;
  reader: Handle | null = null;
  writer: Handle | null = null;
  isQueued = false;

  constructor(socket: Pollable) {
    this.socket = socket;
  }

  /** The events that are waited for. */
  get interest(): number {
    return (this.reader === null ? 0 : READ) | (this.writer === null ? 0 : WRITE);
  }

  /** The events that are waited for and that are there. */
  get ready(): number {
    return this.socket._registration === this ? this.interest & this.socket._readiness() : 0;
  }
}

/**
 * Which sockets are ready, in the order in which Linux's epoll gives them back: a socket joins the list when something
 * happens to it that is waited for; when it is reported it goes to the end of the list, and it leaves when it is found
 * not ready.
 *
 * @see Linux `fs/eventpoll.c`, level-triggered; asyncio's `_add_reader`, `_process_events` in selector_events.py
 */
export class Poller {
  private readonly _loop: LoopCore;
  private readonly _list: Registration[] = [];
  /** Those before it in the list have left it. */
  private _first = 0;

  constructor(loop: LoopCore) {
    this._loop = loop;
  }

  /** Run `handle` in every pass in which `socket` can be read. It replaces the one before. */
  addReader(socket: Pollable, handle: Handle): void {
    const registration = this._registrationOf(socket);
    registration.reader?.cancel();
    registration.reader = handle;
    this._loop._ordering?.watched(handle, socket);
    this._enqueue(registration);
  }

  /** Run `handle` in every pass in which `socket` can be written to. It replaces the one before. */
  addWriter(socket: Pollable, handle: Handle): void {
    const registration = this._registrationOf(socket);
    registration.writer?.cancel();
    registration.writer = handle;
    this._loop._ordering?.watched(handle, socket);
    this._enqueue(registration);
  }

  /** Withdraw the reader of `socket`. */
  removeReader(socket: Pollable): void {
    const registration = socket._registration;
    if (registration?.reader) {
      registration.reader.cancel();
      registration.reader = null;
      this._drop(registration);
    }
  }

  /** Withdraw the writer of `socket`. */
  removeWriter(socket: Pollable): void {
    const registration = socket._registration;
    if (registration?.writer) {
      registration.writer.cancel();
      registration.writer = null;
      this._drop(registration);
    }
  }

  /** Something happened to `socket`: it may be ready for `events` now. */
  notify(socket: Pollable, events: number): void {
    this._loop._ordering?.touched(socket, "w");
    const registration = socket._registration;
    if (registration !== null && !registration.isQueued && (registration.interest & events) !== 0) {
      registration.isQueued = true;
      this._list.push(registration);
    }
  }

  /** Whether some socket is ready for what is waited for. */
  hasReady(): boolean {
    for (; this._first < this._list.length; this._first++) {
      const first = this._list[this._first]!;
      if (first.ready !== 0) {
        return true;
      }
      first.isQueued = false;
    }
    return false;
  }

  /** Put the handles of all ready sockets into the loop's ready queue. */
  collect(): void {
    const list = this._list;
    let kept = 0;
    // Each goes from the front to the end of the list; once all have, those that stay stand as they stood.
    for (let i = this._first; i < list.length; i++) {
      const registration = list[i]!;
      const events = registration.ready;
      registration.isQueued = events !== 0;
      if (events !== 0) {
        if ((events & READ) !== 0) {
          this._push(registration.reader!);
        }
        if ((events & WRITE) !== 0) {
          this._push(registration.writer!);
        }
        list[kept++] = registration;
      }
    }
    this._first = 0;
    if (kept < list.length) {
      list.length = kept;
    }
  }

  /** @internal @throws InvariantError if an invariant does not hold. */
  checkInvariants(): void {
    const queued = this._list.slice(this._first);
    invariant(new Set(queued).size === queued.length, "a socket stands in the list once");
    invariant(
      queued.every(({ isQueued }) => isQueued),
      "who stands in the list is marked",
    );
  }

  private _push(handle: Handle): void {
    this._loop._ready.push(handle);
    this._loop._instrument?.handleScheduled(handle.id, this._loop._hostName(handle._context));
  }

  private _registrationOf(socket: Pollable): Registration {
    socket._registration ??= new Registration(socket);
    return socket._registration;
  }

  private _enqueue(registration: Registration): void {
    if (!registration.isQueued && registration.ready !== 0) {
      registration.isQueued = true;
      this._list.push(registration);
    }
  }

  private _drop(registration: Registration): void {
    if (registration.interest === 0) {
      registration.socket._registration = null;
    }
  }
}
