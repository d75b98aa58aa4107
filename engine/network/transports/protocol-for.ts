import { describeValue } from "../../base/describe.ts";
import { requireCallback } from "../../loop/validate.ts";
import type { BaseProtocol, BufferedProtocol, DatagramProtocol, Protocol } from "./contract.ts";

/** What transports may call, of any kind of protocol. */
const METHODS: readonly string[] = [
  "connectionMade",
  "connectionLost",
  "pauseWriting",
  "resumeWriting",
  "dataReceived",
  "eofReceived",
  "getBuffer",
  "bufferUpdated",
  "datagramReceived",
  "errorReceived",
] satisfies (keyof Protocol | keyof BufferedProtocol | keyof DatagramProtocol)[];

/**
 * @throws TypeError unless `protocol` is an object whose methods run when they are called: those of coroutine functions
 * would do nothing, without a word.
 */
export function requireProtocol<P extends BaseProtocol>(method: string, protocol: P): P {
  if (typeof protocol !== "object" || protocol === null) {
    throw new TypeError(`${method}: expected a protocol, got ${describeValue(protocol)}`);
  }
  for (const name of METHODS) {
    const callback: unknown = Reflect.get(protocol, name);
    if (callback !== undefined) {
      requireCallback(`${method}: ${protocol.constructor?.name ?? "protocol"}.${name}`, callback);
    }
  }
  return protocol;
}

/**
 * The protocol that `factory` makes for `socket`; if it fails, the socket is closed. Python leaves that to its garbage
 * collector.
 */
export function protocolFor<P extends BaseProtocol>(method: string, factory: () => P, socket: { close(): void }): P {
  try {
    return requireProtocol(method, factory());
  } catch (error) {
    socket.close();
    throw error;
  }
}
