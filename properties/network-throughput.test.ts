import test from "ava";
import {
  getRunningLoop,
  type LinkOptions,
  openConnection,
  type StreamReader,
  simulate,
  sleep,
  startServer,
} from "../engine/index.ts";

type Plain<T = void> = Generator<unknown, T, unknown>;

/**
 * Send as much as possible over one connection for `seconds`, in the run with this seed.
 *
 * @returns Bytes of data that arrived each second, after the first tenth.
 */
async function bulkTransfer(there: LinkOptions, latency: number, seconds: number, seed: number): Promise<number> {
  let received = 0;
  function* sink(reader: StreamReader): Plain {
    for (;;) {
      const data = yield* reader.read(1_000_000);
      if (data.length === 0) {
        return;
      }
      received += data.length;
    }
  }
  function* source(): Plain {
    const [, writer] = yield* openConnection("b", 80);
    const block = new Uint8Array(50_000);
    for (;;) {
      writer.write(block);
      yield* writer.drain();
    }
  }
  const { value, error } = await simulate(
    function* (): Plain<number> {
      const { network } = getRunningLoop();
      const [a, b] = [network.host("a"), network.host("b")];
      network.link("a", "b").set(there);
      yield* b.run(startServer(sink, null, 80));
      a.run(source());
      yield* sleep(seconds / 10);
      const before = received;
      yield* sleep((seconds * 9) / 10);
      return (received - before) / ((seconds * 9) / 10);
    },
    { trace: "off", seed, network: { links: { latency } } },
  );
  if (error !== undefined) {
    throw error;
  }
  return value!;
}

const SEGMENT = 1460;
/** Mathis, Semke, Mahdavi and Ott (1997): their constant for a window that grows by a segment in each round trip. */
const MATHIS = Math.sqrt(3 / 2);
const SEEDS = [0, 1, 2, 3];

test("TCP: under random loss the throughput follows the bound of Mathis et al.", async (t) => {
  const ratios: string[] = [];
  for (const loss of [0.0003, 0.001, 0.003, 0.01]) {
    const latency = 0.025;
    // Losses are few and their effects last, so that single runs are a fifth off now and then.
    let throughput = 0;
    for (const seed of SEEDS) {
      throughput += (await bulkTransfer({ loss }, latency, 200, seed)) / SEEDS.length;
    }
    const bound = (SEGMENT * MATHIS) / (2 * latency * Math.sqrt(loss));
    const ratio = throughput / bound;
    ratios.push(`${loss}: ${ratio.toFixed(2)}`);
    t.true(ratio > 0.85 && ratio < 1.15, ratios.join(", "));
  }
  t.log(ratios.join(", "));
});

test("TCP: two connections share a link fairly, and fill it", async (t) => {
  const received = [0, 0];
  const bandwidth = 1e7;
  const { error } = await simulate(
    function* (): Plain {
      const { network } = getRunningLoop();
      const [a, b] = [network.host("a"), network.host("b")];
      network.link("a", "b").set({ bandwidth, queueBytes: 60_000 });
      for (const i of [0, 1]) {
        function* sink(reader: StreamReader): Plain {
          for (;;) {
            received[i] = received[i]! + (yield* reader.read(1_000_000)).length;
          }
        }
        function* source(): Plain {
          const [, writer] = yield* openConnection("b", 80 + i);
          for (;;) {
            writer.write(new Uint8Array(50_000));
            yield* writer.drain();
          }
        }
        yield* b.run(startServer(sink, null, 80 + i));
        a.run(source());
        yield* sleep(1);
      }
      yield* sleep(40);
    },
    { trace: "off", network: { links: { latency: 0.02 } } },
  );
  t.is(error, undefined);
  const [one, two] = received as [number, number];
  t.true(one / two > 0.6 && one / two < 1.7, `${one} and ${two} bytes`);
  t.true(((one + two) * 8) / 42 > 0.9 * bandwidth, `${(((one + two) * 8) / 42).toExponential(2)} bit/s`);
});
