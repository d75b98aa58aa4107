import {
  type Awaitable,
  type Barrier,
  type Condition,
  type Coroutine,
  type CoroutineLike,
  type Event,
  type Future,
  gather,
  type Lock,
  type Queue,
  type Semaphore,
  shield,
  sleep,
  type Timeout,
  taskGroup,
  timeout,
  timeoutAt,
  wait,
  waitFor,
} from "simloop";
import type { Op } from "../dsl/program.ts";
import type { Returned } from "./flow.ts";
import type { World } from "./world.ts";

/** What an operation waits for. */
export type Pending = CoroutineLike<unknown>;

/** Begins an operation: what to wait for, and how its value follows from what that returns. */
export type Begin = () => {
  readonly awaited: Pending;
  readonly finish?: (value: unknown) => unknown;
};

/** Looks up what an operation needs. @throws Skip when something is missing. */
type Prepare = (world: World, op: Op) => Begin;

type LockLike = Lock | Semaphore | Condition | Barrier;

/** An operation that is one call of a method of the object it names. */
const calling =
  <T>(call: (object: T, op: Op) => Awaitable<unknown>): Prepare =>
  (world, op) => {
    const object = world.object<T>(op);
    return () => ({ awaited: call(object, op) });
  };

const PREPARATIONS: Readonly<Record<string, Prepare>> = {
  sleep: (_world, op) => () => ({ awaited: sleep(op.d!, op.v ?? undefined) }),
  await: (world, op) => {
    const future = world.ref(op.what);
    return () => ({ awaited: future });
  },
  call: (world, op) => () => ({ awaited: world.flow(op.id).body(op.name, op.body) }),
  try: (world, op) => () => ({ awaited: world.flow(op.id).attempt(op) }),
  ev_wait: calling<Event>((event) => event.wait()),
  acquire: calling<Lock | Semaphore | Condition>((lock) => lock.acquire()),
  with: (world, op) => {
    const object = world.object<LockLike>(op);
    const inside = (): Coroutine<Returned | null> => {
      world.log(`${op.id}:in`, null);
      return world.flow(op.id).block(op.body);
    };
    return () => ({ awaited: object.with(inside) });
  },
  cond_wait: calling<Condition>((condition) => condition.wait()),
  cond_wait_for: (world, op) => {
    const condition = world.object<Condition>(op);
    const predicate = (): boolean => {
      const reached = (world.variables.get(op.var) ?? 0) >= op.ge;
      world.log(`${op.id}:pred`, reached);
      return reached;
    };
    return () => ({ awaited: condition.waitFor(predicate) });
  },
  bar_wait: calling<Barrier>((barrier) => barrier.wait()),
  bar_reset: calling<Barrier>((barrier) => barrier.reset()),
  bar_abort: calling<Barrier>((barrier) => barrier.abort()),
  put: calling<Queue<unknown>>((queue, op) => queue.put(op.v)),
  get: calling<Queue<unknown>>((queue) => queue.get()),
  join: calling<Queue<unknown>>((queue) => queue.join()),
  gather: (world, op) => {
    const args = world.args(op);
    return () => ({ awaited: gather(args, { returnExceptions: op.rexc }) });
  },
  wait: prepareWait,
  wait_for: (world, op) => {
    const arg = world.arg(op);
    return () => ({ awaited: waitFor(arg, op.timeout) });
  },
  shield: (world, op) => {
    const arg = world.arg(op);
    return () => ({ awaited: shield(arg) });
  },
  as_completed: (world, op) => {
    const args = world.args(op);
    return () => ({ awaited: world.flow(op.id).items(op, args) });
  },
  timeout: (world, op) => () => underDeadline(world, op, (body) => timeout(op.d, body)),
  timeout_at: (world, op) => () => underDeadline(world, op, (body) => timeoutAt(op.t, body)),
  taskgroup: (world, op) => () => ({
    awaited: taskGroup((group) => {
      world.groups.set(op.tg, group);
      return world.flow(op.id).block(op.body);
    }),
  }),
};

function prepareWait(world: World, op: Op): Begin {
  const futures = world.args(op) as Future<unknown>[];
  return () => ({
    awaited: wait(futures, { timeout: op.timeout, returnWhen: op.when }),
    finish: (value) => {
      const { done } = value as { done: ReadonlySet<unknown> };
      const unique = [...new Set(futures)];
      const names = (wanted: boolean): string[] =>
        unique.filter((future) => done.has(future) === wanted).map((future) => world.nameOf(future));
      return { done: names(true), pending: names(false) };
    },
  });
}

type Block = (scope: Timeout) => Coroutine<Returned | null>;

function underDeadline(world: World, op: Op, enter: (body: Block) => Awaitable<unknown>): ReturnType<Begin> {
  let scope: Timeout | undefined;
  const awaited = enter((entered) => {
    scope = entered;
    world.timeouts.set(op.cm, entered);
    return world.flow(op.id).block(op.body);
  });
  return { awaited, finish: (returned) => returned ?? scope?.expired() };
}

/** Look up what an asynchronous operation needs. @throws Skip when something is missing. */
export const prepare = (world: World, op: Op): Begin => PREPARATIONS[op.op]!(world, op);
