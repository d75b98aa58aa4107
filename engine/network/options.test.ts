import test from "ava";
import { simulate } from "../simulation.ts";
import { sleep } from "../tasks/sleep.ts";
import { type EventLoop, getRunningLoop } from "./event-loop.ts";
import { randomFaults } from "./faults/random-faults.ts";
import type { Network } from "./network.ts";
import { openConnection } from "./streams/open-connection.ts";
import { startServer } from "./streams/start-server.ts";
import { StreamReader } from "./streams/stream-reader.ts";
import { DatagramProtocol, Protocol } from "./transports/contract.ts";

/* A misspelt option would silently do nothing: every call that takes options refuses unknown ones. */

/** How each of the calls fails on a network with the hosts a and b. */
async function errorsOf(
  calls: (network: Network, loop: EventLoop) => readonly (() => unknown)[],
): Promise<readonly string[]> {
  const { value, error } = await simulate(
    function* () {
      const loop = getRunningLoop();
      yield* sleep(0);
      return calls(loop.network, loop).map((call) => {
        try {
          call();
          return `accepted: ${call}`;
        } catch (failure) {
          return String(failure);
        }
      });
    },
    { trace: "off", network: { hosts: { a: {}, b: {} } } },
  );
  return value ?? [String(error)];
}

test("Network: unknown options are refused wherever there are options", async (t) => {
  const lines = await errorsOf((network, loop) => {
    const [a, typo] = [network.get("a"), { x: 1 } as never];
    const random = loop.random("test");
    return [
      () => network.host("c", { clock: typo }),
      () => network.host("c", { clock: null as never }),
      () => network.host("c", { disk: typo }),
      () => a.setClock(typo),
      () => a.crash(typo),
      () => a.run(sleep(0), typo),
      () => a.boot(() => sleep(0), typo),
      () => network.names.set("n", [], typo),
      () => network.faults.partition("a", "b", typo),
      () => network.faults.hold("a", "b", typo),
      () => network.faults.impair("a", "b", {}, typo),
      () => network.faults.crash("a", typo),
      () => randomFaults(random, { hosts: ["a"], end: 1, x: 1 } as never),
      () => loop.createServer(() => new Protocol(), null, 80, typo),
      () => loop.createConnection(() => new Protocol(), "a", 80, typo),
      () => loop.createDatagramEndpoint(() => new DatagramProtocol(), { family: 4, x: 1 } as never),
      () => loop.getaddrinfo("a", 80, typo),
      () => startServer(() => {}, null, 80, typo),
      () => openConnection("a", 80, typo),
    ];
  });
  const server = "family, backlog, reuseAddress, keepAlive, startServing";
  const connection = "family, localAddress, allErrors";
  t.deepEqual(lines, [
    "TypeError: clock of host c: unknown option 'x' (known: skew, drift)",
    "TypeError: clock of host c: expected an object with options, got null",
    "TypeError: disk: unknown option 'x' (known: syncTime)",
    "TypeError: clock of host a: unknown option 'x' (known: skew, drift)",
    "TypeError: <Host a>.crash: unknown option 'x' (known: connections)",
    "TypeError: <Host a>.run: unknown option 'x' (known: name)",
    "TypeError: <Host a>.boot: unknown option 'x' (known: name)",
    "TypeError: names: n: unknown option 'x' (known: delay)",
    "TypeError: partition: unknown option 'x' (known: oneWay)",
    "TypeError: hold: unknown option 'x' (known: oneWay)",
    "TypeError: impair: unknown option 'x' (known: oneWay)",
    "TypeError: crash: unknown option 'x' (known: connections)",
    "TypeError: randomFaults: unknown option 'x' (known: hosts, end, start, kinds, meanGap, meanDuration)",
    `TypeError: createServer: unknown option 'x' (known: ${server})`,
    `TypeError: createConnection: unknown option 'x' (known: ${connection})`,
    "TypeError: createDatagramEndpoint: unknown option 'x' (known: localAddress, remoteAddress, family, reusePort, allowBroadcast)",
    "TypeError: getaddrinfo: unknown option 'x' (known: family)",
    `TypeError: startServer: unknown option 'x' (known: limit, ${server})`,
    `TypeError: openConnection: unknown option 'x' (known: limit, ${connection})`,
  ]);
});

test("Transports: a misspelt limit of a buffer, and a misspelt time of a keep-alive, are refused", async (t) => {
  const typo = { x: 1 } as never;
  const lines: string[] = [];
  await simulate(
    function* () {
      yield* startServer(() => {}, "127.0.0.1", 80);
      const [, { transport }] = yield* openConnection("127.0.0.1", 80);
      const socket = transport.getExtraInfo("socket");
      for (const call of [
        () => transport.setWriteBufferLimits(typo),
        () => Object.assign(socket, { keepAlive: typo }),
        () => new StreamReader(typo),
      ]) {
        t.throws(call, { instanceOf: TypeError, message: /^\w+: unknown option 'x' \(known: / }, String(call));
      }
      lines.push("done");
    },
    { trace: "off" },
  );
  t.deepEqual(lines, ["done"]);
});

test("Names: a datagram to a name whose lookup fails says how it fails", async (t) => {
  const { error } = await simulate(
    function* () {
      const loop = getRunningLoop();
      loop.network.names.fail("svc", "EAI_AGAIN");
      const [endpoint] = yield* loop.createDatagramEndpoint(() => new DatagramProtocol(), { family: 4 });
      endpoint.sendto(new Uint8Array(1), ["svc", 9]);
    },
    { trace: "off" },
  );
  t.is(String(error), "NetworkError: getaddrinfo EAI_AGAIN svc: temporary failure in name resolution");
});

test("Network: values that would silently mean something else are refused", async (t) => {
  const lines = await errorsOf((network, loop) => {
    const random = loop.random("test");
    const latency = (value: object) => () => network.setLink("a", "b", { latency: value as never });
    return [
      () => network.host("10.1.1.1"),
      () => network.names.set("10.1.1.1", []),
      () => network.names.set("LocalHost", []),
      () => network.setLink("a", "b", { loss: null as never }),
      () => network.link("a", undefined as never),
      () => network.host("c", { disk: { syncTime: "1" as never } }),
      () => randomFaults(random, { hosts: "ab" as never, end: 1 }),
      () => randomFaults(random, { hosts: ["a", "a"], end: 1 }),
      () => randomFaults(random, { hosts: ["a"], end: 1, kinds: ["melt" as never] }),
      () => startServer(() => {}, [], 80),
      latency({ uniform: [1, 2], exponential: 3 }),
      latency({ uniform: [1, 2], min: 3 }),
    ];
  });
  t.deepEqual(
    lines.map((line) => line.replace(/ \(finite.*function,/, " …,")),
    [
      "RangeError: host: 10.1.1.1 is an address, and cannot be a name; list it among the addresses of the host",
      "RangeError: names: 10.1.1.1 always means the same; set another name",
      "RangeError: names: LocalHost always means the same; set another name",
      "RangeError: link a→b: expected loss to be a probability from 0 to 1, got null",
      "TypeError: network: expected a host of this network, or its name, got undefined",
      'RangeError: disk: expected syncTime in seconds, finite and not negative, got "1"',
      'TypeError: randomFaults: expected hosts to be an array of strings, got "ab"',
      "RangeError: randomFaults: expected each host once, got a, a",
      "RangeError: randomFaults: unknown kind 'melt' (known: partition, hold, impair, slow, crash, pause, clock)",
      "RangeError: createServer: expected at least one host, or null for all addresses, got an empty array",
      'RangeError: link a→b: latency: expected seconds …, got {"uniform":[1,2],"exponential":3}',
      'RangeError: link a→b: latency: expected seconds …, got {"uniform":[1,2],"min":3}',
    ],
  );
});

test("Connections: an error says that a local address is of the other family", async (t) => {
  const { error } = await simulate(
    function* () {
      yield* startServer(() => {}, "127.0.0.1", 80);
      yield* openConnection("127.0.0.1", 80, { localAddress: ["::1", 0] });
    },
    { trace: "off" },
  );
  t.is(
    String(error),
    "NetworkError: bind EADDRNOTAVAIL ::1: cannot assign requested address: no local address of IPv4 to connect to 127.0.0.1 from",
  );
});
