import * as fc from "fast-check";
import {
  type Coroutine,
  createTask,
  currentTask,
  Event,
  gather,
  getRunningLoop,
  Lock,
  print,
  Queue,
  random,
  sleep,
  type Task,
  taskGroup,
  timeout,
} from "../../engine/index.ts";

/** What a random program does, one thing after the other. */
export type Action =
  | { readonly kind: "sleep"; readonly delay: number }
  /** Sleep for a random time. */
  | { readonly kind: "doze"; readonly stream: string }
  | { readonly kind: "print"; readonly text: string }
  /** A callback that schedules the next, so many times. */
  | { readonly kind: "callbacks"; readonly count: number }
  /** A timer, which another timer may cancel. */
  | { readonly kind: "timer"; readonly delay: number; readonly withdrawAfter: number | null }
  | { readonly kind: "lock"; readonly body: Body }
  | { readonly kind: "put"; readonly item: number }
  | { readonly kind: "get"; readonly patience: number }
  | { readonly kind: "signal" }
  | { readonly kind: "watch"; readonly patience: number }
  | { readonly kind: "cancel"; readonly whom: number }
  | { readonly kind: "fail"; readonly text: string }
  | { readonly kind: "call"; readonly body: Body }
  | { readonly kind: "spawn"; readonly body: Body; readonly waits: boolean }
  | { readonly kind: "gather"; readonly bodies: readonly Body[] }
  | { readonly kind: "group"; readonly bodies: readonly Body[] }
  | { readonly kind: "timeout"; readonly delay: number; readonly body: Body };

/** A sequence of actions, and the kind of generator that performs it. */
export interface Body {
  readonly flavour: "async" | "plain";
  readonly actions: readonly Action[];
}

/** Delays that lie on each other, a rounding apart, or within the clock's resolution. */
export const delays: fc.Arbitrary<number> = fc.oneof(
  fc.constantFrom(0, -1, 0.1, 0.2, 0.3, 0.1 + 0.2, 1, 1 + 0.5e-9, 1 + 2e-9, 2),
  fc.double({ min: 0, max: 3, noNaN: true }),
);

const { body } = fc.letrec<{ body: Body; action: Action }>((tie) => {
  const kind = <K extends Action["kind"]>(name: K) => fc.constant(name);
  const inner = tie("body");
  const bodies = fc.array(inner, { maxLength: 3 });
  return {
    body: fc.record({
      flavour: fc.constantFrom("async" as const, "plain" as const),
      actions: fc.array(tie("action"), { maxLength: 5 }),
    }),
    action: fc.oneof(
      { maxDepth: 4, withCrossShrink: true },
      { weight: 6, arbitrary: fc.record({ kind: kind("sleep"), delay: delays }) },
      fc.record({ kind: kind("doze"), stream: fc.constantFrom("a", "b") }),
      fc.record({ kind: kind("print"), text: fc.constantFrom("one", "two") }),
      fc.record({ kind: kind("callbacks"), count: fc.integer({ min: 1, max: 4 }) }),
      fc.record({ kind: kind("timer"), delay: delays, withdrawAfter: fc.option(delays) }),
      fc.record({ kind: kind("put"), item: fc.nat(9) }),
      fc.record({ kind: kind("get"), patience: delays }),
      fc.record({ kind: kind("signal") }),
      fc.record({ kind: kind("watch"), patience: delays }),
      fc.record({ kind: kind("cancel"), whom: fc.nat(20) }),
      fc.record({ kind: kind("fail"), text: fc.constantFrom("no", "never") }),
      fc.record({ kind: kind("lock"), body: inner }),
      fc.record({ kind: kind("call"), body: inner }),
      { weight: 3, arbitrary: fc.record({ kind: kind("spawn"), body: inner, waits: fc.boolean() }) },
      fc.record({ kind: kind("gather"), bodies }),
      fc.record({ kind: kind("group"), bodies }),
      fc.record({ kind: kind("timeout"), delay: delays, body: inner }),
    ) as fc.Arbitrary<Action>,
  };
});

/** Random programs of many tasks. */
export const programs: fc.Arbitrary<readonly Body[]> = fc.array(body, { minLength: 1, maxLength: 10, size: "max" });

/** What the tasks of one run of a program share. */
class World {
  readonly lock = new Lock();
  readonly queue = new Queue<number>(3);
  readonly event = new Event();
  readonly tasks: Task<unknown>[] = [];

  spawn(body: Body): Task<unknown> {
    const task = createTask(this.begin(body));
    this.tasks.push(task);
    return task;
  }

  begin({ flavour, actions }: Body): Coroutine<void> {
    return flavour === "async" ? this.performAsync(actions) : this.performPlain(actions);
  }

  private async *performAsync(actions: readonly Action[]): AsyncGenerator<unknown, void> {
    for (const action of actions) {
      if (action.kind === "sleep") {
        yield* sleep(action.delay);
      } else if (action.kind === "lock") {
        yield* this.lock.with(() => this.begin(action.body));
      } else {
        yield this.perform(action);
      }
    }
  }

  private *performPlain(actions: readonly Action[]): Generator<unknown, void> {
    for (const action of actions) {
      if (action.kind === "sleep") {
        yield sleep(action.delay);
      } else {
        yield* this.perform(action);
      }
    }
  }

  private *perform(action: Action): Generator<unknown, void> {
    switch (action.kind) {
      case "sleep":
        yield* sleep(action.delay);
        return;
      case "doze":
        yield* sleep(random(action.stream).exponential(1));
        return;
      case "lock":
        yield* this.lock.with(() => this.begin(action.body));
        return;
      case "get":
        print("got", yield* timeout(action.patience, () => this.queue.get()));
        return;
      case "put":
        yield* this.queue.put(action.item);
        return;
      case "watch":
        yield* timeout(action.patience, () => this.event.wait());
        return;
      case "call":
        yield this.begin(action.body);
        return;
      case "spawn":
        yield* this.performSpawn(action.body, action.waits);
        return;
      case "gather":
        yield* gather(action.bodies.map((each) => this.begin(each)));
        return;
      case "group":
        yield* this.performGroup(action.bodies);
        return;
      case "timeout":
        yield* timeout(action.delay, () => this.begin(action.body));
        return;
      default:
        this.performAtOnce(action);
    }
  }

  private *performSpawn(body: Body, waits: boolean): Generator<unknown, void> {
    const task = this.spawn(body);
    if (waits) {
      yield* task;
    }
  }

  private performGroup(bodies: readonly Body[]) {
    const begin = (each: Body): Coroutine<void> => this.begin(each);
    return taskGroup(function* (group) {
      for (const each of bodies) {
        group.createTask(begin(each));
      }
    });
  }

  /** The actions that do not wait. */
  private performAtOnce(action: Action): void {
    const loop = getRunningLoop();
    if (action.kind === "print") {
      print(loop.time(), currentTask()?.getName(), action.text);
    } else if (action.kind === "callbacks") {
      chain(action.count);
    } else if (action.kind === "timer") {
      const timer = loop.callLater(action.delay, () => print("timer", loop.time()));
      if (action.withdrawAfter !== null) {
        loop.callLater(action.withdrawAfter, () => timer.cancel());
      }
    } else if (action.kind === "signal") {
      this.event.set();
      this.event.clear();
    } else if (action.kind === "cancel") {
      this.tasks[action.whom % Math.max(1, this.tasks.length)]?.cancel(`by ${currentTask()?.getName()}`);
    } else if (action.kind === "fail") {
      throw new Error(action.text);
    }
  }
}

function chain(count: number): void {
  if (count > 0) {
    getRunningLoop().callSoon(() => chain(count - 1));
  }
}

/**
 * The main coroutine function that performs a program: all its bodies as tasks, until half of them have had their time.
 */
export const mainOf = (program: readonly Body[]) =>
  async function* main() {
    const world = new World();
    for (const each of program) {
      world.spawn(each);
    }
    for (const task of world.tasks.slice(0, Math.ceil(program.length / 2))) {
      try {
        yield* timeout(5, () => waitFor(task));
      } catch (error) {
        print(`${task.getName()} failed: ${error}`);
      }
    }
  };

function* waitFor(task: Task<unknown>): Generator<unknown, unknown> {
  return yield* task;
}
