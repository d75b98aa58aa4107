import { once } from "node:events";
import express from "express";
import superagent from "superagent";
import { failureOf, work } from "./support.mjs";

export const library = "superagent";
export const about = "queries, forms, agents with cookies, retries, time limits";

export default async function program() {
  const app = express();
  app.use(express.urlencoded({ extended: false }));
  let failures = 0;
  app.get("/flaky", (_request, response) => response.status(failures++ < 2 ? 503 : 200).end("well"));
  app.get("/never", () => {});
  app.post("/login", (_request, response) => response.cookie("session", "1").end());
  app.all("/{*rest}", async (request, response) => {
    await work(10);
    response.json({ url: request.url, body: request.body, cookie: request.headers.cookie });
  });
  const server = app.listen(0);
  await once(server, "listening");
  const base = `http://localhost:${server.address().port}`;
  await Promise.all(
    Array.from({ length: 5 }, async (_, i) => {
      console.log((await superagent.post(`${base}/${i}`).type("form").send({ i }).query({ q: i })).text);
    }),
  );
  console.log((await superagent.get(`${base}/flaky`).retry(3)).text);
  console.log((await failureOf(superagent.get(`${base}/never`).timeout({ response: 50 }))).code);
  const agent = superagent.agent();
  await agent.post(`${base}/login`);
  console.log((await agent.get(`${base}/after`)).body.cookie);
  server.closeAllConnections();
  server.close();
  await once(server, "close");
}
