import {
  createTask,
  defineScenario,
  encode,
  gather,
  getRunningLoop,
  print,
  sleep,
  strftime,
} from "../../engine/index.ts";
import { DemoProtocol } from "./demo-protocol.ts";
import { ask, get } from "./web-client.ts";

async function* serve() {
  const loop = getRunningLoop();
  const server = yield* loop.createServer(() => new DemoProtocol(), "127.0.0.1", 8888);
  yield* server.serveForever();
}

async function* client(name: string, delay: number, request: Uint8Array) {
  yield* sleep(delay);
  print(`${strftime("%X")} ${name} asks`, request);
  const response = yield* ask("127.0.0.1", 8888, request);
  print(`${strftime("%X")} ${name} gets`, response);
}

const startClient = (name: string, delay: number, request: Uint8Array) =>
  createTask(client(name, delay, request), { name: `client ${name}` });

async function* main() {
  const server = createTask(serve(), { name: "server" });
  yield* gather([
    startClient("A", 1, get("/block")),
    startClient("B", 2, get("/")),
    startClient("C", 3, get("/block")),
    startClient("D", 4, get("/other")),
    startClient("E", 5, encode("Is anybody there?")),
  ]);
  server.cancel();
}

export default defineScenario({
  name: "tcp-server",
  about: "a server that answers others at once while one client waits its ten seconds",
  start: "15:30:00",
  main,
  real: serve,
});
