import { describeValue } from "../../base/describe.ts";
import { optionNames, requireOptions } from "../../base/require-options.ts";
import { requireCallback } from "../../loop/validate.ts";
import { GeneratorOperation } from "../../tasks/generator-operation.ts";
import type { Operation, Steps } from "../../tasks/operation.ts";
import type { TaskEventLoop } from "../../tasks/task-event-loop.ts";
import type { Address, AddressFamily } from "../address.ts";
import { NetworkError } from "../errors.ts";
import { requirePort } from "../ports.ts";
import type { DatagramSocket, Endpoint, Internet, SocketFactory } from "../sockets/contract.ts";
import type { DatagramProtocol, DatagramTransport } from "./contract.ts";
import { UdpTransport } from "./datagram-transport.ts";
import { protocolFor } from "./protocol-for.ts";
import { requireFamily, requireHostName, resolve, type WantedFamily } from "./resolve.ts";

/** A host (a name or address, `null` for any) and a port. */
export type EndpointAddress = readonly [host: string | null, port: number];

/** Options of `loop.createDatagramEndpoint`. All have defaults, but there must be an address or a family. */
export interface DatagramOptions {
  /** Receive at this address and port (0 for any). */
  readonly localAddress?: EndpointAddress;
  /** Send to, and hear from, this address and port only. */
  readonly remoteAddress?: EndpointAddress;
  /** 4, 6, or 0, the default, for what the addresses are. */
  readonly family?: WantedFamily;
  /** Share the port with others that say so too; of several, the last gets what comes. False by default. */
  readonly reusePort?: boolean;
  /** Allow datagrams to 255.255.255.255; false by default. */
  readonly allowBroadcast?: boolean;
}

const DATAGRAM_OPTIONS = optionNames<DatagramOptions>({
  localAddress: true,
  remoteAddress: true,
  family: true,
  reusePort: true,
  allowBroadcast: true,
});

/** @internal See `EventLoop.createDatagramEndpoint`. */
export function createDatagramEndpoint<P extends DatagramProtocol>(
  loop: TaskEventLoop,
  network: Internet,
  factory: () => P,
  options: DatagramOptions,
): Operation<[DatagramTransport, P]> {
  const method = "createDatagramEndpoint";
  requireCallback(method, factory);
  requireOptions(method, options, DATAGRAM_OPTIONS);
  requireFamily(method, options.family);
  for (const address of [options.localAddress, options.remoteAddress]) {
    if (address !== undefined) {
      requirePair(method, address);
      requireHostName(method, address[0]);
      requirePort(method, address[1]);
    }
  }
  if (options.localAddress === undefined && options.remoteAddress === undefined && !options.family) {
    throw new RangeError(`${method}: expected localAddress, remoteAddress or the family 4 or 6, got none of them`);
  }
  return new GeneratorOperation(method, createSteps(loop, network, factory, options));
}

function requirePair(method: string, address: unknown): asserts address is EndpointAddress {
  if (!Array.isArray(address)) {
    throw new TypeError(`${method}: expected an address as [host, port], got ${describeValue(address)}`);
  }
}

interface Candidate {
  readonly family: AddressFamily;
  readonly local: Address | null;
  readonly remote: Address | null;
}

function* createSteps<P extends DatagramProtocol>(
  loop: TaskEventLoop,
  network: Internet,
  factory: () => P,
  options: DatagramOptions,
): Steps<[DatagramTransport, P]> {
  // Where it runs counts, not where it was called.
  const here = network.socketsHere();
  const candidates = yield* candidatesOf(network, options);
  const { socket, remote } = yield* openFirst(here, candidates, options);
  const protocol = protocolFor("createDatagramEndpoint", factory, socket);
  const ready = loop._futureFor<undefined>("createDatagramEndpoint");
  const transport = new UdpTransport(loop, network, socket, protocol, remote, () => {
    if (!ready.done()) {
      ready.setResult(undefined);
    }
  });
  try {
    yield ready;
  } catch (error) {
    transport.close();
    throw error;
  }
  return [transport, protocol];
}

/** Pairs of addresses of the same family to try, in order. */
function* candidatesOf(network: Internet, options: DatagramOptions): Steps<readonly Candidate[]> {
  const { localAddress, remoteAddress, family = 0 } = options;
  if (localAddress === undefined && remoteAddress === undefined) {
    return [{ family: family as AddressFamily, local: null, remote: null }];
  }
  const locals = localAddress === undefined ? [null] : yield* resolve(network, localAddress[0], family, true);
  const remotes = remoteAddress === undefined ? [null] : yield* resolve(network, remoteAddress[0], family, false);
  const candidates: Candidate[] = [];
  for (const each of [4, 6] as const) {
    const fits = (address: Address | null): boolean => address === null || address.family === each;
    const [local, remote] = [locals.find(fits), remotes.find(fits)];
    if (local !== undefined && remote !== undefined && (local ?? remote)?.family === each) {
      candidates.push({ family: each, local, remote });
    }
  }
  if (candidates.length === 0) {
    throw new RangeError("createDatagramEndpoint: the local and the remote address have no family in common");
  }
  return candidates;
}

function* openFirst(
  here: SocketFactory,
  candidates: readonly Candidate[],
  options: DatagramOptions,
): Steps<{ readonly socket: DatagramSocket; readonly remote: Endpoint | null }> {
  let first: NetworkError | null = null;
  for (const candidate of candidates) {
    const socket = here.datagramSocket(candidate.family);
    try {
      return { socket, remote: yield* open(socket, candidate, options) };
    } catch (error) {
      socket.close();
      if (!(error instanceof NetworkError)) {
        throw error;
      }
      first ??= error;
    }
  }
  throw first;
}

/** Bind and connect `socket` as wanted. @returns Where it sends to, if that is fixed. */
function* open(socket: DatagramSocket, candidate: Candidate, options: DatagramOptions): Steps<Endpoint | null> {
  socket.reuseAddress = options.reusePort ?? false;
  socket.mayBroadcast = options.allowBroadcast ?? false;
  const local = endpoint(candidate.local, options.localAddress);
  const remote = endpoint(candidate.remote, options.remoteAddress);
  // A connected socket hears one address only; answers to a broadcast come from many.
  yield* socket.open(local, socket.mayBroadcast ? null : remote);
  return remote;
}

const endpoint = (address: Address | null, pair: EndpointAddress | undefined): Endpoint | null =>
  address === null ? null : { address, port: pair?.[1] ?? 0 };
