import { execFile } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import process from "node:process";
import { fileURLToPath } from "node:url";
import type { Trace } from "../../engine/index.ts";
import { InputError, systemReason } from "./failures.ts";
import { moduleOf } from "./places.ts";
import { readTrace } from "./read-trace.ts";
import { temporaryIsGone, willMakeTemporary } from "./temporary-paths.ts";
import type { CalledScenario } from "./traced-run.ts";

/** The script of this very command line, as it is called here and when compiled. */
const main = fileURLToPath(moduleOf("main"));

/** Runs a scenario again and again, each time in a new process. */
export class FreshProcesses implements AsyncDisposable {
  private readonly _argv: readonly string[];
  private readonly _folder: string;
  private readonly _signal: AbortSignal;

  private constructor(argv: readonly string[], folder: string, signal: AbortSignal) {
    this._argv = argv;
    this._folder = folder;
    this._signal = signal;
  }

  /** Prepare to run `scenario`. @param signal - Ends the process that runs. */
  static async open({ called, seed, param, until }: CalledScenario, signal: AbortSignal): Promise<FreshProcesses> {
    const options = [
      `--seed=${seed}`,
      ...Object.entries(param?.values ?? {}).map(([name, value]) => `--param=${name}=${value}`),
      ...(param?.onlyFaults === undefined ? [] : [`--only-faults=${param.onlyFaults.join() || "none"}`]),
      ...(until === undefined ? [] : [`--until=${until}`]),
    ];
    const folder = await mkdtemp(join(tmpdir(), "simloop-check-"));
    willMakeTemporary(folder);
    return new FreshProcesses(
      ["trace", ...options, `--output=${join(folder, "run.jsonl")}`, "--", called],
      folder,
      signal,
    );
  }

  /** The trace of one more run. @throws InputError if the process gave none. */
  async trace(): Promise<Trace> {
    const path = join(this._folder, "run.jsonl");
    await rm(path, { force: true });
    const complaint = await this._run();
    try {
      return await readTrace(path);
    } catch (error) {
      throw new InputError(`a process of its own gave no trace: ${complaint || systemReason(error)}`, { cause: error });
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await rm(this._folder, { recursive: true, force: true });
    temporaryIsGone(this._folder);
  }

  /** What the process had to say. A scenario that fails is traced like any other. */
  private _run(): Promise<string> {
    return new Promise((resolve, reject) => {
      const argv = [...process.execArgv, main, ...this._argv];
      execFile(process.execPath, argv, { signal: this._signal }, (_error, _stdout, stderr) =>
        this._signal.aborted ? reject(this._signal.reason) : resolve(stderr.trim()),
      );
    });
  }
}
