import type { Detail } from "../../base/instrument.ts";
import type { RandomStream } from "../../base/random.ts";
import { NO_OPTIONS, optionNames, pick, requireOptions } from "../../base/require-options.ts";
import type { Agenda } from "../agenda.ts";
import type { CrashedConnections, Host } from "../hosts/host.ts";
import type { RuleChain, RuleGuard } from "../links/rules.ts";
import { checkedPlan } from "./check-fault-plan.ts";
import { chosenFault, type FaultPlan, type TimedFault } from "./fault-plan.ts";
import {
  HoldRule,
  IMPAIRMENT_OPTIONS,
  type Impairment,
  ImpairRule,
  partitionRule,
  requireImpairment,
} from "./fault-rules.ts";
import {
  between,
  type Direction,
  faultName,
  type HostDirectory,
  type Hosts,
  namesOf,
  requireLinks,
} from "./host-sets.ts";

/** What faults need of the network that they happen in. */
export interface FaultyNetwork extends HostDirectory {
  readonly agenda: Agenda;
  readonly rules: RuleChain;
  readonly hosts: readonly Host[];
  get(name: string): Host;
  now(): number;
  random(name: string): RandomStream;
  note(kind: string, detail: Detail): void;
}

/** A fault in force. Use it with `using`, or call `end()`. */
export class ActiveFault implements Disposable {
  /** For texts and traces: `partition a<>b`; one that is like an earlier one has a number, `partition a<>b #2`. */
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

interface FaultyLinks {
  readonly name: string;
  readonly direction: Direction;
}

/** What a fault can be limited to. */
export interface OneWay {
  /** Only packets from the first to the second; false by default. */
  readonly oneWay?: boolean;
}

const ONE_WAY = optionNames<OneWay>({ oneWay: true });

/**
 * What can go wrong in a network: partitions, packets that are held or impaired, hosts that crash or freeze; at once, or as a fault plan.
 */
export class Faults {
  private readonly _network: FaultyNetwork;
  private readonly _active = new Set<ActiveFault>();
  /** How many faults there were of each name. */
  private readonly _counts = new Map<string, number>();
  /** How many timed faults of a kind strike a host now: it recovers when the last of them ends. */
  private _strikes = new Map<string, number>();

  /** @internal Faults come with their networks, as `network.faults`. */
  constructor(network: FaultyNetwork) {
    this._network = network;
  }

  /** The faults in force that are no state of a host, in the order in which they began. */
  get active(): readonly ActiveFault[] {
    return [...this._active];
  }

  /**
   * Let no packet pass between `a` and `b`, those on their way included.
   *
   * @param b - All other hosts by default.
   * @throws RangeError for unknown hosts.
   */
  partition(a: Hosts, b: Hosts | null = null, options: OneWay = NO_OPTIONS): ActiveFault {
    const { name, direction } = this._between("partition", a, b, oneWayOf("partition", options));
    return this._enforce(name, this._network.rules.add(partitionRule(name, direction)));
  }

  /** End all partitions. */
  repair(): void {
    this._endAll("partition");
  }

  /** Keep the packets between `a` and `b` from now on, until {@link release}. @throws RangeError for unknown hosts. */
  hold(a: Hosts, b: Hosts | null = null, options: OneWay = NO_OPTIONS): ActiveFault {
    const { name, direction } = this._between("hold", a, b, oneWayOf("hold", options));
    const rule = new HoldRule(name, direction);
    return this._enforce(name, this._network.rules.add(rule), () => rule.release());
  }

  /** Let all packets that are held go on. */
  release(): void {
    this._endAll("hold");
  }

  /**
   * Lose, delay, duplicate or damage packets between `a` and `b`.
   *
   * @throws TypeError for options that there are not; RangeError for unknown hosts, probabilities outside 0 to 1, and delays that make no sense.
   */
  impair(a: Hosts, b: Hosts | null, impairment: Impairment, options: OneWay = NO_OPTIONS): ActiveFault {
    requireOptions("impair", impairment, IMPAIRMENT_OPTIONS);
    return this._impair(a, b, impairment, oneWayOf("impair", options));
  }

  /** Let hosts crash: see {@link Host.crash}. Those that are down stay so. */
  crash(hosts: Hosts, options: { readonly connections?: CrashedConnections } = NO_OPTIONS): void {
    requireOptions("crash", options, ["connections"]);
    for (const host of this._hosts("crash", hosts)) {
      if (host.state !== "down") {
        host.crash(options);
      }
    }
  }

  /** Let hosts that are down run again: see {@link Host.restart}. The others run on. */
  restart(hosts: Hosts): void {
    for (const host of this._hosts("restart", hosts)) {
      if (host.state === "down") {
        host.restart();
      }
    }
  }

  /** Freeze the programs of hosts: see {@link Host.pause}. Those that do not run stay as they are. */
  pause(hosts: Hosts): void {
    for (const host of this._hosts("pause", hosts)) {
      if (host.state === "running") {
        host.pause();
      }
    }
  }

  /** Let the programs of paused hosts go on: see {@link Host.resume}. The others stay as they are. */
  resume(hosts: Hosts): void {
    for (const host of this._hosts("resume", hosts)) {
      if (host.state === "paused") {
        host.resume();
      }
    }
  }

  /** End all that is wrong: partitions, holds and impairments; hosts that are down run again, those that are paused go on, and clocks show what they did without faults. */
  heal(): void {
    for (const fault of this.active) {
      fault.end();
    }
    this._strikes = new Map();
    const { hosts } = this._network;
    for (const host of hosts) {
      this.restart(host);
      this.resume(host);
      host._clock.heal();
    }
  }

  /**
   * Let the faults of `plan` happen at their times, and heal everything at its end.
   *
   * @returns The fault plan, checked and complete: plain data, which JSON keeps.
   * @throws TypeError, RangeError for a fault plan that makes no sense: unknown faults and hosts, times that are past or negative.
   */
  schedule(plan: FaultPlan): FaultPlan {
    const checked = checkedPlan(plan, this._network, this._network.now());
    for (const [i, planned] of checked.faults.entries()) {
      const fault = chosenFault(planned, i + 1, checked.end ?? Number.POSITIVE_INFINITY);
      if (fault !== null) {
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
    switch (fault.fault) {
      case "partition":
        return endOf(this.partition(fault.between[0], fault.between[1], pick(fault, ["oneWay"])));
      case "hold":
        return endOf(this.hold(fault.between[0], fault.between[1], pick(fault, ["oneWay"])));
      case "impair":
        return endOf(this._impair(fault.between[0], fault.between[1], fault, fault.oneWay));
      case "crash":
        this.crash(fault.host, pick(fault, ["connections"]));
        return this._strike(fault, () => this.restart(fault.host));
      case "pause":
        this.pause(fault.host);
        return this._strike(fault, () => this.resume(fault.host));
      case "clock": {
        const { _clock: clock } = this._network.get(fault.host);
        clock.impair(fault.host, pick(fault, ["skew", "drift"]), this._network.now());
        return this._strike(fault, () => clock.heal());
      }
    }
  }

  /** @returns What ends the fault: the host recovers unless another of its kind goes on, or all was healed meanwhile. */
  private _strike({ fault, host }: Extract<TimedFault, { host: string }>, recover: () => void): () => void {
    const [strikes, key] = [this._strikes, `${fault} ${host}`];
    strikes.set(key, (strikes.get(key) ?? 0) + 1);
    return () => {
      const others = (strikes.get(key) ?? 0) - 1;
      strikes.set(key, others);
      if (others === 0 && strikes === this._strikes) {
        recover();
      }
    };
  }

  private _impair(a: Hosts, b: Hosts | null, impairment: Impairment, oneWay = false): ActiveFault {
    requireImpairment("impair", impairment);
    const { name, direction } = this._between("impair", a, b, oneWay);
    const rule = new ImpairRule(name, direction, impairment, this._network.random(`rule ${name}`));
    return this._enforce(name, this._network.rules.add(rule));
  }

  private _at(time: number, happen: () => void): void {
    this._network.agenda.add(time, { _isDueAt: () => true, _happen: happen });
  }

  private _hosts(what: string, hosts: Hosts): Host[] {
    return [...namesOf(this._network, what, hosts)].map((name) => this._network.get(name));
  }

  /** Where a fault of `kind` holds, and its name: by what it is, so that none more or less changes the name, and with it the random stream, of another. */
  private _between(kind: string, a: Hosts, b: Hosts | null, oneWay: boolean): FaultyLinks {
    const [first, second] = [namesOf(this._network, kind, a), b === null ? null : namesOf(this._network, kind, b)];
    requireLinks(kind, first, second);
    const name = faultName(kind, first, second, oneWay);
    const count = (this._counts.get(name) ?? 0) + 1;
    this._counts.set(name, count);
    return { name: count === 1 ? name : `${name} #${count}`, direction: between(first, second, oneWay) };
  }

  private _enforce(name: string, guard: RuleGuard, undo: () => void = () => {}): ActiveFault {
    const fault = new ActiveFault(name, () => {
      guard.remove();
      this._active.delete(fault);
      undo();
    });
    this._active.add(fault);
    return fault;
  }

  private _endAll(kind: string): void {
    for (const fault of this.active) {
      if (fault.name.startsWith(`${kind} `)) {
        fault.end();
      }
    }
  }
}

/** @throws TypeError for options that there are not, and for what is neither true nor false. */
function oneWayOf(kind: string, options: OneWay): boolean {
  requireOptions(kind, options, ONE_WAY);
  const { oneWay = false } = options;
  if (typeof oneWay !== "boolean") {
    throw new TypeError(`${kind}: expected oneWay to be true or false, got ${String(oneWay)}`);
  }
  return oneWay;
}

const endOf =
  (fault: ActiveFault): (() => void) =>
  () =>
    fault.end();
