import { describeValue } from "../../base/describe.ts";
import type { TaskEventLoop } from "../../tasks/task-event-loop.ts";
import type { Address } from "../address.ts";
import { NetworkError } from "../errors.ts";
import { requirePort } from "../ports.ts";
import { SocketAddress } from "../socket-address.ts";
import type { Datagram, DatagramSocket, Endpoint, Internet } from "../sockets/contract.ts";
import { requireBytes } from "../text.ts";
import type { DatagramProtocol, DatagramTarget, DatagramTransport } from "./contract.ts";
import { SelectorTransport } from "./selector-transport.ts";

/** The transport of an endpoint for datagrams. @see asyncio `_SelectorDatagramTransport` */
export class UdpTransport extends SelectorTransport<DatagramProtocol, DatagramSocket> implements DatagramTransport {
  private readonly _network: Internet;
  private readonly _remote: Endpoint | null;

  /**
   * @param remote - Where datagrams go that are sent without an address, and the only place where they may go.
   * @param onReady - Called a moment after `connectionMade`.
   */
  constructor(
    loop: TaskEventLoop,
    network: Internet,
    socket: DatagramSocket,
    protocol: DatagramProtocol,
    remote: Endpoint | null,
    onReady: () => void,
  ) {
    super(loop, network.poller, socket, protocol, null);
    this._network = network;
    this._remote = remote;
    this._begin(() => protocol.connectionMade(this), onReady);
  }

  sendto(data: Uint8Array, address: DatagramTarget | null = null): void {
    requireBytes("sendto", data);
    const target = this._targetOf(address);
    if (this._lost > 0) {
      this._countLostWrite();
      return;
    }
    try {
      this._socket.send(data, target.address, target.port);
    } catch (error) {
      this._passOn(error, "Fatal write error on datagram transport");
    }
  }

  override getWriteBufferSize(): number {
    return 0;
  }

  protected override _clearBuffer(): void {
    // Datagrams never wait to be sent.
  }

  protected override _readReady(): void {
    if (this._lost > 0) {
      return;
    }
    let datagram: Datagram | null = null;
    try {
      datagram = this._socket.receive();
    } catch (error) {
      this._passOn(error, "Fatal read error on datagram transport");
    }
    if (datagram !== null) {
      const { source, sourcePort, data } = datagram;
      this._protocol.datagramReceived(data, new SocketAddress(source.text, sourcePort, source.family));
    }
  }

  /** What the network objects to is for the protocol to hear. */
  private _passOn(error: unknown, message: string): void {
    if (error instanceof NetworkError) {
      this._protocol.errorReceived(error);
    } else {
      this._fatalError(error, message);
    }
  }

  private _targetOf(address: DatagramTarget | null): Endpoint {
    const remote = this._remote;
    if (address === null) {
      if (remote === null) {
        throw new TypeError(`sendto: expected an address, as ${this} has no remote address of its own`);
      }
      return remote;
    }
    if (typeof address !== "object" || !(Symbol.iterator in address)) {
      throw new TypeError(`sendto: expected the address as [host, port], got ${describeValue(address)}`);
    }
    const [host, port] = address;
    requirePort("sendto", port, 1);
    const found = this._resolve(host);
    if (remote !== null && (remote.address !== found || remote.port !== port)) {
      throw new RangeError(`sendto: expected no address or ${remote.address}:${remote.port}, got ${host}:${port}`);
    }
    return { address: found, port };
  }

  /** The address that `host` means; a name means its first, without delay. */
  private _resolve(host: unknown): Address {
    if (typeof host !== "string") {
      throw new TypeError(`sendto: expected the address as [host, port], got ${describeValue(host)} as host`);
    }
    const { family } = this._socket;
    const literal = this._network.findAddress(host);
    const { addresses, error = "ENOTFOUND" } =
      literal === null ? this._network.lookUp(host, false) : { addresses: [literal] };
    const found = addresses.find((each) => each.family === family);
    if (found === undefined) {
      throw new NetworkError(error, "getaddrinfo", host);
    }
    return found;
  }
}
