import http from "node:http";
import https from "node:https";
import { mainGlobal } from "./realms.ts";

/**
 * Where undici, Node's own and the package, keeps the dispatcher of `fetch`. From Node 26 on this one wraps
 * {@link DISPATCHER}.
 */
export const WRAPPER = Symbol.for("undici.globalDispatcher.1");
/** Where newer versions of undici keep the dispatcher of `fetch`; Node 20 and 22 have only {@link WRAPPER}. */
export const DISPATCHER = Symbol.for("undici.globalDispatcher.2");

const holder = mainGlobal as unknown as Record<symbol, object | undefined>;

/** The dispatchers of `fetch`, as far as there are any. */
interface Dispatchers {
  readonly wrapper: object | undefined;
  readonly inner: object | undefined;
}

type Dispatcher = new (inner?: object) => object;

function freshLike(dispatcher: object, inner?: object): object {
  const Made = dispatcher.constructor as Dispatcher;
  return inner === undefined ? new Made() : new Made(inner);
}

/** Dispatchers like those of the process that have no connections yet. */
function freshDispatchers(): Dispatchers {
  const { [WRAPPER]: wrapper, [DISPATCHER]: inner } = holder;
  const freshInner = inner === undefined ? undefined : freshLike(inner);
  if (wrapper === inner || wrapper === undefined) {
    return { wrapper: freshInner, inner: freshInner };
  }
  // Node 24 has two of one class.
  const isOfOneClass = wrapper.constructor === inner?.constructor;
  return { wrapper: freshLike(wrapper, isOfOneClass ? undefined : freshInner), inner: freshInner };
}

/**
 * The connections that a process keeps for its next requests: those of a simulation must not come into the world
 * outside, nor into another run.
 *
 * One is a set of such pools; {@link use} makes them those of the process.
 */
export class ConnectionPools {
  private _http: http.Agent | null = null;
  private _https: https.Agent | null = null;
  private _dispatchers: Dispatchers | null = null;

  /** Those that the process has now. */
  static present(): ConnectionPools {
    const pools = new ConnectionPools();
    pools._http = http.globalAgent;
    pools._https = https.globalAgent;
    pools.keep();
    return pools;
  }

  /** Let the process use these pools, new ones at first. */
  use(): void {
    this._http ??= new http.Agent({ keepAlive: true, scheduling: "lifo", timeout: 5000 });
    this._https ??= new https.Agent({ keepAlive: true, scheduling: "lifo", timeout: 5000 });
    http.globalAgent = this._http;
    https.globalAgent = this._https;
    if (holder[WRAPPER] !== undefined) {
      // Node loads undici when it is first used: if that was in a simulation, the outside has had no dispatcher so far.
      this._dispatchers ??= freshDispatchers();
      holder[WRAPPER] = this._dispatchers.wrapper;
      if (this._dispatchers.inner !== undefined) {
        holder[DISPATCHER] = this._dispatchers.inner;
      }
    }
  }

  /** Take over what the process uses now, which may have been made meanwhile. */
  keep(): void {
    const { [WRAPPER]: wrapper, [DISPATCHER]: inner } = holder;
    this._dispatchers = wrapper === undefined ? null : { wrapper, inner };
  }
}
