import type { Meaning, OrderingPolicy, ReadyQueue, Use } from "../../base/ordering-policy.ts";
import type { Runnable } from "../../base/runnable.ts";
import { Handle, TimerHandle } from "../../loop/handle.ts";
import type { LoopCore } from "../../loop/loop-core.ts";
import { peekRunning } from "../../loop/running.ts";
import { Waiter } from "../../sync/wait-queue.ts";
import { Future } from "../../tasks/future.ts";
import { PurposefulFuture } from "../../tasks/purposeful-future.ts";
import { Task } from "../../tasks/task.ts";
import { TaskGroup } from "../../tasks/task-group.ts";
import { shortSeconds } from "../../trace/words/short-seconds.ts";
import { ExecutionRecord } from "../schedule/execution-record.ts";
import { type Actor, encoded, Names, next, type SharedObject, type StepName } from "../schedule/names.ts";
import type { Variation } from "../schedule/variation.ts";
import { CheckFailure } from "./check-failure.ts";
import { Checks } from "./checks.ts";
import { type Chooser, FIFO } from "./chooser.ts";
import { Pool, type PoolOwner } from "./pool.ts";

const MADE_NAME = /^Task-\d+$/;
const DELAY_STEPS = [0, 0.25, 0.5, 1] as const;

/** What the program calls such a thing. */
const kindOf = (object: object): string => (object instanceof PurposefulFuture ? "Future" : object.constructor.name);

/** A timer: what it is called, and the step that set it. */
interface TimerOrigin {
  readonly name: StepName;
  readonly setter: number;
  /** It is the exploration's own. */
  readonly isExempt: boolean;
}

/** A callback for a socket: what makes its calls, and the socket. */
interface Watcher {
  readonly actor: Actor;
  readonly source: object;
}

/**
 * The ordering policy of an exploration: names everything, records everything, and lets a {@link Chooser} decide.
 *
 * One policy serves many runs, one after another.
 */
export class RunPolicy implements OrderingPolicy, PoolOwner {
  readonly names: Names;
  readonly record = new ExecutionRecord();
  readonly variation: Variation;
  /** What the program states of itself. */
  readonly checks = new Checks();
  /** What the program calls its outcome, in the order in which it said so. */
  readonly outcomes: (() => unknown)[] = [];
  /** What the program shows to a debugger, by its label. */
  readonly shown = new Map<string, () => unknown>();
  /** Conditions that are to hold sometimes, and whether they did. */
  sightings = new Map<string, boolean>();
  /** What the options mean that a run takes otherwise than by default, if that is wanted. */
  meanings: Map<string, string> | null = null;

  private readonly _pool = new Pool(this);
  private _actors = new Map<object, Actor>();
  private _timers = new Map<object, TimerOrigin>();
  private _watchers = new Map<object, Watcher>();
  private _objects = new Map<object, SharedObject>();
  private _internals = new Set<object>();
  private _chooser: Chooser = FIFO;
  private _loop: LoopCore | null = null;
  private _run = 0;
  private _actor: Actor;
  private _isChecking = false;
  private _isExempt = false;

  constructor(variation: Variation, names = new Names()) {
    this.variation = variation;
    this.names = names;
    this._actor = names.root;
  }

  /** Begin a run in which `chooser` decides. */
  begin(chooser: Chooser, fairAfter: number): void {
    this._run++;
    this._loop = null;
    this._chooser = chooser;
    this.record.clear();
    // New ones, for V8 chains the store of a map that is cleared to the next one: once the first is old, all would live
    // on, with what they hold.
    this._actors = new Map();
    this._timers = new Map();
    this._watchers = new Map();
    this._objects = new Map();
    this._internals = new Set();
    this.checks.clear();
    this.outcomes.length = 0;
    this.shown.clear();
    if (this.sightings.size > 0) {
      this.sightings = new Map();
    }
    this._actor = this.names.root;
    this._actor.begin(this._run);
    this._isChecking = false;
    const { ready, ties, network, callbackOrder } = this.variation;
    this._pool.begin(chooser, { ready, ties, network, callbackOrder, fairAfter });
  }

  /** The loop of this run; without this call, the one that runs at the first step. */
  attach(loop: LoopCore): void {
    this._loop = loop;
  }

  /** The program is at its end: what is left to do, such as cleaning up, is no longer explored. */
  settle(): void {
    this._pool.settle();
  }

  /** What the present run touched, beside labels, in the order of first touch. */
  touchedObjects(): object[] {
    return [...this._objects.keys()];
  }

  /**
   * The calls that the program has planned, and that have neither come nor been cancelled; not those of the tasks
   * `atWork`, which may still do so.
   */
  pendingTimers(atWork: Iterable<object>): TimerHandle[] {
    const owners = new Set<Actor | undefined>();
    for (const task of atWork) {
      owners.add(this._actors.get(task));
    }
    const pending: TimerHandle[] = [];
    for (const [timer, { isExempt, setter }] of this._timers) {
      const isWatchedOver = owners.has(this.record.names[setter]?.actor);
      if (timer instanceof TimerHandle && timer._scheduled && !timer._cancelled && !isExempt && !isWatchedOver) {
        pending.push(timer);
      }
    }
    return pending;
  }

  /** The step that runs, by its place in the record. */
  get currentStep(): number {
    return this._pool.current;
  }

  /** The name of `task` in names of steps; `undefined` before it is first ready. */
  pathOf(task: object): string | undefined {
    return this._actors.get(task)?.path;
  }

  /** What `look` returns, without a record of what it touches. */
  unobserved<T>(look: () => T): T {
    const outer = this._isChecking;
    this._isChecking = true;
    try {
      return look();
    } finally {
      this._isChecking = outer;
    }
  }

  /** The number of the present run, which no other run of this policy has. */
  get run(): number {
    return this._run;
  }

  now(): number {
    this._loop ??= peekRunning();
    return this._loop?.time() ?? 0;
  }

  createReadyQueue(): ReadyQueue<Runnable> {
    return this._pool;
  }

  passEnded(): void {
    this._pool.passEnded();
  }

  /** Callbacks that `make` schedules take no part in the exploration's delays. */
  exempt<T>(make: () => T): T {
    this._isExempt = true;
    try {
      return make();
    } finally {
      this._isExempt = false;
    }
  }

  timerDue(when: number, timer: object): number {
    const { _actor: actor, names } = this;
    const name = timer instanceof Handle ? names.step(names.call(actor), 1) : names.ring(actor, actor.stepsTaken);
    if (name.actor !== actor) {
      name.actor.begin(this._run);
    }
    if (timer instanceof Handle) {
      this._actors.set(timer, name.actor);
    }
    this._timers.set(timer, { name, setter: this._pool.current, isExempt: this._isExempt });
    const { delays } = this.variation;
    if (delays === 0 || this._pool.isSettled || this._isExempt) {
      return when;
    }
    const late = (option: number): number => delays * DELAY_STEPS[option]!;
    const taken = this._decide(`t:${name.text}`, DELAY_STEPS.length, (option) => {
      const what = name.isRing ? `the sleep that ${actor.path}#${actor.stepsTaken} began` : `the timer ${name.text}`;
      return `${what} is late by ${shortSeconds(late(option))} s`;
    });
    return when + late(taken);
  }

  watched(handle: object, source: object): void {
    const call = this.names.call(this._actor);
    call.begin(this._run);
    this._watchers.set(handle, { actor: call, source });
  }

  /** A choice of a layer below: of the network. */
  choose(name: string, count: number, say?: Meaning): number {
    if (!this.variation.network) {
      return 0;
    }
    const times = next(this.names.root.choicesMade, name);
    return this._decideIfOpen(times === 1 ? name : `${name}~${times}`, count, say);
  }

  /**
   * A choice of the program's own: as {@link choose}, with a name that says who makes it and how often it did before.
   */
  chooseHere(name: string, count: number, say?: Meaning): number {
    const { choicesMade, path } = this._actor;
    const times = next(choicesMade, name);
    return this._decideIfOpen(
      `c:${encoded(name)}${path === "main" ? "" : `@${path}`}${times === 1 ? "" : `~${times}`}`,
      count,
      say,
    );
  }

  touched(object: object | string, access: Use): void {
    const { current, isSettled, isBetweenPasses } = this._pool;
    if (this._isChecking || current < 0 || isSettled || isBetweenPasses) {
      return;
    }
    if (object instanceof Waiter) {
      // A task that is cancelled while it waits is not woken any more: another is.
      if (access === "w") {
        this.touched(object._owner, "w");
      }
      return;
    }
    if (peekRunning() !== this._loop) {
      return; // The run is over, and its result is being examined.
    }
    if (typeof object === "string") {
      this.record.isLabelled = true;
      this._log(this.names.object(object), access);
      return;
    }
    let known = this._objects.get(object);
    if (known === undefined) {
      // Its creation was not observed; links have names.
      const { name } = object as { readonly name?: unknown };
      const kind = kindOf(object);
      known =
        typeof name === "string" ? this.names.object(`${kind} ${name}`, kind) : this.names.made(this._actor, kind);
      this._objects.set(object, known);
    }
    if (!(object instanceof Future || object instanceof TaskGroup)) {
      this.record.usesPrimitives = true;
    }
    this._log(known, access);
  }

  internalCallback(callback: object): void {
    this._internals.add(callback);
  }

  made(object: object): void {
    if (!(object instanceof Waiter || object instanceof Task || this._objects.has(object))) {
      this._objects.set(object, this.names.made(this._actor, kindOf(object)));
    }
  }

  /**
   * Who wakes a task that others cancel competes with them: a cancellation means something else to a task that is on
   * its way.
   */
  private _wokenOrCancelled({ cancellation }: Actor): void {
    const { current, isSettled, isBetweenPasses } = this._pool;
    if (cancellation !== null && current >= 0 && !isSettled && !isBetweenPasses) {
      this._log(cancellation, "r");
    }
  }

  cancelRequested(of: object): void {
    const actor = this._actors.get(of);
    if (actor !== undefined && this._pool.current >= 0 && !this._pool.isSettled) {
      if (actor.cancellation === null) {
        // From now on its steps say so themselves.
        actor.cancellation = this.names.object(`cancellation of ${actor.path}`);
        actor.cancellation.run = this._run;
        this.record.addReads(actor.cancellation, actor, this._pool.makersOf(actor));
      }
      this._log(actor.cancellation, "w");
    }
  }

  nameOf(item: Runnable): StepName {
    if (item instanceof Task) {
      const actor = this._actors.get(item) ?? this._meet(item);
      this._wokenOrCancelled(actor);
      return this.names.step(actor, ++actor.stepsTaken);
    }
    const origin = this._timers.get(item);
    if (origin !== undefined) {
      return origin.name;
    }
    const watcher = this._watchers.get(item);
    if (watcher !== undefined) {
      return this.names.step(watcher.actor, ++watcher.actor.stepsTaken);
    }
    const call = this.names.call(this._actor);
    call.begin(this._run);
    this._actors.set(item, call);
    const callback = item instanceof Handle ? item._callback : null;
    const isInternal = callback !== null && this._internals.has(callback);
    return isInternal ? this.names.internalStep(call) : this.names.step(call, 1);
  }

  sourceOf(item: Runnable): object | null {
    return this._watchers.get(item)?.source ?? null;
  }

  setterOf(item: Runnable): number {
    return this._timers.get(item)?.setter ?? -1;
  }

  stepBegins(name: StepName): void {
    const { actor } = name;
    this._actor = actor;
    // The end of a sleep as well: whichever comes first, it or the cancellation, wakes the task.
    if (actor.cancellation !== null) {
      this._log(actor.cancellation, "r");
    }
  }

  stepEnded(): void {
    this._actor = this.names.root;
    this._check(() => this.checks.verify());
  }

  /** The world has ended: make the last checks. */
  finish(): void {
    this._check(() => this.checks.finish());
  }

  private _check(verify: () => void): void {
    if (this.checks.isEmpty) {
      return;
    }
    this._isChecking = true;
    try {
      verify();
    } catch (error) {
      throw error instanceof CheckFailure ? error : new CheckFailure("invariant", error);
    } finally {
      this._isChecking = false;
    }
  }

  private _meet(task: Task<unknown>): Actor {
    const name = task.getName();
    const actor = this.names.task(this._actor, MADE_NAME.test(name) ? null : name);
    actor.begin(this._run);
    this._actors.set(task, actor);
    actor.touchable ??= this.names.object(`Task ${actor.path}`, "Task");
    this._objects.set(task, actor.touchable);
    return actor;
  }

  private _decideIfOpen(name: string, count: number, say?: Meaning): number {
    return count < 2 || this._pool.isSettled ? 0 : this._decide(name, count, say);
  }

  private _decide(name: string, count: number, say?: Meaning): number {
    const taken = this._chooser.option(name, count);
    if (this.meanings !== null && say !== undefined && taken !== 0) {
      this.meanings.set(name, say(taken));
    }
    this.record.choices.push({ name, count, taken, step: this._pool.current });
    return taken;
  }

  private _log(object: SharedObject, access: Use): void {
    const { record } = this;
    const step = this._pool.current;
    if (object.run === this._run && object.lastStep === step) {
      // What commutes goes on doing so: the last that counts also settles a future, which no order of the others
      // changes.
      if (access !== "r" && record.accesses[object.lastAccess] === "r") {
        record.accesses[object.lastAccess] = access;
      }
      return;
    }
    object.run = this._run;
    object.lastStep = step;
    object.lastAccess = record.objects.length;
    record.objects.push(object);
    record.accesses.push(access);
    record.firstAccess[step + 1] = record.objects.length;
  }
}
