import { type AddressInfo, connect, createServer, type Server, type Socket } from "node:net";
import { echo } from "../workloads/w5-echo.ts";
import { openConnections } from "../workloads/w8-open-connections.ts";
import type { Program } from "../workloads/workload.ts";

/** An echo server on a real socket of this machine. */
async function listening(backlog: number): Promise<{ readonly server: Server; readonly port: number }> {
  const server = createServer((socket) => {
    socket.setNoDelay(true);
    socket.on("data", (data) => socket.write(data));
    socket.on("error", () => {});
  });
  await new Promise<void>((resolve) => server.listen({ port: 0, host: "127.0.0.1", backlog }, resolve));
  return { server, port: (server.address() as AddressInfo).port };
}

/**
 * A client that sends `requests` messages, each when the last came back; returns how many bytes came, and stays open.
 */
function client(
  port: number,
  requests: number,
  bytes: number,
): Promise<{ readonly received: number; readonly socket: Socket }> {
  const message = Buffer.alloc(bytes);
  return new Promise((resolve, reject) => {
    let received = 0;
    const socket = connect(port, "127.0.0.1", () => socket.write(message));
    socket.setNoDelay(true);
    socket.on("error", reject);
    socket.on("data", (data) => {
      received += data.length;
      if (received === requests * bytes) resolve({ received, socket });
      else if (received % bytes === 0) socket.write(message);
    });
  });
}

/** The network's workloads on real loopback sockets. */
export const nodeNet: Readonly<Record<string, Program>> = {
  async W5(scale) {
    const { server, port } = await listening(100);
    const requests = echo.requests(scale);
    const clients = Array.from({ length: echo.clients }, () => client(port, requests, echo.bytes));
    let sum = 0;
    for (const { received, socket } of await Promise.all(clients)) {
      sum += received;
      socket.destroy();
    }
    server.close();
    return String(sum);
  },
  async W8(scale) {
    const count = openConnections.units(scale);
    const { server, port } = await listening(count);
    const open: Socket[] = [];
    for (let i = 0; i < count; i++) open.push((await client(port, 1, 64)).socket);
    const alive = open.filter((socket) => !socket.destroyed).length;
    for (const socket of open) socket.destroy();
    server.close();
    return String(alive);
  },
};
