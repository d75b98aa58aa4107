import test from "ava";
import { simulate } from "../simulation.ts";
import { sleep } from "../tasks/sleep.ts";
import { type EventLoop, getRunningLoop } from "./event-loop.ts";
import type { Network } from "./network.ts";
import { openConnection } from "./streams/open-connection.ts";
import { startServer } from "./streams/start-server.ts";
import { encode } from "./text.ts";
import { DatagramProtocol } from "./transports/contract.ts";

/* Invalid arguments to the network throw immediately, whatever the types say. */

type Steps<T = void> = Generator<unknown, T, unknown>;

interface World {
  readonly network: Network;
  readonly loop: EventLoop;
  /** Log how `call` fails. */
  readonly fails: (call: () => unknown) => void;
}

/** The errors of the calls that `program` makes on a network with the hosts a, b and c. */
async function errorsOf(program: (world: World) => Steps): Promise<string[]> {
  const lines: string[] = [];
  const fails = (call: () => unknown): void => {
    try {
      call();
      lines.push(`accepted: ${call}`);
    } catch (error) {
      lines.push(String(error));
    }
  };
  const { error } = await simulate(
    function* () {
      const loop = getRunningLoop();
      yield* program({ network: loop.network, loop, fails });
    },
    { trace: "off", network: { hosts: { a: {}, b: {}, c: {} } } },
  );
  return error === undefined ? lines : [...lines, `the run failed: ${error}`];
}

/** The error, if there is one, of scheduling a fault plan with this fault, or of this plan. */
async function planErrors(plans: readonly unknown[]): Promise<string[]> {
  return errorsOf(function* ({ network, fails }) {
    for (const plan of plans) {
      fails(() => network.faults.schedule(plan as never));
    }
    yield* sleep(100);
  });
}

test("Hosts: unknown options, and addresses that no host can have, are refused", async (t) => {
  const lines = await errorsOf(function* ({ network, fails }) {
    fails(() => network.host("d", { adresses: [] } as never));
    fails(() => network.host("d", null as never));
    fails(() => network.host("d", { addresses: "10.1.1.1" as never }));
    fails(() => network.host("d", { addresses: [5 as never] }));
    fails(() => network.host("d", { addresses: ["10.0.0.0/24"] }));
    fails(() => network.host("d", { addresses: ["FD00:0::1"] }));
    fails(() => network.host("d", { addresses: ["::ffff:10.9.9.9"] }));
    fails(() => network.host("d", { addresses: ["239.0.0.1"] }));
    fails(() => network.host("d", { clock: { drift: Number.NaN } }));
    fails(() => network.get("a").disk.write(5 as never, "x"));
    yield* sleep(0);
  });
  t.deepEqual(lines, [
    "TypeError: host d: unknown option 'adresses'; did you mean 'addresses'?",
    "TypeError: host d: expected an object with options, got null",
    'TypeError: host: addresses of d: expected an array of strings, got "10.1.1.1"',
    "TypeError: host: addresses of d: expected an array of strings, got [5]",
    'RangeError: expected an IPv4 or IPv6 address such as 10.0.0.1 or fd00::1, got "10.0.0.0/24"',
    "RangeError: host: the address fd00::1 of d belongs to a already",
    "RangeError: host: ::ffff:a09:909 cannot be the address of a host; list the IPv4 address that it stands for",
    "RangeError: host: 239.0.0.1 cannot be the address of a host; all hosts share it",
    "RangeError: clock of host d: expected a finite drift above -1, got NaN",
    "TypeError: disk: expected a name, got 5",
  ]);
});

test("Links: unknown options, and NaN anywhere, are refused", async (t) => {
  const numbers = ["latency", "bandwidth", "queueBytes", "loss", "duplicate", "reorder", "corrupt", "mtu"];
  const lines = await errorsOf(function* ({ network, fails }) {
    for (const name of numbers) {
      fails(() => network.setLink("a", "b", { [name]: Number.NaN }));
    }
    fails(() => network.setLink("a", "b", { lost: 0.5 } as never));
    fails(() => network.setLink("a", "b", null as never));
    fails(() => network.setLink("a", "nobody", {}));
    yield* sleep(0);
  });
  t.deepEqual(
    lines.slice(0, 8).map((line) => line.replace(/^RangeError: link a→b: (?:expected )?(\w+):? .*got NaN$/, "$1")),
    numbers,
  );
  t.deepEqual(lines.slice(8), [
    "TypeError: link a→b: unknown option 'lost'; did you mean 'loss'?",
    "TypeError: link a→b: expected an object with options, got null",
    "RangeError: network: unknown host 'nobody' (known: localhost, a, b, c). Add it with network.host('nobody').",
  ]);
});

test("Network: its options are checked at the call, also those of hosts, and where the network is never used", async (t) => {
  const failure = async (network: unknown): Promise<string> => {
    const error = await t.throwsAsync(simulate(function* () {}, { trace: "off", network: network as never }));
    return String(error).replace(/ \(finite.*function,/, " …,");
  };
  const options = [
    null,
    { host: {} },
    { tcp: { retry: 1 } },
    { tcp: { timeWait: Number.NaN } },
    { links: { loss: 2 } },
    { loopback: { latency: -1 } },
    { hosts: 5 },
    { hosts: { a: null } },
    { hosts: { "two words": {} } },
    { hosts: { localhost: {} } },
    { hosts: { a: { adresses: [] } } },
    { hosts: { a: { addresses: ["10.0.0.256"] } } },
    { hosts: { a: {}, b: { addresses: ["10.0.0.1"] } } },
    { hosts: { a: { clock: { drift: -2 } } } },
    { hosts: { a: { disk: { syncTime: -1 } } } },
  ];
  t.deepEqual(await Promise.all(options.map(failure)), [
    "TypeError: network: expected an object with options, got null",
    "TypeError: network: unknown option 'host'; did you mean 'hosts'?",
    "TypeError: tcp: unknown option 'retry'; did you mean 'retries'?",
    "RangeError: tcp: expected timeWait in seconds, finite and not negative, got NaN",
    "RangeError: network.links: expected loss to be a probability from 0 to 1, got 2",
    "RangeError: network.loopback: latency: expected seconds …, got -1",
    "TypeError: network.hosts: expected an object with the options of each host, got 5",
    "TypeError: host a: expected an object with options, got null",
    'RangeError: host: expected a name of letters, digits, dots, hyphens and underscores, got "two words"',
    'RangeError: host: there is a host localhost already; get it with network.get("localhost")',
    "TypeError: host a: unknown option 'adresses'; did you mean 'addresses'?",
    'RangeError: expected an IPv4 or IPv6 address such as 10.0.0.1 or fd00::1, got "10.0.0.256"',
    "RangeError: host: the address 10.0.0.1 of b belongs to a already",
    "RangeError: clock of host a: expected a finite drift above -1, got -2",
    "RangeError: disk: expected syncTime in seconds, finite and not negative, got -1",
  ]);
});

test("Names and rules: what is malformed is refused", async (t) => {
  const lines = await errorsOf(function* ({ network, fails }) {
    fails(() => network.names.set("n", "10.0.0.1" as never));
    fails(() => network.names.fail("n", "EWHAT" as never));
    fails(() => network.names.set("n", [], { delay: Number.NaN }));
    fails(() => network.rules.add({ name: "r", departing: 5 as never }));
    yield* sleep(0);
  });
  t.deepEqual(
    lines.map((line) => line.replace(/ \(finite.*function,/, " …,")),
    [
      'TypeError: names: addresses of n: expected an array of strings, got "10.0.0.1"',
      'RangeError: names: expected ENOTFOUND or EAI_AGAIN for n, got "EWHAT"',
      "RangeError: delay of the name n: expected seconds …, got NaN",
      'TypeError: rules: expected a rule, an object with a name and departing() or arriving(), got {"name":"r","departing":5}',
    ],
  );
});

test("Faults: a host on both sides, and unknown options, are refused", async (t) => {
  const lines = await errorsOf(function* ({ network: { faults }, fails }) {
    fails(() => faults.partition("a", "a"));
    fails(() => faults.partition(null as never));
    fails(() => faults.hold("a", "b", { oneWay: "yes" as never }));
    fails(() => faults.impair("a", "b", { lost: 1 } as never));
    fails(() => faults.impair("a", "b", null as never));
    fails(() => faults.impair("a", "b", { protocol: "sctp" as never }));
    fails(() => faults.impair("a", "b", { corrupt: Number.NaN }));
    yield* sleep(0);
  });
  t.deepEqual(lines, [
    "RangeError: partition: expected hosts between which there is a link, got a on both sides",
    "RangeError: partition: expected at least one host, got null",
    'TypeError: hold: expected oneWay to be true or false, got "yes"',
    "TypeError: impair: unknown option 'lost'; did you mean 'loss'?",
    "TypeError: impair: expected an object with options, got null",
    'RangeError: impair: expected the protocol tcp, udp or icmp, got "sctp"',
    "RangeError: impair: expected corrupt to be a probability from 0 to 1, got NaN",
  ]);
});

test("Fault plans: what is malformed is refused field by field, before anything happens", async (t) => {
  const whole = await planErrors([
    null,
    { faults: {} },
    { faults: [], end: "5" },
    { faults: [], end: Number.NaN },
    { faults: [], ends: 5 },
    { faults: [null] },
    { faults: [{ at: 1 }] },
    { faults: [{ at: 1, until: 6, fault: "pause", host: "a" }], end: 5 },
    { faults: [{ at: 6, fault: "pause", host: "a" }], end: 5 },
    { faults: [{ at: 1, spread: 4.5, fault: "pause", host: "a" }], end: 5 },
    { faults: [{ at: 5, until: 5, spread: 0, fault: "pause", host: "a" }], end: 5 },
  ]);
  t.deepEqual(whole, [
    "TypeError: faults: expected a fault plan { faults: […], end? }, got null",
    'TypeError: faults: expected a fault plan { faults: […], end? }, got {"faults":{}}',
    'RangeError: faults: expected "end" to be at least 0 (now), got "5"',
    'RangeError: faults: expected "end" to be at least 0 (now), got NaN',
    "TypeError: faults: unknown option 'ends'; did you mean 'end'?",
    "TypeError: faults[0]: expected { fault, at, … } with a fault of partition, hold, impair, slow, crash, pause, clock, got null",
    'TypeError: faults[0]: expected { fault, at, … } with a fault of partition, hold, impair, slow, crash, pause, clock, got {"at":1}',
    'RangeError: faults[0]: expected "until" from 1 s (its begin) to 5 (the end), got 6',
    'RangeError: faults[0]: expected "at" from 0 s (now) to 5 (the end), got 6',
    'RangeError: faults[0]: expected "spread" from 0 s to 4 s, when the plan ends, got 4.5',
    "accepted: ()=>network.faults.schedule(plan)",
  ]);
  const between = [["a"], ["b"]];
  const faults: object[] = [
    { fault: "crash", host: "a" },
    { at: "1", fault: "crash", host: "a" },
    { at: Number.NaN, fault: "crash", host: "a" },
    { at: 1, until: null, fault: "crash", host: "a" },
    { at: 1, fault: "crash" },
    { at: 1, fault: "crash", host: ["a"] },
    { at: 1, fault: "crash", host: "d" },
    { at: 1, fault: "crash", host: "a", connections: "melt" },
    { at: 1, untill: 3, fault: "pause", host: "a" },
    { at: 1, fault: "clock", host: "a", skew: "x" },
    { at: 1, fault: "clock", host: "a", drift: -2 },
    { at: 1, fault: "partition" },
    { at: 1, fault: "partition", between: [["a"], "b"] },
    { at: 1, fault: "partition", between: [[], ["b"]] },
    { at: 1, fault: "partition", between: [["a"], []] },
    { at: 1, fault: "partition", between: [["a"], ["a"]] },
    { at: 1, fault: "partition", between: [["a"], ["d"]] },
    { at: 1, fault: "partition", between, oneWay: 1 },
    { at: 1, fault: "hold", between, host: "a" },
    { at: 1, fault: "impair", between, loss: 2 },
    { at: 1, fault: "impair", between, duplicate: "0.5" },
    { at: 1, fault: "impair", between, delay: -1 },
    { at: 1, fault: "impair", between, protocol: "sctp" },
    { at: 1, fault: "slow", between },
    { at: 1, fault: "slow", between, factor: 0.5 },
    { at: 1, fault: "slow", between, factor: Number.POSITIVE_INFINITY },
    { at: 1, spread: -1, fault: "slow", between, factor: 2 },
    { at: 1, optional: 1, fault: "slow", between, factor: 2 },
  ];
  const lines = await planErrors(faults.map((fault) => ({ faults: [fault] })));
  t.deepEqual(
    lines.map((line) => line.replace(/ \(finite.*function,/, " …,")),
    [
      'RangeError: faults[0]: expected "at" from 0 s (now), got undefined',
      'RangeError: faults[0]: expected "at" from 0 s (now), got "1"',
      'RangeError: faults[0]: expected "at" from 0 s (now), got NaN',
      'RangeError: faults[0]: expected "until" from 1 s (its begin), got null',
      'TypeError: faults[0]: expected "host" to be the name of a host, got undefined',
      'TypeError: faults[0]: expected "host" to be the name of a host, got ["a"]',
      "RangeError: network: unknown host 'd' (known: localhost, a, b, c). Add it with network.host('d').",
      'RangeError: faults[0]: expected connections to be "vanish" or "reset", got "melt"',
      "TypeError: faults[0]: unknown field 'untill'; did you mean 'until'?",
      'RangeError: faults[0]: expected a finite skew in seconds, got "x"',
      "RangeError: faults[0]: expected a finite drift above -1, got -2",
      'TypeError: faults[0]: expected "between" to be two groups of hosts, [["a"], ["b", "c"]] or [["a"], null], got undefined',
      'TypeError: faults[0]: expected "between" to be two groups of hosts, [["a"], ["b", "c"]] or [["a"], null], got [["a"],"b"]',
      'TypeError: faults[0]: expected "between" to be two groups of hosts, [["a"], ["b", "c"]] or [["a"], null], got [[],["b"]]',
      'TypeError: faults[0]: expected "between" to be two groups of hosts, [["a"], ["b", "c"]] or [["a"], null], got [["a"],[]]',
      "RangeError: faults[0]: expected hosts between which there is a link, got a on both sides",
      "RangeError: network: unknown host 'd' (known: localhost, a, b, c). Add it with network.host('d').",
      'TypeError: faults[0]: expected "oneWay" to be true or false, got 1',
      "TypeError: faults[0]: unknown field 'host' (known: fault, at, until, spread, optional, between, oneWay)",
      "RangeError: faults[0]: expected loss to be a probability from 0 to 1, got 2",
      'RangeError: faults[0]: expected duplicate to be a probability from 0 to 1, got "0.5"',
      "RangeError: faults[0]: delay: expected seconds …, got -1",
      'RangeError: faults[0]: expected the protocol tcp, udp or icmp, got "sctp"',
      "RangeError: faults[0]: expected a finite factor of at least 1, got undefined",
      "RangeError: faults[0]: expected a finite factor of at least 1, got 0.5",
      "RangeError: faults[0]: expected a finite factor of at least 1, got Infinity",
      'RangeError: faults[0]: expected "spread" from 0 s, got -1',
      'TypeError: faults[0]: expected "optional" to be true or false, got 1',
    ],
  );
});

test("Datagrams: addresses and options that make no sense are refused", async (t) => {
  const lines = await errorsOf(function* ({ network, loop, fails }) {
    const factory = () => new DatagramProtocol();
    fails(() => loop.createDatagramEndpoint(factory, null as never));
    fails(() => loop.createDatagramEndpoint(factory, {}));
    fails(() => loop.createDatagramEndpoint(factory, { localAddress: "10.0.0.1" as never }));
    fails(() => loop.createDatagramEndpoint(factory, { localAddress: ["10.0.0.1", 65_536] }));
    const [endpoint] = yield* network.get("a").run(loop.createDatagramEndpoint(factory, { family: 4 }));
    fails(() => endpoint.sendto(new Uint8Array(1), ["10.0.0.2", 0]));
    fails(() => endpoint.sendto(new Uint8Array(1), ["10.0.0.2", Number.NaN]));
    fails(() => endpoint.sendto(new Uint8Array(1), "10.0.0.2" as never));
  });
  t.deepEqual(lines, [
    "TypeError: createDatagramEndpoint: expected an object with options, got null",
    "RangeError: createDatagramEndpoint: expected localAddress, remoteAddress or the family 4 or 6, got none of them",
    'TypeError: createDatagramEndpoint: expected an address as [host, port], got "10.0.0.1"',
    "RangeError: createDatagramEndpoint: expected a port from 0 to 65535, got 65536",
    "RangeError: sendto: expected a port from 1 to 65535, got 0",
    "RangeError: sendto: expected a port from 1 to 65535, got NaN",
    'TypeError: sendto: expected the address as [host, port], got "10.0.0.2"',
  ]);
});

test("Sockets: times of a keep-alive, and water marks, that make no sense are refused", async (t) => {
  const lines = await errorsOf(function* ({ network, fails }) {
    yield* network.get("b").run(startServer(() => {}, null, 80));
    const [, { transport }] = yield* network.get("a").run(openConnection("b", 80));
    const socket = transport.getExtraInfo("socket");
    for (const keepAlive of [5, "on", { idle: Number.NaN }, { idle: "5" }, { count: 0 }, { count: 1.5 }]) {
      fails(() => {
        socket.keepAlive = keepAlive as never;
      });
    }
    fails(() => transport.setWriteBufferLimits({ high: Number.NaN }));
    fails(() => transport.setWriteBufferLimits({ high: 1, low: 2 }));
  });
  const expected =
    "RangeError: keepAlive: expected idle and interval in seconds, above 0, and count a positive integer";
  t.deepEqual(lines, [
    "TypeError: keepAlive: expected { idle, interval, count }, true, false or null, got 5",
    'TypeError: keepAlive: expected { idle, interval, count }, true, false or null, got "on"',
    `${expected}, got {"idle":NaN,"interval":75,"count":9}`,
    `${expected}, got {"idle":"5","interval":75,"count":9}`,
    `${expected}, got {"idle":7200,"interval":75,"count":0}`,
    `${expected}, got {"idle":7200,"interval":75,"count":1.5}`,
    "RangeError: setWriteBufferLimits: expected high >= low >= 0, got high NaN and low NaN",
    "RangeError: setWriteBufferLimits: expected high >= low >= 0, got high 1 and low 2",
  ]);
});

test("Server: closed twice it stays closed; it serves no more", async (t) => {
  const lines: string[] = [];
  const { error } = await simulate(
    function* () {
      const server = yield* startServer(() => {}, "127.0.0.1", 80);
      server.close();
      server.close();
      for (const serve of [() => server.startServing(), () => server.serveForever()]) {
        try {
          yield* serve();
        } catch (failure) {
          lines.push(String(failure));
        }
      }
      yield* server.waitClosed();
    },
    { trace: "off" },
  );
  t.is(error, undefined);
  t.deepEqual(lines, [
    "RuntimeError: server <Server sockets=()> is closed",
    "RuntimeError: server <Server sockets=()> is closed",
  ]);
});

test("Streams: what is written after close is an error in drain, as in asyncio", async (t) => {
  const lines: string[] = [];
  await simulate(
    function* () {
      yield* startServer(() => {}, "127.0.0.1", 80);
      const [, writer] = yield* openConnection("127.0.0.1", 80);
      writer.close();
      writer.close();
      writer.write(encode("too late"));
      try {
        yield* writer.drain();
      } catch (failure) {
        lines.push(String(failure));
      }
    },
    { trace: "off" },
  );
  t.deepEqual(lines, ["NetworkError: write ECONNRESET: connection reset by peer"]);
});
