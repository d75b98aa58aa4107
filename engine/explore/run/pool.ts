import type { ReadyQueue } from "../../base/ordering-policy.ts";
import type { Runnable } from "../../base/runnable.ts";
import type { ExecutionRecord } from "../schedule/execution-record.ts";
import type { Actor, StepName } from "../schedule/names.ts";
import { type Chooser, type Entry, FIFO } from "./chooser.ts";

/** What a {@link Pool} asks of the policy that it belongs to. */
export interface PoolOwner {
  readonly record: ExecutionRecord;
  /** What the item that joins now is called. */
  nameOf(item: Runnable): StepName;
  /** The step that set the timer `item`; -1 if it is none. */
  setterOf(item: Runnable): number;
  /** The socket that `item` belongs to; `null` if to none. */
  sourceOf(item: Runnable): object | null;
  /** A step is over and the next has not begun. */
  stepEnded(): void;
  /** The program and what it left have ended. */
  finish(): void;
  /** The step `name` begins. */
  stepBegins(name: StepName): void;
  now(): number;
}

/** What a pool lets vary. */
export interface PoolRules {
  /** The order of ready steps that different steps made. */
  readonly ready: boolean;
  /** The order of timers that are due together. */
  readonly ties: boolean;
  /** The order of what arrives at different sockets at the same instant. */
  readonly network: boolean;
  /** The order of what one step made, too. */
  readonly callbackOrder: boolean;
  /** Number of the step from which the default schedule takes over, so that a starved task gets its turn. */
  readonly fairAfter: number;
}

/**
 * The ready queue of an exploration: a pool from which a {@link Chooser} picks.
 *
 * Invariants:
 * 1. `_entries` stands in order of arrival, but for what was put in front;
 * 2. of what one step made, only the first that is left is free (with `callbackOrder`, all of it), so the oldest entry
 *    is always free.
 */
export class Pool implements ReadyQueue<Runnable> {
  private readonly _owner: PoolOwner;
  private _entries: Entry[] = [];
  private _arrivals = 0;
  private _chooser: Chooser = FIFO;
  private _keepsCallbacks = true;
  private _keepsReady = false;
  private _keepsTies = false;
  private _fairAfter = 0;
  /** The last entry that the present step, or the loop between passes, has made and that others must wait for. */
  private _tail: Entry | null = null;
  /** For each socket the last entry that it has made, if it still waits: what arrives there keeps its order. */
  private _sourceTails = new Map<object, Entry>();
  private _keepsArrivals = false;
  /** The loop itself is at work: no step runs. */
  isBetweenPasses = false;
  /** The step that runs. */
  current = -1;
  isSettled = false;
  /** The step that runs, or has just run, has not been reported as ended. */
  private _isOpen = false;

  constructor(owner: PoolOwner) {
    this._owner = owner;
  }

  get length(): number {
    return this._entries.length;
  }

  /** Begin a run. */
  begin(chooser: Chooser, rules: PoolRules): void {
    this._entries = [];
    this._arrivals = 0;
    this._chooser = chooser;
    this._keepsCallbacks = !rules.callbackOrder;
    this._keepsReady = !rules.ready;
    this._keepsTies = !rules.ties;
    this._keepsArrivals = !rules.network;
    this._fairAfter = rules.fairAfter;
    this._tail = null;
    if (this._sourceTails.size > 0) {
      this._sourceTails = new Map();
    }
    this.isBetweenPasses = false;
    this.current = -1;
    this._isOpen = false;
    this.isSettled = false;
  }

  push(item: Runnable): void {
    const owner = this._owner;
    const isLoops = this.isBetweenPasses;
    const setter = isLoops ? owner.setterOf(item) : -1;
    const source = isLoops ? owner.sourceOf(item) : null;
    if (source !== null && setter < 0 && this._entries.some((entry) => entry.item === item)) {
      return; // Its turn has not come since the socket was last found ready.
    }
    const entry: Entry = {
      item,
      name: owner.nameOf(item),
      arrival: this._arrivals++,
      maker: isLoops ? setter : this.current,
      leader: -1,
      follower: null,
      isFree: true,
      priority: -1,
    };
    this._entries.push(entry);
    if (isLoops && setter < 0) {
      this._followSource(this._keepsArrivals ? this : (source ?? entry), entry);
    } else if (source !== null && !this._keepsTies) {
      // A timer of Node's: those of one duration keep their order.
      this._followSource(source, entry);
    } else if (isLoops ? this._keepsTies : this._keepsCallbacks) {
      this._tail = follow(this._tail, entry);
    }
  }

  private _followSource(source: object, entry: Entry): void {
    this._sourceTails.set(source, follow(this._sourceTails.get(source) ?? null, entry));
  }

  /** By default the next to run; like any other, it may be overtaken by what the chooser picks. */
  unshift(item: Runnable): void {
    this._entries.unshift({
      item,
      name: this._owner.nameOf(item),
      arrival: this._arrivals++,
      maker: this.current,
      leader: -1,
      follower: null,
      isFree: true,
      priority: -1,
    });
  }

  shift(): Runnable | undefined {
    const entries = this._entries;
    if (this.isSettled) {
      // What is left is cancelled, in the default schedule: only the checks of the program still count.
      this._owner.stepEnded();
      return entries.shift()?.item;
    }
    if (entries.length === 0) {
      return undefined;
    }
    this._endStep();
    const place = this._place(entries);
    const entry = entries[place]!;
    if (place === 0) {
      entries.shift();
    } else {
      entries.splice(place, 1);
    }
    this.isBetweenPasses = false;
    if (!this._keepsReady || this._tail === entry) {
      this._tail = null;
    }
    if (this._sourceTails.size > 0) {
      this._forgetTail(entry);
    }
    this._begin(entry);
    return entry.item;
  }

  /** The steps that have made or woken what waits here of `actor`. */
  makersOf(actor: Actor): number[] {
    return this._entries.filter(({ name }) => name.actor === actor).map(({ maker }) => maker);
  }

  /** The loop itself queues what follows; time may move on. */
  passEnded(): void {
    if (!this.isSettled) {
      this._endStep();
    }
    this.isBetweenPasses = true;
    if (!this._keepsReady) {
      this._tail = null;
    }
  }

  worldEnded(): void {
    this._owner.finish();
  }

  /** Choose no more, and record no more. */
  settle(): void {
    this.isSettled = true;
    for (const { name, arrival, isFree } of this._entries) {
      if (isFree) {
        this._owner.record.pending.push({ name, arrival });
      }
    }
  }

  private _forgetTail(entry: Entry): void {
    for (const [source, tail] of this._sourceTails) {
      if (tail === entry) {
        this._sourceTails.delete(source);
      }
    }
  }

  private _endStep(): void {
    if (this._isOpen) {
      this._isOpen = false;
      this._owner.stepEnded();
    }
  }

  private _place(entries: Entry[]): number {
    if (this._owner.record.length >= this._fairAfter) {
      return 0;
    }
    if (entries.length > 1) {
      this._owner.record.forks++;
      return this._chooser.pick(entries);
    }
    return this._chooser.wantsAll === true ? this._chooser.pick(entries) : 0;
  }

  private _begin(entry: Entry): void {
    const { record } = this._owner;
    const { name, follower } = entry;
    const index = record.length++;
    record.internals += Number(name.isInternal);
    if (follower !== null) {
      follower.isFree = true;
      follower.leader = index;
    }
    const { actor } = name;
    record.names[index] = name;
    record.arrivals[index] = entry.arrival;
    record.makers[index] = entry.maker;
    record.leaders[index] = entry.leader;
    record.times[index] = this._owner.now();
    record.firstAccess[index] = record.objects.length;
    record.firstAccess[index + 1] = record.objects.length;
    record.previous[index] = name.isRing ? -1 : actor.lastStep;
    if (!name.isRing) {
      actor.lastStep = index;
    }
    this.current = index;
    this._isOpen = true;
    this._owner.stepBegins(name);
  }
}

/** Let `entry` wait for `tail`, if there is one. @returns The new tail. */
function follow(tail: Entry | null, entry: Entry): Entry {
  if (tail !== null) {
    tail.follower = entry;
    entry.isFree = false;
  }
  return entry;
}
