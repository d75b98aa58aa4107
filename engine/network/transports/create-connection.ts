import { describeValue } from "../../base/describe.ts";
import { optionNames, requireOptions } from "../../base/require-options.ts";
import { requireCallback } from "../../loop/validate.ts";
import { ExceptionGroup } from "../../tasks/exception-group.ts";
import { GeneratorOperation } from "../../tasks/generator-operation.ts";
import type { Operation, Steps } from "../../tasks/operation.ts";
import type { TaskEventLoop } from "../../tasks/task-event-loop.ts";
import type { Address } from "../address.ts";
import { NetworkError } from "../errors.ts";
import { requirePort } from "../ports.ts";
import type { Internet, SocketFactory, StreamSocket } from "../sockets/contract.ts";
import type { StreamProtocol, Transport } from "./contract.ts";
import { protocolFor } from "./protocol-for.ts";
import { requireFamily, requireHostName, resolve, type WantedFamily } from "./resolve.ts";
import { socketHandle } from "./socket-handle.ts";
import { SocketTransport } from "./socket-transport.ts";

/** Options of `loop.createConnection`. All have defaults. */
export interface ConnectionOptions {
  /** 4, 6, or 0, the default, for both. */
  readonly family?: WantedFamily;
  /** Connect from this address (`null` for any) and port (0 for any). */
  readonly localAddress?: readonly [host: string | null, port: number];
  /** When all addresses fail: throw an ExceptionGroup of all errors instead of a summary; false by default. */
  readonly allErrors?: boolean;
}

/** @internal The names of {@link ConnectionOptions}. */
export const CONNECTION_OPTIONS = optionNames<ConnectionOptions>({ family: true, localAddress: true, allErrors: true });

/** @internal See `EventLoop.createConnection`. */
export function createConnection<P extends StreamProtocol>(
  loop: TaskEventLoop,
  network: Internet,
  factory: () => P,
  host: string | null | undefined,
  port: number,
  options: ConnectionOptions,
): Operation<[Transport, P]> {
  requireCallback("createConnection", factory);
  requireOptions("createConnection", options, CONNECTION_OPTIONS);
  requireHostName("createConnection", host);
  requirePort("createConnection", port);
  requireFamily("createConnection", options.family);
  if (options.localAddress !== undefined) {
    if (!Array.isArray(options.localAddress)) {
      throw new TypeError(
        `createConnection: expected localAddress as [host, port], got ${describeValue(options.localAddress)}`,
      );
    }
    requireHostName("createConnection", options.localAddress[0]);
    requirePort("createConnection", options.localAddress[1]);
  }
  const steps = createConnectionSteps(loop, network, factory, host || null, port, options);
  return new GeneratorOperation("createConnection", steps);
}

function* createConnectionSteps<P extends StreamProtocol>(
  loop: TaskEventLoop,
  network: Internet,
  factory: () => P,
  host: string | null,
  port: number,
  options: ConnectionOptions,
): Steps<[Transport, P]> {
  // Where it runs counts, not where it was called.
  const here = network.socketsHere();
  const family = options.family ?? 0;
  const addresses = yield* resolve(network, host, family, false);
  const [localHost, localPort] = options.localAddress ?? [null, 0];
  const locals = localHost === null ? [] : yield* resolve(network, localHost, family, false);
  const attempt: Attempt = {
    loop,
    network,
    here,
    port,
    localHost,
    locals,
    localPort,
    hasLocal: options.localAddress !== undefined,
  };
  const socket = yield* connectToFirst(attempt, addresses, options.allErrors ?? false);
  const protocol = protocolFor("createConnection", factory, socket);
  const ready = loop._futureFor<undefined>("connect");
  const transport = new SocketTransport(loop, network.poller, socket, protocol, null, () => {
    if (!ready.done()) {
      ready.setResult(undefined);
    }
  });
  try {
    yield* ready;
  } catch (error) {
    transport.close();
    throw error;
  }
  return [transport, protocol];
}

interface Attempt {
  readonly loop: TaskEventLoop;
  readonly network: Internet;
  readonly here: SocketFactory;
  readonly port: number;
  readonly hasLocal: boolean;
  readonly localHost: string | null;
  readonly locals: readonly Address[];
  readonly localPort: number;
}

/** A socket connected to the first of `addresses` that takes the connection. */
function* connectToFirst(attempt: Attempt, addresses: readonly Address[], allErrors: boolean): Steps<StreamSocket> {
  const errors: NetworkError[] = [];
  for (const address of addresses) {
    try {
      return yield* connectSocket(attempt, address);
    } catch (error) {
      if (!(error instanceof NetworkError)) {
        throw error;
      }
      errors.push(error);
    }
  }
  if (allErrors) {
    throw new ExceptionGroup(errors, "createConnection failed");
  }
  throw NetworkError.summary(errors);
}

function* connectSocket(attempt: Attempt, address: Address): Steps<StreamSocket> {
  const { loop, network, here, port } = attempt;
  const socket = here.streamSocket(address.family);
  const connected = loop._futureFor<undefined>("connect");
  const onWritable = (): void => {
    if (connected.done()) {
      return;
    }
    const error = socket.connectError(address, port);
    if (error === null) {
      connected.setResult(undefined);
    } else {
      connected.setException(error);
    }
  };
  try {
    bindLocal(attempt, socket, address);
    socket.connect(address, port);
    network.poller.addWriter(socket, socketHandle(loop, onWritable));
    connected.addDoneCallback(() => network.poller.removeWriter(socket));
    yield* connected;
  } catch (error) {
    socket.close();
    throw error;
  }
  return socket;
}

/** Bind `socket` to the local address that was asked for, if any. */
function bindLocal(attempt: Attempt, socket: StreamSocket, remote: Address): void {
  const { network, locals, localHost, localPort, hasLocal } = attempt;
  if (!hasLocal) {
    return;
  }
  const local =
    locals.length === 0
      ? network.address(remote.family === 4 ? "0.0.0.0" : "::")
      : locals.find((each) => each.family === remote.family);
  if (local === undefined) {
    throw noLocalAddress(localHost, remote);
  }
  socket.bind(local, localPort);
}

/**
 * The local address that was asked for is of the other family.
 *
 * @see asyncio: "no matching local address with family=… found"
 */
function noLocalAddress(localHost: string | null, remote: Address): NetworkError {
  const error = new NetworkError("EADDRNOTAVAIL", "bind", localHost ?? undefined);
  error.message += `: no local address of IPv${remote.family} to connect to ${remote} from`;
  return error;
}
