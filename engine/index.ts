/// <reference lib="esnext.disposable" preserve="true" />

/**
 * simloop: a deterministic discrete-event simulation engine with asyncio's event loop. This is its whole public
 * surface.
 */

export {
  CancelledError,
  DeadlockError,
  ForeignAwaitError,
  ForeignCallError,
  InvalidStateError,
  LimitError,
  RecursionError,
  RuntimeError,
  TimeoutError,
  type WaitingTask,
} from "./base/errors.ts";
export type {
  Detail,
  Instrument,
  NoteShape,
  NoteValue,
  ObservedPrimitive,
  ObservedTask,
  PrimitiveEvent,
  RunOutcome,
  TaskOutcome,
} from "./base/instrument.ts";
export { RandomStream, type Seed } from "./base/random.ts";
export type { RaceCounts } from "./explore/causality/race-coverage.ts";
export { type Debugger, type DebugOptions, debug } from "./explore/debug/debugger.ts";
export { type InevitableOptions, inevitable } from "./explore/debug/inevitable.ts";
export type { DecisiveStep, InevitablePoint, InevitableReport } from "./explore/debug/inevitable-report.ts";
export type { DebugStep, DebugTask, Moment, ReadyStep } from "./explore/debug/moment.ts";
export { explore } from "./explore/explore.ts";
export { History, Invocation, type OperationEnd, type OperationRecord } from "./explore/histories/history.ts";
export {
  checkLinearizable,
  type LinearizabilityResult,
  type Model,
  registerModel,
  requireLinearizable,
} from "./explore/histories/linearizability.ts";
export { requireSession, type SessionGuarantee, type SessionOptions } from "./explore/histories/session-guarantees.ts";
export type { ExploreOptions, ExploreProgress } from "./explore/options.ts";
export { always, choose, eventually, sameOutcome, sometimes, touch } from "./explore/program/annotations.ts";
export { shared } from "./explore/program/shared.ts";
export { watch } from "./explore/program/watch.ts";
export { type ReplayOptions, type ReplayResult, replay } from "./explore/replay.ts";
export type { Certificate } from "./explore/report/certificate.ts";
export type { Deviation } from "./explore/report/explain.ts";
export { ExploreReport, type Failure } from "./explore/report/report.ts";
export { ImpureProgramError } from "./explore/run/check-failure.ts";
export type { FailureKind } from "./explore/run/failure.ts";
export type { Choice, Hold, Schedule } from "./explore/schedule/schedule.ts";
export { parseToken, type ReplayToken, TokenError } from "./explore/schedule/token.ts";
export type { Vary } from "./explore/schedule/variation.ts";
export { type StrategyName, type StrategyTraits, strategyNames, strategyTraits } from "./explore/strategies/index.ts";
export { print, random, strftime, wallTime } from "./loop/built-ins.ts";
export type { ExceptionContext, ExceptionHandler } from "./loop/exceptions.ts";
export { formatBytes } from "./loop/format-value.ts";
export { type Callback, Handle, TimerHandle } from "./loop/handle.ts";
export type { LoopOptions, Progress } from "./loop/options.ts";
export type { TimerTies } from "./loop/timers.ts";
export type { AddressFamily } from "./network/address.ts";
export { NetworkError, type NetworkErrorCode } from "./network/errors.ts";
export { EventLoop, type EventLoopOptions, getRunningLoop } from "./network/event-loop.ts";
export {
  type FaultFields,
  type FaultKind,
  faultKinds,
  type HostFaultKind,
  type LinkFaultKind,
} from "./network/faults/fault-kinds.ts";
export type { FaultPlan, TimedFault, TimedHostFault, TimedLinkFault } from "./network/faults/fault-plan.ts";
export type { ActiveFault, Faults, OneWay } from "./network/faults/faults.ts";
export type { Hosts } from "./network/faults/host-sets.ts";
export type { Domain } from "./network/faults/kinds/domain.ts";
export type { FaultDraw, HostFault, LinkFault } from "./network/faults/kinds/fault-kind.ts";
export type { Impairment } from "./network/faults/kinds/impair.ts";
export type { Slowdown } from "./network/faults/kinds/slow.ts";
export { type RandomFaultsOptions, randomFaults } from "./network/faults/random-faults.ts";
export type { CrashedConnections, CrashOptions } from "./network/hosts/crash-options.ts";
export type { Disk, DiskData, DiskOptions } from "./network/hosts/disk.ts";
export type { Host } from "./network/hosts/host.ts";
export type { ClockOptions } from "./network/hosts/host-clock.ts";
export type { HostOptions } from "./network/hosts/host-options.ts";
export type { HostState } from "./network/hosts/life.ts";
export type { Latency } from "./network/links/latency.ts";
export type { Link } from "./network/links/link.ts";
export type { LinkOptions } from "./network/links/link-options.ts";
export type { PacketInTransit } from "./network/links/packet-in-transit.ts";
export type { Rule, RuleChain, RuleGuard } from "./network/links/rules.ts";
export type { LookupFailure, NameOptions, NameTable } from "./network/names/names.ts";
export type { Network } from "./network/network.ts";
export type { NetworkOptions } from "./network/network-options.ts";
export { IcmpMessage, type IcmpReport } from "./network/packets/icmp-message.ts";
export type { Packet, PacketProtocol } from "./network/packets/packet.ts";
export { TcpSegment } from "./network/packets/tcp-segment.ts";
export { UdpDatagram } from "./network/packets/udp-datagram.ts";
export { SocketAddress } from "./network/socket-address.ts";
export type { TransportSocket } from "./network/sockets/transport-socket.ts";
export { IncompleteReadError, LimitOverrunError } from "./network/streams/errors.ts";
export { openConnection, type StreamConnectionOptions } from "./network/streams/open-connection.ts";
export { type StreamServerOptions, startServer } from "./network/streams/start-server.ts";
export { type ClientConnected, StreamReaderProtocol } from "./network/streams/stream-protocol.ts";
export { StreamReader } from "./network/streams/stream-reader.ts";
export { StreamWriter } from "./network/streams/stream-writer.ts";
export type { KeepAlive } from "./network/tcp/control-block.ts";
export type { TcpSettings } from "./network/tcp/settings.ts";
export { decode, encode } from "./network/text.ts";
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
} from "./network/transports/contract.ts";
export type { ConnectionOptions } from "./network/transports/create-connection.ts";
export type { DatagramOptions, EndpointAddress } from "./network/transports/create-datagram-endpoint.ts";
export type { ServerHost, ServerOptions } from "./network/transports/create-server.ts";
export type { WantedFamily } from "./network/transports/resolve.ts";
export type { Server } from "./network/transports/server.ts";
export { Runner, type RunnerOptions, run } from "./runner.ts";
export {
  defineScenario,
  type ParameterDefaults,
  type Scenario,
  type ScenarioDefinition,
  scenarioOptions,
  withParameters,
} from "./scenario.ts";
export {
  type AsyncProgram,
  type Program,
  type SimulateOptions,
  type SimulationResult,
  simulate,
} from "./simulation.ts";
export { type AsCompleted, type AsCompletedOptions, asCompleted } from "./sync/as-completed.ts";
export { Barrier, BrokenBarrierError } from "./sync/barrier.ts";
export { Condition } from "./sync/condition.ts";
export { Event } from "./sync/event.ts";
export type { Guard } from "./sync/guard.ts";
export { Lock } from "./sync/lock.ts";
export type { PrimitiveOptions } from "./sync/named.ts";
export { LifoQueue, PriorityQueue, Queue, QueueEmpty, QueueFull, QueueShutDown } from "./sync/queue.ts";
export { BoundedSemaphore, Semaphore } from "./sync/semaphore.ts";
export { AsyncExitStack, type ExitCallback } from "./tasks/async-exit-stack.ts";
export { Awaitable } from "./tasks/awaitable.ts";
export type { BlockCallback } from "./tasks/block-callback.ts";
export { Context, ContextVar, copyContext, type Token } from "./tasks/context.ts";
export {
  awaitable,
  type Coroutine,
  type CoroutineFunction,
  type CoroutineLike,
  CoroutineObject,
  coroutine,
  iscoroutine,
} from "./tasks/coroutine.ts";
export { allTasks, createTask, currentTask } from "./tasks/current.ts";
export { each } from "./tasks/each.ts";
export { ensureFuture, isfuture, type Waitable } from "./tasks/ensure-future.ts";
export {
  catchGroup,
  type ErrorClass,
  ExceptionGroup,
  type GroupClause,
  type GroupCondition,
} from "./tasks/exception-group.ts";
export { Future } from "./tasks/future.ts";
export { type GatherOptions, gather, type Outcomes, type Results } from "./tasks/gather.ts";
export type { Operation } from "./tasks/operation.ts";
export { shield } from "./tasks/shield.ts";
export { sleep } from "./tasks/sleep.ts";
export { Task } from "./tasks/task.ts";
export { eagerTaskFactory, type TaskFactory } from "./tasks/task-event-loop.ts";
export { TaskGroup, taskGroup } from "./tasks/task-group.ts";
export type { TaskOptions } from "./tasks/task-options.ts";
export { Timeout, timeout, timeoutAt } from "./tasks/timeout.ts";
export {
  ALL_COMPLETED,
  FIRST_COMPLETED,
  FIRST_EXCEPTION,
  type ReturnWhen,
  type WaitOptions,
  type WaitResult,
  wait,
} from "./tasks/wait.ts";
export { waitFor } from "./tasks/wait-for.ts";
export { type AsyncContextManager, withAsync } from "./tasks/with-async.ts";
export { chromePieces, toChrome } from "./trace/chrome/chrome.ts";
export { type DiffSide, diffTraces, type FirstDifference, type TraceDiff } from "./trace/compare/diff.ts";
export { formatDiff } from "./trace/compare/format-diff.ts";
export { TraceFormatError } from "./trace/file/format-error.ts";
export { parseJsonl, TraceParser } from "./trace/file/parse.ts";
export { filterTrace } from "./trace/filter/filter.ts";
export type { TraceFilter } from "./trace/filter/filter-rules.ts";
export { jsonlLines, toJsonl } from "./trace/jsonl.ts";
export { type GanttOptions, toMermaidGantt } from "./trace/mermaid/mermaid-gantt.ts";
export { type SequenceOptions, toMermaidSequence } from "./trace/mermaid/mermaid-sequence.ts";
export { toOtlp } from "./trace/otlp/otlp.ts";
export type { PageFailure, PageMark } from "./trace/page/failure.ts";
export { type HtmlOptions, htmlPieces, toHtml } from "./trace/page/html.ts";
export { type PcapngOptions, pcapngPieces, toPcapng } from "./trace/pcapng/pcapng.ts";
export { Recorder, type RecorderOptions, type TraceMode } from "./trace/record/recorder.ts";
export { isIntact } from "./trace/record/verify.ts";
export type { TraceHeader, TraceRecord } from "./trace/record.ts";
export { type Salvage, TraceSalvager } from "./trace/salvage/salvage.ts";
export { toShiviz } from "./trace/shiviz/shiviz.ts";
export { toSpeedscope } from "./trace/speedscope/speedscope.ts";
export { formatStats } from "./trace/stats/format-stats.ts";
export type { LatencyStats, LinkStats } from "./trace/stats/link-stats.ts";
export type { PrimitiveStats } from "./trace/stats/primitive-stats.ts";
export { type TraceStats, traceStats } from "./trace/stats/stats.ts";
export type { LongWait, TaskStats, WaitStats } from "./trace/stats/task-stats.ts";
export { statsSvg } from "./trace/svg/stats-picture.ts";
export { type SvgOptions, svgPieces, toSvg } from "./trace/svg/svg.ts";
export { Trace } from "./trace/trace.ts";
export { type CriticalPath, type CriticalStep, criticalPath } from "./trace/why/critical-path.ts";
export { formatPath } from "./trace/why/format-path.ts";
export { textLines, toText } from "./trace/words/text.ts";
