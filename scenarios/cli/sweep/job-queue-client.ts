import type { Queue, Worker } from "bullmq";
import type { Redis } from "ioredis";
import { CommandFailure, EXIT, systemReason, UsageError } from "../failures.ts";

/** The queue could not be reached for too long. The sweep can go on later. */
export class QueueFailure extends CommandFailure {
  override name = "QueueFailure";
  readonly exitCode = EXIT.failed;
}

/** Where the queue is. */
export interface QueueAddress {
  readonly url: string;
  /** What the names of all keys begin with. */
  readonly prefix: string;
}

/** The name of the queue in Redis; jobs of all campaigns share it. */
export const QUEUE_NAME = "sweep";

/** Longest pause between two attempts to connect, in milliseconds. */
const LONGEST_PAUSE = 5000;

interface Modules {
  readonly bullmq: Pick<typeof import("bullmq"), "Queue" | "Worker">;
  readonly ioredis: Pick<typeof import("ioredis"), "Redis">;
}

/** @throws UsageError unless the optional packages are installed. */
async function loadModules(): Promise<Modules> {
  try {
    const [bullmq, ioredis] = await Promise.all([import("bullmq"), import("ioredis")]);
    return { bullmq, ioredis };
  } catch (error) {
    throw new UsageError("--queue needs two more packages: npm install bullmq ioredis", { cause: error });
  }
}

/** The address without the password, for messages. */
export function shownAddress(url: string): string {
  const { protocol, hostname, port, pathname } = new URL(url);
  return `${protocol}//${hostname}${port === "" ? "" : `:${port}`}${pathname === "/" ? "" : pathname}`;
}

/** A connection to Redis that is made anew, with growing pauses, whenever it is lost. */
export class QueueConnection {
  readonly modules: Modules;
  readonly redis: Redis;
  private readonly _address: QueueAddress;
  private _lostSince: number | undefined;
  private _reason = "it does not answer";

  private constructor(modules: Modules, address: QueueAddress) {
    this.modules = modules;
    this._address = address;
    this.redis = new modules.ioredis.Redis(address.url, {
      maxRetriesPerRequest: null,
      retryStrategy: (times) => Math.min(LONGEST_PAUSE, 50 * 2 ** Math.min(times, 10)),
    });
    this.redis.on("ready", () => {
      this._lostSince = undefined;
    });
    this.redis.on("close", () => {
      this._lostSince ??= performance.now();
    });
    this.redis.on("error", (error: Error) => {
      this._reason = systemReason(error);
      this._lostSince ??= performance.now();
    });
  }

  /** Connect. @throws UsageError if the packages are missing. */
  static async open(address: QueueAddress): Promise<QueueConnection> {
    return new QueueConnection(await loadModules(), address);
  }

  /** Seconds for which there has been no connection. */
  get secondsLost(): number {
    return this._lostSince === undefined ? 0 : (performance.now() - this._lostSince) / 1000;
  }

  /** @throws QueueFailure if there has been no connection for `seconds`. */
  requireAlive(seconds: number): void {
    if (this.secondsLost > seconds) {
      throw new QueueFailure(
        `no connection to ${shownAddress(this._address.url)} for ${seconds} s: ${this._reason}; when it is back, the same command with --resume goes on`,
      );
    }
  }

  queue(): Queue {
    const queue = new this.modules.bullmq.Queue(QUEUE_NAME, { connection: this.redis, prefix: this._address.prefix });
    // Reported by requireAlive.
    queue.on("error", () => {});
    return queue;
  }

  /** Takes jobs. Locks are renewed by this process, whose runs are made by others. */
  worker(process: (data: unknown) => Promise<unknown>, concurrency: number): Worker {
    const worker = new this.modules.bullmq.Worker(QUEUE_NAME, (job) => process(job.data), {
      connection: this.redis,
      prefix: this._address.prefix,
      concurrency,
      lockDuration: 10_000,
      stalledInterval: 5000,
      maxStalledCount: 1000,
    });
    worker.on("error", () => {});
    return worker;
  }

  close(): void {
    this.redis.disconnect();
  }
}
