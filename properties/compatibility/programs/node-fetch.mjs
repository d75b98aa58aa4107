import { once } from "node:events";
import http from "node:http";
import nodeFetch from "node-fetch";
import { failureOf, listen, work } from "./support.mjs";

export const library = "node-fetch";
export const about = "compressed answers, redirects, aborts, refused connections";

export default async function program() {
  const server = http.createServer(async (request, response) => {
    await work(10);
    if (request.url === "/moved") {
      response.writeHead(302, { Location: "/target" }).end();
    } else if (request.url !== "/never") {
      response.end(`answer of ${request.url}`);
    }
  });
  const base = `http://localhost:${await listen(server)}`;
  await Promise.all(
    Array.from({ length: 5 }, async (_, client) => {
      for (let i = 0; i < 5; i++) {
        console.log(await (await nodeFetch(`${base}/${client}/${i}`)).text());
      }
    }),
  );
  console.log(await (await nodeFetch(`${base}/moved`)).text());
  console.log((await failureOf(nodeFetch(`${base}/never`, { signal: AbortSignal.timeout(50) }))).name);
  server.closeAllConnections();
  server.close();
  await once(server, "close");
  console.log((await failureOf(nodeFetch(base))).code);
}
