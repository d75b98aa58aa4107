import http from "node:http";
import https from "node:https";

/** Where undici, Node's own and the package, keeps the dispatcher of `fetch`. */
const DISPATCHER = Symbol.for("undici.globalDispatcher.1");

const holder = globalThis as unknown as Record<symbol, object | undefined>;

type Dispatcher = new () => object;

/** A dispatcher like `dispatcher` that has no connections yet. */
const freshLike = (dispatcher: object): object => new (dispatcher.constructor as Dispatcher)();

/**
 * The connections that a process keeps for its next requests: those of a simulation must not come into the world outside, nor into another run.
 *
 * One is a set of such pools; {@link use} makes them those of the process.
 */
export class ConnectionPools {
  private _http: http.Agent | null = null;
  private _https: https.Agent | null = null;
  private _dispatcher: object | undefined;

  /** Those that the process has now. */
  static present(): ConnectionPools {
    const pools = new ConnectionPools();
    pools._http = http.globalAgent;
    pools._https = https.globalAgent;
    pools._dispatcher = holder[DISPATCHER];
    return pools;
  }

  /** Let the process use these pools, new ones at first. */
  use(): void {
    this._http ??= new http.Agent({ keepAlive: true, scheduling: "lifo", timeout: 5000 });
    this._https ??= new https.Agent({ keepAlive: true, scheduling: "lifo", timeout: 5000 });
    http.globalAgent = this._http;
    https.globalAgent = this._https;
    const present = holder[DISPATCHER];
    if (present !== undefined) {
      // Node loads undici when it is first used: if that was in a simulation, the outside has had no dispatcher so far.
      this._dispatcher ??= freshLike(present);
      holder[DISPATCHER] = this._dispatcher;
    }
  }

  /** Take over what the process uses now, which may have been made meanwhile. */
  keep(): void {
    this._dispatcher = holder[DISPATCHER];
  }
}
