import { AsyncResource } from "node:async_hooks";
import type { AddressFamily } from "../../network/address.ts";
import type { SocketAddress } from "../../network/socket-address.ts";
import { SimulatedDatagramSocket } from "../../network/sockets/datagram-socket.ts";
import { ownerOf } from "../loop/internals.ts";
import type { SimulatedProcess } from "../loop/simulated-process.ts";
import type { NativeUdp } from "./native-udp.ts";
import { attempt, uvError, uvErrorOf } from "./uv-errors.ts";

/** How many datagrams libuv receives before it lets others have their turn. */
const MOST_AT_ONCE = 32;
const REUSE_ADDRESS = 4;

const simulated = new WeakMap<object, SimulatedUdp>();

/**
 * What stands behind a native UDP handle in a simulation. All of `node:dgram` runs unchanged above it.
 *
 * @see libuv `src/unix/udp.c`
 */
export class SimulatedUdp {
  private readonly _handle: NativeUdp;
  private readonly _process: SimulatedProcess;
  private readonly _resource = new AsyncResource("UDPWRAP");
  private _socket: SimulatedDatagramSocket | null = null;
  private _isReceiving = false;
  private _isRefed = true;
  private _isCounted = false;
  private _isClosed = false;

  private constructor(process: SimulatedProcess, handle: NativeUdp) {
    this._process = process;
    this._handle = handle;
    process.world.leftovers.add(this._free);
  }

  /** The simulated side of `handle`, or `undefined`. */
  static of(handle: object): SimulatedUdp | undefined {
    return simulated.get(handle);
  }

  /** Give `handle` a simulated side, in `process`. */
  static adopt(process: SimulatedProcess, handle: NativeUdp): SimulatedUdp {
    const state = new SimulatedUdp(process, handle);
    simulated.set(handle, state);
    return state;
  }

  bind(text: string, port: number, family: AddressFamily, flags: number): number {
    return attempt(() => {
      const socket = this._open(family);
      socket.reuseAddress = (flags & REUSE_ADDRESS) !== 0;
      socket.bind(this._network.address(text), port);
    });
  }

  connect(text: string, port: number, family: AddressFamily): number {
    return attempt(() => this._open(family).connect(this._network.address(text), port));
  }

  /**
   * Send the pieces of `list` as one datagram, at once.
   *
   * @returns One more than its bytes, which is how libuv says that it is sent.
   */
  send(list: readonly (string | Uint8Array)[], port: number, text: string, family: AddressFamily): number {
    const data = Buffer.concat(list.map((piece) => (typeof piece === "string" ? Buffer.from(piece) : piece)));
    const status = attempt(() => {
      this._open(family).send(new Uint8Array(data), this._network.address(text), port);
    });
    return status === 0 ? data.length + 1 : status;
  }

  /** Send to where this is connected. */
  sendConnected(list: readonly (string | Uint8Array)[]): number {
    const { remote, remotePort } = this._socket ?? {};
    return remote === null || remote === undefined
      ? uvError("EDESTADDRREQ")
      : this.send(list, remotePort as number, remote.text, remote.family);
  }

  receiveStart(): number {
    const { _socket: socket } = this;
    if (socket === null || this._isClosed) {
      return uvError("EBADF");
    }
    if (!this._isReceiving) {
      this._isReceiving = true;
      this._count();
      this._network.poller.addReader(
        socket,
        this._process.handleFor(() => this._receive(socket)),
      );
    }
    return 0;
  }

  receiveStop(): number {
    if (this._isReceiving) {
      this._isReceiving = false;
      this._count();
      if (!this._process.world.isSilent) {
        this._network.poller.removeReader(this._socket as SimulatedDatagramSocket);
      }
    }
    return 0;
  }

  joinGroup(group: string): number {
    return attempt(() => this._socket?.joinGroup(group));
  }

  leaveGroup(group: string): number {
    return attempt(() => this._socket?.leaveGroup(group));
  }

  setBroadcast(isOn: boolean): number {
    if (this._socket !== null) {
      this._socket.mayBroadcast = isOn;
    }
    return 0;
  }

  setMulticastLoopback(isOn: boolean): number {
    if (this._socket !== null) {
      this._socket.multicastLoop = isOn;
    }
    return 0;
  }

  /** Write into `out` where this end is. */
  localAddress(out: object): number {
    return this._socket === null ? uvError("EBADF") : describe(this._socket.localAddress(), out);
  }

  /** Write into `out` where the other end is. */
  peerAddress(out: object): number {
    const address = this._socket?.peerAddress() ?? null;
    return address === null ? uvError("ENOTCONN") : describe(address, out);
  }

  setRef(isRefed: boolean): void {
    this._isRefed = isRefed;
    this._count();
  }

  get isRefed(): boolean {
    return this._isRefed && !this._isClosed;
  }

  close(callback: (() => void) | undefined): void {
    if (this._isClosed) {
      return;
    }
    this.receiveStop();
    this._isClosed = true;
    const { world } = this._process;
    world.leftovers.delete(this._free);
    const after = (): void => {
      if (callback !== undefined) {
        this._resource.runInAsyncScope(callback, this._handle);
      }
    };
    if (world.isSilent) {
      process.nextTick(after);
    } else {
      this._socket?.close();
      this._process.close(after);
    }
  }

  private get _network() {
    return this._process.world.network;
  }

  private _open(family: AddressFamily): SimulatedDatagramSocket {
    this._socket ??= new SimulatedDatagramSocket(this._network, this._process.host, family);
    return this._socket;
  }

  private _receive(socket: SimulatedDatagramSocket): void {
    for (let i = 0; i < MOST_AT_ONCE && this._isReceiving; i++) {
      let datagram: ReturnType<SimulatedDatagramSocket["receive"]>;
      try {
        datagram = socket.receive();
      } catch (error) {
        this._deliver(uvErrorOf(error), undefined, undefined);
        return;
      }
      if (datagram === null) {
        return;
      }
      const { source, sourcePort: port, data } = datagram;
      const family = source.family === 6 ? "IPv6" : "IPv4";
      this._deliver(data.length, Buffer.from(data), { address: source.text, family, port });
    }
  }

  private _deliver(...[bytesOrError, data, from]: DeliveryArgs): void {
    this._resource.runInAsyncScope(() => this._handle.onmessage(bytesOrError, this._handle, data, from));
  }

  /** Let this keep the process alive, or not. */
  private _count(): void {
    const counts = this._isRefed && !this._isClosed && this._isReceiving;
    if (counts !== this._isCounted) {
      this._isCounted = counts;
      this._process.active += counts ? 1 : -1;
    }
  }

  /** The program is over. */
  private readonly _free = (): void => {
    try {
      (ownerOf(this._handle) as { close?(): void } | undefined)?.close?.();
    } catch {
      // It was closed before.
    }
    this._handle.close();
  };
}

type DeliveryArgs = [
  bytesOrError: number,
  data: Buffer | undefined,
  from: Parameters<NativeUdp["onmessage"]>[3] | undefined,
];

function describe({ host, port, family }: SocketAddress, out: object): number {
  Object.assign(out, { address: host, family: family === 6 ? "IPv6" : "IPv4", port });
  return 0;
}
