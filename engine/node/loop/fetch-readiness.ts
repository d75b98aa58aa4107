import { Duplex } from "node:stream";
import { DISPATCHER, WRAPPER } from "./connection-pools.ts";
import { afterTurn } from "./internal-immediates.ts";
import { mainGlobal } from "./realms.ts";

type AgentClass = new (options: object) => { destroy(): Promise<void> };

const dispatcher = (): object | undefined => {
  const holder = mainGlobal as unknown as Record<symbol, object | undefined>;
  return holder[DISPATCHER] ?? holder[WRAPPER];
};

/**
 * Whether the process has loaded the implementation of `fetch`. In Node 22, an ES import of `node:http` is enough for
 * that.
 */
export const isFetchLoaded = (): boolean => dispatcher() !== undefined;

/** Node's own, which a program may replace before its first run. */
const { fetch: request } = globalThis;

const ANSWER = "HTTP/1.1 204 No Content\r\nConnection: close\r\n\r\n";

/** A connection within the process, whose server answers the first bytes that it receives, and closes. */
function answeringSocket(): Duplex {
  return new Duplex({
    read() {},
    write(_chunk, _encoding, done) {
      done();
      // Undici expects no answer while it still writes.
      afterTurn(() => {
        this.push(ANSWER);
        this.push(null);
      });
    },
  });
}

/** The connector of undici, for connections that reach no network. */
const connect = (_options: object, callback: (error: null, socket: Duplex) => void): unknown =>
  afterTurn(() => callback(null, answeringSocket()));

/**
 * Settles when `fetch` can parse answers without waiting for the host.
 *
 * Undici compiles its parser when it is loaded, and keeps the promise of it to itself: a finished request shows that it
 * is fulfilled. The request reaches no network and starts no timer.
 */
export async function fetchIsReady(): Promise<void> {
  const AgentOfProcess = dispatcher()?.constructor as AgentClass;
  if (AgentOfProcess.name !== "Agent") {
    // A dispatcher that the program has chosen, as one for proxies, would not use the connection that it is given.
    return;
  }
  const agent = new AgentOfProcess({ connect, headersTimeout: 0, bodyTimeout: 0 });
  await request("http://localhost/", { dispatcher: agent } as object);
  await agent.destroy();
}
