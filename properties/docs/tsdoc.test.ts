import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import test from "ava";
import { checkout } from "./stage.ts";

const engine = join(checkout, "engine");

/** The exports of `engine/index.ts`: the name that a declaration has in its file. */
function exportsOf(index: string): { file: string; name: string }[] {
  const clauses = [...index.matchAll(/export (?:type )?\{([^}]*)\} from "([^"]+)"/g)];
  return clauses.flatMap(([, names = "", file = ""]) =>
    names
      .split(",")
      .map((name) =>
        name
          .trim()
          .replace(/^type /, "")
          .replace(/ as .*/, ""),
      )
      .filter((name) => name !== "")
      .map((name) => ({ file, name })),
  );
}

const DECLARATION = /^export (?:abstract |async )*(class|interface|type|const|function\*?) (\w+)/;
const MEMBER =
  /^ {2}(?!.*\boverride\b)(?:static |readonly |abstract |async |get |set |\*)*(\[[\w.]+\]|\w+)([?!]?[(<:=;]| = )/;
/** What says the same in every class, or is not for users. */
const NEEDS_NONE = /^(?:constructor|toString|_\w*)$/;

interface Public {
  readonly name: string;
  readonly hasComment: boolean;
}

/**
 * The public declarations of a source among `wanted`, with those members of theirs that need a comment of their own.
 */
function publicParts(source: string, wanted: ReadonlySet<string>, inherited: ReadonlySet<string>): Public[] {
  const lines = source.split("\n");
  const parts = new Map<string, boolean>();
  let owner: string | undefined;
  let kind = "";
  // Of overloads, and of a getter and its setter, the first counts.
  const note = (name: string, i: number): unknown =>
    parts.has(name) || parts.set(name, lines[i - 1]?.trim().endsWith("*/") === true);
  for (const [i, line] of lines.entries()) {
    const [, declaredKind = "", declared] = DECLARATION.exec(line) ?? [];
    if (declared !== undefined || line === "}") {
      owner = declared !== undefined && wanted.has(declared) ? declared : undefined;
      kind = declaredKind;
    }
    if (declared !== undefined && owner !== undefined) {
      note(owner, i);
    }
    const [, member = "_", next = ""] = MEMBER.exec(line) ?? [];
    // The fields of a plain record speak for themselves, unless they are options.
    const isOfInterest =
      kind === "class"
        ? !inherited.has(member)
        : kind === "interface" && (next.includes("(") || /Options$/.test(owner ?? ""));
    if (owner !== undefined && isOfInterest && !NEEDS_NONE.test(member)) {
      note(`${owner}.${member}`, i);
    }
  }
  return [...parts].map(([name, hasComment]) => ({ name, hasComment }));
}

const undocumented = (...args: Parameters<typeof publicParts>): string[] =>
  publicParts(...args)
    .filter((part) => !part.hasComment)
    .map((part) => part.name);

/** The members of all interfaces of the engine: a class that implements one inherits its comments. */
function interfaceMembers(sources: readonly string[]): Set<string> {
  const members = sources.flatMap((source) =>
    [...source.matchAll(/^(?:export )?interface [^{]*\{\n([\s\S]*?)^\}/gm)].flatMap(([, body = ""]) =>
      body.split("\n").map((line) => MEMBER.exec(line)?.[1] ?? "_"),
    ),
  );
  return new Set(members);
}

test("TSDoc: every public declaration and every public member of it says what it does", async (t) => {
  const files = (await readdir(engine, { recursive: true })).filter((name) => /(?<!\.test)\.ts$/.test(name));
  const sources = new Map<string, string>();
  for (const name of files) {
    sources.set(`./${name}`, await readFile(join(engine, name), "utf8"));
  }
  const exported = exportsOf(sources.get("./index.ts") ?? "");
  const inherited = interfaceMembers([...sources.values()]);
  const missing = [...new Set(exported.map(({ file }) => file))].flatMap((file) => {
    const names = new Set(exported.filter((each) => each.file === file).map(({ name }) => name));
    return undocumented(sources.get(file) ?? "", names, inherited).map((name) => `${file} ${name}`);
  });
  t.deepEqual(missing, []);
  t.true(exported.length > 100);
});

test("TSDoc: what has no comment is found", (t) => {
  const source = `
/** Documented. */
export class A {
  readonly bare: string;
  /** Documented. */
  get it(): string {
    return this.other;
  }
  private readonly hidden = 1;
  inherited(): void {}
  override done(): void {}
  bare2(): void {}
}
/** Documented. */
export interface BOptions {
  /** Documented. */
  readonly seconds?: number;
  readonly bytes?: number;
}
export const b = 1;
export function c(): void {}
`;
  t.deepEqual(undocumented(source, new Set(["A", "BOptions", "b"]), new Set(["inherited"])), [
    "A.bare",
    "A.bare2",
    "BOptions.bytes",
    "b",
  ]);
});
