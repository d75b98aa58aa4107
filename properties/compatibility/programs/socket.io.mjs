import { once } from "node:events";
import http from "node:http";
import { Server } from "socket.io";
import { io } from "socket.io-client";
import { listen, work } from "./support.mjs";

export const library = "socket.io";
export const alsoUses = ["socket.io-client"];
export const about = "polling and its upgrade to WebSocket, rooms, acknowledgements, time limits, a reconnection";

export default async function program() {
  const server = http.createServer();
  const sockets = new Server(server, { pingInterval: 5000 });
  sockets.on("connection", (socket) => {
    socket.on("join", async (room, done) => {
      await socket.join(room);
      sockets.to(room).emit("joined", room);
      done(sockets.sockets.adapter.rooms.get(room).size > 0);
    });
    socket.on("add", async (a, b, done) => {
      await work(10);
      done(a + b);
    });
    socket.on("ignored", () => {});
  });
  const port = await listen(server);
  const clients = await Promise.all(
    Array.from({ length: 4 }, async (_, i) => {
      const client = io(`http://localhost:${port}`, {
        forceNew: true,
        transports: i % 2 === 0 ? ["polling", "websocket"] : ["websocket"],
        reconnectionDelay: 100,
      });
      await once(client, "connect");
      return client;
    }),
  );
  await Promise.all(
    clients.map(async (client, i) => {
      for (let j = 0; j < 5; j++) {
        console.log(i, await client.emitWithAck("add", i, j));
      }
      const joined = once(client, "joined");
      console.log(await client.emitWithAck("join", `room ${i % 2}`));
      console.log((await joined)[0]);
    }),
  );
  console.log(
    await clients[0]
      .timeout(50)
      .emitWithAck("ignored")
      .catch(({ message }) => message),
  );
  const again = once(clients[1], "connect");
  clients[1].io.engine.close();
  await again;
  console.log("connected again", await clients[1].emitWithAck("add", 1, 1));
  for (const client of clients) {
    client.disconnect();
  }
  await sockets.close();
}
