import { ASYNC_OPS, BLOCK_FIELDS, OBJECT_KINDS, SYNC_OPS } from "./grammar.ts";
import { type Argument, type Op, type Program, ProgramError } from "./program.ts";

type Fields = Readonly<Record<string, unknown>>;

/**
 * Read a program from its JSON text.
 *
 * @throws ProgramError that names the place, for anything that DSL.md does not allow for.
 */
export function readProgram(text: string): Program {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw new ProgramError(`no JSON: ${(error as Error).message}`, { cause: error });
  }
  return checkProgram(value);
}

/** The same for a value that was read already. */
export function checkProgram(value: unknown): Program {
  const program = asObject(value, "the program");
  if (program["dsl"] !== 1) {
    throw new ProgramError(`expected a program with "dsl":1, got ${JSON.stringify(program["dsl"])}`);
  }
  if (program["clock_resolution"] !== 1e-9) {
    throw new ProgramError(`clock_resolution must be 1e-9, got ${JSON.stringify(program["clock_resolution"])}`);
  }
  const objects = new Map<string, string>();
  for (const each of asList(program["objects"], "objects")) {
    const declaration = asObject(each, "an object");
    checkDeclaration(declaration, objects);
  }
  new OpChecker(objects).block(program["main"], "main");
  return value as Program;
}

function checkDeclaration(declaration: Fields, known: Map<string, string>): void {
  const { name, kind, lock } = declaration;
  const required = typeof kind === "string" ? OBJECT_KINDS[kind] : undefined;
  if (typeof name !== "string" || required === undefined) {
    throw new ProgramError(`expected an object with a name and a known kind, got ${JSON.stringify(declaration)}`);
  }
  requireFields(declaration, required, `object ${name}`);
  if (lock !== undefined && known.get(lock as string) !== "lock") {
    throw new ProgramError(`object ${name}: ${JSON.stringify(lock)} is not a lock that was declared before`);
  }
  known.set(name, kind as string);
}

/** Checks operations; the names of objects must be declared, since no operation skips a missing one. */
class OpChecker {
  private readonly _objects: ReadonlyMap<string, string>;

  constructor(objects: ReadonlyMap<string, string>) {
    this._objects = objects;
  }

  block(value: unknown, where: string): void {
    for (const each of asList(value, where)) {
      this._op(asObject(each, `an operation in ${where}`), where);
    }
  }

  private _op(op: Fields, where: string): void {
    const place = `operation ${String(op["id"])} in ${where}`;
    const kind = op["op"] as string;
    const required = SYNC_OPS[kind] ?? ASYNC_OPS[kind];
    if (required === undefined || typeof op["id"] !== "number") {
      throw new ProgramError(`${place}: expected a number as id and a known op, got ${JSON.stringify(op)}`);
    }
    requireFields(op, required, `${place} (${kind})`);
    const object = op["obj"];
    if (object !== undefined && !this._objects.has(object as string)) {
      throw new ProgramError(`${place} (${kind}): the object ${JSON.stringify(object)} is not declared`);
    }
    for (const field of BLOCK_FIELDS) {
      if (op[field] !== undefined) {
        this.block(op[field], `${field} of ${String(op["id"])}`);
      }
    }
    const args = op["arg"] === undefined ? (op["args"] ?? []) : [op["arg"]];
    for (const argument of asList(args, `args of ${place}`)) {
      this._argument(asObject(argument, `an argument of ${place}`), place);
    }
  }

  private _argument(argument: Fields, place: string): void {
    if (typeof argument["ref"] !== "string" && typeof argument["coro"] !== "string") {
      throw new ProgramError(`${place}: expected {"ref"} or {"coro","body"}, got ${JSON.stringify(argument)}`);
    }
    if (argument["ref"] === undefined) {
      this.block(argument["body"], `${String(argument["coro"])} of ${place}`);
    }
  }
}

function requireFields(value: Fields, fields: readonly string[], where: string): void {
  for (const field of fields) {
    if (value[field] === undefined) {
      throw new ProgramError(`${where}: the field "${field}" is missing`);
    }
  }
}

function asObject(value: unknown, what: string): Fields {
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    throw new ProgramError(`expected ${what} to be an object, got ${JSON.stringify(value)}`);
  }
  return value as Fields;
}

function asList(value: unknown, what: string): readonly unknown[] {
  if (!Array.isArray(value)) {
    throw new ProgramError(`expected ${what} to be a list, got ${JSON.stringify(value)}`);
  }
  return value;
}

/** The lists of operations directly inside `op`, those of its inline coroutines included. */
export function blocksOf(op: Op): (readonly Op[])[] {
  const blocks = BLOCK_FIELDS.flatMap((field) => (op[field] === undefined ? [] : [op[field]]));
  return [...blocks, ...argumentsOf(op).flatMap((argument) => (argument.body === undefined ? [] : [argument.body]))];
}

/** The arguments of `op`, be it one or a list. */
export const argumentsOf = (op: Op): readonly Argument[] => (op.arg === undefined ? (op.args ?? []) : [op.arg]);

/** Every operation of a program, the outer ones before those inside them. */
export function* allOps(ops: readonly Op[]): Generator<Op, void> {
  for (const op of ops) {
    yield op;
    for (const block of blocksOf(op)) {
      yield* allOps(block);
    }
  }
}
