import { readFileSync } from "node:fs";
import process from "node:process";
import type { Program, Workload } from "./workloads/workload.ts";

/** What a measured process prints, as one line of JSON. The Python peers print the same. */
export interface Report {
  readonly version: string;
  readonly runtime: string;
  /** Units of work done. */
  readonly units: number;
  /** Wall seconds of the first repetition. */
  readonly seconds: number;
  /** CPU seconds of it, user and system, the collector's and the compiler's threads included: cold. */
  readonly cpu: number;
  /** The least CPU seconds of all repetitions in the process: warm, with the compiler's work done. */
  readonly warm: number;
  /** Peak memory of the process after the first repetition, MiB. */
  readonly peak: number;
  readonly check: string;
}

type Repetition = Pick<Report, "seconds" | "cpu" | "check">;

/**
 * Runs `program` in this process and measures it, building the model and running it, as often as the workload asks. A
 * repetition with a wrong checksum is reported before all others.
 *
 * What the start-up has left behind is collected first: it belongs to none of the repetitions, and would fall on the
 * first one of those who load an engine.
 */
export async function measure(workload: Workload, scale: number, program: Program, version: string): Promise<Report> {
  globalThis.gc?.();
  const repetitions = [await once(program, scale)];
  const peak = peakMemory();
  while (repetitions.length < workload.repetitions) {
    repetitions.push(await once(program, scale));
  }
  const wrong = repetitions.find(({ check }) => check !== workload.expected(scale));
  const counted = wrong ?? repetitions[0]!;
  const warm = Math.min(...repetitions.map(({ cpu }) => cpu));
  return { version, runtime: `node ${process.version}`, units: workload.units(scale), peak, warm, ...counted };
}

async function once(program: Program, scale: number): Promise<Repetition> {
  const cpuBefore = process.cpuUsage();
  const before = process.hrtime.bigint();
  const check = await program(scale);
  const seconds = Number(process.hrtime.bigint() - before) / 1e9;
  const { user, system } = process.cpuUsage(cpuBefore);
  return { seconds, cpu: (user + system) / 1e6, check };
}

/**
 * Peak memory of this process, MiB. On Linux from its own status file: `maxRSS` there starts at what the parent
 * process used when it forked.
 */
function peakMemory(): number {
  if (process.platform !== "linux") return process.resourceUsage().maxRSS / 1024;
  const kibibytes = /^VmHWM:\s*(\d+) kB$/m.exec(readFileSync("/proc/self/status", "utf8"))?.[1];
  return Number(kibibytes) / 1024;
}
