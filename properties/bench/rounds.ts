import type { Absence, Launch } from "./find-peers.ts";
import type { Report } from "./measure.ts";
import type { Options } from "./options.ts";
import { runChild } from "./run-child.ts";
import { type Peer, type Subject, subjects } from "./subjects.ts";

/** One program, run once. */
export interface Measurement {
  readonly workload: string;
  readonly subject: Subject;
  readonly round: number;
  readonly scale: number;
  /** What the program reported, or a line that says what went wrong. */
  readonly outcome: Report | string;
}

type Job = Omit<Measurement, "outcome"> & { readonly launch: Launch };

/**
 * Runs every program that was asked for once a round, so that programs that are compared run within the same minutes.
 *
 * @param progress - Called before each program starts.
 */
export async function runRounds(
  options: Options,
  found: ReadonlyMap<Peer, Launch | Absence>,
  progress: (line: string) => void,
): Promise<Measurement[]> {
  const jobs = plan(options, found);
  const measured: Measurement[] = [];
  let next = 0;
  const lane = async (): Promise<void> => {
    for (let index = next++; index < jobs.length; index = next++) {
      const { launch, ...job } = jobs[index]!;
      progress(`round ${job.round} of ${options.rounds}: ${job.workload} ${job.subject.title}`);
      const outcome = await runChild(launch, [job.subject.id, job.workload, String(job.scale)]);
      measured[index] = { ...job, outcome };
    }
  };
  // One at a time: a program's collector and compiler have threads of their own. A smoke test need not be fair.
  await Promise.all(options.quick ? [lane(), lane()] : [lane()]);
  return measured;
}

function plan(options: Options, found: ReadonlyMap<Peer, Launch | Absence>): Job[] {
  const jobs: Job[] = [];
  for (let round = 1; round <= options.rounds; round++) {
    for (const workload of options.workloads) {
      for (const subject of subjects) {
        const launch = found.get(subject.peer);
        const share = subject.shares[workload];
        if (launch === undefined || "absent" in launch || share === undefined) continue;
        jobs.push({ workload, subject, round, scale: share * options.scale, launch });
      }
    }
  }
  return jobs;
}
