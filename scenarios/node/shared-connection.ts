import { once } from "node:events";
import { Agent, get, type IncomingMessage } from "node:http";
import { setTimeout as sleep } from "node:timers/promises";
import { defineScenario } from "../../engine/index.ts";
import { bodyOf, runOn, serve, UNSTEADY } from "./http.ts";

/** A connection that carries one query at a time. */
class Connection {
  isBusy = false;
  private readonly _agent = new Agent({ keepAlive: true, maxSockets: 1 });

  async query(text: string): Promise<string> {
    if (this.isBusy) {
      throw new Error(`the connection is in use twice: ${text}`);
    }
    this.isBusy = true;
    try {
      const [response] = (await once(get(`http://db/${text}`, { agent: this._agent }), "response")) as [
        IncomingMessage,
      ];
      return await bodyOf(response);
    } finally {
      this.isBusy = false;
    }
  }
}

/** Lends connections, each to one borrower. */
class Pool {
  private readonly _idle = [new Connection(), new Connection()];

  take(): Connection {
    return this._idle.pop() ?? new Connection();
  }

  give(connection: Connection): void {
    this._idle.push(connection);
  }
}

type Ask = (pool: Pool, text: string) => Promise<string>;

const LIMIT = 30;

const tooLate = async (): Promise<string> => {
  await sleep(LIMIT);
  return "too late";
};

/** Gives the connection back when the time is up, while the query is still on it. */
const giveBackAtOnce: Ask = async (pool, text) => {
  const connection = pool.take();
  try {
    return await Promise.race([connection.query(text), tooLate()]);
  } finally {
    pool.give(connection);
  }
};

/** Gives the connection back when the query is over, however long others wait for it. */
const giveBackAfterwards: Ask = async (pool, text) => {
  const connection = pool.take();
  const query = connection.query(text).finally(() => pool.give(connection));
  return await Promise.race([query, tooLate()]);
};

const queries = (ask: Ask) => async (): Promise<void> => {
  await serve("db", (request, response) => response.end(`rows of ${request.url}`));
  await runOn("web", async () => {
    const pool = new Pool();
    for (const text of ["users", "orders", "goods"]) {
      console.log(await ask(pool, text));
    }
  });
};

export const broken = defineScenario({
  name: "node-shared-connection",
  about: "a pool that lends a connection to two borrowers after a time limit",
  network: UNSTEADY,
  main: queries(giveBackAtOnce),
});

export const fixed = defineScenario({
  name: "node-shared-connection-fixed",
  about: "a pool that gets a connection back when its query is over",
  network: UNSTEADY,
  main: queries(giveBackAfterwards),
});
