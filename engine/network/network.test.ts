import test from "ava";
import { simulate } from "../simulation.ts";
import { sleep } from "../tasks/sleep.ts";
import { NetworkError } from "./errors.ts";
import { type EventLoop, getRunningLoop } from "./event-loop.ts";
import type { Latency } from "./links/latency.ts";
import type { LinkOptions } from "./links/link-options.ts";
import type { Network } from "./network.ts";
import type { NetworkOptions } from "./network-options.ts";
import type { SocketAddress } from "./socket-address.ts";
import { openConnection } from "./streams/open-connection.ts";
import { startServer } from "./streams/start-server.ts";
import type { StreamReader } from "./streams/stream-reader.ts";
import type { StreamWriter } from "./streams/stream-writer.ts";
import { encode } from "./text.ts";
import { DatagramProtocol, type DatagramTransport, Protocol } from "./transports/contract.ts";

type Steps<T = void> = Generator<unknown, T, unknown>;
type Log = (...words: unknown[]) => void;

/** What `program` logs, each line with its time, and how it failed if it did. */
async function logOf(
  program: (log: Log, network: Network, loop: EventLoop) => Steps<unknown>,
  network: NetworkOptions = {},
): Promise<string[]> {
  const lines: string[] = [];
  const { error } = await simulate(
    function* () {
      const loop = getRunningLoop();
      const log: Log = (...words) => lines.push([Number(loop.time().toFixed(4)), ...words].join(" "));
      yield* program(log, loop.network, loop);
    },
    { trace: "off", network },
  );
  return [...lines, ...(error === undefined ? [] : [String(error)])];
}

/** The errors that `calls` throw, one after another. */
function errorsOf(calls: readonly (() => unknown)[]): string[] {
  return calls.map((call) => {
    try {
      call();
      return `accepted: ${call}`;
    } catch (error) {
      return String(error);
    }
  });
}

class Inbox extends DatagramProtocol {
  readonly log: Log;
  readonly name: string;

  constructor(log: Log, name: string) {
    super();
    this.log = log;
    this.name = name;
  }

  override datagramReceived(data: Uint8Array, address: SocketAddress): void {
    this.log(this.name, "got", data.length, "from", address);
  }

  override errorReceived(error: NetworkError): void {
    this.log(this.name, error);
  }
}

/** An endpoint on the host called `name`, at port 9. */
function* endpoint(log: Log, network: Network, name: string, options: object = {}): Steps<DatagramTransport> {
  const open = (function* (): Steps<DatagramTransport> {
    const [transport] = yield* getRunningLoop().createDatagramEndpoint(() => new Inbox(log, name), {
      localAddress: ["0.0.0.0", 9],
      ...options,
    });
    return transport;
  })();
  return yield* network.get(name).run(open);
}

test("Network: a run that does not ask for it has none", async (t) => {
  const { value } = await simulate(function* () {
    yield* sleep(1);
    return (getRunningLoop() as unknown as { _network: unknown })._network;
  });
  t.is(value, null);
});

test("Network: hosts get addresses in order, skipping those that are taken", async (t) => {
  const lines = await logOf(function* (log, network) {
    network.host("fixed", { addresses: ["10.0.0.2", "2001:db8::5"] });
    network.host("first");
    network.host("second");
    log(network.hosts.map((host) => `${host.name}: ${host.addresses.join(" ")}`).join("; "));
    yield* sleep(0);
  });
  t.deepEqual(lines, [
    "0 localhost: 10.0.0.4 fd00::4; fixed: 10.0.0.2 2001:db8::5; first: 10.0.0.1 fd00::1; second: 10.0.0.3 fd00::3",
  ]);
});

test("Network: names and addresses that are taken, malformed or unknown are refused", async (t) => {
  const lines = await logOf(function* (log, network) {
    network.host("a", { addresses: ["10.1.1.1"] });
    const errors = errorsOf([
      () => network.host("a"),
      () => network.host("localhost"),
      () => network.host("two words"),
      () => network.host("b", { addresses: ["10.1.1.1"] }),
      () => network.host("b", { addresses: ["10.1.1"] }),
      () => network.host("b", { addresses: ["127.0.0.1"] }),
      () => network.host("b", { addresses: ["10.1.1.2", "10.1.1.2"] }),
      () => network.host("b", { disk: { syncTime: -1 } }),
      () => network.get("b"),
      () => network.link("a", "b"),
      () => network.names.set("", ["10.1.1.1"]),
      () => network.names.set("x", ["nowhere"]),
      () => network.rules.add(null as never),
    ]);
    for (const error of errors) {
      log(error);
    }
    yield* sleep(0);
  });
  t.deepEqual(
    lines.map((line) => line.slice(2)),
    [
      'RangeError: host: there is a host a already; get it with network.get("a")',
      'RangeError: host: there is a host localhost already; get it with network.get("localhost")',
      'RangeError: host: expected a name of letters, digits, dots, hyphens and underscores, got "two words"',
      "RangeError: host: the address 10.1.1.1 of b belongs to a already",
      'RangeError: expected an IPv4 or IPv6 address such as 10.0.0.1 or fd00::1, got "10.1.1"',
      "RangeError: host: 127.0.0.1 cannot be the address of a host; all hosts share it",
      "RangeError: host: b has an address twice: 10.1.1.2, 10.1.1.2",
      "RangeError: disk: expected syncTime in seconds, finite and not negative, got -1",
      "RangeError: network: unknown host 'b' (known: localhost, a). Add it with network.host('b').",
      "RangeError: network: unknown host 'b' (known: localhost, a). Add it with network.host('b').",
      'RangeError: names: expected a name, got ""',
      'RangeError: expected an IPv4 or IPv6 address such as 10.0.0.1 or fd00::1, got "nowhere"',
      "TypeError: rules: expected a rule, an object with a name and departing() or arriving(), got null",
    ],
  );
});

test("Link: values out of range are refused where they are given", async (t) => {
  const options: LinkOptions[] = [
    { latency: -1 },
    { latency: Number.POSITIVE_INFINITY },
    { latency: { uniform: [2, 1] } },
    { latency: { gamma: 1 } as unknown as Latency },
    { bandwidth: 0 },
    { bandwidth: -5 },
    { queueBytes: Number.NaN },
    { loss: 1.1 },
    { duplicate: -0.1 },
    { reorder: Number.NaN },
    { corrupt: "often" as never },
    { mtu: 67 },
    { mtu: 1500.5 },
  ];
  const lines = await logOf(function* (log, network) {
    for (const error of errorsOf(options.map((each) => () => network.link("localhost", "localhost").set(each)))) {
      log(error.replace(/ \(finite.*function,/, " …,"));
    }
    for (const error of errorsOf([() => network.link("localhost", "localhost").set({ latency: () => -1 })])) {
      log(error.slice(0, 8));
    }
    yield* sleep(0);
  });
  t.deepEqual(
    lines.map((line) => line.slice(2)),
    [
      "RangeError: link localhost→localhost: latency: expected seconds …, got -1",
      "RangeError: link localhost→localhost: latency: expected seconds …, got Infinity",
      'RangeError: link localhost→localhost: latency: expected seconds …, got {"uniform":[2,1]}',
      'RangeError: link localhost→localhost: latency: expected seconds …, got {"gamma":1}',
      "RangeError: link localhost→localhost: expected bandwidth to be a positive number of bits per second, got 0",
      "RangeError: link localhost→localhost: expected bandwidth to be a positive number of bits per second, got -5",
      "RangeError: link localhost→localhost: expected queueBytes to be a positive number of bytes, got NaN",
      "RangeError: link localhost→localhost: expected loss to be a probability from 0 to 1, got 1.1",
      "RangeError: link localhost→localhost: expected duplicate to be a probability from 0 to 1, got -0.1",
      "RangeError: link localhost→localhost: expected reorder to be a probability from 0 to 1, got NaN",
      'RangeError: link localhost→localhost: expected corrupt to be a probability from 0 to 1, got "often"',
      "RangeError: link localhost→localhost: expected mtu to be an integer from 68 to 65536 bytes, got 67",
      "RangeError: link localhost→localhost: expected mtu to be an integer from 68 to 65536 bytes, got 1500.5",
      "accepted",
    ],
  );
  await t.throwsAsync(
    logOf(() => (function* (): Steps {})(), { tcp: { minimumTimeout: 0.01 } }),
    { message: "tcp: expected delayedAck < minimumTimeout <= maximumTimeout, got 0.04, 0.01 and 120" },
  );
});

test("Link: with limited bandwidth packets leave one after another, and those that find the queue full are dropped", async (t) => {
  const lines = await logOf(
    function* (log, network) {
      const a = yield* endpoint(log, network, "a");
      yield* endpoint(log, network, "b");
      for (let i = 0; i < 5; i++) {
        // 97 bytes and 28 of headers: 1000 bits.
        a.sendto(new Uint8Array(97), ["b", 9]);
      }
      yield* sleep(10);
      log(network.link("a", "b"));
    },
    { hosts: { a: {}, b: {} }, links: { bandwidth: 1000, latency: 0.5, queueBytes: 250 } },
  );
  t.deepEqual(lines, [
    "1.5 b got 97 from ('10.0.0.1', 9)",
    "2.5 b got 97 from ('10.0.0.1', 9)",
    "3.5 b got 97 from ('10.0.0.1', 9)",
    "10 <Link a→b sent=5 delivered=3 dropped=2 inFlight=0>",
  ]);
});

test("Link: packets arrive in the order of sending whatever their latency, unless they may be reordered", async (t) => {
  const arrivals = async (reorder: number): Promise<number[]> => {
    const sizes: number[] = [];
    await logOf(
      function* (_log, network) {
        const log: Log = (_name, _got, size) => sizes.push(Number(size));
        const a = yield* endpoint(log, network, "a");
        yield* endpoint(log, network, "b");
        for (let i = 1; i <= 30; i++) {
          a.sendto(new Uint8Array(i), ["b", 9]);
        }
        yield* sleep(100);
      },
      { hosts: { a: {}, b: {} }, links: { latency: { exponential: 1 }, reorder } },
    );
    return sizes;
  };
  const sorted = Array.from({ length: 30 }, (_, i) => i + 1);
  t.deepEqual(await arrivals(0), sorted);
  const shuffled = await arrivals(1);
  t.notDeepEqual(shuffled, sorted);
  t.deepEqual(
    shuffled.toSorted((x, y) => x - y),
    sorted,
  );
});

test("Names: a name may mean several addresses, take its time, and fail", async (t) => {
  const lines = await logOf(function* (log, network, loop) {
    network.host("web", { addresses: ["10.0.0.1", "fd00::1"] });
    network.names.set("API.example", ["10.0.0.7", "fd00::7", "10.0.0.8"], { delay: 0.25 });
    network.names.fail("flaky.example", "EAI_AGAIN", { delay: { uniform: [5, 5] } });
    network.names.set("web", ["10.0.0.9"]);
    function* look(host: string | null, family: 0 | 4 | 6 = 0): Steps {
      try {
        log(host, (yield* loop.getaddrinfo(host, 80, { family })).join(" "));
      } catch (error) {
        log(host, error instanceof NetworkError && error.code);
      }
    }
    yield* look("10.1.1.1");
    yield* look("10.1.1.1", 6);
    yield* look(null, 4);
    yield* look("LocalHost");
    yield* look("api.example");
    yield* look("api.EXAMPLE", 6);
    yield* look("flaky.example");
    yield* look("unknown.example");
    yield* look("web");
    network.names.delete("web");
    yield* look("web");
  });
  t.deepEqual(lines, [
    "0 10.1.1.1 ('10.1.1.1', 80)",
    "0 10.1.1.1 ENOTFOUND",
    "0  ('127.0.0.1', 80)",
    "0 LocalHost ('127.0.0.1', 80) ('::1', 80, 0, 0)",
    "0.25 api.example ('10.0.0.7', 80) ('fd00::7', 80, 0, 0) ('10.0.0.8', 80)",
    "0.5 api.EXAMPLE ('fd00::7', 80, 0, 0)",
    "5.5 flaky.example EAI_AGAIN",
    "5.5 unknown.example ENOTFOUND",
    "5.5 web ('10.0.0.9', 80)",
    "5.5 web ('10.0.0.1', 80) ('fd00::1', 80, 0, 0)",
  ]);
});

test("Names: how long a host's lookups take does not depend on those of others", async (t) => {
  const lookups = (others: number): Promise<string[]> =>
    logOf(
      function* (log, network, loop) {
        network.names.set("api", ["10.0.0.7"], { delay: { uniform: [1, 2] } });
        function* look(count: number, tell: Log): Steps {
          for (let i = 0; i < count; i++) {
            yield* loop.getaddrinfo("api", 80);
            tell("found");
          }
        }
        network.get("b").run(look(others, () => {}));
        yield* network.get("a").run(look(3, log));
      },
      { hosts: { a: {}, b: {} } },
    );
  const alone = await lookups(0);
  t.is(new Set(alone).size, 3);
  t.deepEqual(await lookups(5), alone);
});

test("Datagrams: a broadcast reaches all hosts, and has to be allowed", async (t) => {
  const lines = await logOf(
    function* (log, network) {
      const a = yield* endpoint(log, network, "a", { allowBroadcast: true });
      const b = yield* endpoint(log, network, "b");
      yield* endpoint(log, network, "c", { localAddress: ["10.0.0.3", 9] });
      a.sendto(new Uint8Array(1), ["255.255.255.255", 9]);
      b.sendto(new Uint8Array(2), ["255.255.255.255", 9]);
      yield* sleep(1);
    },
    { hosts: { a: {}, b: {}, c: {} } },
  );
  t.deepEqual(lines, [
    "0 b NetworkError: send EACCES 255.255.255.255:9: permission denied",
    "0 a got 1 from ('10.0.0.1', 9)",
    "0.001 b got 1 from ('10.0.0.1', 9)",
  ]);
});

test("Datagrams: what is sent to a group reaches its members only", async (t) => {
  const lines = await logOf(
    function* (log, network) {
      const [a, b, c] = [
        yield* endpoint(log, network, "a"),
        yield* endpoint(log, network, "b"),
        yield* endpoint(log, network, "c"),
      ];
      a.getExtraInfo("socket").joinGroup("239.1.2.3");
      b.getExtraInfo("socket").joinGroup("239.1.2.3");
      a.sendto(new Uint8Array(1), ["239.1.2.3", 9]);
      yield* sleep(1);
      a.getExtraInfo("socket").multicastLoop = false;
      b.getExtraInfo("socket").leaveGroup("239.1.2.3");
      a.sendto(new Uint8Array(2), ["239.1.2.3", 9]);
      c.sendto(new Uint8Array(3), ["239.1.2.3", 9]);
      yield* sleep(1);
      log(network.link("a", "c").sent);
      log(errorsOf([() => c.getExtraInfo("socket").joinGroup("10.0.0.1")])[0]);
    },
    { hosts: { a: {}, b: {}, c: {} } },
  );
  t.deepEqual(lines, [
    "0 a got 1 from ('10.0.0.1', 9)",
    "0.001 b got 1 from ('10.0.0.1', 9)",
    "1.001 a got 3 from ('10.0.0.3', 9)",
    "2 0",
    "2 RangeError: joinGroup: expected a multicast address such as 239.0.0.1 or ff02::1, got 10.0.0.1",
  ]);
});

test("Datagrams: an endpoint with a remote address hears that one only, and sends to no other", async (t) => {
  const lines = await logOf(
    function* (log, network) {
      const a = yield* endpoint(log, network, "a", { remoteAddress: ["b", 9] });
      const b = yield* endpoint(log, network, "b");
      const c = yield* endpoint(log, network, "c");
      a.sendto(new Uint8Array(1));
      b.sendto(new Uint8Array(2), ["a", 9]);
      c.sendto(new Uint8Array(3), ["a", 9]);
      yield* sleep(1);
      log(a.getExtraInfo("sockname"), a.getExtraInfo("peername"));
      for (const error of errorsOf([
        () => a.sendto(new Uint8Array(4), ["10.0.0.3", 9]),
        () => b.sendto(new Uint8Array(4)),
        () => b.sendto("text" as never, ["a", 9]),
        () => b.sendto(new Uint8Array(4), ["a", 70_000]),
        () => b.sendto(new Uint8Array(4), ["nowhere", 9]),
      ])) {
        log(error);
      }
      b.sendto(new Uint8Array(65_507), ["10.0.0.3", 9]);
      yield* sleep(1);
    },
    { hosts: { a: {}, b: {}, c: {} } },
  );
  t.deepEqual(lines, [
    "0.001 b got 1 from ('10.0.0.1', 9)",
    "0.001 a got 2 from ('10.0.0.2', 9)",
    "1 ('10.0.0.1', 9) ('10.0.0.2', 9)",
    "1 RangeError: sendto: expected no address or 10.0.0.2:9, got 10.0.0.3:9",
    "1 TypeError: sendto: expected an address, as <UdpTransport ('0.0.0.0', 9) bufsize=0> has no remote address of its own",
    '1 TypeError: sendto: expected bytes in a Uint8Array, got the string "text"; write encode("…")',
    "1 RangeError: sendto: expected a port from 1 to 65535, got 70000",
    "1 NetworkError: getaddrinfo ENOTFOUND nowhere: name or service not known",
    "1.001 c got 65507 from ('10.0.0.2', 9)",
  ]);
});

test("Datagrams: one that is bigger than the MTU travels in fragments, each with a header, and is lost if one of them is", async (t) => {
  const lines = await logOf(
    function* (log, network) {
      network.setLink("a", "b", { bandwidth: 8e5, mtu: 1500 });
      const a = yield* endpoint(log, network, "a");
      yield* endpoint(log, network, "b");
      // 65535 bytes less the header are 45 fragments of up to 1480 bytes, each with a header.
      a.sendto(new Uint8Array(65_507), ["b", 9]);
      log((65_507 + 8 + 45 * 20) / 1e5 + 0.001);
      yield* sleep(1);
      network.setLink("a", "b", { bandwidth: Number.POSITIVE_INFINITY, loss: 0.02 });
      for (let i = 0; i < 1000; i++) {
        a.sendto(new Uint8Array(65_507 * (i % 2)), ["b", 9]);
        yield* sleep(1);
      }
    },
    { hosts: { a: {}, b: {} } },
  );
  t.deepEqual(lines.slice(0, 2), ["0 0.66515", "0.6652 b got 65507 from ('10.0.0.1', 9)"]);
  const arrived = (bytes: number): number => lines.slice(2).filter((line) => line.includes(`got ${bytes} `)).length;
  // 0.98 of the small ones, 0.98 to the power of 45, which is 0.40, of the big ones.
  t.true(arrived(0) > 480 && arrived(0) < 500, String(arrived(0)));
  t.true(arrived(65_507) > 165 && arrived(65_507) < 245, String(arrived(65_507)));
});

test("Datagrams: an endpoint gets an error if the port is closed, or no host has the address", async (t) => {
  const lines = await logOf(
    function* (log, network) {
      const nobody = yield* endpoint(log, network, "a", { remoteAddress: ["b", 9] });
      const nowhere = yield* endpoint(log, network, "b", {
        remoteAddress: ["10.9.9.9", 9],
        localAddress: ["0.0.0.0", 10],
      });
      nobody.sendto(new Uint8Array(1));
      nowhere.sendto(new Uint8Array(1));
      yield* sleep(1);
    },
    { hosts: { a: {}, b: {} } },
  );
  t.deepEqual(lines, [
    "0 b NetworkError: send EHOSTUNREACH 10.9.9.9:9: no route to host",
    "0.002 a NetworkError: send ECONNREFUSED 10.0.0.2:9: connection refused",
  ]);
});

test("Network: nothing goes from a loopback address to another host", async (t) => {
  const lines = await logOf(
    function* (log, network, loop) {
      const a = yield* endpoint(log, network, "a", { localAddress: ["127.0.0.1", 9] });
      a.sendto(new Uint8Array(1), ["10.0.0.2", 9]);
      const localAddress = ["127.0.0.1", 0] as const;
      try {
        yield* network.get("a").run(loop.createConnection(() => new Protocol(), "10.0.0.2", 80, { localAddress }));
      } catch (error) {
        log(error);
      }
    },
    { hosts: { a: {}, b: {} } },
  );
  t.deepEqual(lines, [
    "0 a NetworkError: send EINVAL 10.0.0.2:9: invalid argument",
    "0 NetworkError: connect EINVAL 10.0.0.2:80: invalid argument",
  ]);
});

test("Datagrams: what a program does not take in time is dropped", async (t) => {
  const lines = await logOf(
    function* (log, network) {
      const a = yield* endpoint(log, network, "a");
      yield* endpoint(log, network, "b");
      network.faults.pause("b");
      for (let i = 0; i < 10; i++) {
        a.sendto(new Uint8Array(60_000), ["b", 9]);
      }
      yield* sleep(1);
      network.faults.resume("b");
      yield* sleep(1);
    },
    { hosts: { a: {}, b: {} } },
  );
  t.deepEqual(lines, new Array(3).fill("1 b got 60000 from ('10.0.0.1', 9)"));
});

test("Datagrams: a port that is taken, or that others may share", async (t) => {
  const lines = await logOf(function* (log, network, loop) {
    const factory = () => new Inbox(log, "localhost");
    const open = (options: object) => loop.createDatagramEndpoint(factory, options);
    yield* open({ localAddress: ["127.0.0.1", 9] });
    try {
      yield* open({ localAddress: ["127.0.0.1", 9] });
    } catch (error) {
      log(error);
    }
    yield* open({ localAddress: ["127.0.0.1", 10], reusePort: true });
    const [second] = yield* open({ localAddress: ["127.0.0.1", 10], reusePort: true });
    second.sendto(encode("hello"), ["127.0.0.1", 10]);
    const [any] = yield* open({ family: 6 });
    log(any.getExtraInfo("sockname"));
    for (const error of errorsOf([
      () => open({}),
      () => open({ localAddress: ["127.0.0.1", -1] }),
      () => open({ family: 5 }),
      () => loop.createDatagramEndpoint(9 as never, { family: 4 }),
    ])) {
      log(error);
    }
    yield* sleep(1);
    network.host("a");
  });
  t.deepEqual(lines, [
    "0 NetworkError: bind EADDRINUSE 127.0.0.1:9: address already in use",
    "0 localhost got 5 from ('127.0.0.1', 10)",
    "0 ('::', 0, 0, 0)",
    "0 RangeError: createDatagramEndpoint: expected localAddress, remoteAddress or the family 4 or 6, got none of them",
    "0 RangeError: createDatagramEndpoint: expected a port from 0 to 65535, got -1",
    "0 RangeError: createDatagramEndpoint: expected the family 4, 6 or 0 for both, got 5",
    "0 TypeError: createDatagramEndpoint: expected a function to call, got 9",
  ]);
});

test("Rules: every packet passes every rule where it departs and where it arrives, until one drops it", async (t) => {
  const lines = await logOf(
    function* (log, network) {
      const a = yield* endpoint(log, network, "a");
      yield* endpoint(log, network, "b");
      using _first = network.rules.add({
        name: "first",
        departing: ({ packet, from, to, now }) => log("departs", String(packet), from, to, now),
        arriving: ({ now }) => log("arrives", now),
      });
      {
        using _second = network.rules.add({
          name: "second",
          departing: (transit) => {
            transit.delay(1);
            transit.duplicate();
          },
        });
        a.sendto(new Uint8Array(1), ["b", 9]);
      }
      const guard = network.rules.add({ name: "third", arriving: (transit) => transit.drop("no reason") });
      a.sendto(new Uint8Array(2), ["b", 9]);
      yield* sleep(0.5);
      guard.remove();
      guard.remove();
      log(guard.isActive, network.link("a", "b"));
      yield* sleep(5);
    },
    { hosts: { a: {}, b: {} } },
  );
  t.deepEqual(lines, [
    "0 departs 10.0.0.1:9 > 10.0.0.2:9 udp 1 bytes a b 0",
    "0 departs 10.0.0.1:9 > 10.0.0.2:9 udp 2 bytes a b 0",
    "0.5 false <Link a→b sent=3 delivered=0 dropped=0 inFlight=3>",
    "1.001 arrives 1.001",
    "1.001 arrives 1.001",
    "1.001 arrives 1.001",
    "1.001 b got 1 from ('10.0.0.1', 9)",
    "1.001 b got 1 from ('10.0.0.1', 9)",
    "1.001 b got 2 from ('10.0.0.1', 9)",
  ]);
});

test("Datagrams: when the factory fails the port is free again", async (t) => {
  const { error, value } = await simulate(
    function* () {
      const loop = getRunningLoop();
      const local = { localAddress: ["127.0.0.1", 9] } as const;
      const fail = (): never => {
        throw new RangeError("planned");
      };
      try {
        yield* loop.createDatagramEndpoint(fail, local);
      } catch (failure) {
        const [transport] = yield* loop.createDatagramEndpoint(() => new DatagramProtocol(), local);
        transport.close();
        return String(failure);
      }
      return "accepted";
    },
    { trace: "off" },
  );
  t.is(error, undefined);
  t.is(value, "RangeError: planned");
});

test("Network: that a connection is over is noted once on each side, even if it waits for stragglers in two states", async (t) => {
  const { trace } = await simulate(
    function* () {
      const { network } = getRunningLoop();
      yield* network.get("b").run(
        startServer(
          function* (reader: StreamReader, writer: StreamWriter): Generator<unknown, void, unknown> {
            yield* reader.read();
            yield* sleep(1);
            writer.close();
          },
          null,
          80,
        ),
      );
      const [, writer] = yield* network.get("a").run(openConnection("b", 80));
      writer.close();
      yield* sleep(100);
    },
    { network: { hosts: { a: {}, b: {} } } },
  );
  const closed = trace.records.flatMap((record) =>
    record.kind === "network.closed" && "detail" in record
      ? [[record.time.toFixed(3), record.detail["host"], record.detail["state"]].join(" ")]
      : [],
  );
  t.deepEqual(closed, ["0.004 a FIN-WAIT-2", "1.005 b "]);
});

test("Network: what is sent and what becomes of it is noted for instruments", async (t) => {
  const { trace } = await simulate(
    function* () {
      const { network } = getRunningLoop();
      const a = yield* endpoint(() => {}, network, "a");
      a.sendto(encode("hi"), ["b", 9]);
      yield* sleep(1);
    },
    { network: { hosts: { a: {}, b: {} } } },
  );
  const ofNetwork = trace.records.filter(({ kind }) => kind.startsWith("network."));
  const notes = ofNetwork.flatMap((record) => ("detail" in record ? [{ ...record.detail, kind: record.kind }] : []));
  t.deepEqual(notes, [
    {
      kind: "network.sent",
      packet: 1,
      link: "a→b",
      protocol: "udp",
      source: "10.0.0.1",
      sourcePort: 9,
      destination: "10.0.0.2",
      destinationPort: 9,
      data: "hi",
    },
    { kind: "network.delivered", packet: 1, link: "a→b" },
    {
      kind: "network.sent",
      packet: 2,
      link: "b→a",
      protocol: "icmp",
      source: "10.0.0.2",
      destination: "10.0.0.1",
      report: "port unreachable",
      about: 1,
    },
    { kind: "network.discarded", packet: 1, host: "b", reason: "port unreachable" },
    { kind: "network.delivered", packet: 2, link: "b→a" },
  ]);
});

test("Network: JSON.stringify shows what is in it, and changes nothing", async (t) => {
  const lines = await logOf(
    function* (log, network) {
      const a = yield* endpoint(log, network, "a");
      yield* endpoint(log, network, "b");
      a.sendto(encode("hello"), ["b", 9]);
      yield* sleep(1);
      network.faults.partition("a", "b");
      log(JSON.stringify(network.link("a", "b")));
      log(JSON.stringify(network.localhost), JSON.stringify(network.get("a")));
      log(JSON.stringify(a), JSON.stringify(network.faults));
      t.true(JSON.stringify(network).startsWith('{"hosts":[{"name":"localhost","state":"running","addresses":[]},'));
    },
    { hosts: { a: {}, b: {} } },
  );
  t.deepEqual(lines, [
    "0.001 b got 5 from ('10.0.0.1', 9)",
    '1 {"name":"a→b","sent":1,"delivered":1,"dropped":0,"inFlight":0,"sentBytes":33}',
    '1 {"name":"localhost","state":"running","addresses":[]} {"name":"a","state":"running","addresses":["10.0.0.1","fd00::1"]}',
    `1 "<UdpTransport ('0.0.0.0', 9) bufsize=0>" ["partition a<>b"]`,
  ]);
});

test("Datagrams: a broadcast reaches all hosts but localhost, which only looks on, unless it comes from there", async (t) => {
  const lines = await logOf(
    function* (log, network) {
      const allowed = { allowBroadcast: true };
      const a = yield* endpoint(log, network, "a", allowed);
      yield* endpoint(log, network, "b");
      const here = yield* endpoint(log, network, "localhost", allowed);
      a.sendto(encode("a"), ["255.255.255.255", 9]);
      yield* sleep(1);
      here.sendto(encode("localhost"), ["255.255.255.255", 9]);
      yield* sleep(1);
      log(network.links.map(String).join(" "));
    },
    { hosts: { a: {}, b: {} } },
  );
  t.deepEqual(lines, [
    "0 a got 1 from ('10.0.0.1', 9)",
    "0.001 b got 1 from ('10.0.0.1', 9)",
    "1 localhost got 9 from ('10.0.0.3', 9)",
    "1.001 a got 9 from ('10.0.0.3', 9)",
    "1.001 b got 9 from ('10.0.0.3', 9)",
    "2 <Link a→a sent=1 delivered=1 dropped=0 inFlight=0> <Link a→b sent=1 delivered=1 dropped=0 inFlight=0> <Link localhost→localhost sent=1 delivered=1 dropped=0 inFlight=0> <Link localhost→a sent=1 delivered=1 dropped=0 inFlight=0> <Link localhost→b sent=1 delivered=1 dropped=0 inFlight=0>",
  ]);
});
