import { type ChildProcess, fork } from "node:child_process";
import { fileURLToPath } from "node:url";
import {
  type Job,
  type JobWorker,
  type LostRun,
  mergeResults,
  type RangeResult,
  type RunVariant,
} from "../../../engine/experiment/index.ts";
import { ScenarioFailure } from "../failures.ts";
import { moduleOf } from "../places.ts";
import type { SweepPlan } from "./sweep-plan.ts";
import type { FromWorker, ToWorker } from "./worker-process.ts";

const FILE = fileURLToPath(moduleOf("sweep/worker-process"));

/** How often a process has to end at the same run before the run is to blame, and not whoever kills processes. */
const DEATHS = 3;

/** How often in a row a process may end before its first run: then the scenario ends it. */
const LOADING_DEATHS = 10;

/** Real seconds that a process may take to load the scenario. */
const LOADING = 60;

/** Milliseconds between two looks at the clock of a run. */
const LOOK = 100;

/** Options of {@link ProcessWorker}. */
export interface ProcessWorkerOptions {
  readonly plan: SweepPlan;
  /** Real seconds that a run may take. */
  readonly runTime: number;
  /** Called with each process, to be able to end it. */
  readonly onStart?: (pid: number) => void;
}

/** How an attempt at a job ended: with its result, while a run was being made, or before the first. */
type Attempt =
  | { readonly result: RangeResult }
  | { readonly seed: number; readonly reason: LostRun["reason"] }
  | "not begun";

/**
 * Makes the runs of jobs in a process of its own, and starts another one when it dies.
 *
 * A job whose process was killed is done again. A run that ends its process again and again, or takes too long again,
 * is reported as lost, and the others of its job are made without it.
 */
export class ProcessWorker implements JobWorker {
  private readonly _options: ProcessWorkerOptions;
  private _child: ChildProcess | undefined;
  private _isClosed = false;

  constructor(options: ProcessWorkerOptions) {
    this._options = options;
  }

  /** @param variant - For a job with a single run: its parameters and faults. */
  async run(job: Job, variant?: RunVariant): Promise<RangeResult> {
    const todo: Job[] = [job];
    const parts: RangeResult[] = [];
    const lost: LostRun[] = [];
    const blame = new Map<number, number>();
    let isCareful = false;
    let loadingDeaths = 0;
    for (let part = todo.shift(); part !== undefined; part = todo.shift()) {
      const attempt = await this._attempt(part, isCareful, variant);
      if (attempt === "not begun") {
        // No run is to blame for a process that was killed while it loaded the scenario.
        if (++loadingDeaths === LOADING_DEATHS) {
          const { called } = this._options.plan;
          throw new ScenarioFailure(`${called} cannot be run: its process ends, again and again, while it is loaded`);
        }
        todo.unshift(part);
        continue;
      }
      loadingDeaths = 0;
      if ("result" in attempt) {
        parts.push(attempt.result);
        continue;
      }
      const { seed, reason } = attempt;
      const count = (blame.get(seed) ?? 0) + (isCareful ? 1 : 0);
      blame.set(seed, count);
      if (count < (reason === "slow" ? 1 : DEATHS)) {
        // Only careful attempts name the seed exactly.
        isCareful = true;
        todo.unshift(part);
      } else {
        lost.push({ setting: job.setting, seed, reason });
        const around = [
          { ...part, to: seed - 1 },
          { ...part, from: seed + 1 },
        ];
        todo.unshift(...around.filter(({ from, to }) => from <= to));
      }
    }
    return mergeResults(job, parts, lost);
  }

  /** End the process; a job that it is at is rejected. */
  close(): void {
    this._isClosed = true;
    this._child?.kill("SIGKILL");
  }

  private _attempt(job: Job, isCareful: boolean, variant: RunVariant | undefined): Promise<Attempt> {
    const child = this._process();
    return new Promise((resolve, reject) => {
      let seed: number | undefined;
      let since = performance.now() + LOADING * 1000;
      let reason: LostRun["reason"] = "crash";
      const watch = setInterval(() => {
        if (performance.now() - since > this._options.runTime * 1000) {
          reason = "slow";
          child.kill("SIGKILL");
        }
      }, LOOK);
      const settle = (): void => {
        clearInterval(watch);
        child.off("message", onMessage);
        child.off("exit", onExit);
      };
      const onExit = (): void => {
        settle();
        this._child = undefined;
        if (this._isClosed) {
          reject(new Error("the worker was closed"));
        } else {
          resolve(seed === undefined && reason === "crash" ? "not begun" : { seed: seed ?? job.from, reason });
        }
      };
      const onMessage = (message: FromWorker): void => {
        since = performance.now();
        if ("seed" in message) {
          seed = message.seed;
          return;
        }
        settle();
        if ("result" in message) {
          resolve(message);
        } else {
          reject(new ScenarioFailure(`${this._options.plan.called} cannot be run: ${message.error}`));
        }
      };
      child.on("message", onMessage);
      child.on("exit", onExit);
      this._send(child, { job, isCareful, variant });
    });
  }

  private _process(): ChildProcess {
    if (this._isClosed) {
      throw new Error("the worker was closed");
    }
    if (this._child === undefined) {
      const child = fork(FILE, [], { stdio: ["ignore", "ignore", "ignore", "ipc"] });
      // A message to a process that has died meanwhile; its end is noticed as well.
      child.on("error", () => {});
      this._child = child;
      this._send(child, { plan: this._options.plan });
      if (child.pid !== undefined) {
        this._options.onStart?.(child.pid);
      }
    }
    return this._child;
  }

  private _send(child: ChildProcess, message: ToWorker): void {
    child.send(message, () => {});
  }
}
