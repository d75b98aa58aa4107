/// <reference lib="esnext.disposable" preserve="true" />

/**
 * simloop/network. The simulated network, transports and streams.
 *
 * All of it is in simloop as well. `npm run api` writes this file.
 */

export type { AddressFamily } from "./address.ts";
export { NetworkError, type NetworkErrorCode } from "./errors.ts";
export { EventLoop, type EventLoopOptions, getRunningLoop } from "./event-loop.ts";
export {
  type FaultFields,
  type FaultKind,
  faultKinds,
  type HostFaultKind,
  type LinkFaultKind,
} from "./faults/fault-kinds.ts";
export type { FaultPlan, TimedFault, TimedHostFault, TimedLinkFault } from "./faults/fault-plan.ts";
export type { ActiveFault, Faults, OneWay } from "./faults/faults.ts";
export type { Hosts } from "./faults/host-sets.ts";
export type { Domain } from "./faults/kinds/domain.ts";
export type { FaultDraw, HostFault, LinkFault } from "./faults/kinds/fault-kind.ts";
export type { Impairment } from "./faults/kinds/impair.ts";
export type { Slowdown } from "./faults/kinds/slow.ts";
export { type RandomFaultsOptions, randomFaults } from "./faults/random-faults.ts";
export type { CrashedConnections, CrashOptions } from "./hosts/crash-options.ts";
export type { Disk, DiskData, DiskOptions } from "./hosts/disk.ts";
export type { Host } from "./hosts/host.ts";
export type { ClockOptions } from "./hosts/host-clock.ts";
export type { HostOptions } from "./hosts/host-options.ts";
export type { HostState } from "./hosts/life.ts";
export type { Latency } from "./links/latency.ts";
export type { Link } from "./links/link.ts";
export type { LinkOptions } from "./links/link-options.ts";
export type { PacketInTransit } from "./links/packet-in-transit.ts";
export type { Rule, RuleChain, RuleGuard } from "./links/rules.ts";
export type { LookupFailure, NameOptions, NameTable } from "./names/names.ts";
export type { Network } from "./network.ts";
export type { NetworkOptions } from "./network-options.ts";
export { IcmpMessage, type IcmpReport } from "./packets/icmp-message.ts";
export type { Packet, PacketProtocol } from "./packets/packet.ts";
export { TcpSegment } from "./packets/tcp-segment.ts";
export { UdpDatagram } from "./packets/udp-datagram.ts";
export { SocketAddress } from "./socket-address.ts";
export type { TransportSocket } from "./sockets/transport-socket.ts";
export { IncompleteReadError, LimitOverrunError } from "./streams/errors.ts";
export { openConnection, type StreamConnectionOptions } from "./streams/open-connection.ts";
export { type StreamServerOptions, startServer } from "./streams/start-server.ts";
export { type ClientConnected, StreamReaderProtocol } from "./streams/stream-protocol.ts";
export { StreamReader } from "./streams/stream-reader.ts";
export { StreamWriter } from "./streams/stream-writer.ts";
export type { KeepAlive } from "./tcp/control-block.ts";
export type { TcpSettings } from "./tcp/settings.ts";
export { decode, encode } from "./text.ts";
export {
  BaseProtocol,
  type BaseTransport,
  BufferedProtocol,
  DatagramProtocol,
  type DatagramTarget,
  type DatagramTransport,
  type ExtraInfo,
  Protocol,
  type StreamProtocol,
  type Transport,
  type WriteBufferLimits,
} from "./transports/contract.ts";
export type { ConnectionOptions } from "./transports/create-connection.ts";
export type { DatagramOptions, EndpointAddress } from "./transports/create-datagram-endpoint.ts";
export type { ServerHost, ServerOptions } from "./transports/create-server.ts";
export type { WantedFamily } from "./transports/resolve.ts";
export type { Server } from "./transports/server.ts";
