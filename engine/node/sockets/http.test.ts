import "../index.ts";
import { once } from "node:events";
import http from "node:http";
import os from "node:os";
import { setTimeout as sleep } from "node:timers/promises";
import test from "ava";
import { getRunningLoop } from "../../network/event-loop.ts";
import { simulate } from "../../simulation.ts";

/** A server that answers after a while of its own choice. */
function slowServer(): http.Server {
  return http.createServer(async (request, response) => {
    await sleep(Math.random() * 10);
    response.end(`${os.hostname()} ${request.url}`);
  });
}

const get = (path: string, options: http.RequestOptions = {}): Promise<string> =>
  new Promise((resolve, reject) => {
    const request = http.get({ port: 8080, path, ...options }, async (response) => {
      let text = "";
      for await (const piece of response.setEncoding("utf8")) {
        text += piece;
      }
      resolve(`${response.statusCode} ${text}`);
    });
    request.on("error", reject);
  });

test("http: requests over kept connections, equal in every run of a seed, and dated by the simulation", async (t) => {
  const program = async (): Promise<void> => {
    const server = slowServer().listen(8080);
    await once(server, "listening");
    const client = async (name: string): Promise<void> => {
      for (let i = 0; i < 3; i++) {
        console.log(await get(`/${name}/${i}`));
      }
    };
    await Promise.all([client("a"), client("b"), client("c")]);
    const [response] = (await once(http.get({ port: 8080 }), "response")) as [http.IncomingMessage];
    console.log(response.headers.date, response.headers.connection);
    server.close();
  };
  const results = [await simulate(program, { seed: 1 }), await simulate(program, { seed: 1 }), await simulate(program)];
  t.is(results[0]?.error, undefined);
  t.is(new Set(results.map(({ digest }) => digest)).size, 2);
  const lines = results[0]?.output.trim().split("\n") as string[];
  t.is(lines.length, 10);
  t.true(lines.includes("200 localhost /c/2"));
  t.is(lines.at(-1), "Sat, 01 Jan 2000 00:00:00 GMT keep-alive");
});

test("fetch: bodies, streams, errors and time limits", async (t) => {
  const program = async (): Promise<void> => {
    const server = http.createServer((request, response) => {
      if (request.url === "/never") {
        return;
      }
      request.on("data", (data) => response.write(`[${data}]`));
      request.on("end", () => response.end());
    });
    server.listen(8080);
    const posted = await fetch("http://localhost:8080/", { method: "POST", body: "body" });
    console.log(posted.status, await posted.text());
    const late = await fetch("http://localhost:8080/never", { signal: AbortSignal.timeout(5000) }).catch(
      (error) => error,
    );
    console.log(performance.now(), late.name);
    const refused = await fetch("http://localhost:9090/").catch((error) => error);
    console.log(refused.message, refused.cause.code);
  };
  const results = [await simulate(program), await simulate(program), await simulate(program)];
  t.is(results[0]?.error, undefined);
  t.is(results[0]?.output, "200 [body]\n5000 TimeoutError\nfetch failed ECONNREFUSED\n");
  t.is(new Set(results.map(({ digest }) => digest)).size, 1);
});

test("http: time limits of requests and kept connections are virtual", async (t) => {
  const { output, error } = await simulate(async () => {
    const server = http.createServer({ keepAliveTimeout: 3000 }, (request, response) => {
      if (request.url === "/answer") {
        response.end("answer");
      }
    });
    server.listen(8080);
    const request = http.get({ port: 8080, timeout: 2000 });
    await once(request, "timeout");
    console.log(performance.now(), "no answer");
    request.destroy();
    await once(request, "error");
    const agent = new http.Agent({ keepAlive: true });
    console.log(await get("/answer", { agent }));
    const [socket] = Object.values(agent.freeSockets)[0] ?? [];
    await once(socket!, "close");
    // Node lets a connection live a second longer than it says, or two.
    console.log(performance.now() >= 5000 && performance.now() < 7000, "connection closed");
  });
  t.is(error, undefined);
  t.is(output, "2000 no answer\n200 answer\ntrue connection closed\n");
});

test("Hosts: async functions run on hosts, across awaits and connections; a crash ends them, a restart begins them again", async (t) => {
  const program = async (): Promise<void> => {
    const { network } = getRunningLoop();
    const db = network.host("db");
    const web = network.host("web");
    network.setLink(db, web, { latency: 0.01 });
    db.boot(async () => {
      slowServer().listen(8080);
      await new Promise(() => {});
    });
    const client = web.run(async () => {
      await sleep(100);
      const answer = await fetch("http://db:8080/1");
      console.log(os.hostname(), "asks", await answer.text());
      db.crash();
      const lost = await fetch("http://db:8080/2", { signal: AbortSignal.timeout(1000) }).catch((error) => error);
      console.log(os.hostname(), lost.name);
      db.restart();
      await sleep(100);
      // The connection that was kept is one of the life before.
      const stale = await fetch("http://db:8080/3").catch((error) => error.cause.code);
      console.log(stale, await (await fetch("http://db:8080/4")).text());
    });
    await new Promise<void>((resolve) => client.addDoneCallback(() => resolve()));
    console.log(os.hostname(), client.cancelled() || client.exception() || "done");
  };
  const results = [await simulate(program), await simulate(program)];
  t.is(results[0]?.error, undefined);
  t.is(results[0]?.output, "web asks db /1\nweb TimeoutError\nECONNRESET db /4\nlocalhost done\n");
  t.is(results[0]?.digest, results[1]?.digest);
});
