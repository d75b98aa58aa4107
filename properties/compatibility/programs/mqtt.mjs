import { once } from "node:events";
import net from "node:net";
import { Aedes } from "aedes";
import mqtt from "mqtt";
import { listen } from "./support.mjs";

export const library = "mqtt";
export const alsoUses = ["aedes"];
export const about =
  "clients of a broker in the simulation: topics, quality of service 1 and 2, retained messages, a last will, a reconnection";

export default async function program() {
  const broker = Aedes.createBroker === undefined ? new Aedes() : await Aedes.createBroker();
  const server = net.createServer(broker.handle);
  const url = `mqtt://localhost:${await listen(server)}`;
  const connect = (id, options = {}) => mqtt.connectAsync(url, { clientId: id, reconnectPeriod: 100, ...options });
  const [first, second] = await Promise.all([
    connect("first"),
    connect("second", { will: { topic: "wills", payload: Buffer.from("second is gone"), qos: 1 } }),
  ]);
  await first.subscribeAsync("#", { qos: 2 });
  const seen = [];
  first.on("message", (topic, payload) => seen.push(`${topic} ${payload}`));
  await Promise.all([0, 1, 2].map((qos) => second.publishAsync(`qos/${qos}`, `message ${qos}`, { qos })));
  await second.publishAsync("kept", "retained", { retain: true });
  await new Promise((resolve) => setTimeout(resolve, 100));
  second.stream.destroy();
  await once(second, "connect");
  await new Promise((resolve) => setTimeout(resolve, 200));
  console.log(seen.toSorted((a, b) => a.localeCompare(b)).join("; "));
  await Promise.all([first.endAsync(), second.endAsync()]);
  await new Promise((resolve) => broker.close(resolve));
  server.close();
  await once(server, "close");
}
