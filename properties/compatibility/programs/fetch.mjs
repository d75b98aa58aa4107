import { once } from "node:events";
import http from "node:http";
import { bodyOf, failureOf, listen, work } from "./support.mjs";

export const library = "fetch";
export const about = "bodies as JSON, forms and streams; redirects, aborts, time limits, refused and cut connections";

export default async function program() {
  const server = http.createServer(async (request, response) => {
    await work(10);
    switch (request.url) {
      case "/redirect":
        response.writeHead(302, { Location: "/target" }).end();
        break;
      case "/cut":
        response.writeHead(200, { "Content-Length": 100 });
        response.write("half");
        await work(10);
        request.socket.destroy();
        break;
      case "/never":
        break;
      case "/stream":
        for (let i = 0; i < 5; i++) {
          response.write(`${i} `);
          await work(10);
        }
        response.end();
        break;
      default:
        response.setHeader("Content-Type", "application/json");
        response.end(
          JSON.stringify({
            url: request.url,
            type: request.headers["content-type"]?.split(";")[0],
            length: (await bodyOf(request)).length,
          }),
        );
    }
  });
  const base = `http://localhost:${await listen(server)}`;
  const clients = Array.from({ length: 5 }, async (_, client) => {
    for (let i = 0; i < 10; i++) {
      const answer = await fetch(
        `${base}/${client}/${i}`,
        i % 2 === 0 ? {} : { method: "POST", body: JSON.stringify({ i }) },
      );
      console.log(answer.status, JSON.stringify(await answer.json()));
    }
  });
  await Promise.all(clients);
  const form = new FormData();
  form.set("file", new Blob(["contents"]), "name.txt");
  console.log(await (await fetch(`${base}/form`, { method: "POST", body: form })).text());
  let parts = 0;
  const stream = new ReadableStream({
    async pull(controller) {
      await work(5);
      controller.enqueue(new TextEncoder().encode("part "));
      if (++parts === 3) {
        controller.close();
      }
    },
  });
  console.log(await (await fetch(`${base}/sent`, { method: "POST", body: stream, duplex: "half" })).text());
  const redirected = await fetch(`${base}/redirect`);
  console.log(redirected.redirected, await redirected.text());
  console.log(await (await fetch(`${base}/stream`)).text());
  console.log((await failureOf(fetch(`${base}/never`, { signal: AbortSignal.timeout(50) }))).name);
  const cut = await fetch(`${base}/cut`);
  console.log((await failureOf(cut.text())).message);
  const controller = new AbortController();
  const aborted = failureOf(fetch(`${base}/never`, { signal: controller.signal }));
  await work(10);
  controller.abort(new Error("not needed any more"));
  console.log((await aborted).message);
  server.closeAllConnections();
  server.close();
  await once(server, "close");
  console.log((await failureOf(fetch(base))).message);
}
