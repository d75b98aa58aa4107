import { once } from "node:events";
import Redis from "ioredis";
import { createRedis } from "../servers/redis.mjs";
import { failureOf, listen, work } from "./support.mjs";

export const library = "ioredis";
export const about =
  "commands, pipelines, MULTI, auto-pipelining, expiry, publish and subscribe, command timeouts, a reconnection; server of RESP 2";

export default async function program() {
  const sockets = new Set();
  const server = createRedis(() => Math.random() * 5);
  server.on("connection", (socket) => sockets.add(socket));
  const port = await listen(server);
  const clients = await Promise.all(
    Array.from(
      { length: 5 },
      () => new Redis(port, "localhost", { lazyConnect: true, retryStrategy: (times) => times * 50 }),
    ),
  );
  await Promise.all(clients.map((client) => client.connect()));
  await Promise.all(
    clients.map(async (client, i) => {
      for (let j = 0; j < 10; j++) {
        await client.set(`key:${i}:${j}`, `value ${j}`);
        console.log(await client.get(`key:${i}:${j}`));
        await client.incr("count");
      }
    }),
  );
  const [first, second] = clients;
  console.log("count", await first.get("count"));
  console.log(JSON.stringify(await first.pipeline().set("a", "1").incr("a").get("a").exec()));
  console.log(JSON.stringify(await first.multi().rpush("list", "x", "y").lpop("list").exec()));
  await first.set("short", "lived", "PX", 100);
  console.log(await first.get("short"));
  await new Promise((resolve) => setTimeout(resolve, 150));
  console.log(await first.get("short"));
  console.log((await failureOf(first.call("NONSENSE"))).message);
  const subscriber = second.duplicate();
  await subscriber.subscribe("news");
  const heard = once(subscriber, "message");
  console.log("subscribers", await first.publish("news", "hello"));
  console.log(...(await heard));
  const automatic = first.duplicate({ enableAutoPipelining: true });
  console.log((await Promise.all(["a", "count", "none"].map((key) => automatic.get(key)))).join());
  for (const socket of sockets) {
    socket.destroy();
  }
  await work(10);
  console.log("after a reconnection", await first.get("a"));
  await Promise.all([...clients, automatic].map((client) => client.quit()));
  subscriber.disconnect();
  server.close();
  await once(server, "close");
}
