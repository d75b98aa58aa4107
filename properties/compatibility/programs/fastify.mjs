import Fastify from "fastify";
import { work } from "./support.mjs";

export const library = "fastify";
export const about = "schemas, hooks, plugins, inject, errors, 5 clients of 10 requests over a port, graceful close";

export default async function program() {
  const app = Fastify({ logger: { level: "warn" } });
  app.decorate("store", new Map());
  app.addHook("onRequest", async (request) => {
    request.started = performance.now();
  });
  app.register(
    async (scope) => {
      scope.post(
        "/items/:id",
        { schema: { body: { type: "object", required: ["price"], properties: { price: { type: "number" } } } } },
        async (request, reply) => {
          await work(10);
          app.store.set(request.params.id, request.body.price);
          reply.code(201);
          return { id: request.params.id, price: request.body.price };
        },
      );
      scope.get("/items/:id", async (request) => {
        await work(10);
        return { price: app.store.get(request.params.id) };
      });
    },
    { prefix: "/shop" },
  );
  app.get("/fails", async () => {
    throw Object.assign(new Error("teapot"), { statusCode: 418 });
  });
  const base = await app.listen({ port: 0 });
  await Promise.all(
    Array.from({ length: 5 }, async (_, client) => {
      for (let i = 0; i < 5; i++) {
        const url = `${base}/shop/items/${client}${i}`;
        const posted = await fetch(url, {
          method: "POST",
          headers: { "Content-Type": "application/json" },
          body: `{"price":${i}}`,
        });
        console.log(posted.status, await posted.text());
        console.log(await (await fetch(url)).text());
      }
    }),
  );
  const invalid = await fetch(`${base}/shop/items/1`, {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: "{}",
  });
  console.log(invalid.status, await invalid.text());
  const failed = await fetch(`${base}/fails`);
  console.log(failed.status, await failed.text());
  const injected = await app.inject({ url: "/shop/items/11" });
  console.log(injected.statusCode, injected.body);
  await app.close();
}
