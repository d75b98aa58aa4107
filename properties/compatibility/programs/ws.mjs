import { once } from "node:events";
import http from "node:http";
import { WebSocket, WebSocketServer } from "ws";
import { listen, work } from "./support.mjs";

export const library = "ws";
export const about =
  "a chat over a shared http server: broadcast, binary frames, compression, ping and pong, close codes, terminate";

export default async function program() {
  const http1 = http.createServer();
  const server = new WebSocketServer({ server: http1, perMessageDeflate: { threshold: 2000 } });
  server.on("connection", (socket, request) => {
    const name = request.url.slice(1);
    socket.on("message", async (data, isBinary) => {
      await work(5);
      if (isBinary) {
        socket.send(data, { binary: true });
        return;
      }
      for (const each of server.clients) {
        each.send(`${name}: ${data}`);
      }
    });
    socket.on("close", (code, reason) => console.log("server: closed", name, code, String(reason)));
  });
  const port = await listen(http1);
  const clients = [];
  for (let i = 0; i < 5; i++) {
    const socket = new WebSocket(`ws://localhost:${port}/client${i}`);
    await once(socket, "open");
    clients.push(socket);
  }
  let received = 0;
  const all = new Promise((resolve) => {
    for (const [i, socket] of clients.entries()) {
      socket.on("message", (data, isBinary) => {
        if (!isBinary) {
          console.log(i, "got", String(data).slice(0, 40));
          if (++received === 55) {
            resolve();
          }
        }
      });
    }
  });
  await Promise.all(
    clients.map(async (socket, i) => {
      for (let j = 0; j < 2; j++) {
        socket.send(`message ${j} of ${i}`);
        await work(20);
      }
    }),
  );
  clients[0].send("z".repeat(10_000));
  await all;
  clients[0].send(Buffer.from([1, 2, 3]));
  console.log((await once(clients[0], "message"))[0]);
  clients[0].ping("are you there");
  console.log(String((await once(clients[0], "pong"))[0]));
  const closing = clients.map((socket) => once(socket, "close"));
  clients.slice(1).forEach((socket, i) => {
    socket.close(4000 + i, "enough");
  });
  clients[0].terminate();
  for (const [code] of await Promise.all(closing)) {
    console.log("client: closed", code);
  }
  server.close();
  http1.close();
  await once(http1, "close");
}
