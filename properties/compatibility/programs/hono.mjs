import { once } from "node:events";
import { serve } from "@hono/node-server";
import { Hono } from "hono";
import { streamSSE } from "hono/streaming";
import { timeout } from "hono/timeout";
import { work } from "./support.mjs";

export const library = "hono";
export const about = "@hono/node-server: routes, middleware, timeout, server-sent events, 5 clients of 10 requests";

export default async function program() {
  const app = new Hono();
  app.use("/slow", timeout(50));
  app.get("/slow", async (context) => {
    await new Promise((resolve) => setTimeout(resolve, 500));
    return context.text("too late");
  });
  app.get("/hello/:name", async (context) => {
    await work(10);
    return context.json({ hello: context.req.param("name") });
  });
  app.post("/echo", async (context) => context.body(await context.req.arrayBuffer()));
  app.get("/events", (context) =>
    streamSSE(context, async (stream) => {
      for (let i = 0; i < 3; i++) {
        await stream.writeSSE({ data: `event ${i}`, id: String(i) });
        await stream.sleep(20);
      }
    }),
  );
  const server = serve({ fetch: app.fetch, port: 0 });
  await once(server, "listening");
  const base = `http://localhost:${server.address().port}`;
  await Promise.all(
    Array.from({ length: 5 }, async (_, client) => {
      for (let i = 0; i < 5; i++) {
        console.log(await (await fetch(`${base}/hello/${client}-${i}`)).text());
        console.log(await (await fetch(`${base}/echo`, { method: "POST", body: `body ${client} ${i}` })).text());
      }
    }),
  );
  const late = await fetch(`${base}/slow`);
  console.log(late.status, await late.text());
  console.log(JSON.stringify(await (await fetch(`${base}/events`)).text()));
  server.closeAllConnections();
  server.close();
  await once(server, "close");
}
