import { getRunningLoop, Protocol, simulate, sleep, type Transport } from "../../../engine/index.ts";
import { segments } from "../workloads/w10-segments.ts";

type Plain<T> = Generator<unknown, T, unknown>;

/** Longer than all clients together need to write. */
const LATENCY = 100;

/**
 * W10: the link is so long that all segments are on it before the first arrives, and TCP is configured to wait that
 * long.
 */
export async function runSegments(scale: number): Promise<string> {
  const { bytes, segmentsEach } = segments;
  let received = 0;
  class Counting extends Protocol {
    override dataReceived(data: Uint8Array): void {
      received += data.length;
    }
  }
  function* main(): Plain<string> {
    const loop = getRunningLoop();
    const [a, b] = [loop.network.host("a"), loop.network.host("b")];
    loop.network.setLink(a, b, { latency: LATENCY });
    yield* b.run(loop.createServer(() => new Counting(), null, 80, { backlog: 1000 }));
    const message = new Uint8Array(bytes);
    const transports: Transport[] = [];
    for (let i = 0; i < segments.connections(scale); i++) {
      a.run(connect(transports));
    }
    yield* sleep(3 * LATENCY);
    for (const transport of transports) {
      for (let i = 0; i < segmentsEach; i++) transport.write(message);
    }
    yield* sleep(3 * LATENCY);
    return String(received);
  }
  function* connect(transports: Transport[]): Plain<void> {
    const [transport] = yield* getRunningLoop().createConnection(() => new Protocol(), "b", 80);
    transports.push(transport);
  }
  const times = { initialTimeout: 10 * LATENCY, minimumTimeout: 10 * LATENCY, maximumTimeout: 10 * LATENCY };
  const tcp = { ...times, initialWindow: segmentsEach, sendBufferBytes: bytes * segmentsEach };
  const outcome = await simulate<string>(main, { trace: "off", network: { tcp } });
  if (outcome.error !== undefined) throw outcome.error;
  return outcome.value!;
}
