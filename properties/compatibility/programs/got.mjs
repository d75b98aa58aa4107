import { once } from "node:events";
import http from "node:http";
import got from "got";
import { bodyOf, failureOf, listen, work } from "./support.mjs";

export const library = "got";
export const about =
  "retries with back-off, per-phase time limits, hooks, redirects, streams, pagination, keep-alive agents";

export default async function program() {
  let failures = 0;
  const server = http.createServer(async (request, response) => {
    await work(10);
    if (request.url === "/never") {
      return;
    }
    if (request.url === "/flaky" && failures++ < 2) {
      response.writeHead(503).end();
      return;
    }
    if (request.url === "/moved") {
      response.writeHead(302, { Location: "/target" }).end();
      return;
    }
    const { searchParams } = new URL(request.url, "http://localhost");
    if (searchParams.has("page")) {
      const page = Number(searchParams.get("page"));
      response.setHeader("Link", page < 3 ? `</items?page=${page + 1}>; rel="next"` : "");
      response.end(JSON.stringify([page * 2, page * 2 + 1]));
      return;
    }
    response.end(JSON.stringify({ url: request.url, body: await bodyOf(request) }));
  });
  const prefixUrl = `http://localhost:${await listen(server)}`;
  const agent = new http.Agent({ keepAlive: true });
  const client = got.extend({ prefixUrl, agent: { http: agent }, hooks: { afterResponse: [(response) => response] } });
  await Promise.all(
    Array.from({ length: 5 }, async (_, i) => {
      for (let j = 0; j < 5; j++) {
        console.log(JSON.stringify(await client.post(`${i}`, { json: { j } }).json()));
      }
    }),
  );
  console.log((await client.get("flaky")).retryCount);
  console.log((await client.get("moved")).body);
  const late = await failureOf(client.get("never", { timeout: { response: 50 }, retry: { limit: 1 } }));
  console.log(late.code, late.event);
  console.log(await bodyOf(client.stream("stream")));
  console.log((await client.paginate.all("items?page=0")).join());
  agent.destroy();
  server.closeAllConnections();
  server.close();
  await once(server, "close");
}
