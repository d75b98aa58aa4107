/** A line of prose in a file: of a page, a comment, or a string. */
export interface ProseLine {
  readonly line: number;
  readonly words: string;
}

/**
 * What people read in a source file: its comments and its strings, a line each; in templates, what is not in `${…}`.
 *
 * A pattern cannot find every end of a regular expression or of a nested template, so that a line of code may slip in
 * or a comment out: good enough for a search for words.
 */
export function proseOfCode(source: string): ProseLine[] {
  const found: ProseLine[] = [];
  let line = 1;
  let end = 0;
  for (const match of source.matchAll(PROSE)) {
    line += newlines(source.slice(end, match.index));
    end = match.index + match[0].length;
    const [whole, comment, string] = match;
    const prose = comment ?? (string !== undefined && !MODULE.test(string) ? string : "");
    for (const [i, words] of prose === "" ? [] : prose.split("\n").entries()) {
      found.push({ line: line + i, words: words.replace(/\$\{[^}]*\}/g, "…") });
    }
    line += newlines(whole);
  }
  return found;
}

/** The lines of a page in Markdown, code included: its comments and outputs are read, too. */
export const proseOfPage = (page: string): ProseLine[] => page.split("\n").map((words, i) => ({ line: i + 1, words }));

const newlines = (part: string): number => part.split("\n").length - 1;

/** The name of a module, in an import. */
const MODULE = /^["'](?:\.{1,2}\/|node:|simloop)/;

/** Comments, strings, and (to be skipped) regular expressions. */
const PROSE =
  /(\/\*[\s\S]*?\*\/|(?<![:\\])\/\/[^\n]*)|("(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*'|`(?:[^`\\]|\\[\s\S])*`)|(?<=[(,=:[!&|?{};\s]\s*)\/(?![*/\s])(?:[^/\\[\n]|\\.|\[(?:[^\]\\\n]|\\.)*\])+\/[a-z]*/g;
