import { describeValue } from "../../base/describe.ts";
import type { Detail } from "../../base/instrument.ts";
import type { RandomStream } from "../../base/random.ts";
import { NO_OPTIONS, optionNames, requireOptions } from "../../base/require-options.ts";
import type { Agenda } from "../agenda.ts";
import type { CrashOptions } from "../hosts/crash-options.ts";
import type { Host } from "../hosts/host.ts";
import type { RuleChain } from "../links/rules.ts";
import { checkedPlan, fieldsOf } from "./check-fault-plan.ts";
import {
  type FaultFields,
  type FaultKind,
  faultKind,
  faultKinds,
  type HostFaultKind,
  type LinkFaultKind,
} from "./fault-kinds.ts";
import {
  chosenFault,
  type FaultPlan,
  type TimedFault,
  type TimedHostFault,
  type TimedLinkFault,
} from "./fault-plan.ts";
import { directionBetween, faultName, type HostDirectory, type Hosts, namesOf, requireLinks } from "./host-sets.ts";
import type { FaultRule, HostFault, LinkFault } from "./kinds/fault-kind.ts";
import type { Impairment } from "./kinds/impair.ts";
import type { Slowdown } from "./kinds/slow.ts";

/** What faults need of the network that they happen in. */
export interface FaultyNetwork extends HostDirectory {
  readonly agenda: Agenda;
  /** The numbers of the planned faults that happen; `null` for all. */
  readonly onlyFaults: ReadonlySet<number> | null;
  readonly rules: RuleChain;
  readonly hosts: readonly Host[];
  get(name: string): Host;
  now(): number;
  random(name: string): RandomStream;
  note(kind: string, detail: Detail): void;
}

/** A fault in force. Use it with `using`, or call `end()`. */
export class ActiveFault implements Disposable {
  /** For messages and traces: `partition a<>b`; one that is like an earlier one has a number, `partition a<>b #2`. */
  readonly name: string;
  private _undo: (() => void) | null;

  /** @internal */
  constructor(name: string, undo: () => void) {
    this.name = name;
    this._undo = undo;
  }

  /** Whether it is still in force. */
  get isActive(): boolean {
    return this._undo !== null;
  }

  /** End it. Twice does nothing more. */
  end(): void {
    const undo = this._undo;
    this._undo = null;
    undo?.();
  }

  /** The same as {@link end}. */
  [Symbol.dispose](): void {
    this.end();
  }
}

/** What a fault can be limited to. */
export interface OneWay {
  /** Only packets from the first to the second; false by default. */
  readonly oneWay?: boolean;
}

const ONE_WAY = optionNames<OneWay>({ oneWay: true });

/**
 * What can go wrong in a network: partitions, packets that are held or impaired, hosts that crash or freeze; at once,
 * or as a fault plan.
 */
export class Faults {
  private readonly _network: FaultyNetwork;
  /** The faults in force between hosts, and their kinds. */
  private readonly _active = new Map<ActiveFault, FaultKind>();
  /** How many faults were planned. */
  private _planned = 0;
  /** How many faults there were of each name. */
  private readonly _counts = new Map<string, number>();
  /** How many timed faults of a kind strike a host now: it recovers when the last of them ends. */
  private _strikes = new Map<string, number>();

  /** @internal Faults come with their networks, as `network.faults`. */
  constructor(network: FaultyNetwork) {
    this._network = network;
  }

  /** The names of the faults in force, for `JSON.stringify`. */
  toJSON(): readonly string[] {
    return this.active.map(({ name }) => name);
  }

  /** The faults in force between hosts, in the order in which they began. */
  get active(): readonly ActiveFault[] {
    return [...this._active.keys()];
  }

  /**
   * Let no packet pass between `a` and `b`, those on their way included.
   *
   * @param b - All other hosts by default.
   * @throws RangeError for unknown hosts.
   */
  partition(a: Hosts, b: Hosts | null = null, options: OneWay = NO_OPTIONS): ActiveFault {
    return this._strikeLinks("partition", a, b, {}, oneWayOf("partition", options));
  }

  /** End all partitions. */
  repair(): void {
    this._endAll("partition");
  }

  /**
   * Keep the packets that depart between `a` and `b` until {@link release}. What other faults and rules decided about
   * them before stays decided; those that began later are asked once the packets go on.
   *
   * @param b - All other hosts by default.
   * @throws RangeError for unknown hosts.
   */
  hold(a: Hosts, b: Hosts | null = null, options: OneWay = NO_OPTIONS): ActiveFault {
    return this._strikeLinks("hold", a, b, {}, oneWayOf("hold", options));
  }

  /** Let all packets that are held go on. */
  release(): void {
    this._endAll("hold");
  }

  /**
   * Lose, delay, duplicate or damage packets between `a` and `b`.
   *
   * @param b - `null` for all other hosts.
   * @throws TypeError for unknown options; RangeError for unknown hosts, probabilities outside 0 to 1, and invalid
   * delays.
   */
  impair(a: Hosts, b: Hosts | null, impairment: Impairment, options: OneWay = NO_OPTIONS): ActiveFault {
    return this._strikeLinks("impair", a, b, impairment, oneWayOf("impair", options));
  }

  /**
   * Multiply the latency of the links between `a` and `b` by a factor. Bandwidth, and the delays of other faults and
   * rules, stay as they are.
   *
   * @param b - `null` for all other hosts.
   * @throws TypeError for unknown options; RangeError for unknown hosts, and for a factor below 1.
   */
  slow(a: Hosts, b: Hosts | null, slowdown: Slowdown, options: OneWay = NO_OPTIONS): ActiveFault {
    return this._strikeLinks("slow", a, b, slowdown, oneWayOf("slow", options));
  }

  /** Let hosts crash: see {@link Host.crash}. Hosts that are down stay down. */
  crash(hosts: Hosts, options: CrashOptions = NO_OPTIONS): void {
    this._strikeHosts("crash", hosts, options);
  }

  /** Let hosts that are down run again: see {@link Host.restart}. The others run on. */
  restart(hosts: Hosts): void {
    this._recover("crash", "restart", hosts);
  }

  /** Freeze the programs of hosts: see {@link Host.pause}. Hosts that are not running stay as they are. */
  pause(hosts: Hosts): void {
    this._strikeHosts("pause", hosts, {});
  }

  /** Let the programs of paused hosts go on: see {@link Host.resume}. The others stay as they are. */
  resume(hosts: Hosts): void {
    this._recover("pause", "resume", hosts);
  }

  /**
   * End all faults: those between hosts end, hosts that are down restart, paused hosts go on, and clocks show what they
   * would show without faults.
   */
  heal(): void {
    for (const fault of this.active) {
      fault.end();
    }
    this._strikes = new Map();
    for (const host of this._network.hosts) {
      for (const kind of Object.values(faultKinds)) {
        if (kind.strikes === "host") {
          kind.end(host);
        }
      }
    }
  }

  /**
   * Let the faults of `plan` happen at their times, and heal everything at its end.
   *
   * @returns The plan, checked and sorted by time: plain data, which JSON keeps.
   * @throws TypeError or RangeError for an invalid plan: unknown kinds, fields and hosts, times that are past or
   * negative.
   */
  schedule(plan: FaultPlan): FaultPlan {
    const checked = checkedPlan(plan, this._network, this._network.now());
    for (const [i, planned] of checked.faults.entries()) {
      const fault = chosenFault(planned, i + 1, checked.end ?? Number.POSITIVE_INFINITY);
      this._planned++;
      if (fault !== null && this._network.onlyFaults?.has(this._planned) !== false) {
        this._at(fault.at, () => this._begin(fault));
      }
    }
    if (checked.end !== undefined) {
      this._at(checked.end, () => this._healAll());
    }
    return checked;
  }

  private _healAll(): void {
    this._network.note("fault.healed", {});
    this.heal();
  }

  private _begin(fault: TimedFault): void {
    this._network.note("fault.begun", { what: JSON.stringify(fault) });
    const undo = this._apply(fault);
    if (fault.until !== undefined) {
      this._at(fault.until, () => {
        this._network.note("fault.ended", { what: JSON.stringify(fault) });
        undo();
      });
    }
  }

  /** @returns What ends the fault. */
  private _apply(fault: TimedFault): () => void {
    if (faultKind(fault.fault).strikes === "links") {
      const { fault: kind, between, oneWay = false } = fault as TimedLinkFault;
      const active = this._strikeLinks(kind, between[0], between[1], fieldsOf(fault) as never, oneWay);
      return () => active.end();
    }
    const { fault: kind, host } = fault as TimedHostFault;
    this._strikeHosts(kind, host, fieldsOf(fault) as never);
    return this._countStrike(kind, host);
  }

  /**
   * @returns What ends the fault: the host recovers unless another of its kind goes on, or all was healed meanwhile.
   */
  private _countStrike(kind: HostFaultKind, host: string): () => void {
    const [strikes, key] = [this._strikes, `${kind} ${host}`];
    strikes.set(key, (strikes.get(key) ?? 0) + 1);
    return () => {
      const others = (strikes.get(key) ?? 0) - 1;
      strikes.set(key, others);
      if (others === 0 && strikes === this._strikes) {
        this._recover(kind, kind, host);
      }
    };
  }

  private _strikeHosts<K extends HostFaultKind>(name: K, hosts: Hosts, fields: FaultFields<K>): void {
    const kind = faultKinds[name] as HostFault<object>;
    kind.check(name, fields as object);
    for (const host of this._hosts(name, hosts)) {
      kind.begin(host, fields as object);
    }
  }

  private _recover(name: HostFaultKind, method: string, hosts: Hosts): void {
    for (const host of this._hosts(method, hosts)) {
      faultKinds[name].end(host);
    }
  }

  private _strikeLinks<K extends LinkFaultKind>(
    name: K,
    a: Hosts,
    b: Hosts | null,
    fields: FaultFields<K>,
    oneWay: boolean,
  ): ActiveFault {
    const kind = faultKinds[name] as LinkFault<object>;
    requireOptions(name, fields, kind.fields);
    kind.check(name, fields as object);
    const [first, second] = [namesOf(this._network, name, a), b === null ? null : namesOf(this._network, name, b)];
    requireLinks(name, first, second);
    const unique = this._uniqueName(faultName(name, first, second, oneWay));
    const direction = directionBetween(first, second, oneWay);
    return this._enforce(
      unique,
      name,
      kind.rule(unique, direction, fields as object, () => this._network.random(`rule ${unique}`)),
    );
  }

  /**
   * `name` with a number unless it is the first: one fault more or less changes neither the name of another nor, with
   * it, its random stream.
   */
  private _uniqueName(name: string): string {
    const count = (this._counts.get(name) ?? 0) + 1;
    this._counts.set(name, count);
    return count === 1 ? name : `${name} #${count}`;
  }

  private _at(time: number, happen: () => void): void {
    this._network.agenda.add(time, { _isDueAt: () => true, _happen: happen });
  }

  private _hosts(what: string, hosts: Hosts): Host[] {
    return [...namesOf(this._network, what, hosts)].map((name) => this._network.get(name));
  }

  private _enforce(name: string, kind: FaultKind, rule: FaultRule): ActiveFault {
    const guard = this._network.rules.add(rule);
    const fault = new ActiveFault(name, () => {
      guard.remove();
      this._active.delete(fault);
      rule.ended?.();
    });
    this._active.set(fault, kind);
    return fault;
  }

  private _endAll(kind: LinkFaultKind): void {
    for (const [fault, itsKind] of [...this._active]) {
      if (itsKind === kind) {
        fault.end();
      }
    }
  }
}

/** @throws TypeError for unknown options, and for a value that is neither true nor false. */
function oneWayOf(kind: string, options: OneWay): boolean {
  requireOptions(kind, options, ONE_WAY);
  const { oneWay = false } = options;
  if (typeof oneWay !== "boolean") {
    throw new TypeError(`${kind}: expected oneWay to be true or false, got ${describeValue(oneWay)}`);
  }
  return oneWay;
}
