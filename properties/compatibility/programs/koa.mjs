import { once } from "node:events";
import Koa from "koa";
import { work } from "./support.mjs";

export const library = "koa";
export const about = "middleware around middleware, errors, streams as bodies, 5 clients of 5 requests";

export default async function program() {
  const app = new Koa();
  app.silent = true;
  app.use(async (context, next) => {
    const start = performance.now();
    await next();
    context.set("X-Late", String(performance.now() - start > 1000));
  });
  app.use(async (context) => {
    await work(10);
    if (context.path === "/fails") {
      context.throw(418, "teapot");
    }
    context.body = context.path === "/stream" ? context.req : { path: context.path };
  });
  const server = app.listen(0);
  await once(server, "listening");
  const base = `http://localhost:${server.address().port}`;
  await Promise.all(
    Array.from({ length: 5 }, async (_, client) => {
      for (let i = 0; i < 5; i++) {
        const answer = await fetch(`${base}/${client}/${i}`);
        console.log(answer.headers.get("x-late"), await answer.text());
      }
    }),
  );
  const failed = await fetch(`${base}/fails`);
  console.log(failed.status, await failed.text());
  console.log(await (await fetch(`${base}/stream`, { method: "POST", body: "streamed" })).text());
  server.closeAllConnections();
  server.close();
  await once(server, "close");
}
