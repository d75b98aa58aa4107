import type { Server } from "node:http";
import { currentWorld } from "../loop/current.ts";
import { ownerOf, symbolOf } from "../loop/internals.ts";
import { real } from "../loop/real.ts";
import type { SimulatedProcess } from "../loop/simulated-process.ts";
import { SimulatedTimeout } from "../loop/simulated-timeout.ts";
import type { NativeTcp } from "./native-tcp.ts";

/*
 * `headersTimeout` and `requestTimeout` of HTTP servers. Node's native parsers note by a native clock when a message
 * begins, and a timer that Node set before it was replaced asks for those that take too long. Here both are simulated.
 */

/** The indexes at which a parser keeps its callbacks. @see src/node_http_parser.cc */
const ON_MESSAGE_BEGIN = 0;
const ON_HEADERS_COMPLETE = 2;
const ON_MESSAGE_COMPLETE = 4;

type Callback = (this: unknown, ...args: unknown[]) => unknown;

type Parser = Record<number, Callback | null | undefined>;

/** The message that a parser is at. */
interface Message {
  readonly process: SimulatedProcess;
  /** Number of the connection, in order of acceptance. */
  readonly number: number;
  /** When it began, in milliseconds; `null` between two messages. */
  begin: number | null;
  hasHeaders: boolean;
}

/** Node's list of the connections of a server. */
interface ConnectionsList {
  all(): Parser[];
  expired(headersTimeout: number, requestTimeout: number): Parser[];
}

const messages = new WeakMap<Parser, Message>();
let accepted = 0;
/**
 * Callbacks that observe. Node uses a parser for one connection after another, and takes some of its callbacks away
 * between them.
 */
const observers = new WeakSet<Callback>();

/** Call `before` whenever the parser calls its callback `index`. */
function observe(parser: Parser, index: number, before: (message: Message) => void): void {
  const original = parser[index] ?? null;
  if (original !== null && observers.has(original)) {
    return;
  }
  const observer: Callback = function (...args) {
    const message = messages.get(parser);
    if (message !== undefined) {
      before(message);
    }
    return original?.apply(this, args);
  };
  observers.add(observer);
  parser[index] = observer;
}

/**
 * A server has accepted a connection: note when its messages begin. As in Node, the first begins with the connection.
 */
export function watchMessages(process: SimulatedProcess, handle: NativeTcp): void {
  const { parser } = (ownerOf(handle) ?? {}) as { parser?: Parser | null };
  if (parser === null || typeof parser?.[ON_HEADERS_COMPLETE] !== "function") {
    return;
  }
  messages.set(parser, { process, number: ++accepted, begin: process.now(), hasHeaders: false });
  observe(parser, ON_MESSAGE_BEGIN, (message) => {
    message.begin = message.process.now();
    message.hasHeaders = false;
  });
  observe(parser, ON_HEADERS_COMPLETE, (message) => {
    message.hasHeaders = true;
  });
  observe(parser, ON_MESSAGE_COMPLETE, (message) => {
    message.begin = null;
  });
}

const isLate = ({ process, begin, hasHeaders }: Message, headersTimeout: number, requestTimeout: number): boolean => {
  if (begin === null) {
    return false;
  }
  const age = process.now() - begin;
  return (!hasHeaders && headersTimeout > 0 && age > headersTimeout) || (requestTimeout > 0 && age > requestTimeout);
};

/** Let `list` find late messages by the simulated clock; it reports each once, as Node's does. */
function simulateExpiry(list: ConnectionsList): void {
  const { expired } = list;
  list.expired = (headersTimeout, requestTimeout) => {
    if (currentWorld() === null) {
      return expired.call(list, headersTimeout, requestTimeout);
    }
    const late: { readonly parser: Parser; readonly message: Message }[] = [];
    for (const parser of list.all()) {
      const message = messages.get(parser);
      if (message !== undefined && isLate(message, headersTimeout, requestTimeout)) {
        messages.delete(parser);
        late.push({ parser, message });
      }
    }
    // Node has them by their place in memory.
    late.sort((a, b) => Number(a.message.begin) - Number(b.message.begin) || a.message.number - b.message.number);
    return late.map(({ parser }) => parser);
  };
}

/** The server behind `handle` listens: if it is one of HTTP, let its check of connections come in virtual time. */
export function watchConnections(process: SimulatedProcess, handle: NativeTcp): void {
  const server = ownerOf(handle) as (Server & Record<symbol, unknown>) | undefined;
  const intervalKey = server && symbolOf(server, "http.server.connectionsCheckingInterval");
  const listKey = server && symbolOf(server, "http.server.connections");
  const interval = intervalKey && (server[intervalKey] as ForeignInterval | undefined);
  const list = listKey && (server[listKey] as ConnectionsList | undefined);
  if (!interval || !list || interval instanceof SimulatedTimeout) {
    return;
  }
  const { _onTimeout: check, _repeat: milliseconds } = interval;
  real.clearInterval(interval as unknown as NodeJS.Timeout);
  server[intervalKey] = new SimulatedTimeout(process, check, milliseconds, [], true, false);
  simulateExpiry(list);
}

interface ForeignInterval {
  readonly _onTimeout: Callback;
  readonly _repeat: number;
}
