import { nativeModule } from "../loop/internals.ts";
import type { NativeTcp } from "./native-tcp.ts";

/** Where a datagram came from, as `node:dgram` reports it. */
export interface RemoteInfo {
  readonly address: string;
  readonly family: "IPv4" | "IPv6";
  readonly port: number;
}

/** What `node:dgram` calls of a native UDP handle, and what it sets there. */
export interface NativeUdp extends NativeTcp {
  onmessage(bytesOrError: number, handle: NativeUdp, data: Buffer | undefined, from?: RemoteInfo): void;
}

/** The class of native UDP handles. */
export const nativeUdp = (): { readonly UDP: { readonly prototype: NativeUdp } } =>
  nativeModule("udp_wrap") as unknown as { readonly UDP: { readonly prototype: NativeUdp } };
