import type { RandomStream } from "../../engine/index.ts";

/** A resource, a container or a store of a program. */
export type StationSpec =
  | { readonly kind: "resource" | "priority" | "preemptive"; readonly capacity: number }
  | { readonly kind: "container"; readonly capacity: number; readonly init: number }
  | { readonly kind: "store" | "filter" | "prioritystore"; readonly capacity: number };

/** What a process does. Stations and processes are named by their places. */
export type Op =
  | { readonly op: "sleep"; readonly delay: number }
  | {
      readonly op: "use";
      readonly station: number;
      readonly priority: number;
      readonly preempt: boolean;
      readonly body: readonly Op[];
    }
  | {
      readonly op: "tryuse";
      readonly station: number;
      readonly priority: number;
      readonly patience: number;
      readonly delay: number;
    }
  | { readonly op: "put"; readonly station: number; readonly amount: number }
  | { readonly op: "get"; readonly station: number; readonly amount: number }
  | { readonly op: "tryget"; readonly station: number; readonly amount: number; readonly patience: number }
  | { readonly op: "both"; readonly first: number; readonly second: number; readonly delay: number }
  | { readonly op: "spawn"; readonly body: readonly Op[]; readonly wait: boolean }
  | { readonly op: "interrupt"; readonly process: number };

/** A program, which both sides run: its stations, and its processes. */
export interface ProgramSpec {
  readonly stations: readonly StationSpec[];
  readonly processes: readonly (readonly Op[])[];
  /** When the world stops, in seconds. */
  readonly until: number;
}

/** Whether times are drawn so that no two coincide, or from a few whole seconds. */
export type Times = "distinct" | "equal";

class Generator {
  private readonly _random: RandomStream;
  private readonly _times: Times;
  private _stations: StationSpec[] = [];
  private _processes = 0;
  /** What the process holds that is being made: a task cannot preempt itself. */
  private readonly _held = new Set<number>();

  constructor(random: RandomStream, times: Times) {
    this._random = random;
    this._times = times;
  }

  program(): ProgramSpec {
    const random = this._random;
    this._stations = Array.from({ length: random.integer(1, 4) }, () => this._station());
    this._processes = random.integer(2, 7);
    return {
      stations: this._stations,
      // All start at once; where times are distinct, nothing happens before each has slept.
      processes: Array.from({ length: this._processes }, () => [
        { op: "sleep", delay: this._time() } as const,
        ...this._ops(random.integer(1, 6), 2),
      ]),
      until: this._times === "equal" ? 30.5 : 30.123456789,
    };
  }

  private _station(): StationSpec {
    const random = this._random;
    const kind = random.pick([
      "resource",
      "priority",
      "preemptive",
      "preemptive",
      "container",
      "store",
      "filter",
      "prioritystore",
    ] as const);
    const capacity = random.integer(1, 3);
    return kind === "container"
      ? { kind, capacity: capacity * 3, init: random.integer(0, capacity * 3) }
      : { kind, capacity };
  }

  private _time(): number {
    return this._times === "equal" ? this._random.integer(0, 3) : this._random.uniform(0.1, 5);
  }

  private _ops(count: number, depth: number): Op[] {
    return Array.from({ length: count }, () => this._op(depth));
  }

  private _op(depth: number): Op {
    const random = this._random;
    const roll = random.integer(0, 19);
    if (roll < 5) {
      return { op: "sleep", delay: this._time() };
    }
    if (roll < 6) {
      return { op: "interrupt", process: random.integer(0, this._processes - 1) };
    }
    if (roll < 8 && depth > 0) {
      return { op: "spawn", body: this._ops(random.integer(1, 2), depth - 1), wait: random.chance(0.5) };
    }
    const station = random.integer(0, this._stations.length - 1);
    if (this._held.has(station)) {
      return { op: "sleep", delay: this._time() };
    }
    const { kind } = this._stations[station]!;
    if (kind === "resource" || kind === "priority" || kind === "preemptive") {
      return this._use(station, depth);
    }
    const amount = random.integer(1, 3);
    switch (random.integer(0, 3)) {
      case 0:
        return { op: "get", station, amount };
      case 1:
        return { op: "tryget", station, amount, patience: this._time() };
      default:
        return { op: "put", station, amount };
    }
  }

  private _use(station: number, depth: number): Op {
    const random = this._random;
    const priority = random.integer(0, 2);
    const isResource = ({ kind }: StationSpec): boolean =>
      kind === "resource" || kind === "priority" || kind === "preemptive";
    const others = this._stations.flatMap((spec, i) =>
      isResource(spec) && i !== station && !this._held.has(i) ? [i] : [],
    );
    if (others.length > 0 && random.chance(0.15)) {
      return { op: "both", first: station, second: random.pick(others), delay: this._time() };
    }
    if (random.chance(0.3)) {
      return { op: "tryuse", station, priority, patience: this._time(), delay: this._time() };
    }
    this._held.add(station);
    const body =
      depth > 0 ? this._ops(random.integer(1, 2), depth - 1) : [{ op: "sleep", delay: this._time() } as const];
    this._held.delete(station);
    return { op: "use", station, priority, preempt: random.chance(0.7), body };
  }
}

/** A random program. */
export const randomProgram = (random: RandomStream, times: Times): ProgramSpec =>
  new Generator(random, times).program();
