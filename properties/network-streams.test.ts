import { testProp } from "@fast-check/ava";
import fc from "fast-check";
import {
  type EventLoop,
  type FaultPlan,
  getRunningLoop,
  type LinkOptions,
  NetworkError,
  openConnection,
  RandomStream,
  randomFaults,
  type StreamReader,
  type StreamWriter,
  simulate,
  sleep,
  startServer,
  TcpSegment,
} from "../engine/index.ts";

/* What TCP promises, whatever the links do. */

type Coroutine<T> = Generator<unknown, T, unknown>;

/** A byte for each place of a stream, which distinguishes shifted data from right data. */
const byteAt = (place: number): number => (place * 31 + (place >> 8) * 7) & 0xff;
const bytesFrom = (start: number, count: number): Uint8Array =>
  Uint8Array.from({ length: count }, (_, i) => byteAt(start + i));

/** Without it, who only receives would never hear that the other side has given up. */
const KEEP_ALIVE = { idle: 100, interval: 50, count: 20 };

interface Received {
  count: number;
  /** Place of the first wrong byte, -1 if all are right. */
  wrongAt: number;
  /** How the stream ended: `"end"`, or the code of the error; `"never"` if it was not read to the end. */
  ended: string;
}

interface Outcome {
  readonly there: Received;
  readonly back: Received;
  readonly written: { readonly there: Written; readonly back: Written };
  /** How the client's attempt to connect ended. */
  readonly connected: string;
  readonly retransmissions: number;
  readonly time: number;
}

const nothing = (): Received => ({ count: 0, wrongAt: -1, ended: "never" });
const codeOf = (error: unknown): string => (error instanceof NetworkError ? error.code : String(error));

/** Read until the end, comparing each byte. */
function* collect(reader: StreamReader, into: Received): Coroutine<void> {
  into.ended = "open";
  try {
    for (;;) {
      const data = yield* reader.read(10_000);
      if (data.length === 0) {
        into.ended = "end";
        return;
      }
      for (const byte of data) {
        if (into.wrongAt < 0 && byte !== byteAt(into.count)) {
          into.wrongAt = into.count;
        }
        into.count++;
      }
    }
  } catch (error) {
    into.ended = codeOf(error);
  }
}

/** Write pieces of the given sizes with pauses, counting the bytes, then end the stream. */
function* produce(writer: StreamWriter, pieces: readonly Piece[], written: Written): Coroutine<void> {
  try {
    for (const { size, pause } of pieces) {
      writer.write(bytesFrom(written.count, size));
      written.count += size;
      yield* writer.drain();
      yield* sleep(pause);
    }
    writer.writeEof();
  } catch (error) {
    if (!(error instanceof NetworkError)) {
      throw error;
    }
  }
}

interface Written {
  count: number;
}

interface Piece {
  readonly size: number;
  readonly pause: number;
}

interface Exchange {
  readonly there: readonly Piece[];
  readonly back: readonly Piece[];
  readonly links: LinkOptions;
  readonly faults: FaultPlan | null;
  readonly seed: number;
}

/** Both sides of a connection write and read at the same time. */
async function exchange({ there, back, links, faults, seed }: Exchange): Promise<Outcome> {
  const outcome = {
    there: nothing(),
    back: nothing(),
    written: { there: { count: 0 }, back: { count: 0 } },
    connected: "no",
    retransmissions: 0,
  };
  function* serve(reader: StreamReader, writer: StreamWriter): Coroutine<void> {
    writer.getExtraInfo("socket").keepAlive = KEEP_ALIVE;
    const collecting = getRunningLoop().createTask(collect(reader, outcome.there));
    yield* produce(writer, back, outcome.written.back);
    yield* collecting;
    writer.close();
  }
  function* ask(): Coroutine<void> {
    const [reader, writer] = yield* openConnection("b", 80);
    writer.getExtraInfo("socket").keepAlive = KEEP_ALIVE;
    outcome.connected = "yes";
    const collecting = getRunningLoop().createTask(collect(reader, outcome.back));
    yield* produce(writer, there, outcome.written.there);
    yield* collecting;
    writer.close();
  }
  const { error, time } = await simulate(
    function* () {
      const { network } = getRunningLoop() as EventLoop;
      const [a, b] = [network.host("a"), network.host("b")];
      network.rules.add({
        name: "count",
        departing: ({ packet }) => {
          outcome.retransmissions += Number(packet instanceof TcpSegment && packet.isRetransmission);
        },
      });
      if (faults !== null) {
        network.faults.schedule(faults);
      }
      yield* b.run(startServer(serve, null, 80));
      try {
        yield* a.run(ask());
      } catch (error) {
        outcome.connected = codeOf(error);
      }
      yield* sleep(5000);
    },
    { trace: "off", seed, maxTime: 1e6, network: { links } },
  );
  if (error !== undefined) {
    throw error;
  }
  return { ...outcome, time };
}

const pieces = fc.array(
  fc.record({ size: fc.oneof(fc.nat(100), fc.nat(20_000), fc.nat(200_000)), pause: fc.constantFrom(0, 0, 0.01, 1) }),
  { maxLength: 6 },
);

const seeds = fc.nat(1e6);

const roughLinks: fc.Arbitrary<LinkOptions> = fc.record({
  latency: fc.oneof(
    fc.constantFrom(0, 0.001, 0.05),
    fc.constant({ uniform: [0.001, 0.1] as const }),
    fc.constant({ exponential: 0.03 }),
    fc.constant({ pareto: [2, 0.01] as const }),
  ),
  bandwidth: fc.constantFrom(Number.POSITIVE_INFINITY, 1e6, 1e8),
  queueBytes: fc.constantFrom(Number.POSITIVE_INFINITY, 20_000, 200_000),
  loss: fc.constantFrom(0, 0.01, 0.1, 0.3),
  duplicate: fc.constantFrom(0, 0.1, 0.5),
  reorder: fc.constantFrom(0, 0.1, 1),
  corrupt: fc.constantFrom(0, 0.05),
  mtu: fc.constantFrom(576, 1500, 9000),
});

const plans: fc.Arbitrary<FaultPlan | null> = fc.option(
  fc.record({ seed: seeds, end: fc.constantFrom(5, 60, 300) }).map(({ seed, end }) =>
    randomFaults(new RandomStream(seed, "faults"), {
      hosts: ["a", "b"],
      end,
      kinds: ["partition", "hold", "impair", "pause"],
    }),
  ),
);

const isRight = (received: Received, { count }: Written): boolean =>
  received.wrongAt < 0 && received.count <= count && (received.ended !== "end" || received.count === count);

testProp(
  "TCP: a stream delivers exactly what was written, in order, or ends in an error, whatever the links do",
  [pieces, pieces, roughLinks, plans, seeds],
  async (t, there, back, links, faults, seed) => {
    const outcome = await exchange({ there, back, links, faults, seed });
    const { written, connected } = outcome;
    if (connected === "yes") {
      t.true(isRight(outcome.there, written.there) && isRight(outcome.back, written.back), JSON.stringify(outcome));
      t.false([outcome.there.ended, outcome.back.ended].includes("open"), JSON.stringify(outcome));
      // The server may never hear that the client heard it; then the client's stream ends in an error.
      t.false(outcome.there.ended === "never" && outcome.back.ended === "end", JSON.stringify(outcome));
    } else {
      t.is(outcome.back.count, 0);
      t.regex(connected, /^E/);
    }
  },
  { numRuns: 60 },
);

testProp(
  "TCP: a stream never delivers anything else than what was written, even if hosts crash",
  [pieces, pieces, roughLinks, seeds, fc.constantFrom(5, 60, 300)],
  async (t, there, back, links, seed, end) => {
    const faults = randomFaults(new RandomStream(seed, "faults"), { hosts: ["a", "b"], end });
    const outcome = await exchange({ there, back, links, faults, seed });
    const { written } = outcome;
    t.true(isRight(outcome.there, written.there) && isRight(outcome.back, written.back), JSON.stringify(outcome));
  },
  { numRuns: 60 },
);

testProp(
  "TCP: on links without faults everything arrives, and nothing is sent twice",
  [
    pieces,
    pieces,
    fc.constantFrom(0, 0.001, 0.2),
    fc.constantFrom(Number.POSITIVE_INFINITY, 1e7, 1e9),
    fc.constantFrom(576, 1500, 9000),
  ],
  async (t, there, back, latency, bandwidth, mtu) => {
    const outcome = await exchange({ there, back, links: { latency, bandwidth, mtu }, faults: null, seed: 1 });
    const total = (list: readonly Piece[]): number => list.reduce((sum, { size }) => sum + size, 0);
    t.is(outcome.connected, "yes");
    t.deepEqual(outcome.there, { count: total(there), wrongAt: -1, ended: "end" });
    t.deepEqual(outcome.back, { count: total(back), wrongAt: -1, ended: "end" });
    t.is(outcome.retransmissions, 0);
  },
  { numRuns: 40 },
);

testProp(
  "TCP: after repair everything that was written gets through",
  [pieces, fc.constantFrom(0.5, 5, 60, 200), fc.constantFrom(0, 0.1), seeds],
  async (t, there, duration, loss, seed) => {
    const faults: FaultPlan = {
      faults: [
        { at: 1.5, until: 1.5 + duration, fault: "partition", between: [["a"], ["b"]] },
        { at: 1.5, fault: "impair", between: [["a"], ["b"]], loss },
      ],
    };
    const outcome = await exchange({ there, back: [], links: {}, faults, seed });
    const written = there.reduce((sum, { size }) => sum + size, 0);
    t.deepEqual(outcome.there, { count: written, wrongAt: -1, ended: "end" });
  },
  { numRuns: 30 },
);
