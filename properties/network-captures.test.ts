import test from "ava";
import {
  getRunningLoop,
  openConnection,
  type Scenario,
  type StreamReader,
  type StreamWriter,
  scenarioOptions,
  simulate,
  sleep,
  startServer,
  type Trace,
  type TraceRecord,
  toPcapng,
  wallTime,
} from "../engine/index.ts";
import { builtInScenario, networkScenarios } from "../scenarios/index.ts";
import { readPcapng } from "./captures/read-pcapng.ts";
import { hasTshark, packetsThat, tshark } from "./captures/tshark.ts";

/* Captures of the built-in scenarios: read by a reader of our own everywhere, and by tshark where there is one. */

const WRONG =
  "_ws.malformed || tcp.checksum.status==0 || udp.checksum.status==0 || icmp.checksum.status==0 || icmpv6.checksum.status==0 || ip.checksum.status==0";

interface Capture {
  readonly trace: Trace;
  readonly bytes: Uint8Array;
}

const captures = new Map<string, Promise<Capture>>();

/** The capture of a scenario, which is made once. */
function capture(scenario: Scenario): Promise<Capture> {
  const known = captures.get(scenario.name) ?? captureNow(scenario);
  captures.set(scenario.name, known);
  return known;
}

async function captureNow(scenario: Scenario): Promise<Capture> {
  const { trace, error } = await simulate(scenario.main, scenarioOptions(scenario));
  if (error !== undefined) {
    throw error;
  }
  return { trace, bytes: toPcapng(trace) };
}

const withPackets = async (): Promise<readonly Scenario[]> => [
  (await builtInScenario("tcp-server"))!,
  ...(await networkScenarios()),
];

/** What hosts put on their links. Copies that a link made are not captured. */
function sentPackets(trace: Trace): Extract<TraceRecord, { detail: unknown }>[] {
  return [...trace].flatMap((record) => {
    const isSent = record.kind === "network.sent" && "detail" in record && record.detail["copyOf"] === undefined;
    return isSent ? [record] : [];
  });
}

/** The wall clock at the start of a scenario, in nanoseconds of Unix time. */
async function startOf(scenario: Scenario): Promise<bigint> {
  const { start } = scenarioOptions(scenario);
  const { value = 0 } = await simulate(() => readClock(), start === undefined ? {} : { start });
  return BigInt(Math.round(value * 1e6)) * 1000n;
}

function* readClock() {
  yield* sleep(0);
  return wallTime();
}

const noTshark = "skipped: tshark not found";

test("Captures: of every scenario all packets are there, with right lengths, checksums, times, tasks and hosts", async (t) => {
  for (const scenario of await withPackets()) {
    const { trace, bytes } = await capture(scenario);
    const sent = sentPackets(trace);
    const packets = readPcapng(bytes);
    const start = await startOf(scenario);
    const tasks = new Map(
      [...trace].flatMap((record) => (record.kind === "create" ? [[record.task, record.name]] : [])),
    );
    t.is(packets.length, sent.length);
    t.true(
      packets.some(({ comment }) => comment.includes(", task ")),
      scenario.name,
    );
    for (const [i, { nanoseconds, comment, interfaceName, protocol }] of packets.entries()) {
      const record = sent[i]!;
      const [from = "", to = ""] = String(record.detail["link"]).split("→");
      t.is(nanoseconds, start + BigInt(Math.round(record.time * 1e9)));
      t.true(interfaceName.includes(from) && interfaceName.includes(to));
      t.true(protocol.startsWith(String(record.detail["protocol"])));
      // What the host's TCP sends by itself, and what callbacks send, belongs to no task.
      const task = tasks.get(record.by);
      const sender = task === undefined ? `host ${from}` : `host ${from}, task ${task}`;
      t.true(comment.startsWith(`${sender}, packet ${record.detail["packet"]}`), comment);
    }
  }
});

test("Captures: the reader finds a wrong checksum and a wrong length", async (t) => {
  const bytes = (await capture((await builtInScenario("tcp-server"))!)).bytes.slice();
  const [first] = readPcapng(bytes);
  const packet = first?.bytes as Uint8Array;
  for (const [at, message] of [
    [3, /length of an IPv4 packet/],
    [9, /checksum of an IPv4 header/],
    [25, /checksum of protocol 6/],
  ] as const) {
    packet[at] = packet[at]! ^ 1;
    t.throws(() => readPcapng(bytes), { message });
    packet[at] = (packet[at] as number) ^ 1;
  }
});

test("Captures: tshark finds nothing malformed and no wrong checksum in any scenario", async (t) => {
  if (!hasTshark()) {
    t.log(noTshark);
    t.pass();
    return;
  }
  for (const scenario of await withPackets()) {
    const { bytes } = await capture(scenario);
    t.deepEqual(packetsThat(bytes, WRONG), [], scenario.name);
  }
});

test("Captures: tshark shows retransmissions in every scenario exactly where hosts sent something again", async (t) => {
  if (!hasTshark()) {
    t.log(noTshark);
    t.pass();
    return;
  }
  const counts: [string, number][] = [];
  for (const scenario of await withPackets()) {
    const { trace, bytes } = await capture(scenario);
    const again = sentPackets(trace).flatMap((record, i) =>
      record.detail["isRetransmission"] === true ? [i + 1] : [],
    );
    t.deepEqual(
      packetsThat(bytes, "tcp.analysis.retransmission || tcp.analysis.spurious_retransmission"),
      again,
      scenario.name,
    );
    counts.push([scenario.name, again.length]);
  }
  // Packets get lost, or hosts are down, in one of those that use TCP.
  t.deepEqual(
    counts.filter(([, count]) => count > 0).map(([name]) => name),
    ["dns-failover"],
  );
});

test("Captures: tshark has no objection at all to the article's server, and follows the conversation of each client", async (t) => {
  if (!hasTshark()) {
    t.log(noTshark);
    t.pass();
    return;
  }
  const { bytes } = await capture((await builtInScenario("tcp-server"))!);
  t.deepEqual(packetsThat(bytes, `tcp.analysis.flags || _ws.expert.severity >= 6291456 || ${WRONG}`), []);
  const requests = tshark(bytes, "-Y", "http.request", "-T", "fields", "-e", "http.request.uri", "-e", "tcp.stream");
  const followed = requests.map((request) => {
    const [uri = "", stream = ""] = request.split("\t");
    const text = tshark(bytes, "-q", "-z", `follow,http,ascii,${stream}`).join("\n");
    return [text.includes(`GET ${uri} HTTP/1.1`), /HTTP\/1\.1 200 OK/.test(text)];
  });
  t.true(followed.length > 1);
  t.true(followed.flat().every(Boolean));
});

test("Captures: tshark has no objection to bulk transfers without faults either, over whatever link", async (t) => {
  if (!hasTshark()) {
    t.log(noTshark);
    t.pass();
    return;
  }
  function* echo(reader: StreamReader, writer: StreamWriter): Generator<unknown, void, unknown> {
    for (let data = yield* reader.read(100_000); data.length > 0; data = yield* reader.read(100_000)) {
      writer.write(data);
      yield* writer.drain();
    }
    writer.close();
  }
  for (const [server, links] of [
    ["a", {}],
    ["b", { latency: 0 }],
    ["b", {}],
    ["b", { latency: 0.05 }],
    ["b", { latency: 0.02, bandwidth: 1e7 }],
  ] as const) {
    const { trace, error } = await simulate(
      function* (): Generator<unknown, void, unknown> {
        const { network } = getRunningLoop();
        const a = network.host("a");
        network.host("b");
        yield* network.get(server).run(startServer(echo, null, 80));
        const [reader, writer] = yield* a.run(openConnection(server, 80));
        writer.write(new Uint8Array(2_000_000));
        writer.writeEof();
        yield* reader.read();
        writer.close();
        yield* sleep(1);
      },
      { network: { links } },
    );
    t.is(error, undefined);
    t.deepEqual(packetsThat(toPcapng(trace), `tcp.analysis.flags || ${WRONG}`), [], JSON.stringify(links));
  }
});
