/** A fenced code block of a Markdown page. */
export interface CodeBlock {
  /** Line of the opening fence, from 1. */
  readonly line: number;
  readonly language: string;
  /** The words behind the language: `run`, `output`, `file=demo.py` … */
  readonly marks: ReadonlyMap<string, string>;
  readonly code: string;
}

const FENCE = /^```(\w+)?(.*)$/;

/** The fenced code blocks of a page, in order. */
export function codeBlocks(page: string): CodeBlock[] {
  const lines = page.split("\n");
  const blocks: CodeBlock[] = [];
  for (let i = 0; i < lines.length; i++) {
    const [, language = "", words = ""] = FENCE.exec(lines[i]!) ?? [];
    if (lines[i]?.startsWith("```")) {
      const end = lines.indexOf("```", i + 1);
      if (end === -1) {
        throw new Error(`line ${i + 1}: this code block has no end`);
      }
      blocks.push({
        line: i + 1,
        language,
        marks: marksOf(words),
        code: `${lines.slice(i + 1, end).join("\n")}\n`,
      });
      i = end;
    }
  }
  return blocks;
}

const marksOf = (words: string): Map<string, string> =>
  new Map(
    words
      .split(" ")
      .filter((word) => word !== "")
      .map((word) => [word.split("=", 1)[0]!, word.replace(/^[^=]*=?/, "")]),
  );

/** Programs of a page that print the same, and what. */
export interface Example {
  readonly programs: readonly CodeBlock[];
  readonly output: CodeBlock;
}

/**
 * The examples of a page: each block marked `output` has what the programs before it print, back to the output before.
 *
 * @throws Error if an output has no program, or a program marked `run` no output.
 */
export function examples(blocks: readonly CodeBlock[]): Example[] {
  const found: Example[] = [];
  let programs: CodeBlock[] = [];
  for (const block of blocks) {
    if (block.marks.has("run")) {
      programs.push(block);
    } else if (block.marks.has("output")) {
      if (programs.length === 0) {
        throw new Error(`line ${block.line}: this output belongs to no program`);
      }
      found.push({ programs, output: block });
      programs = [];
    }
  }
  if (programs.length > 0) {
    throw new Error(`line ${programs[0]?.line}: what this program prints is missing`);
  }
  return found;
}
