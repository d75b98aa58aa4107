import test from "ava";
import { simulate } from "../../simulation.ts";
import { sleep } from "../../tasks/sleep.ts";
import { type EventLoop, getRunningLoop } from "../event-loop.ts";
import type { PacketInTransit } from "../links/packet-in-transit.ts";
import type { Rule } from "../links/rules.ts";
import type { Network } from "../network.ts";
import type { NetworkOptions } from "../network-options.ts";
import { TcpSegment } from "../packets/tcp-segment.ts";
import { openConnection } from "../streams/open-connection.ts";
import { startServer } from "../streams/start-server.ts";
import type { StreamReader } from "../streams/stream-reader.ts";
import type { StreamWriter } from "../streams/stream-writer.ts";
import { encode } from "../text.ts";
import { Protocol, type Transport } from "../transports/contract.ts";

type Steps<T = void> = Generator<unknown, T, unknown>;
type Log = (...words: unknown[]) => void;

interface World {
  readonly log: Log;
  readonly loop: EventLoop;
  readonly network: Network;
  readonly watching: Watch;
}

const TWO: NetworkOptions = { hosts: { a: {}, b: {} }, links: { latency: 0.01 } };
const short = (seconds: number): number => Number(seconds.toFixed(4));

/** What `program` logs, each line with its time, how it failed if it did, and the warnings of the run. */
async function logOf(program: (world: World) => Steps<unknown>, options: NetworkOptions = TWO): Promise<string[]> {
  const lines: string[] = [];
  const { error, warnings } = await simulate(
    function* () {
      const loop = getRunningLoop();
      const log: Log = (...words) => lines.push([short(loop.time()), ...words].join(" "));
      const watching = new Watch(log);
      loop.network.rules.add(watching);
      yield* program({ log, loop, network: loop.network, watching });
    },
    { trace: "off", network: options },
  );
  return [...lines, ...(error === undefined ? [] : [String(error)]), ...warnings];
}

type Drops = (segment: TcpSegment, number: number) => boolean;

/**
 * Logs segments that depart, once it is switched on, with places counted from the sender's SYN; drops those that
 * `drops` picks.
 */
class Watch implements Rule {
  readonly name = "watch";
  drops: Drops | null = null;
  private readonly _log: Log;
  private readonly _starts = new Map<string, number>();
  private _number = 0;

  constructor(log: Log) {
    this._log = log;
  }

  departing(transit: PacketInTransit): void {
    const { packet, from, to } = transit;
    if (!(packet instanceof TcpSegment)) {
      return;
    }
    const key = `${packet.source}:${packet.sourcePort}`;
    if (packet.flagText.startsWith("S")) {
      this._starts.set(key, packet.sequence);
    }
    if (this.drops === null) {
      return;
    }
    const place = (packet.sequence - (this._starts.get(key) ?? packet.sequence)) >>> 0;
    const back = `${packet.destination}:${packet.destinationPort}`;
    const acknowledged = (packet.acknowledgement - (this._starts.get(back) ?? packet.acknowledgement)) >>> 0;
    const isLost = this.drops(packet, ++this._number);
    const length = packet.data.length === 0 ? "" : ` +${packet.data.length}`;
    const ack = packet.flagText.includes(".") ? ` ack ${acknowledged}` : "";
    this._log(`${from}>${to} ${packet.flagText} ${place}${length}${ack}${isLost ? " lost" : ""}`);
    if (isLost) {
      transit.drop("test");
    }
  }
}

/** Log the segments from now on. */
const watch = ({ watching }: World, drops: Drops = () => false): void => {
  watching.drops = drops;
};

/** A server on b at port 80 that does `serve` with each connection, and a connection to it from a. */
function* connected(
  { network }: World,
  serve: (reader: StreamReader, writer: StreamWriter) => unknown = () => {},
): Steps<[StreamReader, StreamWriter]> {
  yield* network.get("b").run(startServer(serve, null, 80));
  return yield* network.get("a").run(openConnection("10.0.0.2", 80));
}

test("TCP: a connection begins with three segments, carries data, and ends with FINs from both sides", async (t) => {
  const lines = await logOf(function* (world) {
    watch(world);
    const [reader, writer] = yield* connected(world, function* (from: StreamReader, to: StreamWriter): Steps {
      to.write(yield* from.readline());
      to.close();
    });
    world.log("connected");
    writer.write(encode("hello\n"));
    world.log(yield* reader.read());
    writer.close();
    yield* sleep(1);
  });
  t.deepEqual(lines, [
    "0 a>b S 0",
    "0.01 b>a S. 0 ack 1",
    "0.02 a>b . 1 ack 1",
    "0.02 connected",
    "0.02 a>b P. 1 +6 ack 1",
    "0.03 b>a P. 1 +6 ack 7",
    "0.03 b>a F. 7 ack 7",
    "0.04 a>b . 7 ack 8",
    "0.04 104,101,108,108,111,10",
    "0.04 a>b F. 7 ack 8",
    "0.05 b>a . 8 ack 8",
  ]);
});

test("TCP: a SYN without an answer is sent again after 1, 3, 7, 15, 31 and 63 seconds, until ETIMEDOUT", async (t) => {
  const lines = await logOf(function* (world) {
    watch(world, () => true);
    try {
      yield* connected(world);
    } catch (error) {
      world.log(error);
    }
  });
  t.deepEqual(lines, [
    ...[0, 1, 3, 7, 15, 31, 63].map((time) => `${time} a>b S 0 lost`),
    "127 NetworkError: connect ETIMEDOUT 10.0.0.2:80: connection timed out",
  ]);
});

test("TCP: a port without a listener refuses with RST, an address without a host is unreachable", async (t) => {
  const lines = await logOf(function* (world) {
    watch(world);
    for (const address of ["10.0.0.2", "10.9.9.9"]) {
      try {
        yield* world.network.get("a").run(openConnection(address, 81));
      } catch (error) {
        world.log(error);
      }
    }
  });
  t.deepEqual(lines, [
    "0 a>b S 0",
    "0.01 b>a R. 0 ack 1",
    "0.02 NetworkError: connect ECONNREFUSED 10.0.0.2:81: connection refused",
    "0.02 NetworkError: connect EHOSTUNREACH 10.9.9.9:81: no route to host",
  ]);
});

test("TCP: a lost segment is sent again when no acknowledgement comes in time, the timeout doubling", async (t) => {
  const lines = await logOf(function* (world) {
    watch(world, (segment, number) => segment.data.length > 0 && number < 7);
    const [, writer] = yield* connected(world);
    writer.write(encode("hello"));
    yield* sleep(20);
  });
  t.deepEqual(lines, [
    "0 a>b S 0",
    "0.01 b>a S. 0 ack 1",
    "0.02 a>b . 1 ack 1",
    "0.02 a>b P. 1 +5 ack 1 lost",
    "1.04 a>b P. 1 +5 ack 1 lost",
    "3.08 a>b P. 1 +5 ack 1 lost",
    "7.16 a>b P. 1 +5 ack 1",
    "7.21 b>a . 1 ack 6",
  ]);
});

test("TCP: a lost SYN, a lost answer to it and lost FINs are sent again as well", async (t) => {
  const lines = await logOf(function* (world) {
    watch(world, (_, number) => [1, 3, 6, 8].includes(number));
    const [reader, writer] = yield* connected(world, (_, to) => to.close());
    yield* reader.read();
    writer.close();
    yield* sleep(20);
  });
  t.deepEqual(lines, [
    "0 a>b S 0 lost",
    "1 a>b S 0",
    "1.01 b>a S. 0 ack 1 lost",
    "2.01 b>a S. 0 ack 1",
    "2.02 a>b . 1 ack 1",
    "2.03 b>a F. 1 ack 1 lost",
    "5.03 b>a F. 1 ack 1",
    "5.04 a>b . 1 ack 2 lost",
    "5.04 a>b F. 1 ack 2",
    "5.05 b>a . 2 ack 2",
  ]);
});

test("TCP: three repeated acknowledgements bring a lost segment again long before the timeout", async (t) => {
  const lines = await logOf(function* (world) {
    let lost = false;
    const [, writer] = yield* connected(world, function* (from: StreamReader): Steps {
      yield* from.readexactly(14_600);
      world.log("received");
    });
    watch(world, (segment) => {
      const isFirst = segment.data.length === 1460 && !lost;
      lost ||= isFirst;
      return isFirst;
    });
    writer.write(new Uint8Array(14_600));
    yield* sleep(5);
  });
  t.deepEqual(lines.slice(10, 20), [...new Array(9).fill("0.03 b>a . 1 ack 1"), "0.04 a>b . 1 +1460 ack 1"]);
  t.deepEqual(lines.slice(-2), ["0.05 b>a . 1 ack 14601", "0.05 received"]);
});

test("TCP: every second full segment is acknowledged at once, anything less after 40 ms", async (t) => {
  const lines = await logOf(function* (world) {
    const [, writer] = yield* connected(world, () => {});
    watch(world);
    writer.write(new Uint8Array(3 * 1460));
    yield* sleep(1);
  });
  t.deepEqual(lines, [
    "0.02 a>b . 1 +1460 ack 1",
    "0.02 a>b . 1461 +1460 ack 1",
    "0.02 a>b P. 2921 +1460 ack 1",
    "0.03 b>a . 1 ack 2921",
    "0.07 b>a . 1 ack 4381",
  ]);
});

test("TCP: without TCP_NODELAY small pieces wait for the acknowledgement of what is on the way", async (t) => {
  const write = async (noDelay: boolean): Promise<string[]> =>
    await logOf(function* (world) {
      const [, writer] = yield* connected(world, () => {});
      writer.getExtraInfo("socket").noDelay = noDelay;
      watch(world);
      for (const piece of ["a", "b", "c"]) {
        writer.write(encode(piece));
      }
      yield* sleep(1);
    });
  t.deepEqual(await write(true), [
    "0.02 a>b P. 1 +1 ack 1",
    "0.02 a>b P. 2 +1 ack 1",
    "0.02 a>b P. 3 +1 ack 1",
    "0.07 b>a . 1 ack 4",
  ]);
  t.deepEqual(await write(false), [
    "0.02 a>b P. 1 +1 ack 1",
    "0.07 b>a . 1 ack 2",
    "0.08 a>b P. 2 +2 ack 1",
    "0.13 b>a . 1 ack 4",
  ]);
});

test("TCP: a full receiver closes its window; the sender asks now and then, and goes on when there is room", async (t) => {
  const lines = await logOf(function* (world) {
    let server!: Transport;
    let received = 0;
    class Sink extends Protocol {
      override connectionMade(transport: Transport): void {
        server = transport;
        transport.pauseReading();
      }
      override dataReceived(data: Uint8Array): void {
        received += data.length;
      }
    }
    yield* world.network.get("b").run(world.loop.createServer(() => new Sink(), null, 80));
    const [, writer] = yield* world.network.get("a").run(openConnection("10.0.0.2", 80));
    writer.write(new Uint8Array(200_000));
    yield* sleep(1);
    watch(world);
    yield* sleep(9);
    world.log(received);
    server.resumeReading();
    yield* sleep(1);
    world.log(received);
  });
  // The window has about a kilobyte left, which is not worth a segment until a timeout has passed.
  t.deepEqual(lines.slice(0, 9), [
    "1.16 a>b . 129941 +1024 ack 1",
    "1.21 b>a . 1 ack 130965",
    "2.245 a>b . 130964 ack 1",
    "2.255 b>a . 1 ack 130965",
    "4.295 a>b . 130964 ack 1",
    "4.305 b>a . 1 ack 130965",
    "8.395 a>b . 130964 ack 1",
    "8.405 b>a . 1 ack 130965",
    "10.02 0",
  ]);
  t.is(lines.at(-1), "11.02 200000");
});

test("TCP: keep-alive finds out that the other side is gone", async (t) => {
  const lines = await logOf(function* (world) {
    const [reader, writer] = yield* connected(world);
    writer.getExtraInfo("socket").keepAlive = { idle: 60, interval: 10, count: 2 };
    watch(world);
    yield* sleep(100);
    world.network.faults.crash("b");
    try {
      yield* reader.read();
    } catch (error) {
      world.log(error);
    }
  });
  t.deepEqual(lines, [
    "60.02 a>b . 0 ack 1",
    "60.03 b>a . 1 ack 1",
    "120.04 a>b . 0 ack 1",
    "130.04 a>b . 0 ack 1",
    "140.04 NetworkError: read ETIMEDOUT 10.0.0.2:80: connection timed out",
  ]);
});

test("TCP: keep-alive asks nothing while data is on the way: the retransmission timer finds out as well", async (t) => {
  const lines = await logOf(
    function* (world) {
      const [reader, writer] = yield* connected(world);
      writer.getExtraInfo("socket").keepAlive = { idle: 2, interval: 1, count: 1 };
      world.network.faults.partition("a", "b");
      watch(world);
      writer.write(encode("x"));
      try {
        yield* reader.read();
      } catch (error) {
        world.log(error);
      }
    },
    { ...TWO, tcp: { retries: 3 } },
  );
  t.deepEqual(
    lines.filter((line) => !line.includes("b>a")),
    [
      "0.02 a>b P. 1 +1 ack 1",
      "1.04 a>b P. 1 +1 ack 1",
      "3.08 a>b P. 1 +1 ack 1",
      "7.16 a>b P. 1 +1 ack 1",
      "15.32 NetworkError: read ETIMEDOUT 10.0.0.2:80: connection timed out",
    ],
  );
});

test("TCP: a sender that waits before the closed window of a peer that is gone gives up", async (t) => {
  const lines = await logOf(
    function* (world) {
      const [reader, writer] = yield* connected(world);
      writer.write(new Uint8Array(1_000_000));
      yield* sleep(60);
      world.network.faults.crash("b");
      watch(world);
      try {
        yield* reader.read();
      } catch (error) {
        world.log(error);
      }
    },
    { ...TWO, tcp: { retries: 3, maximumTimeout: 32 } },
  );
  // Three questions without an answer, 32 s apart by now, and then as long again.
  t.deepEqual(
    lines.map((line) => line.replace(/ \. \d+ /, " . ")),
    [
      "65.035 a>b . ack 1",
      "97.035 a>b . ack 1",
      "129.035 a>b . ack 1",
      "161.035 NetworkError: read ETIMEDOUT 10.0.0.2:80: connection timed out",
    ],
  );
});

test("TCP: both sides may begin at the same time, and have one connection then", async (t) => {
  const lines = await logOf(function* (world) {
    watch(world);
    const connecting = (["a", "b"] as const).map((name) =>
      world.network.get(name).run(
        (function* (): Steps<[Transport, Protocol]> {
          const peer = name === "a" ? "10.0.0.2" : "10.0.0.1";
          const localAddress = [null, 5000] as const;
          return yield* world.loop.createConnection(() => new Protocol(), peer, 5000, { localAddress });
        })(),
      ),
    );
    for (const task of connecting) {
      const [transport] = yield* task;
      world.log(transport.getExtraInfo("sockname"), transport.getExtraInfo("peername"));
    }
    yield* sleep(1);
  });
  t.deepEqual(lines, [
    "0 a>b S 0",
    "0 b>a S 0",
    "0.01 b>a S. 0 ack 1",
    "0.01 a>b S. 0 ack 1",
    "0.02 a>b . 1 ack 1",
    "0.02 b>a . 1 ack 1",
    "0.02 ('10.0.0.1', 5000) ('10.0.0.2', 5000)",
    "0.02 ('10.0.0.2', 5000) ('10.0.0.1', 5000)",
  ]);
});

test("TCP: a server may have its connections ask whether the other side is there, after two hours of silence", async (t) => {
  const lines = await logOf(function* (world) {
    yield* world.network.get("b").run(startServer(() => {}, null, 80, { keepAlive: true }));
    yield* world.network.get("a").run(openConnection("10.0.0.2", 80));
    watch(world);
    yield* sleep(7201);
  });
  t.deepEqual(lines, ["7200.03 b>a . 0 ack 1", "7200.04 a>b . 1 ack 1"]);
});

test("TCP: sequence numbers go on from 0 after 4294967295, in the middle of a transfer", async (t) => {
  const wraps: number[] = [];
  const lines = await logOf(function* (world) {
    const { network, loop, log } = world;
    network.link("a", "b").set({ loss: 0.02 });
    let initial = -1;
    network.rules.add({
      name: "sequence numbers",
      departing({ packet }): void {
        if (packet instanceof TcpSegment && packet.sourcePort === 5000) {
          initial = packet.flagText === "S" ? packet.sequence : initial;
          wraps.push(...(packet.sequence < initial ? [packet.sequence] : []));
        }
      },
    });
    const localAddress = [null, 5000] as const;
    const connect = (): Steps<[Transport, Protocol]> =>
      loop.createConnection(() => new Protocol(), "10.0.0.2", 80, { localAddress })[Symbol.iterator]() as never;
    try {
      yield* network.get("a").run(connect());
    } catch (error) {
      log(String(error).slice(0, 34));
    }
    // Initial numbers go up by 250,000 a second: wait until they are 20,000 below their end.
    yield* sleep((2 ** 32 - 20_000 - initial) / 250_000);
    let wrong = 0;
    function* check(reader: StreamReader): Steps {
      const data = yield* reader.read(-1);
      wrong = data.findIndex((byte, i) => byte !== (i * 7) % 251);
      log(data.length, wrong);
    }
    yield* network.get("b").run(startServer(check, null, 80));
    const [transport] = yield* network.get("a").run(connect());
    const begin = loop.time();
    transport.write(Uint8Array.from({ length: 100_000 }, (_, i) => (i * 7) % 251));
    transport.close();
    yield* sleep(60);
    log(loop.time() - begin > 0);
  }, TWO);
  t.deepEqual(
    lines.map((line) => line.replace(/^\S+ /, "")),
    ["NetworkError: connect ECONNREFUSED", "100000 -1", "true"],
  );
  t.true(wraps.length > 50 && wraps.every((sequence) => sequence < 90_000));
});

test("TCP: data that is never acknowledged ends the connection with ETIMEDOUT", async (t) => {
  const lines = await logOf(
    function* (world) {
      const [reader, writer] = yield* connected(world);
      world.network.faults.partition("a", "b");
      writer.write(encode("anybody there?"));
      try {
        yield* reader.read();
      } catch (error) {
        world.log(error);
      }
    },
    { ...TWO, tcp: { retries: 3 } },
  );
  t.deepEqual(lines, ["15.32 NetworkError: read ETIMEDOUT 10.0.0.2:80: connection timed out"]);
});

test("TCP: both sides may close at the same time", async (t) => {
  const lines = await logOf(function* (world) {
    let server!: StreamWriter;
    const [, writer] = yield* connected(world, (_, to) => {
      server = to;
    });
    yield* sleep(1);
    watch(world);
    writer.close();
    server.close();
    yield* sleep(1);
  });
  t.deepEqual(lines, ["1.02 a>b F. 1 ack 1", "1.02 b>a F. 1 ack 1", "1.03 b>a . 2 ack 2", "1.03 a>b . 2 ack 2"]);
});

test("TCP: one side may end its stream and still receive", async (t) => {
  const lines = await logOf(function* (world) {
    const [reader, writer] = yield* connected(world, function* (from: StreamReader, to: StreamWriter): Steps {
      const all = yield* from.read();
      yield* sleep(5);
      to.write(all);
      to.close();
    });
    watch(world);
    writer.write(encode("all"));
    writer.writeEof();
    world.log((yield* reader.read()).length);
    writer.close();
  });
  t.deepEqual(lines, [
    "0.02 a>b P. 1 +3 ack 1",
    "0.02 a>b F. 4 ack 1",
    "0.03 b>a . 1 ack 5",
    "5.03 b>a P. 1 +3 ack 5",
    "5.03 b>a F. 4 ack 5",
    "5.04 a>b . 5 ack 5",
    "5.04 3",
  ]);
});

test("TCP: the side that closed first keeps the pair of addresses for a minute; SO_REUSEADDR lets a server take its port all the same", async (t) => {
  const lines = await logOf(function* (world) {
    const b = world.network.get("b");
    function* tryIt(reuseAddress: boolean): Steps {
      try {
        const server = yield* b.run(world.loop.createServer(() => new Protocol(), null, 80, { reuseAddress }));
        world.log("listening");
        server.close();
      } catch (error) {
        world.log(error);
      }
    }
    const server = yield* b.run(startServer((_, to) => to.close(), null, 80));
    const [reader, writer] = yield* world.network.get("a").run(openConnection("10.0.0.2", 80));
    yield* reader.read();
    writer.close();
    server.close();
    yield* sleep(10);
    yield* tryIt(false);
    yield* tryIt(true);
    yield* sleep(60);
    yield* tryIt(false);
  });
  t.deepEqual(lines, [
    "10.04 NetworkError: bind EADDRINUSE 0.0.0.0:80: address already in use",
    "10.04 listening",
    "70.04 listening",
  ]);
});

test("TCP: a FIN that comes again is acknowledged again, and the minute begins anew", async (t) => {
  const lines = await logOf(function* (world) {
    const b = world.network.get("b");
    const server = yield* b.run(startServer((_, to) => to.close(), null, 80));
    const [reader, writer] = yield* world.network.get("a").run(openConnection("10.0.0.2", 80));
    yield* reader.read();
    server.close();
    // Of the acknowledgements of a's FIN only the sixth gets through.
    watch(world, ({ flagText }, number) => flagText === "." && number < 12);
    writer.close();
    for (const time of [60, 89, 91, 92]) {
      yield* sleep(time - world.loop.time());
      try {
        yield* b.run(world.loop.createServer(() => new Protocol(), null, 80, { reuseAddress: false }));
        world.log("the port is free");
      } catch (error) {
        world.log(error);
      }
    }
  });
  const inUse = "NetworkError: bind EADDRINUSE 0.0.0.0:80: address already in use";
  t.deepEqual(lines, [
    "0.04 a>b F. 1 ack 2",
    "0.05 b>a . 2 ack 2 lost",
    "1.06 a>b F. 1 ack 2",
    "1.07 b>a . 2 ack 2 lost",
    "3.1 a>b F. 1 ack 2",
    "3.11 b>a . 2 ack 2 lost",
    "7.18 a>b F. 1 ack 2",
    "7.19 b>a . 2 ack 2 lost",
    "15.34 a>b F. 1 ack 2",
    "15.35 b>a . 2 ack 2 lost",
    "31.66 a>b F. 1 ack 2",
    "31.67 b>a . 2 ack 2",
    `60 ${inUse}`,
    `89 ${inUse}`,
    `91 ${inUse}`,
    "92 the port is free",
  ]);
});

test("TCP: when too many connections wait to be accepted, a new one has to knock again", async (t) => {
  const lines = await logOf(function* (world) {
    const [a, b] = [world.network.get("a"), world.network.get("b")];
    yield* b.run(startServer(() => {}, null, 80, { backlog: 1 }));
    b.pause();
    world.loop.callLater(1.5, () => b.resume());
    function* connect(name: string): Steps {
      yield* openConnection("10.0.0.2", 80);
      world.log(name, "connected");
    }
    for (const name of ["one", "two", "three"]) {
      a.run(connect(name));
      yield* sleep(0.1);
    }
    yield* sleep(10);
  });
  t.deepEqual(lines, ["0.02 one connected", "0.12 two connected", "3.22 three connected"]);
});

test("TCP: a damaged segment is dropped, and sent again", async (t) => {
  const lines = await logOf(function* (world) {
    const [, writer] = yield* connected(world, function* (from: StreamReader): Steps {
      world.log("received", String(yield* from.readexactly(3)));
    });
    let damaged = false;
    world.network.rules.add({
      name: "damage",
      departing(transit): void {
        if (!damaged && transit.packet instanceof TcpSegment && transit.packet.data.length > 0) {
          damaged = true;
          transit.corrupt();
        }
      },
    });
    writer.write(Uint8Array.of(1, 2, 3));
    yield* sleep(2);
    world.log(world.network.link("a", "b"));
  });
  t.deepEqual(lines, ["1.05 received 1,2,3", "2.02 <Link a→b sent=4 delivered=3 dropped=1 inFlight=0>"]);
});

test("TCP: segments are as big as the smaller MTU of both directions allows", async (t) => {
  const sizes = async (mtuThere: number, mtuBack: number, address: string): Promise<Set<number>> => {
    const found = new Set<number>();
    await logOf(function* (world) {
      world.network.link("a", "b").set({ mtu: mtuThere });
      world.network.link("b", "a").set({ mtu: mtuBack });
      world.network.rules.add({
        name: "measure",
        departing: ({ packet }) => void (packet instanceof TcpSegment && found.add(packet.data.length)),
      });
      yield* world.network.get("b").run(startServer(() => {}, null, 80));
      const [, writer] = yield* world.network.get("a").run(openConnection(address, 80));
      writer.write(new Uint8Array(100_000));
      yield* sleep(1);
    });
    return found;
  };
  t.is(Math.max(...(await sizes(1500, 1500, "10.0.0.2"))), 1460);
  t.is(Math.max(...(await sizes(1500, 576, "10.0.0.2"))), 536);
  t.is(Math.max(...(await sizes(9000, 9000, "10.0.0.2"))), 8960);
  t.is(Math.max(...(await sizes(1500, 1500, "fd00::2"))), 1440);
});

test("TCP: a bulk transfer reaches the bandwidth of the link", async (t) => {
  for (const [bandwidth, latency, queueBytes] of [
    [1e6, 0.02, 100_000],
    [1e7, 0.05, 200_000],
    [1e8, 0.01, 300_000],
    [2e7, 0.05, 500_000],
  ] as const) {
    const bytes = (bandwidth / 8) * (bandwidth > 2e7 ? 5 : 20);
    const lines = await logOf(
      function* (world) {
        let done = 0;
        const [, writer] = yield* connected(world, function* (from: StreamReader): Steps {
          for (let received = 0; received < bytes; ) {
            received += (yield* from.read(1_000_000)).length;
          }
          done = world.loop.time();
        });
        const begin = world.loop.time();
        const block = new Uint8Array(100_000);
        for (let sent = 0; sent < bytes; sent += block.length) {
          writer.write(block);
          yield* writer.drain();
        }
        while (done === 0) {
          yield* sleep(1);
        }
        // Headers of 40 bytes go with every 1460 bytes of data.
        world.log((bytes * 8 * (1500 / 1460)) / (done - begin) / bandwidth);
      },
      { hosts: { a: {}, b: {} }, links: { latency, bandwidth, queueBytes } },
    );
    const share = Number(lines[0]?.split(" ")[1]);
    t.true(share > 0.95 && share <= 1, `${bandwidth} bit/s, ${latency} s: ${lines}`);
  }
});
