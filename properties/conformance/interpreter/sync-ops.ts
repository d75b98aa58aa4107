import {
  type Barrier,
  CancelledError,
  type Condition,
  type Event,
  type Future,
  gather,
  type Lock,
  type Queue,
  type Semaphore,
  shield,
  type TaskGroup,
  type Timeout,
} from "simloop";
import type { Op } from "../dsl/program.ts";
import { detailOf, makeError, Skip, swallows } from "./errors.ts";
import { found, type World } from "./world.ts";

type Action = (world: World, op: Op) => unknown;

/** What each synchronous operation does; it gives its value. @throws Skip when something is missing. */
const ACTIONS: Readonly<Record<string, Action>> = {
  call_soon: (world, op) => keep(world, op, world.loop.callSoon(callback(world, op))),
  call_later: (world, op) => keep(world, op, world.loop.callLater(op.d!, callback(world, op))),
  call_at: (world, op) => keep(world, op, world.loop.callAt(op.t!, callback(world, op))),
  cancel_handle: (world, op) => {
    const handle = found(world.handles.get(op.h));
    const before = handle.cancelled();
    handle.cancel();
    return before;
  },
  ticks: (world, op) => {
    const tick = (k: number): void => {
      world.log(`${op.id}:tick`, k);
      if (k < op.n) {
        world.loop.callSoon(tick, k + 1);
      }
    };
    world.loop.callSoon(tick, 1);
  },
  burst,

  spawn: (world, op) => {
    const coroutine = world.flow(op.id).body(op.name, op.body);
    world.awaitables.set(op.name, world.loop.createTask(coroutine, { name: op.name }));
  },
  tg_spawn: (world, op) => {
    const group = found(world.groups.get(op.tg)) as TaskGroup;
    const coroutine = world.flow(op.id).body(op.name, op.body);
    world.awaitables.set(op.name, group.createTask(coroutine, { name: op.name }));
  },
  cancel: (world, op) => world.ref(op.what).cancel(op.msg),
  uncancel: (world, op) => world.task(op.what).uncancel(),
  cancelling: (world, op) => world.task(op.what).cancelling(),
  state: (world, op) => {
    const future = world.ref(op.what);
    return future.cancelled() ? "cancelled" : future.done() ? "done" : "pending";
  },
  result: (world, op) => world.ref(op.what).result(),
  exception: (world, op) => world.ref(op.what).exception(),
  set_result: (world, op) => world.ref(op.what).setResult(op.v),
  set_exception: (world, op) => world.ref(op.what).setException(makeError(op)),
  add_cb: (world, op) => {
    const future = world.ref(op.what);
    const known = world.callbacks.get(op.cb) ?? doneCallback(world, op);
    world.callbacks.set(op.cb, known);
    future.addDoneCallback(known);
  },
  remove_cb: (world, op) => {
    const future = world.ref(op.what);
    return future.removeDoneCallback(found(world.callbacks.get(op.cb)));
  },
  gather_start: (world, op) => world.register(op.as, gather(world.args(op), { returnExceptions: op.rexc })),
  shield_start: (world, op) => {
    const future = shield(world.arg(op));
    if (world.isKnown(future)) {
      world.awaitables.set(op.as, future);
    } else {
      world.register(op.as, future);
    }
  },
  raise: (_world, op) => {
    throw makeError(op);
  },
  set_var: (world, op) => {
    world.variables.set(op.var, op.v as number);
  },

  ev_set: (world, op) => world.object<Event>(op).set(),
  ev_clear: (world, op) => world.object<Event>(op).clear(),
  ev_is_set: (world, op) => world.object<Event>(op).isSet(),
  release: (world, op) => world.object<Lock | Semaphore | Condition>(op).release(),
  locked: (world, op) => world.object<Lock | Semaphore | Condition>(op).locked(),
  notify: (world, op) => world.object<Condition>(op).notify(op.n),
  notify_all: (world, op) => world.object<Condition>(op).notifyAll(),
  bar_info: (world, op) => {
    const barrier = world.object<Barrier>(op);
    return [barrier.nWaiting, barrier.broken];
  },
  put_nowait: (world, op) => world.object<Queue<unknown>>(op).putNowait(op.v),
  get_nowait: (world, op) => world.object<Queue<unknown>>(op).getNowait(),
  task_done: (world, op) => world.object<Queue<unknown>>(op).taskDone(),
  q_shutdown: (world, op) => world.object<Queue<unknown>>(op).shutdown(op.immediate),
  q_info: (world, op) => {
    const queue = world.object<Queue<unknown>>(op);
    return [queue.qsize(), queue.empty(), queue.full()];
  },
  reschedule: (world, op) => {
    const scope = found(world.timeouts.get(op.cm)) as Timeout;
    if (op.d === undefined) {
      scope.reschedule(op.t);
    } else {
      scope.reschedule(op.d === null ? null : world.loop.time() + op.d);
    }
  },
  cm_info: (world, op) => {
    const scope = found(world.timeouts.get(op.cm)) as Timeout;
    return [scope.expired(), scope.when()];
  },
};

/** Whether `op` acts at once. */
export const isSync = (op: Op): boolean => op.op in ACTIONS;

/**
 * Do a synchronous operation and log it; it never returns from a block.
 *
 * @throws what it threw, unless it swallows that.
 */
export function runSync(world: World, op: Op): null {
  const label = `${op.id}:${op.op}`;
  let value: unknown;
  try {
    value = world.encode(ACTIONS[op.op]!(world, op));
  } catch (error) {
    if (error instanceof Skip) {
      world.log(label, ["skip"]);
      return null;
    }
    world.log(label, ["err", ...detailOf(error)]);
    if (swallows(op, error)) {
      return null;
    }
    throw error;
  }
  world.log(label, ["ok", value]);
  return null;
}

function runAll(world: World, ops: readonly Op[] | undefined): void {
  for (const op of ops ?? []) {
    runSync(world, op);
  }
}

const callback = (world: World, op: Op) => (): void => {
  world.log(`${op.id}:cb`, "run");
  runAll(world, op.do);
};

function keep(world: World, op: Op, handle: { cancel(): void; cancelled(): boolean }): void {
  world.handles.set(op.h, handle);
}

function burst(world: World, op: Op): void {
  const handles = Array.from({ length: op.n }, (_, i) =>
    world.loop.callLater(op.ds[i % op.ds.length]!, () => world.log(`${op.id}:timer`, i)),
  );
  handles.forEach((handle, i) => {
    if (!op.keep.includes(i % op.mod)) {
      handle.cancel();
    }
  });
}

const doneCallback =
  (world: World, op: Op) =>
  (future: Future<unknown>): void => {
    const name = world.nameOf(future);
    const outcome = op.peek === true ? peek(world, future) : [future.cancelled() ? "cancelled" : "done"];
    world.log(`${op.id}:done_cb`, [name, ...outcome]);
    runAll(world, op.do);
  };

/** How `future` ended, having looked at its error first and then at its result. */
function peek(world: World, future: Future<unknown>): readonly unknown[] {
  try {
    const error = future.exception();
    return error === null ? ["ok", world.encode(future.result())] : ["err", ...detailOf(error)];
  } catch (error) {
    if (!(error instanceof CancelledError)) {
      throw error;
    }
    return ["err", ...detailOf(error)];
  }
}
