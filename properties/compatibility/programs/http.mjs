import { once } from "node:events";
import http from "node:http";
import net from "node:net";
import { bodyOf, failureOf, listen, work } from "./support.mjs";

export const library = "node:http";
export const about =
  "keep-alive, chunked bodies both ways, pipelining, 100-continue, upgrade, aborted requests, time limits";

function createServer() {
  const server = http.createServer(async (request, response) => {
    if (request.url === "/never") {
      return;
    }
    if (request.url === "/chunks") {
      for (let i = 0; i < 4; i++) {
        response.write(`chunk ${i};`);
        await work(5);
      }
      response.end();
      return;
    }
    const body = await bodyOf(request);
    await work(10);
    response.setHeader("X-Length", body.length);
    response.end(`${request.method} ${request.url} ${body.length}`);
  });
  server.on("upgrade", (_request, socket, head) => {
    socket.write("HTTP/1.1 101 Switching Protocols\r\nUpgrade: echo\r\nConnection: Upgrade\r\n\r\n");
    socket.write(head);
    socket.pipe(socket);
  });
  return server;
}

function send(options, body) {
  return new Promise((resolve, reject) => {
    const request = http.request(options, async (response) =>
      resolve(`${response.statusCode} ${await bodyOf(response)}`),
    );
    request.on("error", reject);
    request.end(body);
  });
}

async function pipelined(port) {
  const socket = net.connect(port, "localhost");
  await once(socket, "connect");
  for (const path of ["/first", "/second", "/third"]) {
    socket.write(`GET ${path} HTTP/1.1\r\nHost: localhost\r\n${path === "/third" ? "Connection: close\r\n" : ""}\r\n`);
  }
  const answer = await bodyOf(socket);
  return answer.match(/GET \/\w+ 0/g).join(", ");
}

async function upgraded(port) {
  const request = http.get({ port, headers: { Connection: "Upgrade", Upgrade: "echo" } });
  const [, socket] = await once(request, "upgrade");
  socket.write("over the upgraded connection");
  const [data] = await once(socket, "data");
  socket.end();
  return data;
}

export default async function program() {
  const server = createServer();
  const port = await listen(server);
  const agent = new http.Agent({ keepAlive: true, maxSockets: 3 });
  const clients = Array.from({ length: 5 }, async (_, client) => {
    for (let i = 0; i < 10; i++) {
      console.log(await send({ port, agent, method: "POST", path: `/${client}/${i}` }, "x".repeat(i * 1000)));
    }
  });
  await Promise.all(clients);
  console.log(await send({ port, agent, path: "/chunks" }));
  const large = http.request({ port, agent, method: "PUT", path: "/large", headers: { Expect: "100-continue" } });
  await once(large, "continue");
  large.end("y".repeat(300_000));
  const [response] = await once(large, "response");
  console.log(response.headers["x-length"], await bodyOf(response));
  console.log(await pipelined(port));
  console.log(String(await upgraded(port)));
  console.log((await failureOf(send({ port, path: "/never", signal: AbortSignal.timeout(50) }))).name);
  const slow = http.get({ port, path: "/never", timeout: 30 });
  await once(slow, "timeout");
  slow.destroy();
  console.log((await once(slow, "error"))[0].code);
  agent.destroy();
  server.closeAllConnections();
  server.close();
  await once(server, "close");
}
