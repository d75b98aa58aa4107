import "../index.ts";
import { lookup, lookupService, Resolver, resolve4 } from "node:dns/promises";
import { once } from "node:events";
import net from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import test from "ava";
import { getRunningLoop } from "../../network/event-loop.ts";
import { simulate } from "../../simulation.ts";

type Log = (...entry: unknown[]) => void;

/** What `program` logs, each entry with the virtual time in milliseconds. */
async function logOf(program: (log: Log) => Promise<unknown>): Promise<string[]> {
  const entries: string[] = [];
  const { error } = await simulate(() =>
    program((...entry) => entries.push([Math.round(performance.now()), ...entry].join(" "))),
  );
  return error === undefined ? entries : [...entries, String(error)];
}

test("net: a connection on the loopback, from listening to the last close", async (t) => {
  const log = await logOf(async (log) => {
    const server = net.createServer((socket) => {
      log("accepted", socket.remoteAddress, socket.localPort);
      socket.on("data", (data) => socket.write(`echo ${data}`));
      socket.on("end", () => log("server: end"));
      socket.on("close", (hadError) => log("server: close", hadError));
    });
    server.listen(8080, () => log("listening", JSON.stringify(server.address())));
    await once(server, "listening");
    const socket = net.connect(8080, "127.0.0.1");
    await once(socket, "connect");
    log("connected", socket.remoteAddress, socket.remotePort);
    socket.write("hello");
    const [data] = await once(socket, "data");
    log(data, socket.bytesRead, socket.bytesWritten);
    socket.end();
    await once(socket, "close");
    log("client: close");
    server.close(() => log("server closed"));
    await once(server, "close");
  });
  t.deepEqual(log, [
    '0 listening {"address":"::","family":"IPv6","port":8080}',
    "0 accepted ::ffff:127.0.0.1 8080",
    "0 connected 127.0.0.1 8080",
    "0 echo hello 10 5",
    "0 server: end",
    "0 server: close false",
    "0 client: close",
    "0 server closed",
  ]);
});

test("net: refused, unknown, in use and reset are Node's errors", async (t) => {
  const log = await logOf(async (log) => {
    const failure = async (emitter: net.Socket | net.Server): Promise<void> => {
      const [{ message, code, syscall, errno }] = await once(emitter, "error");
      log(`${message} ${code} ${syscall} ${typeof errno}`);
    };
    await failure(net.connect(81, "127.0.0.1"));
    await failure(net.connect(81, "nowhere.example"));
    const server = net.createServer().listen(8080);
    await once(server, "listening");
    await failure(net.createServer().listen(8080));
    const socket = net.connect(8080);
    const [accepted] = (await once(server, "connection")) as [net.Socket];
    await once(socket, "connect");
    socket.resetAndDestroy();
    await failure(accepted);
  });
  t.deepEqual(log, [
    "0 connect ECONNREFUSED 127.0.0.1:81 ECONNREFUSED connect number",
    "0 getaddrinfo ENOTFOUND nowhere.example ENOTFOUND getaddrinfo number",
    "0 listen EADDRINUSE: address already in use :::8080 EADDRINUSE listen number",
    "0 read ECONNRESET ECONNRESET read number",
  ]);
});

test("net: a slow reader holds the writer back, half-closed connections go on, and idle timers ring", async (t) => {
  const log = await logOf(async (log) => {
    const megabytes = 8 * 2 ** 20;
    const server = net.createServer({ allowHalfOpen: true, pauseOnConnect: true }, async (socket) => {
      await sleep(1000);
      let bytes = 0;
      socket.on("data", (data) => {
        bytes += data.length;
      });
      socket.resume();
      await once(socket, "end");
      socket.end(`got ${bytes}`);
    });
    server.listen(8080);
    const socket = net.connect(8080);
    // As in Node, the idle timer begins anew once if a write is in progress.
    log("written at once:", socket.write(Buffer.alloc(megabytes)));
    socket.setTimeout(400, () => log("idle"));
    await once(socket, "drain");
    log("drained");
    socket.setTimeout(0);
    socket.end();
    const [data] = await once(socket, "data");
    log(data);
  });
  t.deepEqual(log, ["0 written at once: false", "800 idle", "1000 drained", `1000 got ${8 * 2 ** 20}`]);
});

test("dns: names are those of the hosts and of the network", async (t) => {
  const { value, error } = await simulate(async () => {
    const { network } = getRunningLoop();
    network.host("db", { addresses: ["10.1.0.1"] });
    network.names.set("api.example", ["10.2.0.1", "10.2.0.2"], { delay: 0.25 });
    network.names.fail("broken.example", "EAI_AGAIN");
    const failure = async (promise: Promise<unknown>): Promise<unknown> => promise.catch(({ message }) => message);
    return [
      await lookup("db"),
      await resolve4("api.example"),
      performance.now(),
      await failure(lookup("broken.example")),
      await failure(resolve4("unknown.example")),
      await lookup("10.9.9.9", { all: true }),
    ];
  });
  t.is(error, undefined);
  t.deepEqual(value, [
    { address: "10.1.0.1", family: 4 },
    ["10.2.0.1", "10.2.0.2"],
    250,
    "getaddrinfo EAI_AGAIN broken.example",
    "queryA ENOTFOUND unknown.example",
    [{ address: "10.9.9.9", family: 4 }],
  ]);
});

test("net: what is left open at the end of a run is closed without a trace, and real sockets work beside it", async (t) => {
  const program = async (): Promise<void> => {
    net.createServer((socket) => socket.on("close", () => console.log("never"))).listen(8080);
    await once(net.connect(8080), "connect");
  };
  const [first, second] = [await simulate(program), await simulate(program)];
  t.deepEqual([first.output, first.error, first.digest === second.digest], ["", undefined, true]);
  const server = net.createServer((socket) => socket.end("real")).listen(0, "127.0.0.1");
  await once(server, "listening");
  const [data] = await once(net.connect((server.address() as net.AddressInfo).port, "127.0.0.1"), "data");
  server.close();
  t.is(String(data), "real");
});

test("net: addresses of IPv6, and a name with addresses of both families, of which the first does not answer", async (t) => {
  const log = await logOf(async (log) => {
    const { network } = getRunningLoop();
    const server = net.createServer((socket) => log("accepted", socket.remoteAddress, socket.remoteFamily)).listen(80);
    await once(server, "listening");
    const six = net.connect(80, "::1");
    await once(six, "connect");
    log(six.localAddress, six.remoteAddress, net.isIPv6("::1"));
    const { addresses } = network.host("silent", { addresses: ["10.5.0.1"] });
    network.names.set("both.example", [...addresses, "::1"]);
    network.link("localhost", "silent").set({ loss: 1 });
    const happy = net.connect({ host: "both.example", port: 80, autoSelectFamily: true });
    await once(happy, "connect");
    log("connected to", happy.remoteAddress);
  });
  t.deepEqual(log, ["0 accepted ::1 IPv6", "0 ::1 ::1 true", "250 accepted ::1 IPv6", "250 connected to ::1"]);
});

test("dns: resolvers, queries for records that there are none of, reverse lookups and cancelled ones", async (t) => {
  const { value, error } = await simulate(async () => {
    const { network } = getRunningLoop();
    network.host("db", { addresses: ["10.1.0.1"] });
    network.names.set("slow.example", ["10.2.0.1"], { delay: 5 });
    const resolver = new Resolver();
    const failure = async (promise: Promise<unknown>): Promise<unknown> => promise.catch(({ message }) => message);
    const cancelled = failure(resolver.resolve4("slow.example"));
    resolver.cancel();
    return [
      await cancelled,
      await resolver.resolve4("db", { ttl: true }),
      await failure(resolver.resolve6("db")),
      await failure(resolver.resolveMx("db")),
      await resolver.reverse("10.1.0.1"),
      await lookupService("10.1.0.1", 80),
      performance.now(),
    ];
  });
  t.is(error, undefined);
  t.deepEqual(value, [
    "queryA ECANCELLED slow.example",
    [{ address: "10.1.0.1", ttl: 0 }],
    "queryAaaa ENODATA db",
    "queryMx ENODATA db",
    ["db"],
    { hostname: "db", service: "80" },
    0,
  ]);
});
