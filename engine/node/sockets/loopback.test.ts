import "../index.ts";
import dgram from "node:dgram";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import http from "node:http";
import net from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import test from "ava";
import { simulate } from "../../simulation.ts";

/*
 * What Node does on the loopback of a real machine, and the simulation does as well: each program runs in both, and
 * logs the same. The logs hold neither times nor ports, and only what follows from one another.
 */

type Log = (...entry: unknown[]) => void;
type Program = (log: Log) => Promise<unknown>;

async function logOf(program: Program): Promise<string[]> {
  const entries: string[] = [];
  await program((...entry) => entries.push(entry.map(String).join(" ")));
  return entries;
}

/** `program` logs `expected` on the real loopback and in the simulation. */
function isNodes(title: string, program: Program, expected: readonly string[]): void {
  test(`${title}, as on the loopback of a real machine`, async (t) => {
    const { value, error } = await simulate(() => logOf(program));
    t.deepEqual(
      { real: await logOf(program), simulated: value, error },
      {
        real: [...expected],
        simulated: [...expected],
        error: undefined,
      },
    );
  });
}

async function listening<T extends net.Server>(server: T, host = "127.0.0.1"): Promise<number> {
  server.listen(0, host);
  await once(server, "listening");
  return (server.address() as net.AddressInfo).port;
}

const messageOf = async (emitter: NodeJS.EventEmitter): Promise<string> => {
  const [{ code, syscall }] = await once(emitter, "error");
  return `${syscall} ${code}`;
};

isNodes(
  "net: a half-closed connection still carries data the other way",
  async (log) => {
    const server = net.createServer({ allowHalfOpen: true }, (socket) => {
      socket.on("data", (data) => log("server got", data));
      socket.on("end", () => {
        log("server: end", socket.readable, socket.writable);
        socket.end("late answer");
      });
    });
    const socket = net.connect(await listening(server), "127.0.0.1");
    socket.end("question");
    const [data] = await once(socket, "data");
    log("client got", data, socket.writable);
    await once(socket, "close");
    server.close();
    await once(server, "close");
  },
  ["server got question", "server: end false true", "client got late answer false"],
);

isNodes(
  "net: resetAndDestroy is ECONNRESET at the other end, and destroy with unread data as well",
  async (log) => {
    const server = net.createServer();
    const port = await listening(server);
    const first = net.connect(port, "127.0.0.1");
    const [accepted] = (await once(server, "connection")) as [net.Socket];
    first.resetAndDestroy();
    log(await messageOf(accepted));
    server.close();
    await once(server, "close");
    log(await messageOf(net.connect(port, "127.0.0.1")));
  },
  ["read ECONNRESET", "connect ECONNREFUSED"],
);

isNodes(
  "net: addresses and ports of both ends, also of those that the client chooses",
  async (log) => {
    const host = "127.0.0.1";
    const server = net.createServer();
    const port = await listening(server, host);
    const probe = net.createServer();
    const localPort = await listening(probe, host);
    probe.close();
    await once(probe, "close");
    const socket = net.connect({ port, host, localAddress: host, localPort });
    const [accepted] = (await once(server, "connection")) as [net.Socket];
    await (socket.connecting ? once(socket, "connect") : null);
    log(socket.localAddress, socket.localPort === localPort, socket.remoteFamily, socket.remotePort === port);
    log(accepted.remoteAddress, accepted.remotePort === localPort, accepted.localFamily, accepted.localPort === port);
    socket.destroy();
    accepted.destroy();
    server.close();
    await once(server, "close");
  },
  ["127.0.0.1 true IPv4 true", "127.0.0.1 true IPv4 true"],
);

isNodes(
  "net: options of sockets, and a server that is in use, closed or closed twice",
  async (log) => {
    const server = net.createServer({ noDelay: true, keepAlive: true, keepAliveInitialDelay: 1000 });
    const port = await listening(server);
    log(await messageOf(net.createServer().listen(port, "127.0.0.1")));
    const socket = net.connect({ port, host: "127.0.0.1", noDelay: true, keepAlive: true });
    await once(socket, "connect");
    log(socket.setNoDelay(false) === socket, socket.setKeepAlive(true, 500) === socket, socket.timeout);
    log(server.listening, await new Promise((resolve) => server.getConnections((_error, count) => resolve(count))));
    server.close(() => log("closed, once the last connection is"));
    log(server.listening);
    socket.end();
    await once(server, "close");
    server.close((error) => log((error as NodeJS.ErrnoException).code));
    await new Promise((resolve) => setImmediate(resolve));
  },
  [
    "listen EADDRINUSE",
    "true true undefined",
    "true 1",
    "false",
    "closed, once the last connection is",
    "ERR_SERVER_NOT_RUNNING",
  ],
);

isNodes(
  "net: a writer learns from write and drain that the reader is slow",
  async (log) => {
    const server = net.createServer({ pauseOnConnect: true });
    const socket = net.connect(await listening(server), "127.0.0.1");
    const [accepted] = (await once(server, "connection")) as [net.Socket];
    log(socket.write(Buffer.alloc(8 * 2 ** 20)), socket.writableNeedDrain);
    let bytes = 0;
    accepted.on("data", (data) => {
      bytes += data.length;
    });
    accepted.resume();
    await once(socket, "drain");
    socket.end();
    await once(accepted, "end");
    log(bytes, socket.bytesWritten, accepted.bytesRead);
    server.close();
    await once(server, "close");
  },
  ["false true", `${8 * 2 ** 20} ${8 * 2 ** 20} ${8 * 2 ** 20}`],
);

isNodes(
  "http: closeIdleConnections closes connections between requests, closeAllConnections all",
  async (log) => {
    const server = http.createServer((request, response) => {
      if (request.url === "/answer") {
        response.end("answer");
      }
    });
    const port = await listening(server);
    const agent = new http.Agent({ keepAlive: true });
    const [answer] = (await once(http.get({ port, host: "127.0.0.1", path: "/answer", agent }), "response")) as [
      http.IncomingMessage,
    ];
    const { socket } = answer;
    answer.resume();
    await once(answer, "end");
    const pending = http.get({ port, host: "127.0.0.1", path: "/never", agent: new http.Agent() });
    pending.on("error", () => {});
    await once(server, "request");
    const closed = once(socket, "close");
    server.closeIdleConnections();
    await closed;
    log("the idle one is closed;", pending.destroyed ? "both are" : "the other is not");
    server.closeAllConnections();
    await new Promise((resolve) => pending.once("close", resolve));
    server.close();
    await once(server, "close");
    agent.destroy();
  },
  ["the idle one is closed; the other is not"],
);

isNodes(
  "dgram: datagrams keep their boundaries; a connected socket learns that nothing listens",
  async (log) => {
    const server = dgram.createSocket("udp4");
    server.on("message", (data, { address, family, size }) => log(data, address, family, size));
    server.bind(0, "127.0.0.1");
    await once(server, "listening");
    const client = dgram.createSocket("udp4");
    client.send(["in ", "pieces"], server.address().port, "127.0.0.1", (_error, bytes) => log("sent", bytes));
    await once(server, "message");
    const reused = dgram.createSocket("udp4");
    log(await messageOf(reused.bind(server.address().port, "127.0.0.1")));
    const { port } = server.address();
    server.close();
    await once(server, "close");
    const lonely = dgram.createSocket("udp4");
    lonely.connect(port, "127.0.0.1");
    await once(lonely, "connect");
    log(lonely.remoteAddress().address);
    lonely.send("anybody?");
    log(await messageOf(lonely));
    client.close();
    lonely.close();
  },
  ["sent 9", "in pieces 127.0.0.1 IPv4 9", "bind EADDRINUSE", "127.0.0.1", "recvmsg ECONNREFUSED"],
);

isNodes(
  "net: a server at the path of a Unix-domain socket",
  async (log) => {
    const directory = mkdtempSync(join(tmpdir(), "simloop-"));
    const path = join(directory, "socket");
    const server = http.createServer((request, response) =>
      response.end(`${request.url} of ${request.socket.remoteAddress}`),
    );
    server.listen(path);
    await once(server, "listening");
    log(server.address() === path, await messageOf(net.createServer().listen(path)));
    const [answer] = (await once(http.get({ socketPath: path, path: "/page" }), "response")) as [http.IncomingMessage];
    for await (const data of answer) {
      log(data);
    }
    server.close();
    server.closeAllConnections();
    await once(server, "close");
    log(await messageOf(net.connect(path)));
    rmSync(directory, { recursive: true });
  },
  ["true listen EADDRINUSE", "/page of undefined", "connect ENOENT"],
);
