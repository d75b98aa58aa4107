import { once } from "node:events";
import http from "node:http";
import axios from "axios";
import { bodyOf, failureOf, listen, work } from "./support.mjs";

export const library = "axios";
export const about =
  "the http adapter and the fetch adapter: JSON, parameters, interceptors, redirects, time limits, cancellation, streams";

export default async function program() {
  const server = http.createServer(async (request, response) => {
    await work(10);
    if (request.url === "/never") {
      return;
    }
    if (request.url === "/moved") {
      response.writeHead(302, { Location: "/target" }).end();
      return;
    }
    response.setHeader("Content-Type", "application/json");
    response.statusCode = request.url === "/fails" ? 500 : 200;
    response.end(JSON.stringify({ method: request.method, url: request.url, body: await bodyOf(request) }));
  });
  const baseURL = `http://localhost:${await listen(server)}`;
  for (const adapter of ["http", "fetch"]) {
    const client = axios.create({ baseURL, adapter });
    client.interceptors.request.use((config) => {
      config.headers.set("X-Trace", "1");
      return config;
    });
    await Promise.all(
      Array.from({ length: 5 }, async (_, i) => {
        for (let j = 0; j < 5; j++) {
          console.log(adapter, JSON.stringify((await client.post(`/${i}`, { j }, { params: { q: j } })).data));
        }
      }),
    );
    console.log(adapter, JSON.stringify((await client.get("/moved")).data));
    console.log(adapter, (await failureOf(client.get("/fails"))).response.status);
    console.log(adapter, (await failureOf(client.get("/never", { timeout: 50 }))).code);
    const controller = new AbortController();
    const cancelled = failureOf(client.get("/never", { signal: controller.signal }));
    await work(10);
    controller.abort();
    console.log(adapter, (await cancelled).code);
  }
  const { data } = await axios.get(`${baseURL}/stream`, { responseType: "stream" });
  console.log(await bodyOf(data));
  server.closeAllConnections();
  server.close();
  await once(server, "close");
}
