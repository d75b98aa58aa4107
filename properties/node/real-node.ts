import { execFile, execFileSync } from "node:child_process";
import { existsSync } from "node:fs";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";

const pathOf = (name: string): string => fileURLToPath(new URL(`real/${name}`, import.meta.url));

/** Compile the virtual clock into `directory`. @returns Its path; `null` where there is no C compiler, or no Linux. */
export function compileClock(directory: string): string | null {
  const path = join(directory, "virtual-clock.so");
  try {
    if (!existsSync(path)) {
      execFileSync("cc", ["-shared", "-fPIC", "-O2", "-o", path, pathOf("virtual-clock.c")], { stdio: "pipe" });
    }
    return path;
  } catch {
    return null;
  }
}

/** A real Node of the version of this process. */
export class RealNode {
  private readonly _directory: string;
  private readonly _clock: string | null;

  private constructor(directory: string, clock: string | null) {
    this._directory = directory;
    this._clock = clock;
  }

  /** @param isVirtual - Whether it runs on a virtual clock. `null` if this is not possible here. */
  static async start(isVirtual: boolean): Promise<RealNode | null> {
    const directory = await mkdtemp(join(tmpdir(), "simloop-node-order-"));
    const clock = isVirtual ? compileClock(directory) : null;
    if (isVirtual && clock === null) {
      await rm(directory, { recursive: true });
      return null;
    }
    return new RealNode(directory, clock);
  }

  /** The logs of programs, by their sources. */
  async logs(sources: readonly string[]): Promise<string[][]> {
    const file = join(this._directory, "programs.jsonl");
    await writeFile(file, sources.map((source) => `${JSON.stringify(source)}\n`).join(""));
    const env = this._clock === null ? process.env : { ...process.env, LD_PRELOAD: this._clock, UV_USE_IO_URING: "0" };
    const { stdout } = await promisify(execFile)(process.execPath, ["--no-warnings", pathOf("run-all.mjs"), file], {
      env,
      maxBuffer: 2 ** 30,
      timeout: 600_000,
    });
    return stdout
      .trim()
      .split("\n")
      .map((line) => JSON.parse(line) as string[]);
  }

  async stop(): Promise<void> {
    await rm(this._directory, { recursive: true });
  }
}
