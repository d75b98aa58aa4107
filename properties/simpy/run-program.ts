import { getRunningLoop, simulate, sleep, type Task } from "../../engine/index.ts";
import {
  allOf,
  anyOf,
  Container,
  FilterStore,
  Interrupt,
  interrupt,
  Preempted,
  PreemptiveResource,
  PriorityResource,
  PriorityStore,
  type Request,
  Resource,
  Store,
  startProcess,
} from "../../engine/resources/index.ts";
import type { Op, ProgramSpec, StationSpec } from "./resource-program.ts";

type Coroutine = Generator<unknown, void, unknown>;
type AnyStation = Resource | Container | Store<number>;

function create(spec: StationSpec): AnyStation {
  const { capacity } = spec;
  switch (spec.kind) {
    case "resource":
      // SimPy's plain resources know no priorities.
      return new Resource({ capacity, discipline: "fifo" });
    case "priority":
      return new PriorityResource({ capacity });
    case "preemptive":
      return new PreemptiveResource({ capacity });
    case "container":
      return new Container({ capacity, init: spec.init });
    case "store":
      return new Store<number>({ capacity });
    case "filter":
      return new FilterStore<number>({ capacity });
    case "prioritystore":
      return new PriorityStore<number>({ capacity });
  }
}

/** Runs one program, and keeps its log. */
export class Interpreter {
  readonly log: string[] = [];
  private readonly _spec: ProgramSpec;
  private readonly _stations: AnyStation[];
  private readonly _tasks: Task<void>[] = [];
  private _items = 0;

  constructor(spec: ProgramSpec) {
    this._spec = spec;
    this._stations = spec.stations.map(create);
  }

  *main(): Coroutine {
    for (const [i, ops] of this._spec.processes.entries()) {
      this._tasks.push(startProcess(this._process(`p${i}`, ops)));
    }
    yield* sleep(this._spec.until);
  }

  private _say(who: string, text: string): void {
    this.log.push(`${getRunningLoop().time().toFixed(6)} ${who} ${text}`);
  }

  private *_process(who: string, ops: readonly Op[]): Coroutine {
    for (const [i, op] of ops.entries()) {
      try {
        yield* this._do(`${who}.${i}`, op);
        this._say(who, `${i} ${op.op} done`);
      } catch (error) {
        if (!(error instanceof Interrupt)) {
          throw error;
        }
        this._say(
          who,
          `${i} ${op.op} ${error instanceof Preempted ? `preempted ${error.usageSince.toFixed(6)}` : `interrupted ${error.cause}`}`,
        );
      }
    }
  }

  private *_do(who: string, op: Op): Coroutine {
    switch (op.op) {
      case "sleep":
        yield* sleep(op.delay);
        return;
      case "use":
        yield* this._use(who, op);
        return;
      case "tryuse":
        yield* this._tryUse(who, op);
        return;
      case "put":
        yield* this._put(op.station, op.amount);
        return;
      case "get":
        this._say(who, `got ${yield* this._get(op.station, op.amount)}`);
        return;
      case "tryget": {
        const won = yield* anyOf({ item: this._get(op.station, op.amount), over: sleep(op.patience) });
        this._say(who, won.has("item") ? `got ${won.get("item")}` : "gave up");
        return;
      }
      case "both":
        yield* this._useBoth(who, op);
        return;
      case "spawn": {
        const child = startProcess(this._process(`${who}c`, op.body));
        if (op.wait) {
          yield* child;
        }
        return;
      }
      case "interrupt": {
        const task = this._tasks[op.process]!;
        if (!task.done() && task !== getRunningLoop()._currentTask) {
          interrupt(task, who);
        }
        return;
      }
    }
  }

  private *_use(who: string, { station, priority, preempt, body }: Op & { op: "use" }): Coroutine {
    const request = (this._stations[station] as Resource).request({ priority, preempt });
    try {
      yield* request;
      this._say(who, "has it");
      for (const [i, op] of body.entries()) {
        yield* this._do(`${who}.${i}`, op);
      }
    } finally {
      request[Symbol.dispose]();
    }
  }

  private *_tryUse(who: string, { station, priority, patience, delay }: Op & { op: "tryuse" }): Coroutine {
    const request = (this._stations[station] as Resource).request({ priority });
    try {
      const won = yield* anyOf({ request, over: sleep(patience) });
      this._say(who, (["request", "over"] as const).filter((name) => won.has(name)).join("+"));
      if (won.has("request")) {
        yield* sleep(delay);
      }
    } finally {
      request[Symbol.dispose]();
    }
  }

  private *_useBoth(who: string, { first, second, delay }: Op & { op: "both" }): Coroutine {
    const requests: Request[] = [];
    try {
      requests.push((this._stations[first] as Resource).request());
      requests.push((this._stations[second] as Resource).request());
      yield* allOf(requests);
      this._say(who, "has both");
      yield* sleep(delay);
    } finally {
      for (const request of requests.reverse()) {
        request[Symbol.dispose]();
      }
    }
  }

  private _put(index: number, amount: number) {
    const station = this._stations[index];
    if (station instanceof Container) {
      return station.put(amount);
    }
    return (station as Store<number>).put(amount * 1000 + this._items++);
  }

  private _get(index: number, amount: number) {
    const station = this._stations[index];
    if (station instanceof Container) {
      return station.get(amount);
    }
    return station instanceof FilterStore
      ? (station as FilterStore<number>).get((item) => Math.floor(item / 1000) === amount)
      : (station as Store<number>).get();
  }
}

/** What `spec` does on simloop, a line for each event. */
export async function runProgram(spec: ProgramSpec): Promise<string[]> {
  const interpreter = new Interpreter(spec);
  const { error } = await simulate(() => interpreter.main(), { trace: "off" });
  return error === undefined ? interpreter.log : [...interpreter.log, `failed: ${error}`];
}
