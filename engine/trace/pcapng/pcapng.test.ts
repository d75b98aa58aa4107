import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import test, { type ExecutionContext } from "ava";
import { getRunningLoop } from "../../network/event-loop.ts";
import type { NetworkOptions } from "../../network/network-options.ts";
import { openConnection } from "../../network/streams/open-connection.ts";
import { startServer } from "../../network/streams/start-server.ts";
import type { StreamReader } from "../../network/streams/stream-reader.ts";
import type { StreamWriter } from "../../network/streams/stream-writer.ts";
import { encode } from "../../network/text.ts";
import { DatagramProtocol } from "../../network/transports/contract.ts";
import { simulate } from "../../simulation.ts";
import { sleep } from "../../tasks/sleep.ts";
import { Trace } from "../trace.ts";
import { type PacketNote, packetBytes } from "./packet-bytes.ts";
import { pcapngPieces, toPcapng } from "./pcapng.ts";

type Steps<T = void> = Generator<unknown, T, unknown>;

async function traceOf(program: () => Steps<unknown>, network: NetworkOptions = {}): Promise<Trace> {
  const { error, trace } = await simulate(program, { network, seed: 7, name: "capture" });
  if (error !== undefined) {
    throw error;
  }
  return trace;
}

/** A client that asks a web server, over IPv4 and IPv6, and datagrams that are answered, and refused. */
function* everything(): Steps {
  const loop = getRunningLoop();
  const [a, b] = [loop.network.host("a"), loop.network.host("b")];
  function* serve(reader: StreamReader, writer: StreamWriter): Steps {
    yield* reader.readuntil(encode("\r\n\r\n"));
    writer.write(encode("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n"));
    writer.write(encode("hello"));
    writer.close();
  }
  function* ask(): Steps {
    for (const address of ["10.0.0.2", "fd00::2"]) {
      const [reader, writer] = yield* openConnection(address, 80);
      writer.write(encode("GET / HTTP/1.1\r\nHost: b\r\n\r\n"));
      yield* reader.read();
      writer.close();
      const [endpoint] = yield* loop.createDatagramEndpoint(() => new DatagramProtocol(), {
        remoteAddress: [address, 9999],
      });
      endpoint.sendto(new Uint8Array(3));
    }
  }
  yield* b.run(startServer(serve, null, 80));
  yield* a.run(ask());
  yield* sleep(1);
}

const TSHARK_CHECKS = [
  "-o",
  "tcp.check_checksum:TRUE",
  "-o",
  "ip.check_checksum:TRUE",
  "-o",
  "udp.check_checksum:TRUE",
];

/** What tshark prints for a capture, a line each; `null` where there is no tshark. */
function tshark(t: ExecutionContext, capture: Uint8Array, ...args: string[]): string[] | null {
  const folder = mkdtempSync(join(tmpdir(), "pcapng-"));
  try {
    const file = join(folder, "capture.pcapng");
    writeFileSync(file, capture);
    const { status, stdout, error } = spawnSync("tshark", ["-r", file, ...TSHARK_CHECKS, ...args], {
      encoding: "utf8",
    });
    if (error !== undefined) {
      t.log("skipped: tshark not found");
      return null;
    }
    t.is(status, 0);
    return stdout.split("\n").filter((line) => line !== "");
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** The blocks of a pcapng file: type and body. */
function blocksOf(file: Uint8Array): { type: number; length: number }[] {
  const view = new DataView(file.buffer, file.byteOffset, file.length);
  const blocks: { type: number; length: number }[] = [];
  for (let at = 0; at < file.length; ) {
    const length = view.getUint32(at + 4, true);
    if (length % 4 !== 0 || view.getUint32(at + length - 4, true) !== length) {
      throw new Error(`block at ${at} has two lengths`);
    }
    blocks.push({ type: view.getUint32(at, true), length });
    at += length;
  }
  return blocks;
}

test("Pcapng: a section, an interface for each link when its first packet comes, and a block for each packet", async (t) => {
  const trace = await traceOf(everything);
  const sent = trace.records.filter(({ kind }) => kind === "network.sent").length;
  const types = blocksOf(toPcapng(trace)).map(({ type }) => type);
  t.deepEqual(types.slice(0, 2), [0x0a0d0d0a, 1]);
  t.deepEqual(types.slice(2), new Array(sent).fill(6));
  t.is([...pcapngPieces(trace, { links: ["b→a"] })].length - 2, sent / 2);
  t.deepEqual(blocksOf(toPcapng(trace, { links: [] })).length, 1);
});

test("Pcapng: of the links that were asked for, both directions or one; one without packets is refused", async (t) => {
  const trace = await traceOf(everything);
  const packets = (...links: string[]): number => [...pcapngPieces(trace, { links })].length - 2;
  t.is(packets("a:b"), packets("a→b") + packets("b→a"));
  t.is(packets("b:a"), packets("a:b"));
  t.throws(() => pcapngPieces(trace, { links: ["a:c"] }), {
    instanceOf: RangeError,
    message: "toPcapng: no packet was sent on the link 'a:c'; packets were sent on a→b, b→a",
  });
});

test("Pcapng: copies that links and rules make are not shown, for no host put them on its link", async (t) => {
  const datagrams = function* (): Steps {
    const loop = getRunningLoop();
    loop.network.rules.add({ name: "copy", departing: (transit) => transit.duplicate() });
    yield* loop.network.get("a").run(
      (function* (): Steps {
        const [endpoint] = yield* loop.createDatagramEndpoint(() => new DatagramProtocol(), { family: 4 });
        endpoint.sendto(encode("one"), ["b", 9]);
        endpoint.sendto(encode("two"), ["b", 9]);
        yield* sleep(1);
      })(),
    );
  };
  const trace = await traceOf(datagrams, { hosts: { a: {}, b: {} }, links: { duplicate: 1 } });
  const sent = [...trace].filter(({ kind }) => kind === "network.sent");
  const copies = sent.filter((record) => "detail" in record && record.detail["copyOf"] !== undefined);
  const packets = [...pcapngPieces(trace)].filter((piece) => new DataView(piece.buffer).getUint32(0, true) === 6);
  t.true(copies.length > 0);
  t.is(packets.length, sent.length - copies.length);
});

test("Pcapng: equal runs give equal bytes", async (t) => {
  t.deepEqual(toPcapng(await traceOf(everything)), toPcapng(await traceOf(everything)));
});

test("Pcapng: tshark finds right checksums and nothing odd in a run without faults, and can follow it", async (t) => {
  const capture = toPcapng(await traceOf(everything));
  const odd =
    "tcp.analysis.flags || _ws.malformed || tcp.checksum.status==0 || ip.checksum.status==0 || udp.checksum.status==0";
  const lines = tshark(t, capture, "-Y", odd);
  t.deepEqual(lines ?? [], []);
  const fields = ["-T", "fields", "-E", "separator=,", "-e", "frame.protocols", "-e", "frame.comment"];
  const protocols = tshark(t, capture, ...fields, "-Y", "http.request || icmp || icmpv6");
  if (protocols !== null) {
    t.deepEqual(
      protocols.map((line) => line.split(",")[0]),
      ["raw:ip:tcp:http", "raw:ip:icmp:ip:udp", "raw:ipv6:tcp:http", "raw:ipv6:icmpv6:ipv6:udp"],
    );
    t.regex(protocols[0]!, /host a, task .*, packet 4/);
  }
  const followed = tshark(t, capture, "-q", "-z", "follow,http,ascii,0");
  t.true(followed === null || followed.includes("hello"));
});

test("Pcapng: tshark shows retransmissions exactly where the run lost packets", async (t) => {
  const trace = await traceOf(
    function* () {
      const loop = getRunningLoop();
      const [a, b] = [loop.network.host("a"), loop.network.host("b")];
      loop.network.link("a", "b").set({ loss: 0.05 });
      function* sink(reader: StreamReader): Steps {
        yield* reader.read();
      }
      yield* b.run(startServer(sink, null, 80));
      yield* a.run(
        (function* (): Steps {
          const [, writer] = yield* openConnection("b", 80);
          writer.write(new Uint8Array(200_000));
          writer.close();
          yield* writer.waitClosed();
        })(),
      );
      yield* sleep(100);
    },
    { links: { latency: 0.02 } },
  );
  const lost = trace.records.filter(({ kind }) => kind === "network.dropped").length;
  const packets = trace.records.flatMap((record) =>
    record.kind === "network.sent" && "detail" in record ? [record.detail] : [],
  );
  const resent = packets.filter((packet) => packet["isRetransmission"] === true);
  t.true(lost > 3 && resent.length >= lost);
  const shown = tshark(
    t,
    toPcapng(trace),
    ...["-Y", "tcp.analysis.retransmission || tcp.analysis.fast_retransmission || tcp.analysis.out_of_order"],
    ...["-T", "fields", "-e", "frame.number"],
  );
  if (shown !== null) {
    const numbers = packets.flatMap((packet, index) => (packet["isRetransmission"] === true ? [index + 1] : []));
    t.deepEqual(shown.map(Number), numbers);
  }
  const comments = tshark(
    t,
    toPcapng(trace),
    "-T",
    "fields",
    "-e",
    "frame.comment",
    "-Y",
    'frame.comment contains "lost"',
  );
  t.true(comments === null || comments.length === lost);
});

const udp = (data: string, more: object = {}): PacketNote => ({
  packet: 1,
  link: "a→b",
  protocol: "udp",
  source: "10.0.0.1",
  sourcePort: 1,
  destination: "10.0.0.2",
  destinationPort: 2,
  data,
  ...more,
});

test("Pcapng: a UDP checksum of zero is written as all ones, for zero means that there is none", (t) => {
  // The bytes that make the sum of the rest all ones.
  const sum = (note: PacketNote): number => new DataView(packetBytes(note, undefined).buffer).getUint16(26);
  const rest = sum(udp("\0\0"));
  const note = udp(String.fromCharCode(rest >> 8, rest & 0xff));
  t.not(rest, 0xffff);
  t.is(sum(note), 0xffff);
  t.not(sum(udp("\0\x01")), sum(udp("\0\0")), "any other sum stays as it is");
});

test("Pcapng: times are rounded to the nearest nanosecond, in two halves of 32 bits", (t) => {
  const stamp = (time: number): bigint => {
    const records = [{ seq: 1, time, kind: "network.sent", by: 0, detail: udp("") }] as const;
    const packet = [...pcapngPieces(new Trace(Trace.EMPTY.header, "", records))].at(-1)!;
    const view = new DataView(packet.buffer);
    return BigInt(view.getUint32(12, true)) * 2n ** 32n + BigInt(view.getUint32(16, true));
  };
  t.deepEqual([0, 0.3, 1e-9, 1.6e-9, 1.4e-9, 4.294967295, 4.294967296, 12.345678901].map(stamp), [
    0n,
    300_000_000n,
    1n,
    2n,
    1n,
    4_294_967_295n,
    4_294_967_296n,
    12_345_678_901n,
  ]);
});
