import { once } from "node:events";
import http from "node:http";
import {
  Agent,
  errors,
  fetch as fetchWith,
  getGlobalDispatcher,
  interceptors,
  Pool,
  RetryAgent,
  request,
  setGlobalDispatcher,
} from "undici";
import { bodyOf, failureOf, listen, work } from "./support.mjs";

export const library = "undici";
export const about =
  "request, Pool, Agent, RetryAgent, pipelining, headersTimeout, bodyTimeout, connect timeouts, interceptors, its fetch";

export default async function program() {
  let failures = 0;
  const server = http.createServer(async (incoming, response) => {
    await work(10);
    if (incoming.url === "/never") {
      return;
    }
    if (incoming.url === "/stalls") {
      response.write("begin");
      return;
    }
    if (incoming.url === "/flaky" && failures++ < 3) {
      response.writeHead(503).end();
      return;
    }
    if (incoming.url === "/moved") {
      response.writeHead(301, { Location: "/new" }).end();
      return;
    }
    response.end(`${incoming.method} ${incoming.url} ${await bodyOf(incoming)}`);
  });
  const origin = `http://localhost:${await listen(server)}`;
  const pool = new Pool(origin, { connections: 3, pipelining: 2 });
  const clients = Array.from({ length: 5 }, async (_, client) => {
    for (let i = 0; i < 10; i++) {
      const { statusCode, body } = await pool.request({ path: `/${client}/${i}`, method: "POST", body: `${i}` });
      console.log(statusCode, await body.text());
    }
  });
  await Promise.all(clients);
  const agent = new Agent({ headersTimeout: 1500, bodyTimeout: 1500, keepAliveTimeout: 1000 });
  console.log(
    (await failureOf(request(`${origin}/never`, { dispatcher: agent }))) instanceof errors.HeadersTimeoutError,
  );
  const stalling = await request(`${origin}/stalls`, { dispatcher: agent });
  console.log((await failureOf(stalling.body.text())).code);
  const retrying = new RetryAgent(agent, { minTimeout: 100, maxRetries: 5 });
  console.log(await (await request(`${origin}/flaky`, { dispatcher: retrying })).body.text());
  const redirecting = agent.compose(interceptors.redirect({ maxRedirections: 2 }));
  console.log(await (await request(`${origin}/moved`, { dispatcher: redirecting })).body.text());
  const before = getGlobalDispatcher();
  setGlobalDispatcher(agent);
  console.log(await (await fetchWith(`${origin}/global`)).text());
  setGlobalDispatcher(before);
  console.log((await failureOf(request("http://localhost:1"))).code);
  await pool.close();
  await agent.destroy();
  server.closeAllConnections();
  server.close();
  await once(server, "close");
}
