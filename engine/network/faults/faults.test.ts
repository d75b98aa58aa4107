import test from "ava";
import { CancelledError } from "../../base/errors.ts";
import { RandomStream } from "../../base/random.ts";
import { simulate } from "../../simulation.ts";
import { createTask } from "../../tasks/current.ts";
import { sleep } from "../../tasks/sleep.ts";
import { type EventLoop, getRunningLoop } from "../event-loop.ts";
import type { Network } from "../network.ts";
import type { NetworkOptions } from "../network-options.ts";
import type { SocketAddress } from "../socket-address.ts";
import { openConnection } from "../streams/open-connection.ts";
import { startServer } from "../streams/start-server.ts";
import type { StreamReader } from "../streams/stream-reader.ts";
import type { StreamWriter } from "../streams/stream-writer.ts";
import { decode, encode } from "../text.ts";
import { DatagramProtocol, type DatagramTransport } from "../transports/contract.ts";
import { randomFaults } from "./random-faults.ts";

type Steps<T = void> = Generator<unknown, T, unknown>;
type Log = (...words: unknown[]) => void;

/** What `program` logs, each line with its time, how it failed if it did, and the warnings of the run. */
async function logOf(
  program: (log: Log, network: Network, loop: EventLoop) => Steps<unknown>,
  network: NetworkOptions = {},
): Promise<string[]> {
  const lines: string[] = [];
  const { error, warnings } = await simulate(
    function* () {
      const loop = getRunningLoop();
      yield* program(
        (...words) => lines.push([Number(loop.time().toFixed(4)), ...words].join(" ")),
        loop.network,
        loop,
      );
    },
    { trace: "off", network },
  );
  return [...lines, ...(error === undefined ? [] : [String(error)]), ...warnings];
}

const THREE = { hosts: { a: {}, b: {}, c: {} } };

/** Logs each datagram that comes. */
class Inbox extends DatagramProtocol {
  readonly log: Log;
  readonly name: string;
  transport!: DatagramTransport;

  constructor(log: Log, name: string) {
    super();
    this.log = log;
    this.name = name;
  }

  override connectionMade(transport: DatagramTransport): void {
    this.transport = transport;
  }

  override datagramReceived(data: Uint8Array, address: SocketAddress): void {
    this.log(this.name, "got", decode(data), "from", address.host);
  }
}

/** Endpoints at port 9 on `names`, each on its own host. */
function* inboxes(log: Log, network: Network, names: readonly string[]): Steps<Map<string, Inbox>> {
  const found = new Map<string, Inbox>();
  for (const name of names) {
    const task = network.get(name).run(
      (function* (): Steps<Inbox> {
        const loop = getRunningLoop();
        const options = { localAddress: ["0.0.0.0", 9] } as const;
        const [, inbox] = yield* loop.createDatagramEndpoint(() => new Inbox(log, name), options);
        return inbox;
      })(),
    );
    found.set(name, yield* task);
  }
  return found;
}

test("Faults: a partition stops all packets between the two sides, those on the way included, and only them", async (t) => {
  const lines = await logOf(function* (log, network) {
    const boxes = yield* inboxes(log, network, ["a", "b", "c"]);
    const send = (from: string, to: string, text: string): void =>
      boxes.get(from)?.transport.sendto(encode(text), [to, 9]);
    send("a", "b", "too late");
    yield* sleep(0.0005);
    const partition = network.faults.partition("a", ["b"]);
    send("a", "b", "cut");
    send("b", "a", "cut as well");
    send("a", "c", "elsewhere");
    send("c", "b", "elsewhere");
    yield* sleep(1);
    log(partition.name, partition.isActive, String(network.link("a", "b")));
    network.faults.repair();
    send("a", "b", "repaired");
    yield* sleep(1);
    log(partition.isActive);
  }, THREE);
  t.deepEqual(lines, [
    "0.0015 c got elsewhere from 10.0.0.1",
    "0.0015 b got elsewhere from 10.0.0.3",
    "1.0005 partition a<>b true <Link a→b sent=2 delivered=0 dropped=2 inFlight=0>",
    "1.0015 b got repaired from 10.0.0.1",
    "2.0005 false",
  ]);
});

test("Faults: a partition may be one way, and cut a group off from all others", async (t) => {
  const lines = await logOf(function* (log, network) {
    const boxes = yield* inboxes(log, network, ["a", "b", "c"]);
    const all = (): void => {
      for (const [from, to] of ["ab", "ba", "ac", "ca", "bc", "cb"]) {
        boxes.get(from!)?.transport.sendto(encode(`${from}${to}`), [to!, 9]);
      }
    };
    {
      using _oneWay = network.faults.partition("a", "b", { oneWay: true });
      all();
      yield* sleep(1);
    }
    network.faults.partition(["a"]);
    all();
    yield* sleep(1);
  }, THREE);
  t.deepEqual(
    lines.map((line) => line.replace(/ from .*/, "")),
    [
      "0.001 a got ba",
      "0.001 c got ac",
      "0.001 b got cb",
      "0.001 a got ca",
      "0.001 c got bc",
      "1.001 c got bc",
      "1.001 b got cb",
    ],
  );
});

test("Faults: packets that are held go on in order when they are released", async (t) => {
  const lines = await logOf(function* (log, network) {
    const boxes = yield* inboxes(log, network, ["a", "b"]);
    network.faults.hold("a", "b", { oneWay: true });
    for (const text of ["one", "two"]) {
      boxes.get("a")?.transport.sendto(encode(text), ["b", 9]);
      yield* sleep(1);
    }
    boxes.get("b")?.transport.sendto(encode("back"), ["a", 9]);
    log(network.link("a", "b").inFlight);
    network.faults.release();
    boxes.get("a")?.transport.sendto(encode("three"), ["b", 9]);
    yield* sleep(1);
  }, THREE);
  t.deepEqual(lines, [
    "2 2",
    "2.001 a got back from 10.0.0.2",
    "2.001 b got one from 10.0.0.1",
    "2.001 b got two from 10.0.0.1",
    "2.001 b got three from 10.0.0.1",
  ]);
});

test("Faults: a connection outlives a partition, because what was lost is sent again", async (t) => {
  const lines = await logOf(function* (log, network) {
    const [a, b] = [network.get("a"), network.get("b")];
    yield* b.run(startServer(echo, null, 80));
    yield* a.run(
      (function* (): Steps {
        const [reader, writer] = yield* openConnection("b", 80);
        network.faults.partition("a", "b");
        writer.write(encode("hello\n"));
        getRunningLoop().callLater(10, () => network.faults.repair());
        log(decode(yield* reader.readline()).trim());
        writer.close();
      })(),
    );
  }, THREE);
  // Sent again after 1, 3, 7 and 15 times the timeout, which is the round trip of 2 ms and one second.
  t.deepEqual(lines, ["15.034 hello"]);
});

/** Sends back what it gets. */
function* echo(reader: StreamReader, writer: StreamWriter): Steps {
  for (;;) {
    const data = yield* reader.read(1000);
    if (data.length === 0) {
      break;
    }
    writer.write(data);
    yield* writer.drain();
  }
  writer.close();
}

test("Host: a crash ends its tasks without another line, forgets its callbacks, and loses what was not synced", async (t) => {
  const lines = await logOf(function* (log, network, loop) {
    const host = network.get("a");
    function* program(): Steps {
      log("booted with", host.disk.read("synced"), host.disk.read("unsynced"));
      host.disk.write("synced", "1");
      yield* host.disk.fsync();
      host.disk.write("unsynced", "2");
      loop.callLater(2, () => log("called"));
      createTask(child());
      try {
        yield* sleep(100);
      } finally {
        log("never reached");
      }
    }
    function* child(): Steps {
      yield* sleep(50);
      log("never reached either");
    }
    const task = host.boot(program);
    yield* sleep(1);
    host.crash();
    log(task.cancelled(), host);
    try {
      yield* task;
    } catch (error) {
      log(error);
    }
    yield* sleep(1);
    host.restart();
    yield* sleep(10);
    log(host.disk.names);
    host.crash();
  }, THREE);
  t.deepEqual(lines, [
    "0 booted with  ",
    "1 true <Host a down>",
    "1 CancelledError: host a crashed",
    "2 booted with 1 ",
    "4 called",
    "12 synced,unsynced",
  ]);
});

test("Host: a program may let its own host crash; it ends where it next waits", async (t) => {
  const lines = await logOf(function* (log, network) {
    const host = network.get("a");
    const task = host.run(
      (function* (): Steps {
        host.crash();
        log("still here");
        yield* sleep(1);
        log("never reached");
      })(),
    );
    yield* sleep(5);
    log(task.done(), task.cancelled());
  }, THREE);
  t.deepEqual(lines, ["0 still here", "5 true true"]);
});

/** A client on host a whose server on host b crashes in the way given; then the client asks once more. */
async function crashOfServer(connections: "vanish" | "reset"): Promise<string[]> {
  return await logOf(function* (log, network) {
    const [a, b] = [network.get("a"), network.get("b")];
    function* serve(): Steps {
      yield* startServer(echo, null, 80);
      yield* sleep(1e9);
    }
    b.boot(serve);
    yield* sleep(0);
    yield* a.run(
      (function* (): Steps {
        const [reader, writer] = yield* openConnection("b", 80);
        writer.write(encode("one\n"));
        log(decode(yield* reader.readline()).trim());
        b.crash({ connections });
        yield* sleep(1);
        log("at end:", reader.atEof(), "error:", reader.exception());
        b.restart();
        yield* sleep(1);
        try {
          writer.write(encode("two\n"));
          yield* writer.drain();
          log("got", (yield* reader.readline()).length);
        } catch (error) {
          log(error);
        }
        writer.close();
      })(),
    );
    b.crash();
  }, THREE);
}

test("Host: connections of a host that crashes vanish, and the other side hears of it when it next sends", async (t) => {
  t.deepEqual(await crashOfServer("vanish"), [
    "0.004 one",
    "1.004 at end: false error: ",
    "2.006 NetworkError: read ECONNRESET 10.0.0.2:80: connection reset by peer",
  ]);
});

test("Host: connections of a host that crashes are reset, if only its programs die", async (t) => {
  t.deepEqual(await crashOfServer("reset"), [
    "0.004 one",
    "1.004 at end: false error: NetworkError: read ECONNRESET 10.0.0.2:80: connection reset by peer",
    "2.004 NetworkError: read ECONNRESET 10.0.0.2:80: connection reset by peer",
  ]);
});

test("Host: to a host that is down nothing gets through, until it is up again", async (t) => {
  const lines = await logOf(function* (log, network, loop) {
    const [a, b] = [network.get("a"), network.get("b")];
    b.boot(function* () {
      yield* startServer(echo, null, 80);
      yield* sleep(1e9);
    });
    b.crash();
    loop.callLater(2, () => b.restart());
    yield* a.run(
      (function* (): Steps {
        const [, writer] = yield* openConnection("b", 80);
        log("connected to", writer.getExtraInfo("peername"));
      })(),
    );
    b.crash();
  }, THREE);
  // The SYN is sent again after 1 and 3 seconds.
  t.deepEqual(lines, ["3.002 connected to ('10.0.0.2', 80)"]);
});

test("Host: a paused host does nothing, while its network goes on; then it does everything at once", async (t) => {
  const lines = await logOf(function* (log, network, loop) {
    const [a, b] = [network.get("a"), network.get("b")];
    function* tick(): Steps {
      for (let i = 0; i < 4; i++) {
        log("tick", i);
        yield* sleep(1);
      }
    }
    b.run(tick());
    const server = yield* b.run(startServer(echo, null, 80));
    loop.callLater(1.5, () => b.pause());
    loop.callLater(10, () => b.resume());
    const client = a.run(
      (function* (): Steps {
        yield* sleep(2);
        const [reader, writer] = yield* openConnection("b", 80);
        log("connected");
        writer.write(encode("hello\n"));
        log(decode(yield* reader.readline()).trim());
        writer.close();
      })(),
    );
    yield* client;
    yield* sleep(5);
    server.close();
  }, THREE);
  t.deepEqual(lines, ["0 tick 0", "1 tick 1", "2.002 connected", "10 tick 2", "10.001 hello", "11 tick 3"]);
});

test("Host: a run can end while a host is paused", async (t) => {
  const lines = await logOf(function* (log, network) {
    const host = network.get("a");
    host.run(
      (function* (): Steps {
        try {
          yield* sleep(100);
        } catch (error) {
          log(error instanceof CancelledError);
        }
      })(),
    );
    yield* sleep(1);
    host.pause();
    yield* sleep(1);
  }, THREE);
  t.deepEqual(lines, ["2 true"]);
});

test("Host: its clock may be ahead, and too fast", async (t) => {
  const lines = await logOf(function* (log, network) {
    const [a, b] = [network.host("fast", { clock: { drift: 0.5 } }), network.host("ahead", { clock: { skew: 3600 } })];
    yield* sleep(10);
    log(network.localhost.time(), a.time(), b.time());
    a.setClock({ skew: 0 });
    yield* sleep(10);
    log(a.time());
    a.setClock({ drift: 0 });
    yield* sleep(10);
    log(a.time());
  });
  t.deepEqual(lines, ["10 10 15 3610", "20 25", "30 35"]);
});

test("Faults: a fault plan is plain data; at its end everything is healed", async (t) => {
  const lines = await logOf(function* (log, network) {
    const boxes = yield* inboxes(log, network, ["a", "b", "c"]);
    const plan = JSON.parse(
      JSON.stringify({
        faults: [
          { at: 4, fault: "pause", host: "c" },
          { at: 1, until: 2, fault: "partition", between: [["a"], null] },
          { at: 3, fault: "impair", between: [["a"], ["b"]], loss: 1 },
          { at: 3, until: 5, fault: "clock", host: "b", skew: 7 },
          { at: 6, until: 8, fault: "crash", host: "b" },
        ],
        end: 10,
      }),
    );
    log(network.faults.schedule(plan).faults.map((fault) => fault.at));
    for (let i = 0; i <= 10; i++) {
      boxes.get("a")?.transport.sendto(encode(`${i}`), ["b", 9]);
      yield* sleep(0.5);
      log(
        network.faults.active.map((fault) => fault.name).join("+") || "none",
        network.hosts.slice(1).join(" "),
        network.get("b").time(),
      );
      yield* sleep(0.5);
    }
  }, THREE);
  t.deepEqual(lines, [
    "0 1,3,3,4,6",
    "0.001 b got 0 from 10.0.0.1",
    "0.5 none <Host a> <Host b> <Host c> 0.5",
    "1.5 partition a<>* <Host a> <Host b> <Host c> 1.5",
    "2.001 b got 2 from 10.0.0.1",
    "2.5 none <Host a> <Host b> <Host c> 2.5",
    "3.5 impair a<>b <Host a> <Host b> <Host c> 10.5",
    "4.5 impair a<>b <Host a> <Host b> <Host c paused> 11.5",
    "5.5 impair a<>b <Host a> <Host b> <Host c paused> 5.5",
    "6.5 impair a<>b <Host a> <Host b down> <Host c paused> 6.5",
    "7.5 impair a<>b <Host a> <Host b down> <Host c paused> 7.5",
    "8.5 impair a<>b <Host a> <Host b> <Host c paused> 8.5",
    "9.5 impair a<>b <Host a> <Host b> <Host c paused> 9.5",
    "10.5 none <Host a> <Host b> <Host c> 10.5",
  ]);
});

test("Faults: timed faults of one kind may overlap on a host, which recovers at the end of the last", async (t) => {
  const lines = await logOf(function* (log, network) {
    network.faults.schedule({
      faults: [
        { at: 1, until: 3, fault: "pause", host: "a" },
        { at: 2, until: 5, fault: "pause", host: "a" },
        { at: 1, until: 3, fault: "crash", host: "b" },
        { at: 2, until: 5, fault: "crash", host: "b" },
        { at: 1, until: 8, fault: "crash", host: "c" },
        { at: 7, until: 9, fault: "crash", host: "c" },
      ],
    });
    yield* sleep(0.5);
    for (let i = 0; i < 10; i++) {
      log(
        network.hosts
          .slice(1)
          .map((host) => host.state)
          .join(" "),
      );
      yield* sleep(1);
      if (i === 5) {
        network.faults.heal();
      }
    }
  }, THREE);
  t.deepEqual(lines, [
    "0.5 running running running",
    "1.5 paused down down",
    "2.5 paused down down",
    "3.5 paused down down",
    "4.5 paused down down",
    "5.5 running running down",
    "6.5 running running running",
    "7.5 running running down",
    "8.5 running running down",
    "9.5 running running running",
  ]);
});

test("Faults: random fault plans follow from the stream, end healed, and can be run", async (t) => {
  const options = {
    hosts: ["a", "b", "c"],
    end: 60,
    kinds: ["partition", "hold", "impair", "crash", "pause", "clock"],
  } as const;
  const make = (seed: number) => randomFaults(new RandomStream(seed, "faults"), options);
  t.deepEqual(make(1), make(1));
  t.notDeepEqual(make(1), make(2));
  for (let seed = 0; seed < 20; seed++) {
    const plan = make(seed);
    t.deepEqual(JSON.parse(JSON.stringify(plan)), plan);
    const lines = await logOf(function* (log, network) {
      network.faults.schedule(plan);
      yield* sleep(61);
      log(network.faults.active.length, network.rules.isEmpty, network.hosts.slice(1).join(" "));
    }, THREE);
    t.deepEqual(lines, ["61 0 true <Host a> <Host b> <Host c>"], `seed ${seed}`);
  }
});

test("Faults: they are named by their kind and hosts, and by a number only among equal ones", async (t) => {
  const lines = await logOf(function* (log, { faults }) {
    t.throws(() => faults.impair("a", "b", { loss: 2 }));
    const all = [
      faults.impair("a", "b", {}),
      faults.partition("a"),
      faults.impair("a", "b", { loss: 1 }),
      faults.impair("a", "b", {}, { oneWay: true }),
      faults.hold(["a", "b"], ["c"]),
      faults.impair("b", "a", {}),
    ];
    log(all.map(({ name }) => name).join("; "));
    yield* sleep(0);
  }, THREE);
  t.deepEqual(lines, ["0 impair a<>b; partition a<>*; impair a<>b #2; impair a>b; hold a,b<>c; impair b<>a"]);
});

test("Faults: what does not exist, and values that make no sense, are refused at the call", async (t) => {
  const lines = await logOf(function* (log, network) {
    const { faults } = network;
    const a = network.get("a");
    const calls: (() => unknown)[] = [
      () => faults.partition("x"),
      () => faults.partition([]),
      () => faults.hold("a", ["b", "y"]),
      () => faults.impair("a", "b", { loss: 1.5 }),
      () => faults.impair("a", "b", { delay: -1 }),
      () => faults.crash("z"),
      () => a.crash({ connections: "melt" as never }),
      () => a.restart(),
      () => a.resume(),
      () => a.setClock({ drift: -1 }),
      () => a.setClock({ skew: Number.NaN }),
      () => faults.schedule([] as never),
      () => faults.schedule({ faults: [{ at: -1, fault: "pause", host: "a" }] }),
      () => faults.schedule({ faults: [{ at: 2, until: 1, fault: "pause", host: "a" }] }),
      () => faults.schedule({ faults: [{ at: 2, fault: "pause", host: "a" }], end: 1 }),
      () => faults.schedule({ faults: [{ at: 2, fault: "pause", host: "q" }] }),
      () => faults.schedule({ faults: [{ at: 2, fault: "melt", host: "a" } as never] }),
      () => faults.schedule({ faults: [{ at: 2, fault: "hold", between: ["a", "b"] } as never] }),
      () => randomFaults(new RandomStream(1, "x"), { hosts: [], end: 10 }),
      () => randomFaults(new RandomStream(1, "x"), { hosts: ["a"], end: 0 }),
    ];
    for (const call of calls) {
      try {
        call();
        log("accepted", call);
      } catch (error) {
        log(error);
      }
    }
    a.crash();
    try {
      a.run(sleep(1));
    } catch (error) {
      log(error);
    }
    yield* sleep(0);
  }, THREE);
  t.deepEqual(
    lines.map((line) => line.slice(2)),
    [
      "RangeError: network: unknown host 'x' (known: localhost, a, b, c). Add it with network.host('x').",
      "RangeError: partition: expected at least one host, got none",
      "RangeError: network: unknown host 'y' (known: localhost, a, b, c). Add it with network.host('y').",
      "RangeError: impair: expected loss to be a probability from 0 to 1, got 1.5",
      "RangeError: impair: delay: expected seconds (finite, not negative), { uniform: [low, high] }, { exponential: mean, min? }, " +
        "{ normal: [mean, deviation] }, { pareto: [shape, scale] } or a function, got -1",
      "RangeError: network: unknown host 'z' (known: localhost, a, b, c). Add it with network.host('z').",
      'RangeError: <Host a>.crash: expected connections to be "vanish" or "reset", got "melt"',
      "RuntimeError: <Host a> is not down; crash it first",
      "RuntimeError: <Host a> is running, not paused",
      "RangeError: clock of host a: expected a finite drift above -1, got -1",
      "RangeError: clock of host a: expected a finite skew in seconds, got NaN",
      "TypeError: faults: expected a fault plan { faults: […], end? }, got []",
      'RangeError: faults[0]: expected "at" from 0 s (now), got -1',
      'RangeError: faults[0]: expected "until" from 2 s (its begin), got 1',
      'RangeError: faults[0]: expected "at" from 0 s (now) to 1 (the end), got 2',
      "RangeError: network: unknown host 'q' (known: localhost, a, b, c). Add it with network.host('q').",
      "RangeError: faults[0]: unknown fault 'melt' (known: partition, hold, impair, slow, crash, pause, clock)",
      'TypeError: faults[0]: expected "between" to be two groups of hosts, [["a"], ["b", "c"]] or [["a"], null], got ["a","b"]',
      "RangeError: randomFaults: expected hosts and kinds of faults, got 0 and 6",
      "RangeError: randomFaults: expected 0 <= start < end and positive means, got start 0, end 0, means 0 and 0",
      "RuntimeError: <Host a down> is down and runs nothing; restart it first",
    ],
  );
});
