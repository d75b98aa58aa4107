import { type Job, type JobWorker, type RangeResult, sizeOf } from "../../../engine/experiment/index.ts";

/**
 * Real seconds that a job should take: long enough that its costs do not matter, short enough that little is lost with
 * it.
 */
const TARGET = 2;

/** Jobs that every worker should get, so that all end at about the same time. */
const SHARES = 8;

/** Chooses how many runs a job has, by how long earlier ones took. */
export class JobSizer {
  private readonly _most: number;
  /** Runs a second of one worker. */
  private _rate: number | undefined;

  constructor(runs: number, workers: number) {
    this._most = Math.max(1, Math.ceil(runs / workers / SHARES));
  }

  /** Find the rate by two short jobs: the first warms up. */
  async probe(worker: JobWorker, from: number, to: number): Promise<void> {
    const job = { setting: 0, from, to: Math.min(to, from + 19) };
    await worker.run(job);
    await this.timed(worker).run(job);
  }

  /** Runs for the next job. */
  next(): number {
    return Math.min(this._most, this._rate === undefined ? 20 : Math.max(1, Math.round(this._rate * TARGET)));
  }

  /** `worker`, whose jobs are timed. */
  timed(worker: JobWorker): JobWorker {
    return {
      run: async (job: Job): Promise<RangeResult> => {
        const began = performance.now();
        const result = await worker.run(job);
        this._observe(sizeOf(job) / Math.max(0.001, (performance.now() - began) / 1000));
        return result;
      },
    };
  }

  private _observe(rate: number): void {
    this._rate = this._rate === undefined ? rate : (this._rate + rate) / 2;
  }
}
