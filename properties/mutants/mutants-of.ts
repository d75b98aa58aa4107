import { parseAst } from "rolldown/parseAst";
import { childrenOf, type Edit, editsOf, isSkipped, type SyntaxNode } from "./operators.ts";

/** One change of one file that a test should notice. */
export interface Mutant extends Edit {
  /** The file, from the root of the repository. */
  readonly file: string;
  readonly line: number;
  readonly column: number;
  /** What stands there. */
  readonly original: string;
}

/** All mutants of a file, in the order of their places. */
export function mutantsOf(file: string, source: string): Mutant[] {
  const edits: Edit[] = [];
  const visit = (node: SyntaxNode): void => {
    if (!isSkipped(node)) {
      edits.push(...editsOf(source, node));
      for (const each of childrenOf(node)) {
        visit(each);
      }
    }
  };
  visit(parseAst(source, { lang: "ts" }) as unknown as SyntaxNode);
  edits.sort((a, b) => a.start - b.start || a.end - b.end);
  return edits.map((edit) => {
    const before = source.slice(0, edit.start).split("\n");
    const original = source.slice(edit.start, edit.end);
    return { file, ...edit, original, line: before.length, column: before.at(-1)!.length + 1 };
  });
}

/** `congestion.ts:62:22  !== → ===`, on one line. */
export function describeMutant({ file, line, column, original, replacement }: Mutant): string {
  const short = (code: string): string => {
    const oneLine = code.replace(/\s+/g, " ");
    return oneLine.length > 60 ? `${oneLine.slice(0, 57)}...` : oneLine;
  };
  return `${file}:${line}:${column}  ${short(original)} → ${replacement === ";" ? "(removed)" : short(replacement)}`;
}

/** `count` of `items` in their order, chosen by `seed`; all of them if there are no more. */
export function sampleOf<T>(items: readonly T[], count: number, seed: number): T[] {
  let state = (seed * 2654435761 + 1) >>> 0;
  const chosen: T[] = [];
  items.forEach((item, i) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    // Selection sampling: each of the remaining items has the same probability.
    if ((state / 2 ** 32) * (items.length - i) < count - chosen.length) {
      chosen.push(item);
    }
  });
  return chosen;
}
