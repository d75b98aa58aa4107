import { describeValue } from "../../base/describe.ts";
import { requireArgument } from "../../base/require-argument.ts";
import { optionNames, requireOptions } from "../../base/require-options.ts";
import { requireCallback } from "../../loop/validate.ts";
import { gatherAll } from "../../tasks/gather.ts";
import { GeneratorOperation } from "../../tasks/generator-operation.ts";
import type { Operation, Steps } from "../../tasks/operation.ts";
import { sleep } from "../../tasks/sleep.ts";
import type { TaskEventLoop } from "../../tasks/task-event-loop.ts";
import type { Address } from "../address.ts";
import { NetworkError } from "../errors.ts";
import { requirePort } from "../ports.ts";
import type { Internet, SocketFactory, StreamSocket } from "../sockets/contract.ts";
import { KEEP_ALIVE_DEFAULTS } from "../sockets/transport-socket.ts";
import { acceptConnections } from "./accept.ts";
import type { StreamProtocol } from "./contract.ts";
import { requireFamily, requireHostName, resolve, type WantedFamily } from "./resolve.ts";
import { Server } from "./server.ts";

/** Options of `loop.createServer`. All have defaults. */
export interface ServerOptions {
  /** 4, 6, or 0, the default, for both. */
  readonly family?: WantedFamily;
  /** How many connections may wait to be accepted; 100 by default. */
  readonly backlog?: number;
  /** SO_REUSEADDR: take a port although old connections of it linger; true by default. */
  readonly reuseAddress?: boolean;
  /** SO_KEEPALIVE, with Linux's times, on the sockets that listen, which accepted ones inherit; false by default. */
  readonly keepAlive?: boolean;
  /** Accept connections at once; true by default, otherwise `startServing()` or `serveForever()` begins that. */
  readonly startServing?: boolean;
}

/** @internal The names of {@link ServerOptions}. */
export const SERVER_OPTIONS = optionNames<ServerOptions>({
  family: true,
  backlog: true,
  reuseAddress: true,
  keepAlive: true,
  startServing: true,
});

/** Where a server listens: a name or address, several of them, or `null` for all addresses. */
export type ServerHost = string | readonly string[] | null | undefined;

const DEFAULT_BACKLOG = 100;

/** @internal See `EventLoop.createServer`. */
export function createServer(
  loop: TaskEventLoop,
  network: Internet,
  factory: () => StreamProtocol,
  host: ServerHost,
  port: number | null | undefined,
  options: ServerOptions,
): Operation<Server> {
  requireCallback("createServer", factory);
  requireOptions("createServer", options, SERVER_OPTIONS);
  if (host === undefined && (port === undefined || port === null)) {
    throw new TypeError("createServer: expected a host or a port, got neither");
  }
  requirePort("createServer", port ?? 0);
  requireFamily("createServer", options.family);
  const hosts = hostsOf(host);
  const { backlog = DEFAULT_BACKLOG } = options;
  if (!(Number.isInteger(backlog) && backlog >= 0)) {
    throw new RangeError(`createServer: expected a backlog that is not negative, got ${describeValue(backlog)}`);
  }
  const steps = createServerSteps(loop, network, factory, hosts, port ?? 0, options);
  return new GeneratorOperation("createServer", steps);
}

/** The names and addresses to listen at, `null` for all. */
function hostsOf(host: ServerHost): readonly (string | null)[] {
  const hosts: readonly unknown[] = Array.isArray(host) ? Array.from(host) : [host === "" ? null : (host ?? null)];
  if (hosts.length === 0) {
    throw new RangeError("createServer: expected at least one host, or null for all addresses, got an empty array");
  }
  for (const each of hosts) {
    requireArgument("createServer: host", "a string or null in the array of hosts", each !== undefined, each);
    requireHostName("createServer", each);
  }
  return hosts as readonly (string | null)[];
}

function* createServerSteps(
  loop: TaskEventLoop,
  network: Internet,
  factory: () => StreamProtocol,
  hosts: readonly (string | null)[],
  port: number,
  options: ServerOptions,
): Steps<Server> {
  // Where it runs counts, not where it was called.
  const here = network.socketsHere();
  const family = options.family ?? 0;
  const lookUps = hosts.map((host) => new GeneratorOperation("getaddrinfo", resolve(network, host, family, true)));
  const found: readonly (readonly Address[])[] = yield* gatherAll(loop, lookUps, {});
  const addresses = [...new Set(found.flat())];
  const sockets = yield* bindAll(here, addresses, port, options);
  const server = new Server(loop, sockets, {
    start: (socket, owner) => {
      const backlog = options.backlog ?? DEFAULT_BACKLOG;
      socket.listen(backlog);
      acceptConnections(loop, network, socket, factory, owner, backlog);
    },
  });
  if (options.startServing ?? true) {
    server._startServing();
    yield* sleep(0);
  }
  return server;
}

/**
 * A socket for each address; none at all if one of them cannot be bound, unless the host does not have that address.
 */
function* bindAll(
  here: SocketFactory,
  addresses: readonly Address[],
  port: number,
  options: ServerOptions,
): Steps<StreamSocket[]> {
  const sockets: StreamSocket[] = [];
  let missing: unknown;
  for (const address of addresses) {
    const socket = here.streamSocket(address.family);
    socket.reuseAddress = options.reuseAddress ?? true;
    socket.keepAlive = options.keepAlive ? KEEP_ALIVE_DEFAULTS : null;
    try {
      yield* socket.bindToListen(address, port, options.backlog ?? DEFAULT_BACKLOG);
      sockets.push(socket);
    } catch (error) {
      socket.close();
      if (!(error instanceof NetworkError && error.code === "EADDRNOTAVAIL")) {
        for (const bound of sockets) {
          bound.close();
        }
        throw error;
      }
      missing = error;
    }
  }
  if (sockets.length === 0) {
    throw missing;
  }
  return sockets;
}
