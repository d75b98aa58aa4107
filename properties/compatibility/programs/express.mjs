import { once } from "node:events";
import express from "express";
import { work } from "./support.mjs";

export const library = "express";
export const about =
  "routes, parameters, JSON bodies, middleware, errors in async handlers, a router, 5 clients of 10 requests";

export default async function program() {
  const app = express();
  const orders = new Map();
  app.use(express.json());
  app.use((_request, response, next) => {
    response.set("X-Powered-By", "a simulation");
    next();
  });
  app.get("/orders/:id", async (request, response) => {
    await work(10);
    const order = orders.get(request.params.id);
    if (order === undefined) {
      response.status(404).json({ error: "not found" });
    } else {
      response.json(order);
    }
  });
  app.post("/orders/:id", async (request, response) => {
    await work(10);
    orders.set(request.params.id, { id: request.params.id, ...request.body });
    response.status(201).location(`/orders/${request.params.id}`).json(orders.get(request.params.id));
  });
  const admin = express.Router();
  admin.get("/fails", async () => {
    await work(5);
    throw new Error("handler failed");
  });
  app.use("/admin", admin);
  app.use((error, _request, response, _next) => response.status(500).send(error.message));
  const server = app.listen(0);
  await once(server, "listening");
  const base = `http://localhost:${server.address().port}`;
  const show = async (answer) => console.log(answer.status, answer.headers.get("etag"), await answer.text());
  await Promise.all(
    Array.from({ length: 5 }, async (_, client) => {
      for (let i = 0; i < 5; i++) {
        const url = `${base}/orders/${client}-${i}`;
        await show(
          await fetch(url, {
            method: "POST",
            headers: { "Content-Type": "application/json" },
            body: JSON.stringify({ i }),
          }),
        );
        await show(await fetch(url));
      }
    }),
  );
  await show(await fetch(`${base}/orders/none`));
  await show(await fetch(`${base}/admin/fails`));
  await show(
    await fetch(`${base}/orders/bad`, { method: "POST", headers: { "Content-Type": "application/json" }, body: "{" }),
  );
  server.close();
  server.closeAllConnections();
  await once(server, "close");
}
