import type { Access, OrderingPolicy, ReadyQueue } from "../base/ordering-policy.ts";
import { Handle } from "../loop/handle.ts";
import type { Runnable } from "../loop/loop-core.ts";
import { Waiter } from "../sync/wait-queue.ts";
import { Task } from "../tasks/task.ts";
import { CheckFailure } from "./check-failure.ts";
import { type Chooser, FIFO } from "./chooser.ts";
import { type Actor, encoded, Names, type SharedObject, type StepName } from "./names.ts";
import { Pool, type PoolOwner } from "./pool.ts";
import { RunRecord } from "./run-record.ts";
import type { Variation } from "./variation.ts";

const MADE_NAME = /^Task-\d+$/;
const DELAY_STEPS = [0, 0.25, 0.5, 1] as const;

/** A timer: what it is called, and the step that set it. */
interface TimerOrigin {
  readonly name: StepName;
  readonly setter: number;
}

/**
 * The ordering policy of an exploration: names everything, records everything, and lets a {@link Chooser} decide.
 *
 * One policy serves many runs, one after another.
 */
export class RunPolicy implements OrderingPolicy, PoolOwner {
  readonly names: Names;
  readonly record = new RunRecord();
  readonly variation: Variation;
  /** Checks to make after each step. */
  readonly checks: (() => void)[] = [];
  /** What the program calls its outcome, in the order in which it said so. */
  readonly outcomes: (() => unknown)[] = [];
  /** Conditions that are to hold sometimes, and whether they did. */
  readonly sightings = new Map<string, boolean>();

  private readonly _pool = new Pool(this);
  private readonly _actors = new Map<object, Actor>();
  private readonly _timers = new Map<object, TimerOrigin>();
  private readonly _objects = new Map<object, SharedObject>();
  private _chooser: Chooser = FIFO;
  private _clock: { time(): number } = { time: () => 0 };
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
    this._chooser = chooser;
    this.record.clear();
    this._actors.clear();
    this._timers.clear();
    this._objects.clear();
    this.checks.length = 0;
    this.outcomes.length = 0;
    this.sightings.clear();
    this._actor = this.names.root;
    this._actor.begin(this._run);
    this._isChecking = false;
    const { ready, ties, hardening } = this.variation;
    this._pool.begin(chooser, { ready, ties, hardening, fairAfter });
  }

  /** The loop whose time counts. */
  attach(clock: { time(): number }): void {
    this._clock = clock;
  }

  /** The program is at its end: what is left to do, such as cleaning up, is no longer explored. */
  settle(): void {
    this._pool.settle();
  }

  /** Whether nothing waits for its turn. */
  get isIdle(): boolean {
    return this._pool.isIdle;
  }

  /** What the present run touched, beside labels, in the order of first touch. */
  touchedObjects(): Iterable<object> {
    return this._objects.keys();
  }

  /** The step that runs, by its place in the record. */
  get currentStep(): number {
    return this._pool.current;
  }

  /** The number of the present run, which no other run of this policy has. */
  get run(): number {
    return this._run;
  }

  now(): number {
    return this._clock.time();
  }

  createReadyQueue<T>(): ReadyQueue<T> {
    return this._pool as unknown as ReadyQueue<T>;
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
    this._timers.set(timer, { name, setter: this._pool.current });
    const { delays } = this.variation;
    if (delays === 0 || this._pool.isSettled || this._isExempt) {
      return when;
    }
    const taken = this._decide(`t:${name.text}`, DELAY_STEPS.length);
    return when + delays * (DELAY_STEPS[taken] as number);
  }

  /** A choice of a room below: of the network. */
  choose(name: string, count: number): number {
    return this.variation.network ? this._decideIfOpen(name, count) : 0;
  }

  /** A choice of the program's own: as {@link choose}, with a name that says who makes it and how often it did before. */
  chooseHere(name: string, count: number): number {
    const { choicesMade, path } = this._actor;
    const times = (choicesMade.get(name) ?? 0) + 1;
    choicesMade.set(name, times);
    return this._decideIfOpen(
      `c:${encoded(name)}${path === "main" ? "" : `@${path}`}${times === 1 ? "" : `~${times}`}`,
      count,
    );
  }

  touched(object: object | string, access: Access): void {
    if (this._isChecking || this._pool.current < 0 || this._pool.isSettled || object instanceof Waiter) {
      return;
    }
    if (typeof object === "string") {
      this.record.isLabelled = true;
      this._log(this.names.object(object), access);
      return;
    }
    let known = this._objects.get(object);
    if (known === undefined) {
      known = this.names.object(`${object.constructor.name} ${this._actor.path}:${++this._actor.objectsMade}`);
      this._objects.set(object, known);
    }
    this._log(known, access);
  }

  cancelRequested(task: object): void {
    const actor = this._actors.get(task);
    if (actor !== undefined && this._pool.current >= 0 && !this._pool.isSettled) {
      actor.cancellation ??= this.names.object(`cancel ${actor.path}`);
      this._log(actor.cancellation, "w");
    }
  }

  nameOf(item: Runnable): StepName {
    if (item instanceof Task) {
      const actor = this._actors.get(item) ?? this._meet(item);
      return this.names.step(actor, ++actor.stepsTaken);
    }
    const origin = this._timers.get(item);
    if (origin !== undefined) {
      return origin.name;
    }
    const call = this.names.call(this._actor);
    call.begin(this._run);
    return this.names.step(call, 1);
  }

  setterOf(item: Runnable): number {
    return this._timers.get(item)?.setter ?? -1;
  }

  stepBegins(name: StepName): void {
    const { actor } = name;
    this._actor = actor;
    if (actor.cancellation !== null) {
      this._log(actor.cancellation, "r");
    }
  }

  stepEnded(): void {
    this._actor = this.names.root;
    if (this.checks.length > 0) {
      this._check();
    }
  }

  /** Make all checks that are due at the end of the run. */
  finish(): void {
    this._check();
  }

  private _check(): void {
    this._isChecking = true;
    for (const check of this.checks) {
      try {
        check();
      } catch (error) {
        throw error instanceof CheckFailure ? error : new CheckFailure("invariant", error);
      }
    }
    this._isChecking = false;
  }

  private _meet(task: Task<unknown>): Actor {
    const name = task.getName();
    const actor = this.names.task(this._actor, MADE_NAME.test(name) ? null : name);
    actor.begin(this._run);
    this._actors.set(task, actor);
    return actor;
  }

  private _decideIfOpen(name: string, count: number): number {
    return count < 2 || this._pool.isSettled ? 0 : this._decide(name, count);
  }

  private _decide(name: string, count: number): number {
    const taken = this._chooser.option(name, count);
    this.record.choices.push({ name, count, taken, step: this._pool.current });
    return taken;
  }

  private _log(object: SharedObject, access: Access): void {
    const { record } = this;
    const step = this._pool.current;
    if (object.run === this._run && object.lastStep === step) {
      if (access === "w") {
        record.accesses[object.lastAccess] = "w";
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
