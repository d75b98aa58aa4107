import { describeValue } from "../base/describe.ts";
import type { Detail, NoteShape, NoteValue } from "../base/instrument.ts";
import { invariant } from "../base/invariant.ts";
import type { RandomStream } from "../base/random.ts";
import { requireOptions } from "../base/require-options.ts";
import { RingBuffer } from "../base/ring-buffer.ts";
import type { Context } from "../tasks/context.ts";
import type { Future } from "../tasks/future.ts";
import type { Steps } from "../tasks/operation.ts";
import type { TaskEventLoop } from "../tasks/task-event-loop.ts";
import type { Address } from "./address.ts";
import { Agenda } from "./agenda.ts";
import { NetworkError } from "./errors.ts";
import { Faults } from "./faults/faults.ts";
import { Gate } from "./hosts/gate.ts";
import { Host } from "./hosts/host.ts";
import type { HostOptions } from "./hosts/host-options.ts";
import { HostTable } from "./hosts/host-table.ts";
import { currentLife } from "./hosts/life.ts";
import { Link } from "./links/link.ts";
import {
  BETWEEN_HOSTS,
  type LinkCharacter,
  type LinkOptions,
  linkCharacter,
  WITHIN_HOST,
} from "./links/link-options.ts";
import { RuleChain } from "./links/rules.ts";
import { type NameRecord, NameTable } from "./names/names.ts";
import { LOCALHOST, NETWORK_OPTIONS, type NetworkOptions } from "./network-options.ts";
import type { Packet } from "./packets/packet.ts";
import { Poller } from "./poller.ts";
import type { SocketFactory } from "./sockets/contract.ts";
import { SimulatedDatagramSocket } from "./sockets/datagram-socket.ts";
import { SimulatedStreamSocket } from "./sockets/stream-socket.ts";
import { type TcpSettings, tcpSettings } from "./tcp/settings.ts";
import { socketHandle } from "./transports/socket-handle.ts";

/**
 * The simulated network of a loop: hosts, and links between any two of them.
 *
 * At first there is one host, `localhost`, with its loopback; nothing takes any time there. The network is a source of
 * events for the loop: each pass lets arrive what is due, and then runs what sockets are ready for.
 *
 * @see asyncio's selector, and the operating system behind it
 */
export class Network {
  // It is Selector, HostNetwork, SocketNetwork, Internet and Fabric; saying so would put what is internal into the
  // published types.

  /** Rules that every packet passes. */
  readonly rules = new RuleChain();
  /** Names beside those of the hosts. */
  readonly names: NameTable;
  /** The host that code runs on by default. */
  readonly localhost: Host;
  /** @internal */
  readonly loop: TaskEventLoop;
  /** @internal */
  readonly agenda = new Agenda();
  /** @internal */
  readonly poller: Poller;
  /** @internal */
  readonly tcpSettings: TcpSettings;
  /** @internal The numbers of the planned faults that happen; `null` for all. */
  readonly onlyFaults: ReadonlySet<number> | null;
  private readonly _hosts = new HostTable<Host>();
  private readonly _links: Link[] = [];
  private readonly _between: LinkCharacter;
  private readonly _within: LinkCharacter;
  private readonly _arrivals = new RingBuffer<Packet>();
  private _packets = 0;
  private _gate: Gate | null = null;
  private _faults: Faults | null = null;

  /** @internal Networks come with their loops. */
  constructor(loop: TaskEventLoop, options: NetworkOptions = {}) {
    requireOptions("network", options, NETWORK_OPTIONS);
    this.loop = loop;
    this.poller = new Poller(loop);
    this.names = new NameTable(this._hosts.addresses);
    this.tcpSettings = tcpSettings(options.tcp ?? {});
    this.onlyFaults = options.onlyFaults === undefined ? null : new Set(options.onlyFaults);
    this._between = linkCharacter("network.links", options.links ?? {}, BETWEEN_HOSTS);
    this._within = linkCharacter("network.loopback", options.loopback ?? {}, WITHIN_HOST);
    this.localhost = new Host(this, LOCALHOST, 0, [], {});
    this._hosts.add(this.localhost, []);
    for (const [name, hostOptions] of Object.entries(options.hosts ?? {})) {
      this.host(name, hostOptions);
    }
    loop._attach(this);
  }

  /** Its hosts and links, for `JSON.stringify`. */
  toJSON(): { readonly hosts: readonly Host[]; readonly links: readonly Link[] } {
    return { hosts: this.hosts, links: this.links };
  }

  /** The hosts, in order of creation. */
  get hosts(): readonly Host[] {
    return this._hosts.all;
  }

  /**
   * Add a host.
   *
   * @throws TypeError for unknown options; RangeError if the name or an address is taken or malformed, and for invalid
   * options.
   */
  host(name: string, options: HostOptions = {}): Host {
    const addresses = this._hosts.requireHost(name, options);
    const host = new Host(this, name, this._hosts.size, addresses, options);
    this._hosts.add(host, addresses);
    host._ownAddresses();
    return host;
  }

  /** The host called `name`. @throws RangeError if there is none. */
  get(name: string): Host {
    return this._hosts.get(name);
  }

  /** What can go wrong here. */
  get faults(): Faults {
    this._faults ??= new Faults(this);
    return this._faults;
  }

  /** The host that the present code runs on. */
  get here(): Host {
    return ((this.loop._context as Context | null)?.get(currentLife)?.host as Host | undefined) ?? this.localhost;
  }

  /**
   * One direction of the link between two hosts, or a host's link with itself: from the first to the second.
   *
   * @throws RangeError for unknown hosts.
   */
  link(from: Host | string, to: Host | string): Link {
    return this._linkBetween(this._hostOf(from), this._hostOf(to));
  }

  /**
   * Change what both directions of a link are like from now on; what is not named stays.
   *
   * @throws RangeError for unknown hosts, and values out of range.
   */
  setLink(a: Host | string, b: Host | string, options: LinkOptions): void {
    this.link(a, b).set(options);
    this.link(b, a).set(options);
  }

  /** The links that a packet has gone over, or that the program asked for, in the order in which they were made. */
  get links(): readonly Link[] {
    return [...this._links];
  }

  /** @internal */
  socketsHere(): SocketFactory {
    const { here } = this;
    return {
      streamSocket: (family) => new SimulatedStreamSocket(this, here, family),
      datagramSocket: (family) => new SimulatedDatagramSocket(this, here, family),
    };
  }

  /**
   * @internal What the program has not closed, in CPython's words. What runs on hosts of their own is left out: they
   * are switched off at the end of the run.
   */
  unclosed(): readonly string[] {
    return [...this.localhost._sockets].map((socket) => socket.unclosed?.() ?? null).filter((text) => text !== null);
  }

  /** @internal What tests check after each step. @throws InvariantError if an invariant does not hold. */
  checkInvariants(): void {
    this.poller.checkInvariants();
    for (const link of this._links) {
      link.checkInvariants();
    }
    for (const host of this.hosts.filter(({ _isDown: isDown }) => !isDown)) {
      host._tcp.checkInvariants();
      host._udp.checkInvariants();
      for (const { _registration: registration } of host._sockets) {
        const isReported = registration === null || registration.ready === 0 || registration.isQueued;
        invariant(isReported, "a socket that is ready for what is waited for is reported");
      }
    }
  }

  /** @internal */
  get isWatched(): boolean {
    return this.loop._instrument !== null;
  }

  /** @internal */
  installGate(): Gate {
    this._gate ??= Gate.install(this.loop);
    return this._gate;
  }

  /** @internal */
  nextEvent(): number {
    return this.poller.hasReady() ? this.loop.time() : this.agenda.nextTime();
  }

  /** @internal */
  poll(time: number): void {
    this.deliver(time);
    this.poller.collect();
  }

  /** @internal Let everything happen that is due at `time`, whether or not anything polls for it. */
  deliver(time: number): void {
    for (let due = this.agenda.takeDue(time); due !== null; due = this.agenda.takeDue(time)) {
      due._happen(time);
      this.settle();
    }
  }

  /** @internal */
  now(): number {
    return this.loop.time();
  }

  /** @internal */
  random(name: string): RandomStream {
    return this.loop.random(name);
  }

  /** @internal */
  note(kind: string, detail: Detail): void {
    this.loop._instrument?.noted(kind, detail);
  }

  /** @internal */
  noteAs(shape: NoteShape, values: readonly NoteValue[]): void {
    this.loop._instrument?.notedAs(shape, values);
  }

  /** @internal */
  arriveNow(packet: Packet): void {
    this._arrivals.push(packet);
  }

  /** @internal */
  settle(): void {
    const now = this.loop.time();
    for (let packet = this._arrivals.shift(); packet !== undefined; packet = this._arrivals.shift()) {
      try {
        packet._happen(now);
      } catch (error) {
        this.fail(error);
      }
    }
  }

  /** @internal */
  fail(error: unknown): void {
    const _happen = (): void => {
      throw error;
    };
    this.agenda.add(this.loop.time(), { _isDueAt: () => true, _happen });
  }

  /** @internal */
  nextPacketId(): number {
    return ++this._packets;
  }

  /** @internal */
  linkTo(from: Host, destination: Address): Link | null {
    const to = from._has(destination) ? from : this._hosts.ownerOf(destination);
    return to === null ? null : this._linkBetween(from, to);
  }

  /** @internal */
  address(text: string): Address {
    return this._hosts.addresses.get(text);
  }

  /** @internal The address that this string denotes, or `null` if it is none. */
  findAddress(text: string): Address | null {
    return this._hosts.addresses.find(text);
  }

  /** @internal */
  assignAddresses(host: Host): readonly Address[] {
    return this._hosts.assign(host);
  }

  /** @internal What `name` means; `null` stands for all addresses of a server, or else for the loopback. */
  lookUp(name: string | null, passive: boolean): NameRecord {
    if (name === null && passive) {
      return { addresses: [this.address("0.0.0.0"), this.address("::")], delay: 0 };
    }
    if (name === null || name.toLowerCase() === LOCALHOST) {
      return { addresses: [this.address("127.0.0.1"), this.address("::1")], delay: 0 };
    }
    const host = this._hosts.find(name);
    return (
      this.names._find(name) ??
      (host === null ? { addresses: [], error: "ENOTFOUND", delay: 0 } : { addresses: host._ownAddresses(), delay: 0 })
    );
  }

  /** @internal Find out what `name` means, which takes as long as it is said to. */
  *lookUpSteps(name: string | null, passive: boolean): Steps<readonly Address[]> {
    const { addresses, error, delay } = this.lookUp(name, passive);
    yield* this.after(delay, this.loop._futureFor<undefined>("getaddrinfo"));
    if (error !== undefined) {
      throw new NetworkError(error, "getaddrinfo", name ?? undefined);
    }
    return addresses;
  }

  /** @internal Finish `future` in `delay` seconds, in a call of its own. */
  after(delay: NameRecord["delay"], future: Future<undefined>): Future<undefined> {
    const handle = socketHandle(this.loop, () => {
      if (!future.done()) {
        future.setResult(undefined);
      }
    });
    this.loop._ordering?.watched(handle, handle);
    const seconds = typeof delay === "number" ? delay : delay(this.here.random("name lookups"));
    this.agenda.add(this.loop.time() + seconds, {
      _isDueAt: () => !future.done(),
      _happen: () => {
        this.loop._ready.push(handle);
        this.loop._instrument?.handleScheduled(handle.id, this.loop._hostName(handle._context));
      },
    });
    return future;
  }

  private _hostOf(host: Host | string): Host {
    if (host instanceof Host && host._network === this) {
      return host;
    }
    if (typeof host !== "string") {
      throw new TypeError(`network: expected a host of this network, or its name, got ${describeValue(host)}`);
    }
    return this.get(host);
  }

  private _linkBetween(from: Host, to: Host): Link {
    let link = from._links[to.id];
    if (link === undefined) {
      link = new Link(this, from, to, from === to ? this._within : this._between);
      from._links[to.id] = link;
      this._links.push(link);
    }
    return link;
  }
}
