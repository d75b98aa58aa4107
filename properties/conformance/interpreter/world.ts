import { type EventLoop, Future, Task } from "simloop";
import type { Argument, Op } from "../dsl/program.ts";
import { detailOf, Skip } from "./errors.ts";
import type { Flow, Waited } from "./flow.ts";

/** The tables of one run of a program, and its trace. */
export class World {
  readonly loop: EventLoop;
  /** The trace: a line of JSON text for each event. */
  readonly trace: string[] = [];
  readonly awaitables = new Map<string, Future<unknown>>();
  /** Registered futures that are not tasks, in order of registration. */
  readonly futures: { readonly name: string; readonly future: Future<unknown> }[] = [];
  readonly objects = new Map<string, unknown>();
  readonly variables = new Map<string, number>();
  readonly handles = new Map<string, { cancel(): void; cancelled(): boolean }>();
  readonly callbacks = new Map<string, (future: Future<unknown>) => void>();
  readonly timeouts = new Map<string, unknown>();
  readonly groups = new Map<string, unknown>();
  private readonly _names = new Map<Future<unknown>, string>();
  private readonly _chooseFlow: (world: World, id: number) => Flow;

  /** @param chooseFlow - Gives the flow that runs the bodies of operation `id`, or the main body for 0. */
  constructor(loop: EventLoop, chooseFlow: (world: World, id: number) => Flow) {
    this.loop = loop;
    this._chooseFlow = chooseFlow;
  }

  log(label: string, outcome: unknown): void {
    const task = this.loop._currentTask;
    this.trace.push(JSON.stringify([this.loop.time(), task === null ? null : task.getName(), label, outcome]));
  }

  flow(id: number): Flow {
    return this._chooseFlow(this, id);
  }

  /** A value as it stands in a trace. */
  encode(value: unknown): unknown {
    if (value === undefined) {
      return null;
    }
    if (value instanceof Future) {
      return this.nameOf(value);
    }
    if (value instanceof Error) {
      return { "!": detailOf(value) };
    }
    if (Array.isArray(value)) {
      return value.map((each) => this.encode(each));
    }
    return value;
  }

  register(name: string, future: Future<unknown>): void {
    this.awaitables.set(name, future);
    this._names.set(future, name);
    this.futures.push({ name, future });
  }

  isKnown(future: Future<unknown>): boolean {
    return future instanceof Task || this._names.has(future);
  }

  nameOf(future: Future<unknown>): string {
    return future instanceof Task ? future.getName() : this._names.get(future)!;
  }

  /** The awaitable called `name`. @throws Skip if there is none. */
  ref(name: string): Future<unknown> {
    return found(name === "self" ? this.loop._currentTask : this.awaitables.get(name));
  }

  /** The same, where only a task will do. */
  task(name: string): Task<unknown> {
    return this.ref(name) as Task<unknown>;
  }

  /** The declared object that `op` names. */
  object<T>(op: Op): T {
    return this.objects.get(op.obj) as T;
  }

  /** The arguments of `op` that exist. */
  args(op: Op): Waited[] {
    return op.args.flatMap((argument) => this._argument(op, argument) ?? []);
  }

  /** The one argument of `op`. @throws Skip if it does not exist. */
  arg(op: Op): Waited {
    return found(this._argument(op, op.arg));
  }

  private _argument(op: Op, argument: Argument): Waited | undefined {
    return argument.ref === undefined
      ? this.flow(op.id).body(argument.coro!, argument.body!)
      : this.awaitables.get(argument.ref);
  }
}

/** `value`, which an operation looked up. @throws Skip if there is none. */
export function found<T>(value: T | null | undefined): T {
  if (value === undefined || value === null) {
    throw new Skip();
  }
  return value;
}
