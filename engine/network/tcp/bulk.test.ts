import test from "ava";
import { simulate } from "../../simulation.ts";
import { createTask } from "../../tasks/current.ts";
import { sleep } from "../../tasks/sleep.ts";
import { getRunningLoop } from "../event-loop.ts";
import type { NetworkOptions } from "../network-options.ts";
import { TcpSegment } from "../packets/tcp-segment.ts";
import { openConnection } from "../streams/open-connection.ts";
import { startServer } from "../streams/start-server.ts";
import type { StreamReader } from "../streams/stream-reader.ts";
import type { StreamWriter } from "../streams/stream-writer.ts";

type Steps<T = void> = Generator<unknown, T, unknown>;
type Drops = (segment: TcpSegment, number: number) => boolean;

interface Transfer {
  readonly options: NetworkOptions;
  readonly bytes: number;
  /** Whether to drop the data segment with this number, counted from 1. */
  readonly drops?: Drops;
  readonly write?: (writer: StreamWriter, bytes: number) => Steps;
}

interface Outcome {
  /** When each data segment was sent, in order. */
  readonly times: number[];
  readonly retransmitted: number;
  /** When the last byte was received. */
  readonly done: number;
}

/** Writes in blocks and waits for `drain`, as programs do. */
function* inBlocks(writer: StreamWriter, bytes: number): Steps {
  for (let left = bytes; left > 0; left -= 20_000) {
    writer.write(new Uint8Array(Math.min(left, 20_000)));
    yield* writer.drain();
  }
}

/** Host a sends `bytes` to b over one connection. */
async function transfer({ options, bytes, drops = () => false, write = inBlocks }: Transfer): Promise<Outcome> {
  const times: number[] = [];
  let retransmitted = 0;
  let done = -1;
  const { error } = await simulate(
    function* (): Steps {
      const loop = getRunningLoop();
      const { network } = loop;
      const [a, b] = [network.host("a"), network.host("b")];
      network.rules.add({
        name: "watch",
        departing(crossing): void {
          const { packet } = crossing;
          if (packet instanceof TcpSegment && packet.data.length > 0) {
            times.push(crossing.now);
            retransmitted += Number(packet.isRetransmission);
            if (drops(packet, times.length)) {
              crossing.drop("test");
            }
          }
        },
      });
      function* sink(reader: StreamReader): Steps {
        for (let left = bytes; left > 0; ) {
          left -= (yield* reader.read(1_000_000)).length;
        }
        done = loop.time();
      }
      yield* b.run(startServer(sink, null, 80));
      const [, writer] = yield* a.run(openConnection("b", 80));
      yield* a.run(write(writer, bytes));
      while (done < 0) {
        yield* sleep(1);
      }
    },
    { trace: "off", network: options },
  );
  if (error !== undefined) {
    throw error;
  }
  return { times, retransmitted, done };
}

/** How many of `times` lie in each round trip of `seconds`, from the first on. */
function perRoundTrip(times: readonly number[], seconds: number): number[] {
  const counts: number[] = [];
  for (const time of times) {
    const round = Math.floor((time - times[0]!) / seconds + 1e-6);
    counts[round] = (counts[round] ?? 0) + 1;
  }
  return Array.from(counts, (count) => count ?? 0);
}

test("TCP: slow start doubles what it sends in each round trip, although every second segment is acknowledged", async (t) => {
  const { times, retransmitted } = await transfer({ options: { links: { latency: 0.05 } }, bytes: 220_000 });
  t.deepEqual(perRoundTrip(times, 0.1).slice(0, 4), [10, 20, 40, 80]);
  t.is(retransmitted, 0);
});

test("TCP: nothing is sent again where nothing is lost, however long the round trip", async (t) => {
  for (const [latency, minimumTimeout] of [
    [0.25, 0.2],
    [0.6, 1],
    [2.9, 1],
    [0.001, 0.05],
  ] as const) {
    function* write(writer: StreamWriter, bytes: number): Steps {
      // Full segments measure the path many times, and a lone one waits for a delayed acknowledgement then.
      for (let i = 0; i < 40; i++) {
        writer.write(new Uint8Array(2920));
        yield* sleep(latency * 4);
      }
      writer.write(new Uint8Array(bytes - 40 * 2920));
    }
    const options = { links: { latency }, tcp: { minimumTimeout, initialTimeout: 10 } };
    const { retransmitted } = await transfer({ options, bytes: 40 * 2920 + 100, write });
    t.is(retransmitted, 0, `${latency} ${minimumTimeout}`);
  }
});

test("TCP: wherever one segment is lost in slow start, the window does not collapse", async (t) => {
  const options = { links: { latency: 0.05 }, tcp: { minimumTimeout: 0.2 } };
  for (let lost = 20; lost <= 60; lost += 4) {
    const { times, done } = await transfer({ options, bytes: 435_000, drops: (_, number) => number === lost });
    const rounds = perRoundTrip(times, 0.1);
    // The last of them is a rest.
    t.true(Math.min(...rounds.slice(0, -1)) >= 5, `${lost}: ${rounds}`);
    t.true(done < 1.9, `${lost}: ${done} s`);
  }
});

test("TCP: a reader that stops holds the writer back after some megabytes, however much it has read", async (t) => {
  const more: number[] = [];
  for (const bytes of [100_000, 3_000_000, 30_000_000]) {
    const { error } = await simulate(
      function* (): Steps {
        let left = bytes;
        function* readAndStop(reader: StreamReader): Steps {
          while (left > 0) {
            left -= (yield* reader.read(65_536)).length;
          }
        }
        yield* startServer(readAndStop, "127.0.0.1", 80);
        const [, writer] = yield* openConnection("127.0.0.1", 80);
        yield* inBlocks(writer, bytes);
        yield* sleep(1);
        let count = 0;
        function* writeOn(): Steps {
          for (;;) {
            yield* inBlocks(writer, 100_000);
            count += 100_000;
          }
        }
        const task = createTask(writeOn());
        yield* sleep(10);
        task.cancel();
        more.push(count);
        writer.transport.abort();
      },
      { trace: "off" },
    );
    t.is(error, undefined);
  }
  t.true(Math.max(...more) <= 11_000_000 && Math.min(...more) > 400_000, String(more));
});

test("TCP: ten segments lost in a row are repaired without a timeout", async (t) => {
  const options = { links: { latency: 0.05 } };
  const drops: Drops = (segment, number) => number > 30 && number <= 40 && !segment.isRetransmission;
  const { retransmitted, done } = await transfer({ options, bytes: 435_000, drops });
  t.is(retransmitted, 10);
  // One round trip finds the loss out, one repairs it; the window is halved.
  t.true(done < 1.6, `${done} s`);
});

test("TCP: a deep queue fills, because the receive window grows with what is on the way", async (t) => {
  const options = { links: { latency: 0.02, bandwidth: 1e7, queueBytes: 500_000 } };
  const { retransmitted, times, done } = await transfer({ options, bytes: 10_000_000 });
  t.true(retransmitted > 30 && retransmitted < 500, `${retransmitted} segments lost`);
  t.true((10_000_000 * 8) / (done - times[0]!) > 0.95 * 1e7 * (1460 / 1500));
});

test("TCP: a path on which segments overtake each other is used nevertheless", async (t) => {
  function* write(writer: StreamWriter, bytes: number): Steps {
    const { network } = getRunningLoop();
    const stream = getRunningLoop().random("late");
    network.link("a", "b").set({ reorder: 0.9999 });
    network.rules.add({
      name: "late",
      departing(packet): void {
        if (packet.from === "a" && stream.chance(0.02)) {
          packet.delay(0.015);
        }
      },
    });
    yield* inBlocks(writer, bytes);
  }
  const options = { links: { latency: 0.02, bandwidth: 2e7, queueBytes: 200_000 } };
  const { times, done } = await transfer({ options, bytes: 20_000_000, write });
  const rate = (20_000_000 * 8) / (done - times[0]!);
  t.true(rate > 0.75 * 2e7, `${(rate / 1e6).toFixed(1)} Mbit/s`);
});
