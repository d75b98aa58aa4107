import { once } from "node:events";
import { createClient } from "redis";
import { createRedis } from "../servers/redis.mjs";
import { failureOf, listen } from "./support.mjs";

export const library = "redis";
export const about =
  "node-redis: 5 clients of 10 commands, MULTI, publish and subscribe, a reconnection; server of RESP 2";

export default async function program() {
  const sockets = new Set();
  const server = createRedis(() => Math.random() * 5);
  server.on("connection", (socket) => sockets.add(socket));
  const url = `redis://localhost:${await listen(server)}`;
  const clients = await Promise.all(
    Array.from({ length: 5 }, async () => {
      const client = createClient({ url, RESP: 2, socket: { reconnectStrategy: 50 } });
      client.on("error", () => {});
      await client.connect();
      return client;
    }),
  );
  await Promise.all(
    clients.map(async (client, i) => {
      for (let j = 0; j < 10; j++) {
        await client.set(`key:${i}:${j}`, `value ${j}`);
        console.log(await client.get(`key:${i}:${j}`));
      }
    }),
  );
  const [first, second] = clients;
  console.log(JSON.stringify(await first.multi().incr("n").incr("n").exec()));
  const subscriber = second.duplicate();
  subscriber.on("error", () => {});
  await subscriber.connect();
  const heard = new Promise((resolve) =>
    subscriber.subscribe("news", resolve).then(() => first.publish("news", "hello")),
  );
  console.log(await heard);
  console.log((await failureOf(first.sendCommand(["NONSENSE"]))).message);
  const reconnecting = new Promise((resolve) => first.once("reconnecting", resolve));
  for (const socket of sockets) {
    socket.destroy();
  }
  await reconnecting;
  console.log(await first.get("n"));
  for (const client of [...clients, subscriber]) {
    client.destroy();
  }
  server.close();
  await once(server, "close");
}
