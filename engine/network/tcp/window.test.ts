import test from "ava";
import { simulate } from "../../simulation.ts";
import { createTask } from "../../tasks/current.ts";
import { sleep } from "../../tasks/sleep.ts";
import { getRunningLoop } from "../event-loop.ts";
import type { PacketInTransit } from "../links/packet-in-transit.ts";
import type { Rule } from "../links/rules.ts";
import type { NetworkOptions } from "../network-options.ts";
import { ACK, TcpSegment } from "../packets/tcp-segment.ts";
import { openConnection } from "../streams/open-connection.ts";
import { startServer } from "../streams/start-server.ts";
import type { StreamReader } from "../streams/stream-reader.ts";
import type { StreamWriter } from "../streams/stream-writer.ts";

type Steps<T = void> = Generator<unknown, T, unknown>;
type Serve = (reader: StreamReader, writer: StreamWriter) => Steps;

/**
 * What an analyser of captures would remark: windows that are closed, filled to the last byte, or opened by a segment
 * that says nothing else.
 */
class Remarks implements Rule {
  readonly name = "remarks";
  readonly remarks = new Map<string, number>();
  /** How many segments were sent again, and when the last was sent. */
  again = 0;
  ended = 0;
  smallest = Number.POSITIVE_INFINITY;
  largest = 0;
  private readonly _last = new Map<number, TcpSegment>();

  departing({ packet, now }: PacketInTransit): void {
    if (packet instanceof TcpSegment) {
      this.again += Number(packet.isRetransmission);
      this.ended = now;
    }
    if (!(packet instanceof TcpSegment) || packet.flagText.startsWith("S")) {
      return;
    }
    const window = packet.window << 7;
    this.smallest = Math.min(this.smallest, window);
    this.largest = Math.max(this.largest, window);
    const last = this._last.get(packet.sourcePort);
    const back = this._last.get(packet.destinationPort);
    if (window === 0) {
      this._remark("closed");
    }
    if (last !== undefined && isUpdate(last, packet)) {
      this._remark("update");
    }
    if (back !== undefined && packet.data.length > 0) {
      const end = packet.sequence + packet.data.length;
      if (((end - back.acknowledgement) | 0) === back.window << 7) {
        this._remark("full");
      }
    }
    this._last.set(packet.sourcePort, packet);
  }

  private _remark(what: string): void {
    this.remarks.set(what, (this.remarks.get(what) ?? 0) + 1);
  }
}

const isUpdate = (last: TcpSegment, packet: TcpSegment): boolean =>
  packet.flags === ACK &&
  packet.data.length === 0 &&
  packet.acknowledgement === last.acknowledgement &&
  packet.window !== last.window;

function* readAll(reader: StreamReader): Steps<number> {
  let count = 0;
  for (;;) {
    const { length } = yield* reader.read(100_000);
    if (length === 0) {
      return count;
    }
    count += length;
  }
}

function* sink(reader: StreamReader, writer: StreamWriter): Steps {
  yield* readAll(reader);
  writer.close();
}

function* echo(reader: StreamReader, writer: StreamWriter): Steps {
  for (;;) {
    const data = yield* reader.read(100_000);
    if (data.length === 0) {
      break;
    }
    writer.write(data);
    yield* writer.drain();
  }
  writer.close();
}

const answerFirst = (bytes: number): Serve =>
  function* (reader, writer) {
    writer.write(new Uint8Array(bytes));
    yield* readAll(reader);
    yield* writer.drain();
    writer.close();
  };

/**
 * What is to be remarked when a client writes `bytes` to a server that does `serve`, on host b or, over the loopback,
 * on its own.
 */
async function remarksOf(bytes: number, serve: Serve, server: "a" | "b", options: NetworkOptions): Promise<Remarks> {
  const rule = new Remarks();
  const { error } = await simulate(
    function* (): Steps {
      const { network } = getRunningLoop();
      const a = network.host("a");
      network.host("b");
      network.rules.add(rule);
      yield* network.get(server).run(startServer(serve, null, 80));
      const [reader, writer] = yield* a.run(openConnection(server, 80));
      writer.write(new Uint8Array(bytes));
      writer.writeEof();
      yield* readAll(reader);
      writer.close();
      yield* sleep(1);
    },
    { trace: "off", network: options },
  );
  if (error !== undefined) {
    throw error;
  }
  return rule;
}

const PLACES: readonly (readonly [string, "a" | "b", NetworkOptions])[] = [
  ["over the loopback", "a", {}],
  ["without latency", "b", { links: { latency: 0 } }],
  ["in a house", "b", { links: { latency: 0.0002, bandwidth: 1e9 } }],
  ["over the sea", "b", { links: { latency: 0.05, bandwidth: 1e8 } }],
];

for (const [where, server, options] of PLACES) {
  test(`TCP: with readers that keep up, 10 MB ${where} never close a window, fill one, or need it opened`, async (t) => {
    for (const serve of [sink, echo, answerFirst(1_000_000)]) {
      const { remarks, largest } = await remarksOf(10_000_000, serve, server, options);
      t.deepEqual([...remarks], []);
      t.true(largest >= 131_072);
    }
  });
}

test("TCP: whatever the number of bytes, neither end of a loopback closes its window to a reader that keeps up", async (t) => {
  // 130,990 are two full segments, 131,072 the whole window.
  for (const bytes of [65_495, 130_989, 130_990, 130_991, 131_071, 131_072, 131_073, 196_485, 262_144]) {
    for (const serve of [sink, echo, answerFirst(bytes)]) {
      const { remarks } = await remarksOf(bytes, serve, "a", {});
      t.deepEqual([...remarks], [], String(bytes));
    }
  }
});

test("TCP: a small receive buffer that was asked for is not made bigger by much that comes at one instant", async (t) => {
  function* idle(reader: StreamReader, writer: StreamWriter): Steps {
    (writer.transport as unknown as { pauseReading(): void }).pauseReading();
    yield* sleep(10);
    (writer.transport as unknown as { resumeReading(): void }).resumeReading();
    yield* sink(reader, writer);
  }
  const options = { links: { latency: 0 }, tcp: { receiveBufferBytes: 8192 } };
  const { remarks, largest, smallest } = await remarksOf(100_000, idle, "b", options);
  // The last kilobyte is too small for a segment, until a timeout has passed: then the window is closed.
  t.true((remarks.get("closed") ?? 0) > 0 && smallest === 0);
  t.is(largest, 8192);
});

test("TCP: whatever the buffers, readers that keep up are not kept waiting, and nothing is sent again", async (t) => {
  for (const receiveBufferBytes of [0, 1000, 4096]) {
    for (const mtu of [576, 1500, 9000]) {
      for (const delayedAck of [0, 0.04]) {
        const options = { links: { latency: 0, mtu }, tcp: { receiveBufferBytes, delayedAck } };
        const { again, ended } = await remarksOf(20_000, echo, "b", options);
        t.deepEqual(
          [again, ended <= 1 + delayedAck * 40],
          [0, true],
          `${receiveBufferBytes} ${mtu} ${delayedAck} ${ended}`,
        );
      }
    }
  }
});

test("TCP: a buffer that must not grow does not shrink either, and has room for two segments", async (t) => {
  for (const bytes of [0, 1, 1460, 2304]) {
    for (const mtu of [68, 576, 1500]) {
      const tcp = { receiveBufferBytes: bytes, maximumReceiveBufferBytes: bytes };
      const { again, ended } = await remarksOf(20_000, sink, "b", { links: { latency: 0.001, mtu }, tcp });
      t.deepEqual([again, ended <= 1], [0, true], `${bytes} ${mtu} ${ended}`);
    }
  }
  const { largest } = await remarksOf(20_000, sink, "b", { tcp: { maximumReceiveBufferBytes: 8192 } });
  t.is(largest, 8192);
});

test("TCP: a question about a closed window acknowledges nothing, as unread at that in it", async (t) => {
  function* slowly(reader: StreamReader, count: number): Steps {
    while (count-- > 0 && (yield* reader.read(5000)).length > 0) {
      yield* sleep(0.1);
    }
    yield* readAll(reader);
  }
  function* slowBothWays(reader: StreamReader, writer: StreamWriter): Steps {
    const task = createTask(slowly(reader, 20));
    for (let i = 0; i < 300; i++) {
      writer.write(new Uint8Array(720));
      yield* writer.drain();
    }
    yield* task;
    writer.close();
  }
  const tcp = {
    receiveBufferBytes: 0,
    maximumReceiveBufferBytes: 10_000,
    sendBufferBytes: 3000,
    delayedAck: 0.1,
    minimumTimeout: 0.2,
  };
  const { again } = await remarksOf(160_000, slowBothWays, "b", { links: { latency: 0, mtu: 9000 }, tcp });
  t.is(again, 0);
});
