import { compare, type Difference } from "../compare.ts";
import type { Argument, Op, Program } from "../dsl/program.ts";
import { allOps, argumentsOf } from "../dsl/read-program.ts";
import type { Oracle } from "./oracle.ts";

/** A program on which the two sides differ, and where. */
export interface Counterexample {
  readonly program: Program;
  readonly difference: Difference;
}

/**
 * Make a counterexample smaller for as long as some simpler program still shows a difference, any difference.
 *
 * @param onProgress - Called with the number of programs tried and the operations left.
 */
export async function shrink(
  found: Counterexample,
  oracle: Pick<Oracle, "run">,
  onProgress: (tried: number, ops: number) => void,
): Promise<Counterexample> {
  let smallest = found;
  let tried = 0;
  for (let isNew = true; isNew; ) {
    isNew = false;
    for (const program of simplerPrograms(smallest.program)) {
      onProgress(++tried, [...allOps(smallest.program.main)].length);
      const { trace } = await oracle.run(program);
      const difference = trace === null ? null : await compare(program, trace);
      if (difference !== null) {
        smallest = { program, difference };
        isNew = true;
        break;
      }
    }
  }
  return smallest;
}

/** Programs that are a little simpler than `program`, the much simpler ones first. */
export function* simplerPrograms(program: Program): Generator<Program, void> {
  for (const main of simplerBlocks(program.main)) {
    yield { ...program, main };
  }
  const used = new Set(
    [...allOps(program.main)].flatMap(({ obj, what, args, arg }) => [obj, what, args, arg].map(namesIn)).flat(),
  );
  for (const unused of program.objects.filter(({ name }) => !used.has(name))) {
    const objects = program.objects.filter((each) => each !== unused && each.lock !== unused.name);
    if (objects.length === program.objects.length - 1) {
      yield { ...program, objects };
    }
  }
}

function namesIn(value: unknown): string[] {
  if (typeof value === "string") {
    return [value];
  }
  return typeof value === "object" && value !== null ? Object.values(value).flatMap(namesIn) : [];
}

function* simplerBlocks(ops: readonly Op[]): Generator<readonly Op[], void> {
  for (let length = ops.length; length >= 1; length = Math.floor(length / 2)) {
    for (let start = 0; start < ops.length; start += length) {
      yield [...ops.slice(0, start), ...ops.slice(start + length)];
    }
  }
  for (const [i, op] of ops.entries()) {
    for (const simpler of simplerOps(op)) {
      yield [...ops.slice(0, i), ...simpler, ...ops.slice(i + 1)];
    }
  }
}

/** Blocks that run in the task that the operation is in, so that their content can take the operation's place. */
const OWN_BLOCKS = new Set(["call", "try", "with", "timeout", "timeout_at", "taskgroup"]);

const OPTIONAL = ["catch", "msg", "peek", "finally", "reraise", "on", "cls"] as const;

function* simplerOps(op: Op): Generator<readonly Op[], void> {
  if (OWN_BLOCKS.has(op.op)) {
    yield op.body;
  }
  if (op.do !== undefined && op.do.length > 0) {
    yield op.do;
  }
  for (const field of ["body", "do", "handler", "finally"] as const) {
    for (const block of simplerBlocks(op[field] ?? [])) {
      yield [{ ...op, [field]: block }];
    }
  }
  for (const argument of argumentsOf(op)) {
    for (const simpler of simplerArguments(argument)) {
      yield [withArguments(op, (each) => (each === argument ? simpler : each))];
    }
    if (op.arg === undefined) {
      yield [withArguments(op, (each) => (each === argument ? null : each))];
    }
  }
  for (const field of OPTIONAL) {
    if (op[field] !== undefined) {
      const { [field]: _dropped, ...rest } = op;
      yield [rest as Op];
    }
  }
  for (const field of ["d", "t", "timeout", "n"] as const) {
    for (const value of simplerNumbers(op[field])) {
      yield [{ ...op, [field]: value }];
    }
  }
}

function* simplerNumbers(value: number | null | undefined): Generator<number, void> {
  if (typeof value === "number") {
    yield* [0, 1, 2, Math.floor(value)].filter((each) => each < value || (each > value && value !== Math.floor(value)));
  }
}

function* simplerArguments(argument: Argument): Generator<Argument, void> {
  for (const body of simplerBlocks(argument.body ?? [])) {
    yield { ...argument, body };
  }
}

function withArguments(op: Op, change: (argument: Argument) => Argument | null): Op {
  return op.arg === undefined
    ? { ...op, args: op.args.flatMap((each) => change(each) ?? []) }
    : { ...op, arg: change(op.arg) ?? op.arg };
}
