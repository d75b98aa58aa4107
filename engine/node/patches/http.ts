import http from "node:http";
import { currentWorld, here } from "../loop/current.ts";
import { symbolOf } from "../loop/internals.ts";
import type { NativeTcp } from "../sockets/native-tcp.ts";
import { SimulatedTcp } from "../sockets/simulated-tcp.ts";

interface Message {
  _header: string | null;
  sendDate: boolean;
  hasHeader(name: string): boolean;
  _storeHeader(firstLine: string, headers: unknown): void;
}

const DATE_LINE = /\r\nDate: [^\r]*\r\n/;

/** Whether `headers`, in one of the forms that Node takes, or what was set before, have a date. */
function hasDate(message: Message, headers: unknown): boolean {
  if (message.hasHeader("date") || headers === null || headers === undefined) {
    return message.hasHeader("date");
  }
  const names = Array.isArray(headers) ? (headers as unknown[]).flat() : Object.keys(headers);
  return names.some((name) => typeof name === "string" && name.toLowerCase() === "date");
}

interface Parser {
  readonly socket?: { readonly _handle?: NativeTcp | null };
}

interface ConnectionsList {
  all(): Parser[];
  idle(): Parser[];
}

const numberOf = ({ socket }: Parser): number => {
  const handle = socket?._handle;
  return handle === null || handle === undefined ? 0 : (SimulatedTcp.of(handle)?.number ?? 0);
};

/** Let the lists of connections be in the order in which these came: Node orders them by their place in memory. */
function orderConnections(list: ConnectionsList): void {
  const prototype = Object.getPrototypeOf(list) as ConnectionsList;
  for (const name of ["all", "idle"] as const) {
    const original = prototype[name];
    const value = function (this: ConnectionsList): Parser[] {
      const parsers = original.call(this);
      return currentWorld() === null ? parsers : parsers.sort((a, b) => numberOf(a) - numberOf(b));
    };
    Object.defineProperty(prototype, name, { value, configurable: true, writable: true });
  }
}

/** What closes connections of a server, which has a list of them once it listens. */
function patchConnections(): void {
  let isOrdered = false;
  for (const name of ["closeAllConnections", "closeIdleConnections"] as const) {
    const close = http.Server.prototype[name];
    http.Server.prototype[name] = function (this: http.Server): void {
      const key = symbolOf(this, "http.server.connections");
      const list = key === undefined ? undefined : (this as unknown as Record<symbol, ConnectionsList>)[key];
      if (!isOrdered && list !== undefined) {
        isOrdered = true;
        orderConnections(list);
      }
      close.call(this);
    };
  }
}

/** The `Date` header, which Node makes of a clock and a timer of its own. */
function patchDateHeader(): void {
  const prototype = http.OutgoingMessage.prototype as unknown as Message;
  const { _storeHeader: store } = prototype;
  prototype._storeHeader = function (this: Message, firstLine: string, headers: unknown): void {
    const isNodes = here() !== null && this.sendDate && !hasDate(this, headers);
    store.call(this, firstLine, headers);
    if (isNodes && this._header !== null) {
      this._header = this._header.replace(DATE_LINE, `\r\nDate: ${new Date().toUTCString()}\r\n`);
    }
  };
}

/** `node:http`: what it takes from the native side, and not from Node's timers and sockets. */
export function patchHttp(): void {
  patchDateHeader();
  patchConnections();
}
