import { type ChildProcessWithoutNullStreams, spawn } from "node:child_process";
import process from "node:process";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { linesOf } from "../compare.ts";
import type { Program } from "../dsl/program.ts";
import { readProgram } from "../dsl/read-program.ts";
import type { Python } from "./find-python.ts";

const SCRIPT = fileURLToPath(new URL("../python/progs.py", import.meta.url));

/** A program and what CPython made of it. */
export interface Verdict {
  readonly program: Program;
  /** The lines of CPython's trace; `null` if the program was of no use. */
  readonly trace: readonly string[] | null;
  /** Why there is no trace. */
  readonly error: string | undefined;
}

/** Seeds of generated programs: from `from` up to, but not including, `to`. */
export interface SeedRange {
  readonly from: number;
  readonly to: number;
}

/** The Python process ended, or could not be started. */
export class OracleError extends Error {
  override readonly name = "OracleError";
}

/** A Python process that makes programs and runs them, one request after another. */
export class Oracle implements Disposable {
  private readonly _process: ChildProcessWithoutNullStreams;
  private readonly _lines: AsyncIterator<string>;
  private _complaints = "";

  constructor(python: Python) {
    const env = { ...process.env, PYTHONDONTWRITEBYTECODE: "1", PYTHONIOENCODING: "utf-8" };
    this._process = spawn(python.command, [SCRIPT, "serve"], { env });
    this._process.stderr.on("data", (text: Buffer) => {
      this._complaints = (this._complaints + text.toString()).slice(-2000);
    });
    // What goes wrong with the process shows as the end of its output.
    this._process.on("error", (error) => {
      this._complaints += error.message;
    });
    this._process.stdin.on("error", () => {});
    this._lines = createInterface({ input: this._process.stdout })[Symbol.asyncIterator]();
  }

  /** The generated programs of a range of seeds, each with its trace. */
  async *generate({ from, to }: SeedRange, size: number | undefined): AsyncGenerator<Verdict, void> {
    this._ask({ from, to, size: size ?? null });
    for (let seed = from; seed < to; seed++) {
      yield await this._answer();
    }
  }

  /** What CPython makes of `program`. */
  run(program: Program): Promise<Verdict> {
    this._ask({ program });
    return this._answer();
  }

  /** End the process. */
  [Symbol.dispose](): void {
    this._process.stdin.end();
    this._process.kill();
  }

  private _ask(request: object): void {
    this._process.stdin.write(`${JSON.stringify(request)}\n`);
  }

  private async _answer(): Promise<Verdict> {
    const { value, done } = await this._lines.next();
    if (done === true) {
      throw new OracleError(
        `Python ended too early: ${this._complaints.trim().split("\n").at(-1) || "it said nothing"}`,
      );
    }
    const { program, trace, error } = JSON.parse(value) as { program: string; trace?: string; error?: string };
    return { program: readProgram(program), trace: trace === undefined ? null : linesOf(trace), error };
  }
}
