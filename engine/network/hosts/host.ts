import { describeValue } from "../../base/describe.ts";
import { RuntimeError } from "../../base/errors.ts";
import type { Detail } from "../../base/instrument.ts";
import type { RandomStream } from "../../base/random.ts";
import { NO_OPTIONS, optionNames, requireOptions } from "../../base/require-options.ts";
import { Context } from "../../tasks/context.ts";
import type { CoroutineLike } from "../../tasks/coroutine.ts";
import { mainCoroutine } from "../../tasks/main-coroutine.ts";
import type { Task } from "../../tasks/task.ts";
import type { TaskEventLoop } from "../../tasks/task-event-loop.ts";
import type { Address, AddressFamily } from "../address.ts";
import type { Agenda } from "../agenda.ts";
import type { Fabric, LinkEnd } from "../links/fabric.ts";
import type { Link } from "../links/link.ts";
import { IcmpMessage } from "../packets/icmp-message.ts";
import type { Carrier, Packet } from "../packets/packet.ts";
import type { TcpSegment } from "../packets/tcp-segment.ts";
import type { UdpDatagram } from "../packets/udp-datagram.ts";
import { type Pollable, type Poller, READ, WRITE } from "../poller.ts";
import type { TcpSettings } from "../tcp/settings.ts";
import { TcpStack } from "../tcp/stack.ts";
import { UdpStack } from "../udp/stack.ts";
import { type CrashOptions, requireCrashOptions } from "./crash-options.ts";
import { Disk } from "./disk.ts";
import type { Gate } from "./gate.ts";
import { type ClockOptions, HostClock } from "./host-clock.ts";
import type { HostOptions } from "./host-options.ts";
import { currentLife, type HostState, Life } from "./life.ts";

/** What every path carries, for destinations that nothing is known of. */
const NO_PATH = { mtu: 1280 };

const PROGRAM_OPTIONS = optionNames<{ readonly name?: string }>({ name: true });

/** What a host needs from the network that it is part of. */
export interface HostNetwork extends Fabric {
  readonly loop: TaskEventLoop;
  readonly tcpSettings: TcpSettings;
  readonly poller: Poller;
  readonly hosts: readonly Host[];
  readonly localhost: Host;
  /** Put a gate before the ready queue, unless there is one. @returns It. */
  installGate(): Gate;
  /** The link from `from` to the host that has `destination`; `null` when no host has it. */
  linkTo(from: Host, destination: Address): Link | null;
  /** The link between two hosts. */
  link(from: Host, to: Host): Link;
  /** The address that this string denotes. @throws RangeError if it is none. */
  address(text: string): Address;
  /** The addresses for `host`, which has none yet. */
  assignAddresses(host: Host): readonly Address[];
  /** Let everything arrive that arrives at once. */
  settle(): void;
}

/** A socket, as its host needs it. */
interface HostSocket extends Pollable {
  unclosed: (() => string | null) | null;
  _vanish(): void;
}

/**
 * A machine in the simulated network: with addresses and a loopback of its own, programs, a clock and a disk.
 *
 * @see turmoil's hosts
 */
export class Host implements LinkEnd, Carrier {
  // It is a TcpHost as well; saying so would put what is internal into the published types.
  readonly name: string;
  /** Number in order of creation. */
  readonly id: number;
  /** What survives crashes, if it is synced. */
  readonly disk: Disk;
  /** @internal */
  readonly _network: HostNetwork;
  /** @internal TCP on this host. */
  _tcp: TcpStack;
  /** @internal UDP on this host. */
  _udp: UdpStack;
  /** @internal Its links to other hosts and to itself, by the id of the other host, as far as there are any. */
  readonly _links: (Link | undefined)[] = [];
  /** @internal */
  readonly _clock = new HostClock();
  /** @internal The sockets that are open. */
  readonly _sockets = new Set<HostSocket>();
  private _addresses: readonly Address[];
  private _life: Life;
  private _program: (() => unknown) | null = null;

  /** @internal Hosts are made by `network.host()`. */
  constructor(network: HostNetwork, name: string, id: number, addresses: readonly Address[], options: HostOptions) {
    this._network = network;
    this.name = name;
    this.id = id;
    this._addresses = addresses;
    const { disk = {}, clock = {} } = options;
    this.disk = new Disk(disk);
    this._clock.set(`clock of host ${name}`, clock, network.now());
    this._tcp = new TcpStack(this);
    this._udp = new UdpStack(this);
    this._life = new Life(this);
  }

  /** The addresses by which other hosts reach it, as strings. */
  get addresses(): readonly string[] {
    return this._ownAddresses().map((address) => address.text);
  }

  /** `"running"`, `"paused"` or `"down"`. */
  get state(): HostState {
    return this._life.state;
  }

  /**
   * Run `coroutine` as a task on this host: what it connects to, and where it listens, is seen from here, and so it is
   * for the tasks and callbacks that it makes.
   *
   * After `import "simloop/node"` it may as well be an `async` function without parameters: the function, not its
   * promise.
   *
   * @returns The task. If the host crashes before it is done, awaiting it throws a CancelledError, `host a crashed`.
   * @throws RuntimeError if the host is down; TypeError if it is not a coroutine.
   */
  run<T>(
    coroutine: CoroutineLike<T> | (() => PromiseLike<T>),
    options: { readonly name?: string } = NO_OPTIONS,
  ): Task<T> {
    requireOptions(`${this}.run`, options, PROGRAM_OPTIONS);
    if (this.state === "down") {
      throw new RuntimeError(`${this} is down and runs nothing; restart it first`);
    }
    const { loop } = this._network;
    const context = (loop._copyContext() as Context | null) ?? new Context();
    context._set(currentLife, this._life);
    const main = typeof coroutine === "function" ? mainCoroutine<T>(loop, coroutine, this._life) : coroutine;
    return loop.createTask(main, { ...options, context });
  }

  /** Run `program` on this host, now and again after each {@link restart}. @throws as {@link run}. */
  boot<T>(program: () => CoroutineLike<T> | PromiseLike<T>, options: { readonly name?: string } = NO_OPTIONS): Task<T> {
    requireOptions(`${this}.boot`, options, PROGRAM_OPTIONS);
    if (typeof program !== "function") {
      throw new TypeError(
        `${this}.boot: expected a coroutine function (main, not main()), got ${describeValue(program)}`,
      );
    }
    const { name = this.name } = options;
    this._program = program;
    return this.run(mainCoroutine<T>(this._network.loop, program, this._life), { name });
  }

  /**
   * Let the host crash: its tasks end as if cancelled, without running another line, its callbacks are forgotten, and
   * so is what its disk has not synced.
   *
   * @param options - `connections`: `"vanish"`, the default, sends nothing; `"reset"` resets the other sides'
   * connections.
   * @throws RuntimeError if it is down already.
   */
  crash(options: CrashOptions = NO_OPTIONS): void {
    requireCrashOptions(`${this}.crash`, options);
    const { connections = "vanish" } = options;
    if (this.state === "down") {
      throw new RuntimeError(`${this} is down already`);
    }
    this._tell("crashed", { connections });
    this._life.state = "down";
    this._network.installGate().forget(this._life);
    this._life.endTasks(this._network.loop, this._network.agenda, this.now());
    for (const socket of [...this._sockets]) {
      socket._vanish();
    }
    this._tcp.crash(connections === "reset", this.now());
    this._network.settle();
    this._tcp = new TcpStack(this, this._tcp);
    this._udp = new UdpStack(this);
    this.disk._crash();
  }

  /**
   * Let a host that is down run again, and with it the program that it was booted with.
   *
   * @throws RuntimeError if it is not down.
   */
  restart(): void {
    if (this.state !== "down") {
      throw new RuntimeError(`${this} is not down; crash it first`);
    }
    this._tell("restarted");
    this._life = new Life(this);
    if (this._program !== null) {
      this.run(mainCoroutine(this._network.loop, this._program, this._life), { name: this.name });
    }
  }

  /**
   * Freeze the programs of the host, as a long garbage collection does; its network goes on.
   *
   * @throws RuntimeError if it is not running.
   */
  pause(): void {
    if (this.state !== "running") {
      throw new RuntimeError(`${this} is ${this.state}, not running; it cannot be paused`);
    }
    this._tell("paused");
    this._network.installGate();
    this._life.state = "paused";
  }

  /** Let the programs of a paused host go on. @throws RuntimeError if it is not paused. */
  resume(): void {
    if (this.state !== "paused") {
      throw new RuntimeError(`${this} is ${this.state}, not paused`);
    }
    this._tell("resumed");
    this._life.state = "running";
    this._network.installGate().release(this._life);
    for (const socket of this._sockets) {
      this._network.poller.notify(socket, READ | WRITE);
    }
  }

  /**
   * What its clock shows, in seconds: the loop's time if the clock is right. `wallTime()` and `strftime()` read it on
   * this host.
   */
  time(): number {
    return this._clock.at(this.now());
  }

  /**
   * Set its clock: how far ahead of true time it is from now on, and how fast it goes; what is not named stays.
   *
   * @throws TypeError, RangeError for values that make no sense.
   */
  setClock(options: ClockOptions): void {
    this._clock.set(`clock of host ${this.name}`, options, this.now());
  }

  /** Its name, state and addresses, for `JSON.stringify`. */
  toJSON(): { readonly name: string; readonly state: HostState; readonly addresses: readonly string[] } {
    return { name: this.name, state: this.state, addresses: this._addresses.map(({ text }) => text) };
  }

  toString(): string {
    return `<Host ${this.name}${this.state === "running" ? "" : ` ${this.state}`}>`;
  }

  /** @internal */
  get agenda(): Agenda {
    return this._network.agenda;
  }

  /** @internal */
  get tcpSettings(): TcpSettings {
    return this._network.tcpSettings;
  }

  /** @internal */
  now(): number {
    return this._network.now();
  }

  /** @internal */
  random(purpose: string): RandomStream {
    return this._network.random(`host ${this.name}: ${purpose}`);
  }

  /** @internal */
  get isWatched(): boolean {
    return this._network.isWatched;
  }

  /** @internal */
  note(kind: string, detail: Detail): void {
    this._network.note(kind, detail);
  }

  /** @internal */
  transmit(packet: Packet): void {
    const link = this._network.linkTo(this, packet.destination);
    if (link === null) {
      this._network.arriveNow(new IcmpMessage(packet.source, packet.source, "host unreachable", packet)._boards(this));
      return;
    }
    this._send(packet, link);
  }

  /** @internal */
  pathTo(destination: Address): { readonly mtu: number } {
    return this._network.linkTo(this, destination) ?? NO_PATH;
  }

  /** @internal What this host sends to itself. */
  _arrive(packet: Packet, now: number): void {
    this._receive(packet, now);
  }

  /** @internal */
  _receive(packet: Packet, now: number): string | null {
    switch (packet.protocol) {
      case "tcp":
        this._tcp.receive(packet as TcpSegment, now);
        return null;
      case "udp":
        return this._udp.receive(packet as UdpDatagram);
      case "icmp":
        this._noteUndelivered(packet as IcmpMessage, now);
        return null;
    }
  }

  /**
   * @internal Send a datagram to all hosts if it is for all, or to the members of its group; otherwise to whom it is
   * for.
   */
  _transmitToAll(datagram: UdpDatagram, toItself: boolean): void {
    const { destination } = datagram;
    if (!destination.isMulticast && !destination.isBroadcast) {
      this.transmit(datagram);
      return;
    }
    for (const host of this._network.hosts) {
      // A broadcast reaches hosts that share a net; localhost, where a program looks on from, hears only its own.
      const isReached = !(destination.isBroadcast && host === this._network.localhost);
      const isMeant = host === this ? toItself || destination.isBroadcast : isReached;
      if (isMeant && (destination.isBroadcast || host._udp.hasMember(destination))) {
        this._send(datagram._copy(), this._network.link(this, host));
      }
    }
  }

  /** @internal */
  get _isDown(): boolean {
    return this._life.state === "down";
  }

  /** @internal Whether its programs stand still. */
  get _isFrozen(): boolean {
    return this._life.state === "paused";
  }

  /** @internal Whether packets to `address` end here. */
  _has(address: Address): boolean {
    return address.isLoopback || this._addresses.includes(address);
  }

  /** @internal `127.0.0.1` or `::1`. */
  _loopback(family: AddressFamily): Address {
    return this._network.address(family === 4 ? "127.0.0.1" : "::1");
  }

  /** @internal `0.0.0.0` or `::`. */
  _any(family: AddressFamily): Address {
    return this._network.address(family === 4 ? "0.0.0.0" : "::");
  }

  /** @internal The multicast group with this address. @throws RangeError if it is none. */
  _group(text: string): Address {
    const group = this._network.address(text);
    if (!group.isMulticast) {
      throw new RangeError(`joinGroup: expected a multicast address such as 239.0.0.1 or ff02::1, got ${text}`);
    }
    return group;
  }

  /** @internal The address from which packets go to `destination`; `null` if there is none of its kind. */
  _sourceFor(destination: Address): Address | null {
    if (destination.isLoopback) {
      return this._loopback(destination.family);
    }
    // What a host sends to itself comes from where it goes.
    if (this._has(destination)) {
      return destination;
    }
    return this._ownAddresses().find((address) => address.family === destination.family) ?? null;
  }

  /** @internal Its addresses, given out now if it has none yet. */
  _ownAddresses(): readonly Address[] {
    if (this._addresses.length === 0) {
      this._addresses = this._network.assignAddresses(this);
    }
    return this._addresses;
  }

  private _send(packet: Packet, link: Link): void {
    packet.id = this._network.nextPacketId();
    link._send(packet, this.now());
  }

  private _noteUndelivered({ about, report }: IcmpMessage, now: number): void {
    if (about.protocol === "tcp") {
      this._tcp.unreachable(about as TcpSegment, now);
    } else if (about.protocol === "udp") {
      this._udp.undelivered(about as UdpDatagram, report === "port unreachable" ? "ECONNREFUSED" : "EHOSTUNREACH");
    }
  }

  private _tell(what: string, detail: Detail = {}): void {
    if (this.isWatched) {
      this.note(`host.${what}`, { host: this.name, ...detail });
    }
  }
}
