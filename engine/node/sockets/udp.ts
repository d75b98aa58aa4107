import { currentWorld, here } from "../loop/current.ts";
import { type NativeUdp, nativeUdp } from "./native-udp.ts";
import { SimulatedUdp } from "./simulated-udp.ts";
import { GONE, patchClosing, patchMethod, type StateOf } from "./stream-methods.ts";
import { uvError } from "./uv-errors.ts";

/** The simulated side of `handle`, made now if a simulation uses it first; `null` for one of the real world. */
const stateOf: StateOf<SimulatedUdp> = (handle) => {
  const known = SimulatedUdp.of(handle);
  if (known !== undefined) {
    return known;
  }
  if (currentWorld() === null || handle.fd >= 0) {
    return null;
  }
  const process = here();
  return process === null ? GONE : SimulatedUdp.adopt(process, handle as NativeUdp);
};

type Endpoint = [address: string, port: number, flags?: number];
type List = readonly (string | Uint8Array)[];
/** With a port and an address, or, on a connected socket, without. */
type Send = [request: object, list: List, count: number, portOrCallback: number | boolean, address?: string];

/** UDP: what `node:dgram` does with native handles. */
export function patchUdp(): void {
  const { prototype } = nativeUdp().UDP;
  const patch = <A extends unknown[]>(name: string, act: (state: SimulatedUdp, args: A) => unknown): void =>
    patchMethod(prototype, stateOf, name, act);
  patchClosing(prototype, stateOf);
  for (const [suffix, family] of [
    ["", 4],
    ["6", 6],
  ] as const) {
    patch(`bind${suffix}`, (state, [address, port, flags]: Endpoint) => state.bind(address, port, family, flags ?? 0));
    patch(`connect${suffix}`, (state, [address, port]: Endpoint) => state.connect(address, port, family));
    patch(`send${suffix}`, (state, [, list, , port, address]: Send) =>
      address === undefined ? state.sendConnected(list) : state.send(list, port as number, address, family),
    );
  }
  patch("disconnect", () => uvError("ENOTSUP"));
  patch("recvStart", (state) => state.receiveStart());
  patch("recvStop", (state) => state.receiveStop());
  patch("getsockname", (state, [out]: [object]) => state.localAddress(out));
  patch("getpeername", (state, [out]: [object]) => state.peerAddress(out));
  patch("addMembership", (state, [group]: [string]) => state.joinGroup(group));
  patch("dropMembership", (state, [group]: [string]) => state.leaveGroup(group));
  patch("addSourceSpecificMembership", () => uvError("ENOTSUP"));
  patch("dropSourceSpecificMembership", () => uvError("ENOTSUP"));
  patch("setBroadcast", (state, [isOn]: [number]) => state.setBroadcast(isOn !== 0));
  patch("setMulticastLoopback", (state, [isOn]: [number]) => state.setMulticastLoopback(isOn !== 0));
  for (const name of ["setMulticastInterface", "setMulticastTTL", "setTTL", "getSendQueueSize", "getSendQueueCount"]) {
    patch(name, () => 0);
  }
  // Buffers of the simulated network have Linux's size.
  patch("bufferSize", () => 212_992);
  patch("ref", (state) => state.setRef(true));
  patch("unref", (state) => state.setRef(false));
  patch("hasRef", (state) => state.isRefed);
}
