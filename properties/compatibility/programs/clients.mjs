import { once } from "node:events";
import { EventSource } from "eventsource";
import express from "express";
import { rateLimit } from "express-rate-limit";
import httpProxy from "http-proxy";
import ky from "ky";
import needle from "needle";
import { ofetch } from "ofetch";
import request from "supertest";
import { work } from "./support.mjs";

export const library = "ky";
export const alsoUses = ["needle", "supertest", "ofetch", "http-proxy", "eventsource", "express-rate-limit"];
export const about = "clients, a proxy, server-sent events and a rate limit on one express server";

export default async function program() {
  const app = express();
  app.use("/limited", rateLimit({ windowMs: 60_000, limit: 3, validate: false }));
  app.get("/events", async (_request, response) => {
    response.writeHead(200, { "Content-Type": "text/event-stream" });
    await new Promise((resolve) => setTimeout(resolve, 100));
    for (let i = 0; i < 3; i++) {
      response.write(`data: event ${i}\n\n`);
      await work(20);
    }
  });
  let failures = 0;
  app.get("/flaky", (_request, response) => response.status(failures++ < 2 ? 503 : 200).send("well"));
  app.get("/{*rest}", async (incoming, response) => {
    await work(10);
    response.json({ url: incoming.url });
  });
  const server = app.listen(0);
  await once(server, "listening");
  const base = `http://localhost:${server.address().port}`;
  console.log(JSON.stringify(await ky.get(`${base}/ky`).json()));
  console.log(await ky.get(`${base}/flaky`, { retry: { limit: 3, backoffLimit: 100 } }).text());
  console.log(
    await ky
      .get(`${base}/events`, { timeout: 50 })
      .text()
      .catch(({ name }) => name),
  );
  console.log(JSON.stringify((await needle("get", `${base}/needle`)).body));
  console.log(JSON.stringify(await ofetch(`${base}/ofetch`)));
  console.log((await request(app).get("/supertest").expect(200)).text);
  const proxy = httpProxy.createProxyServer({ target: base });
  proxy.listen(0);
  await once(proxy._server, "listening");
  console.log(await (await fetch(`http://localhost:${proxy._server.address().port}/proxied`)).text());
  const codes = [];
  for (let i = 0; i < 4; i++) {
    codes.push((await fetch(`${base}/limited/${i}`)).status);
  }
  console.log(codes.join());
  const source = new EventSource(`${base}/events`);
  const events = [];
  await new Promise((resolve) => {
    source.onmessage = ({ data }) => events.push(data) === 3 && resolve();
  });
  source.close();
  console.log(events.join());
  proxy.close();
  server.closeAllConnections();
  server.close();
  await once(server, "close");
}
