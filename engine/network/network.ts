import type { Detail } from "../base/instrument.ts";
import type { RandomStream } from "../base/random.ts";
import { RingBuffer } from "../base/ring-buffer.ts";
import type { Selector } from "../loop/selector.ts";
import { type Context, ContextVar } from "../tasks/context.ts";
import type { Future } from "../tasks/future.ts";
import type { TaskEventLoop } from "../tasks/task-event-loop.ts";
import { type Address, AddressBook, type AddressFamily } from "./address.ts";
import { Agenda } from "./agenda.ts";
import type { Fabric } from "./fabric.ts";
import { Host, type HostNetwork } from "./host.ts";
import { Link } from "./link.ts";
import { BETWEEN_HOSTS, type LinkCharacter, type LinkOptions, linkCharacter, WITHIN_HOST } from "./link-options.ts";
import { type NameRecord, NameTable } from "./names.ts";
import type { Packet } from "./packets/packet.ts";
import { RuleChain } from "./rules.ts";
import { Poller } from "./sockets/poller.ts";
import type { SocketNetwork } from "./sockets/stream-socket.ts";
import { TCP_DEFAULTS, type TcpSettings } from "./tcp/settings.ts";
import { socketHandle } from "./transports/socket-handle.ts";

/** What a simulated network is like. All have defaults. */
export interface NetworkOptions {
  /** What links between hosts are like unless told otherwise: a millisecond of latency, and perfect. */
  readonly links?: LinkOptions;
  /** What a host's link with itself is like: no latency, and perfect. */
  readonly loopback?: LinkOptions;
  /** How TCP behaves on all hosts. */
  readonly tcp?: Partial<TcpSettings>;
}

/** What a host is like. All have defaults. */
export interface HostOptions {
  /** Its IPv4 and IPv6 addresses; by default the next free ones of 10.0.0.0/16 and fd00::/64. */
  readonly addresses?: readonly string[];
}

const LOCALHOST = "localhost";

/** The host that code runs on: inherited by tasks and callbacks, as context variables are. */
const currentHost = new ContextVar<Host>("host");

/**
 * The simulated network of a loop: hosts, and links between any two of them.
 *
 * At first there is one host, `localhost`, with its loopback; nothing takes any time there. The network is a source of events for the
 * loop: each pass lets arrive what is due, and then runs what sockets are ready for.
 *
 * @see asyncio's selector, and the operating system behind it
 */
export class Network implements Selector, HostNetwork, SocketNetwork, Fabric {
  readonly agenda = new Agenda();
  readonly rules = new RuleChain();
  /** @internal */
  readonly poller: Poller;
  readonly tcpSettings: TcpSettings;
  /** The host that code runs on unless it was told otherwise. */
  readonly localhost: Host;
  /** @internal */
  readonly _names = new NameTable();
  /** @internal */
  readonly _addresses = new AddressBook();
  private readonly _loop: TaskEventLoop;
  private readonly _hosts = new Map<string, Host>();
  /** By address id. */
  private readonly _owners = new Map<number, Host>();
  private readonly _links = new Map<Host, Map<Host, Link>>();
  private readonly _between: LinkCharacter;
  private readonly _within: LinkCharacter;
  private readonly _arrivals = new RingBuffer<Packet>();
  private _packets = 0;
  private _lastAssigned = 0;

  constructor(loop: TaskEventLoop, options: NetworkOptions = {}) {
    this._loop = loop;
    this.poller = new Poller(loop);
    this.tcpSettings = { ...TCP_DEFAULTS, ...options.tcp };
    this._between = linkCharacter("by default", options.links ?? {}, BETWEEN_HOSTS);
    this._within = linkCharacter("within a host", options.loopback ?? {}, WITHIN_HOST);
    this.localhost = this._addHost(LOCALHOST, []);
    loop._attach(this);
  }

  /** The hosts, in order of creation. */
  get hosts(): readonly Host[] {
    return [...this._hosts.values()];
  }

  /**
   * Add a host.
   *
   * @throws RangeError if the name or an address is taken or malformed.
   */
  host(name: string, options: HostOptions = {}): Host {
    if (typeof name !== "string" || !/^[\w.-]+$/.test(name)) {
      throw new RangeError(
        `host: expected a name of letters, digits, dots, hyphens and underscores, got ${JSON.stringify(name)}`,
      );
    }
    if (this._hosts.has(name)) {
      throw new RangeError(`host: there is a host ${name} already; get it with network.get("${name}")`);
    }
    const addresses = (options.addresses ?? []).map((text) => this._addresses.get(text));
    const host = this._addHost(name, addresses);
    host._ownAddresses();
    return host;
  }

  /** The host called `name`. @throws RangeError if there is none. */
  get(name: string): Host {
    const host = this._hosts.get(name);
    if (host === undefined) {
      throw new RangeError(
        `network: there is no host ${JSON.stringify(name)}; there are ${[...this._hosts.keys()].join(", ")}`,
      );
    }
    return host;
  }

  /** The direction from one host to another of the link between them. */
  link(from: Host | string, to: Host | string): Link {
    return this._linkBetween(this._hostOf(from), this._hostOf(to));
  }

  /** The host that the present code runs on. */
  get here(): Host {
    return (this._loop._context as Context | null)?.get(currentHost) ?? this.localhost;
  }

  /** @internal What `name` means; `null` stands for all addresses of a server, or else for the loopback. */
  _lookUp(name: string | null, passive: boolean): NameRecord {
    const texts = passive ? ["0.0.0.0", "::"] : ["127.0.0.1", "::1"];
    if (name === null || name.toLowerCase() === LOCALHOST) {
      const these = name === null ? texts : ["127.0.0.1", "::1"];
      return { addresses: these.map((text) => this._addresses.get(text)), delay: 0 };
    }
    const record = this._names.find(name);
    if (record !== null) {
      return record;
    }
    const host = this._hosts.get(name);
    return host === undefined
      ? { addresses: [], error: "ENOTFOUND", delay: 0 }
      : { addresses: host._ownAddresses(), delay: 0 };
  }

  /** @internal Finish `future` in `delay` seconds, in a call of its own. */
  _after(delay: number, future: Future<undefined>): Future<undefined> {
    const handle = socketHandle(this._loop, () => {
      if (!future.done()) {
        future.setResult(undefined);
      }
    });
    this.agenda.add(this._loop.time() + delay, {
      _isDueAt: () => true,
      _happen: () => {
        this._loop._ready.push(handle);
        this._loop._instrument?.handleScheduled(handle.id);
      },
    });
    return future;
  }

  nextEvent(): number {
    return this.poller.hasReady() ? this._loop.time() : this.agenda.nextTime();
  }

  poll(time: number): void {
    for (let due = this.agenda.takeDue(time); due !== null; due = this.agenda.takeDue(time)) {
      due._happen(time);
      this.settle();
    }
    this.poller.collect();
  }

  get isWatched(): boolean {
    return this._loop._instrument !== null;
  }

  now(): number {
    return this._loop.time();
  }

  random(name: string): RandomStream {
    return this._loop.random(name);
  }

  note(kind: string, detail: Detail): void {
    this._loop._instrument?.noted(kind, detail);
  }

  arriveNow(packet: Packet): void {
    this._arrivals.push(packet);
  }

  settle(): void {
    const now = this._loop.time();
    for (let packet = this._arrivals.shift(); packet !== undefined; packet = this._arrivals.shift()) {
      packet._happen(now);
    }
  }

  nextPacketId(): number {
    return ++this._packets;
  }

  linkTo(from: Host, destination: Address): Link | null {
    const to = from._has(destination) ? from : this._owners.get(destination.id);
    return to === undefined ? null : this._linkBetween(from, to);
  }

  loopback(family: AddressFamily): Address {
    return this._addresses.get(family === 4 ? "127.0.0.1" : "::1");
  }

  /** The next pair of addresses that nobody has. */
  assignAddresses(host: Host): readonly Address[] {
    for (;;) {
      const number = ++this._lastAssigned;
      const addresses = [`10.0.${number >> 8}.${number & 255}`, `fd00::${number.toString(16)}`].map((text) =>
        this._addresses.get(text),
      );
      if (addresses.every((address) => !this._owners.has(address.id))) {
        this._claim(host, addresses);
        return addresses;
      }
    }
  }

  private _hostOf(host: Host | string): Host {
    return typeof host === "string" ? this.get(host) : host;
  }

  private _addHost(name: string, addresses: readonly Address[]): Host {
    const host = new Host(this, name, this._hosts.size, addresses);
    this._claim(host, addresses);
    this._hosts.set(name, host);
    return host;
  }

  private _claim(host: Host, addresses: readonly Address[]): void {
    for (const address of addresses) {
      const owner = this._owners.get(address.id);
      if (owner !== undefined) {
        throw new RangeError(`host: the address ${address} of ${host.name} belongs to ${owner.name} already`);
      }
      if (address.isLoopback || address.isUnspecified || address.isMulticast || address.isBroadcast) {
        throw new RangeError(`host: ${address} cannot be the address of a host`);
      }
    }
    for (const address of addresses) {
      this._owners.set(address.id, host);
    }
  }

  private _linkBetween(from: Host, to: Host): Link {
    let links = this._links.get(from);
    if (links === undefined) {
      links = new Map();
      this._links.set(from, links);
    }
    let link = links.get(to);
    if (link === undefined) {
      link = new Link(this, from, to, from === to ? this._within : this._between);
      links.set(to, link);
    }
    return link;
  }
}
