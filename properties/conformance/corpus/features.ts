import type { Op, Program } from "../dsl/program.ts";
import { allOps, argumentsOf, blocksOf } from "../dsl/read-program.ts";

/** What a run of a program showed, by importance. */
export interface Features {
  /**
   * Each operation with each way it came out, and what the loop reported; each two operations that met on an object,
   * one after the other.
   */
  readonly essential: ReadonlySet<string>;
  /** The same meetings with the ways both came out, and each operation inside each block. */
  readonly detailed: ReadonlySet<string>;
}

interface Event {
  readonly label: string;
  readonly outcome: unknown;
}

/** A line of a trace about an operation: which one, and how it came out. */
interface Step {
  readonly op: Op;
  /** Such as `put:begin` or `cancel:ok:true`. */
  readonly what: string;
}

/** The features of one run. */
export function featuresOf(program: Program, trace: readonly string[]): Features {
  const essential = new Set<string>();
  const detailed = new Set<string>();
  const ops = new Map([...allOps(program.main)].map((op) => [op.id, op]));
  const parents = parentsOf(program.main);
  const meetings = new Meetings(program);
  for (const line of trace) {
    const [, , label, outcome] = JSON.parse(line) as [number, string | null, string, unknown];
    const op = ops.get(Number.parseInt(label, 10));
    const what = describe({ label, outcome }, op);
    essential.add(what);
    if (op === undefined) {
      continue;
    }
    detailed.add(`${parents.get(op.id) ?? "main"} / ${what}`);
    for (const { kind, before } of meetings.with({ op, what })) {
      essential.add(`${kind}: ${before.op.op} ${op.op}`);
      detailed.add(`${kind}: ${before.what} ${what}`);
    }
  }
  return { essential, detailed };
}

/** The last step on each object and awaitable. */
class Meetings {
  private readonly _kinds: ReadonlyMap<string, string>;
  private readonly _last = new Map<string, Step>();

  constructor(program: Program) {
    this._kinds = new Map(program.objects.map(({ name, kind }) => [name, kind]));
  }

  /** Note a step. @returns The step before it on each object that it touches. */
  with(step: Step): { kind: string; before: Step }[] {
    const { obj, what } = step.op;
    const names = [obj, what, ...argumentsOf(step.op).map(({ ref }) => ref)].filter((name) => name !== undefined);
    return [...new Set(names)].flatMap((name) => {
      const before = this._last.get(name);
      this._last.set(name, step);
      return before === undefined ? [] : [{ kind: this._kinds.get(name) ?? "task", before }];
    });
  }
}

/** What each operation is directly inside of. */
function parentsOf(ops: readonly Op[]): Map<number, string> {
  const parents = new Map<number, string>();
  for (const op of allOps(ops)) {
    for (const inner of blocksOf(op).flat()) {
      parents.set(inner.id, op.op);
    }
  }
  return parents;
}

/** Such as `cancel:ok:true`, `get:err:QueueShutDown`, `final:cancelled`. */
function describe({ label, outcome }: Event, op: Op | undefined): string {
  const word = label.split(":")[op === undefined ? 0 : 1]!;
  const name = op === undefined || word === op.op ? word : `${op.op}.${word}`;
  const whole = op === undefined && word === "loop" ? label : name;
  if (!Array.isArray(outcome)) {
    return `${whole}:${typeof outcome === "string" ? outcome : ""}`;
  }
  return [whole, ...outcome.flatMap(kindOf)].join(":");
}

/** Words and truth values distinguish ways; numbers and names only distinguish programs. */
function kindOf(part: unknown): string[] {
  if (Array.isArray(part)) {
    return part.flatMap(kindOf);
  }
  if (typeof part === "boolean") {
    return [String(part)];
  }
  return typeof part === "string" &&
    (/^[A-Z]\w+(?:Error|Group|Down|Full|Empty)$/.test(part) || /^[a-z]{2,}$/.test(part))
    ? [part]
    : [];
}
