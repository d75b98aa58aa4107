import test from "ava";
import { simulate } from "../../simulation.ts";
import { sleep } from "../../tasks/sleep.ts";
import { getRunningLoop } from "../event-loop.ts";
import type { Host } from "../hosts/host.ts";
import type { Network } from "../network.ts";
import type { NetworkOptions } from "../network-options.ts";
import { READ, WRITE } from "../poller.ts";
import { SimulatedDatagramSocket } from "./datagram-socket.ts";
import { SimulatedStreamSocket } from "./stream-socket.ts";

/* Sockets call by call: what they return, throw and are ready for. */

type Steps<T = void> = Generator<unknown, T, unknown>;

interface World {
  readonly log: (...words: unknown[]) => void;
  readonly network: Network;
  readonly a: Host;
  readonly b: Host;
  /** Sockets of a host. */
  readonly udp: (host: Host, family?: 4 | 6) => SimulatedDatagramSocket;
  readonly tcp: (host: Host, family?: 4 | 6) => SimulatedStreamSocket;
}

/** What `program` logs, each line with its time. */
async function logOf(program: (world: World) => Steps, options: NetworkOptions = {}): Promise<string[]> {
  const lines: string[] = [];
  const { error } = await simulate(
    function* (): Steps {
      const loop = getRunningLoop();
      const { network } = loop;
      const [a, b] = [network.host("a"), network.host("b")];
      yield* program({
        log: (...words) => lines.push([Number(loop.time().toFixed(4)), ...words].join(" ")),
        network,
        a,
        b,
        udp: (host, family = 4) => new SimulatedDatagramSocket(network, host, family),
        tcp: (host, family = 4) => new SimulatedStreamSocket(network, host, family),
      });
    },
    { trace: "off", network: { links: { latency: 0.01 }, ...options } },
  );
  return error === undefined ? lines : [...lines, String(error)];
}

/** What `call` returns, or how it fails. */
function outcomeOf(call: () => unknown): string {
  try {
    const value = call();
    return value instanceof Uint8Array ? `${value.length} bytes` : String(value);
  } catch (error) {
    return String(error);
  }
}

const ready = (socket: { _readiness(): number }): string => {
  const events = socket._readiness();
  return `${(events & READ) === 0 ? "" : "r"}${(events & WRITE) === 0 ? "" : "w"}` || "-";
};

const bytes = (count: number): Uint8Array => new Uint8Array(count);

test("UDP sockets: what is sent before it is bound comes from an ephemeral port of any address; to 0.0.0.0 goes to the host itself", async (t) => {
  const lines = await logOf(function* ({ log, network, a, udp }) {
    const address = (text: string) => network.address(text);
    const receiver = udp(a);
    receiver.bind(address("0.0.0.0"), 9);
    const sender = udp(a);
    log(sender.localAddress(), sender.peerAddress());
    sender.send(bytes(3), address("0.0.0.0"), 9);
    log(sender.localAddress(), sender.peerAddress());
    yield* sleep(1);
    const first = receiver.receive()!;
    log(first.source, first.sourcePort, first.destination);
    const connected = udp(a);
    connected.connect(address("0.0.0.0"), 9);
    log(connected.localAddress(), connected.peerAddress());
    const bound = udp(a);
    bound.bind(address("0.0.0.0"), 5);
    bound.connect(address("10.0.0.2"), 7);
    log(bound.localAddress(), bound.peerAddress(), udp(a, 6).localAddress());
  });
  t.deepEqual(lines, [
    "0 ('0.0.0.0', 0) ",
    "0 ('0.0.0.0', 33720) ",
    "1 127.0.0.1 33720 127.0.0.1",
    "1 ('127.0.0.1', 33721) ('127.0.0.1', 9)",
    "1 ('10.0.0.1', 5) ('10.0.0.2', 7) ('::', 0, 0, 0)",
  ]);
});

test("UDP sockets: what is too much for the receive buffer is dropped, and there is room again for what was taken", async (t) => {
  const lines = await logOf(function* ({ log, network, a, b, udp }) {
    const [sender, receiver] = [udp(a), udp(b)];
    receiver.bind(network.address("0.0.0.0"), 9);
    const sends = (count: number): void => {
      for (let i = 0; i < count; i++) {
        sender.send(bytes(100), network.address("10.0.0.2"), 9);
      }
    };
    const waiting = (limit: number): number => {
      let count = 0;
      while (count < limit && receiver.receive() !== null) {
        count++;
      }
      return count;
    };
    sends(300);
    yield* sleep(1);
    log(ready(receiver), waiting(10));
    sends(300);
    yield* sleep(1);
    log(waiting(1000), ready(receiver));
  });
  t.deepEqual(lines, ["1 rw 10", "2 256 w"]);
});

test("UDP sockets: an error of an earlier datagram is thrown once, by the next call; sockets that are closed twice free their port once", async (t) => {
  const lines = await logOf(function* ({ log, network, a, udp }) {
    const sender = udp(a);
    const there = network.address("10.0.0.2");
    sender.connect(there, 9);
    sender.send(bytes(1), there, 9);
    yield* sleep(1);
    log(ready(sender));
    log(outcomeOf(() => sender.send(bytes(1), there, 9)));
    log(outcomeOf(() => sender.send(bytes(1), there, 9)));
    yield* sleep(1);
    log(outcomeOf(() => sender.receive()));
    log(
      outcomeOf(() => sender.receive()),
      ready(sender),
    );
    const port = sender.localPort;
    sender.close();
    const other = udp(a);
    other.bind(network.address("0.0.0.0"), port);
    sender.close();
    log(outcomeOf(() => udp(a).bind(network.address("0.0.0.0"), port)));
  });
  t.deepEqual(lines, [
    "1 rw",
    "1 NetworkError: send ECONNREFUSED 10.0.0.2:9: connection refused",
    "1 undefined",
    "2 NetworkError: send ECONNREFUSED 10.0.0.2:9: connection refused",
    "2 null w",
    "2 NetworkError: bind EADDRINUSE 0.0.0.0:33720: address already in use",
  ]);
});

test("UDP sockets: what makes no sense is refused, each with its code", async (t) => {
  const lines = await logOf(function* ({ log, network, a, udp }) {
    const address = (text: string) => network.address(text);
    const socket = udp(a);
    log(outcomeOf(() => udp(a).bind(address("10.0.0.2"), 9)));
    log(outcomeOf(() => udp(a).bind(address("239.0.0.1"), 9)));
    log(outcomeOf(() => socket.send(bytes(65_508), address("10.0.0.2"), 9)));
    log(outcomeOf(() => socket.send(bytes(65_507), address("10.0.0.2"), 9)));
    log(outcomeOf(() => udp(a, 6).send(bytes(65_528), address("fd00::2"), 9)));
    log(outcomeOf(() => udp(a, 6).send(bytes(65_527), address("fd00::2"), 9)));
    log(outcomeOf(() => socket.send(bytes(1), address("255.255.255.255"), 9)));
    socket.mayBroadcast = true;
    log(outcomeOf(() => socket.send(bytes(1), address("255.255.255.255"), 9)));
    const looped = udp(a);
    looped.bind(address("127.0.0.1"), 9);
    log(outcomeOf(() => looped.send(bytes(1), address("10.0.0.2"), 9)));
    const v6only = network.host("v6only", { addresses: ["fd00::77"] });
    log(outcomeOf(() => udp(v6only).send(bytes(1), address("10.0.0.2"), 9)));
    log(outcomeOf(() => udp(v6only).connect(address("10.0.0.2"), 9)));
    yield* sleep(0);
  });
  t.deepEqual(lines, [
    "0 NetworkError: bind EADDRNOTAVAIL 10.0.0.2:9: cannot assign requested address",
    "0 undefined",
    "0 NetworkError: send EMSGSIZE 10.0.0.2:9: message too long",
    "0 undefined",
    "0 NetworkError: send EMSGSIZE [fd00::2]:9: message too long",
    "0 undefined",
    "0 NetworkError: send EACCES 255.255.255.255:9: permission denied",
    "0 undefined",
    "0 NetworkError: send EINVAL 10.0.0.2:9: invalid argument",
    "0 NetworkError: send ENETUNREACH 10.0.0.2:9: network is unreachable",
    "0 NetworkError: connect ENETUNREACH 10.0.0.2:9: network is unreachable",
  ]);
});

test("TCP sockets: addresses before and after they are bound and connected, and what is refused", async (t) => {
  const lines = await logOf(function* ({ log, network, a, b, tcp }) {
    const address = (text: string) => network.address(text);
    log(tcp(a).localAddress(), tcp(a, 6).localAddress(), tcp(a).peerAddress());
    const server = tcp(b);
    server.bind(address("0.0.0.0"), 80);
    server.listen(5);
    log(
      server.localAddress(),
      ready(server),
      outcomeOf(() => server.accept()),
    );
    log(outcomeOf(() => tcp(b).bind(address("10.0.0.1"), 81)));
    log(outcomeOf(() => tcp(b).bind(address("10.0.0.2"), 80)));
    const client = tcp(a);
    client.bind(address("10.0.0.1"), 0);
    client.connect(address("10.0.0.2"), 80);
    log(client.localAddress(), client.peerAddress(), ready(client));
    yield* sleep(1);
    log(
      outcomeOf(() => client.connectError(address("10.0.0.2"), 80)),
      ready(client),
      ready(server),
    );
    const served = server.accept()!;
    log(served.localAddress(), served.peerAddress());
    const looped = tcp(a);
    looped.bind(address("127.0.0.1"), 0);
    log(outcomeOf(() => looped.connect(address("10.0.0.2"), 80)));
    const self = tcp(b);
    self.connect(address("0.0.0.0"), 80);
    log(self.peerAddress());
    yield* sleep(1);
  });
  t.deepEqual(lines, [
    "0 ('0.0.0.0', 0) ('::', 0, 0, 0) ",
    "0 ('0.0.0.0', 80) - null",
    "0 NetworkError: bind EADDRNOTAVAIL 10.0.0.1:81: cannot assign requested address",
    "0 NetworkError: bind EADDRINUSE 10.0.0.2:80: address already in use",
    "0 ('10.0.0.1', 33720) ('10.0.0.2', 80) -",
    "1 null w r",
    "1 ('10.0.0.2', 80) ('10.0.0.1', 33720)",
    "1 NetworkError: connect EINVAL 10.0.0.2:80: invalid argument",
    "1 ('127.0.0.1', 80)",
  ]);
});

test("TCP sockets: a stream that ends, breaks or is reset", async (t) => {
  const lines = await logOf(function* ({ log, network, a, b, tcp }) {
    const address = network.address("10.0.0.2");
    const server = tcp(b);
    server.bind(network.address("0.0.0.0"), 80);
    server.listen(5);
    const pair = function* (): Steps<[SimulatedStreamSocket, SimulatedStreamSocket]> {
      const client = tcp(a);
      client.connect(address, 80);
      yield* sleep(1);
      return [client, server.accept()!];
    };
    const results = (name: string, socket: SimulatedStreamSocket): void =>
      log(
        name,
        ready(socket),
        outcomeOf(() => socket.receive(10)),
        outcomeOf(() => socket.send(bytes(1))),
      );
    // The other side ends its stream: what comes before is received first.
    const [ended, ending] = yield* pair();
    ending.send(bytes(5));
    ending.shutdown();
    yield* sleep(1);
    results("ended", ended);
    results("ended", ended);
    // The other side closes, and answers data with a reset.
    ending.close();
    results("closed", ended);
    yield* sleep(1);
    results("closed", ended);
    results("closed", ended);
    // A reset while data waits.
    const [reset, resetting] = yield* pair();
    resetting.send(bytes(5));
    yield* sleep(1);
    resetting.reset();
    yield* sleep(1);
    results("reset", reset);
    results("reset", reset);
    log(
      "reset",
      outcomeOf(() => reset.shutdown()),
    );
    // Our own end.
    const [own, other] = yield* pair();
    own.shutdown();
    results("own", own);
    yield* sleep(1);
    results("other", other);
    // Nothing comes after it was closed, and closing again does nothing.
    own.close();
    own.close();
    own.reset();
    yield* sleep(1);
    results("other", other);
  });
  t.deepEqual(lines, [
    "2 ended rw 5 bytes 1",
    "2 ended rw 0 bytes 1",
    "2 closed rw 0 bytes 1",
    "3 closed rw 0 bytes NetworkError: write EPIPE 10.0.0.2:80: broken pipe",
    "3 closed rw 0 bytes NetworkError: write EPIPE 10.0.0.2:80: broken pipe",
    "6 reset rw 5 bytes NetworkError: write ECONNRESET 10.0.0.2:80: connection reset by peer",
    "6 reset rw 0 bytes NetworkError: write EPIPE 10.0.0.2:80: broken pipe",
    "6 reset NetworkError: shutdown ENOTCONN 10.0.0.2:80: transport endpoint is not connected",
    "7 own w null NetworkError: write EPIPE 10.0.0.2:80: broken pipe",
    "8 other rw 0 bytes 1",
    "9 other rw 0 bytes NetworkError: write EPIPE 10.0.0.1:33722: broken pipe",
  ]);
});

test("TCP sockets: one is writable when a third of its buffer is free, and readable when there is something or the end", async (t) => {
  const lines = await logOf(
    function* ({ log, network, a, b, tcp }) {
      const server = tcp(b);
      server.bind(network.address("0.0.0.0"), 80);
      server.listen(5);
      const client = tcp(a);
      client.connect(network.address("10.0.0.2"), 80);
      log(ready(client));
      yield* sleep(1);
      log(
        ready(client),
        client.send(bytes(1999)),
        ready(client),
        client.send(bytes(2)),
        ready(client),
        client.send(bytes(9999)),
      );
      yield* sleep(1);
      log(ready(client), ready(server.accept()!));
      b.pause();
      log(ready(server));
    },
    { tcp: { sendBufferBytes: 3000 } },
  );
  t.deepEqual(lines, ["0 -", "1 w 1999 w 2 - 999", "2 w rw", "2 -"]);
});

test("TCP sockets: a port in TIME-WAIT can be bound with SO_REUSEADDR, and connect again to other ends only", async (t) => {
  const lines = await logOf(function* ({ log, network, a, b, tcp }) {
    const there = network.address("10.0.0.2");
    const server = tcp(b);
    server.bind(network.address("0.0.0.0"), 80);
    server.listen(5);
    const bound = (reuseAddress: boolean): SimulatedStreamSocket => {
      const socket = tcp(a);
      socket.reuseAddress = reuseAddress;
      socket.bind(network.address("0.0.0.0"), 5000);
      return socket;
    };
    const first = bound(false);
    first.connect(there, 80);
    yield* sleep(1);
    first.close();
    server.accept()!.close();
    yield* sleep(1);
    log(outcomeOf(() => bound(false)));
    const again = bound(true);
    log(outcomeOf(() => again.connect(there, 80)));
    log(outcomeOf(() => again.connect(there, 81)));
    yield* sleep(1);
    log(
      outcomeOf(() => again.connectError(there, 81)),
      outcomeOf(() => again.connectError(there, 81)),
    );
    const listener = bound(true);
    listener.listen(0);
    log(outcomeOf(() => bound(true)));
    const [other, second] = [tcp(b), tcp(b)];
    for (const socket of [other, second]) {
      socket.reuseAddress = true;
      socket.bind(there, 90);
    }
    other.listen(0);
    log(outcomeOf(() => second.listen(0)));
  });
  t.deepEqual(lines, [
    "2 NetworkError: bind EADDRINUSE 0.0.0.0:5000: address already in use",
    "2 NetworkError: connect EADDRNOTAVAIL 10.0.0.2:80: cannot assign requested address",
    "2 undefined",
    "3 NetworkError: connect ECONNREFUSED 10.0.0.2:81: connection refused null",
    "3 NetworkError: bind EADDRINUSE 0.0.0.0:5000: address already in use",
    "3 NetworkError: listen EADDRINUSE 10.0.0.2:90: address already in use",
  ]);
});

test("TCP sockets: options are kept, before a connection and during one, and a server's are those of its connections", async (t) => {
  const lines = await logOf(function* ({ log, network, a, b, tcp }) {
    const keepAlive = { idle: 5, interval: 1, count: 2 };
    const server = tcp(b);
    server.keepAlive = keepAlive;
    server.bind(network.address("0.0.0.0"), 80);
    server.listen(5);
    const client = tcp(a);
    client.noDelay = true;
    client.connect(network.address("10.0.0.2"), 80);
    yield* sleep(1);
    const served = server.accept()!;
    log(served.keepAlive === keepAlive, served.noDelay, client.noDelay, client.keepAlive);
    const before = network.link("b", "a").sent;
    yield* sleep(5.5);
    log(network.link("b", "a").sent - before);
    served.keepAlive = null;
    client.noDelay = false;
    yield* sleep(60);
    log(network.link("b", "a").sent - before, served.keepAlive, client.noDelay);
  });
  t.deepEqual(lines, ["1 true false true ", "6.5 1", "66.5 1  false"]);
});
