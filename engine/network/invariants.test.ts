import test from "ava";
import { RandomStream } from "../base/random.ts";
import { simulate } from "../simulation.ts";
import { createTask } from "../tasks/current.ts";
import { sleep } from "../tasks/sleep.ts";
import { getRunningLoop } from "./event-loop.ts";
import type { LinkOptions } from "./links/link-options.ts";
import type { Network } from "./network.ts";
import { openConnection } from "./streams/open-connection.ts";
import { startServer } from "./streams/start-server.ts";
import type { StreamReader } from "./streams/stream-reader.ts";
import type { StreamWriter } from "./streams/stream-writer.ts";
import type { TcpSettings } from "./tcp/settings.ts";
import { DatagramProtocol, type DatagramTransport } from "./transports/contract.ts";

/* Random programs on bad networks: after everything that happens in the network, all that must hold is checked. */

type Steps<T = void> = Generator<unknown, T, unknown>;

const HOSTS = ["a", "b", "c"] as const;
const END = 30;

/** Check the network after each packet, timer and call of a socket. @returns A function that counts the checks. */
function checkAlways(network: Network): () => number {
  const settle = network.settle.bind(network);
  let checks = 0;
  network.settle = () => {
    settle();
    network.checkInvariants();
    checks++;
  };
  return () => checks;
}

const pick = <T>(random: RandomStream, values: readonly T[]): T => values[random.integer(0, values.length - 1)]!;

const linkOf = (random: RandomStream): LinkOptions => ({
  latency: pick(random, [0, 0.01, 0.2, { uniform: [0.001, 0.1] }, { exponential: 0.02 }]),
  loss: pick(random, [0, 0, 0.02, 0.2]),
  duplicate: pick(random, [0, 0, 0.1]),
  corrupt: pick(random, [0, 0, 0.05]),
  reorder: pick(random, [0, 0, 0.3]),
  bandwidth: pick(random, [1e5, 1e7, Number.POSITIVE_INFINITY]),
  queueBytes: pick(random, [3000, 100_000, Number.POSITIVE_INFINITY]),
  mtu: pick(random, [68, 576, 1500, 9000]),
});

const settingsOf = (random: RandomStream): Partial<TcpSettings> => ({
  receiveBufferBytes: pick(random, [0, 3000, 131_072]),
  maximumReceiveBufferBytes: pick(random, [0, 20_000, 1_000_000]),
  sendBufferBytes: pick(random, [undefined, 700, 5000]) as number,
  delayedAck: pick(random, [0, 0.04]),
  retries: pick(random, [2, 15]),
  initialWindow: pick(random, [1, 10]),
  minimumTimeout: pick(random, [0.2, 1]),
  timeWait: pick(random, [0, 5, 60]),
});

/** Reads and writes as it comes, and ends in one of the ways in which programs end. */
function* talk(random: RandomStream, reader: StreamReader, writer: StreamWriter): Steps {
  function* listen(): Steps {
    while (!reader.atEof()) {
      yield* reader.read(random.integer(1, 50_000));
      yield* sleep(pick(random, [0, 0, 0, 0.05, 3]));
    }
  }
  const listening = createTask(quietly(listen()));
  for (let i = random.integer(0, 6); i > 0; i--) {
    writer.write(new Uint8Array(pick(random, [1, 100, 1460, 9000])));
    yield* pick(random, [() => writer.drain(), () => sleep(random.integer(0, 20) / 10)])();
  }
  const ending = random.integer(0, 4);
  if (ending === 0) {
    writer.transport.abort();
  } else if (ending === 1) {
    writer.close();
  } else if (ending === 2) {
    writer.writeEof();
    yield* listening;
    writer.close();
  } else if (ending === 3) {
    yield* listening;
    writer.close();
  }
}

/** What fails on the network is part of the program. */
function* quietly(steps: Steps): Steps {
  try {
    yield* steps;
  } catch (error) {
    if ((error as Error).name === "InvariantError") {
      throw error;
    }
  }
}

function* chatter(random: RandomStream): Steps {
  const { network } = getRunningLoop();
  const open = getRunningLoop().createDatagramEndpoint(() => new DatagramProtocol(), {
    localAddress: ["0.0.0.0", 9],
    allowBroadcast: true,
  });
  const [transport] = (yield* open) as [DatagramTransport, DatagramProtocol];
  for (let i = 0; i < 10; i++) {
    yield* sleep(random.integer(0, 50) / 10);
    const [host] = network.get(pick(random, HOSTS)).addresses;
    transport.sendto(new Uint8Array(random.integer(0, 3000)), [pick(random, [host!, "255.255.255.255"]), 9]);
  }
}

/** What a host does again and again, from each start on. */
function* live(random: RandomStream): Steps {
  const serve = (reader: StreamReader, writer: StreamWriter): Steps => quietly(talk(random, reader, writer));
  yield* startServer(serve, null, 80, { backlog: random.integer(1, 3) });
  createTask(quietly(chatter(random)));
  for (let i = 0; i < 4; i++) {
    yield* sleep(random.integer(0, 100) / 10);
    createTask(
      quietly(
        (function* (): Steps {
          const [reader, writer] = yield* openConnection(pick(random, HOSTS), pick(random, [80, 80, 81]));
          writer.getExtraInfo("socket").noDelay = random.chance(0.5);
          writer.getExtraInfo("socket").keepAlive = random.chance(0.2) ? { idle: 2, interval: 1, count: 2 } : null;
          yield* talk(random, reader, writer);
        })(),
      ),
    );
  }
}

/** Something goes wrong, or is mended. */
function disturb(network: Network, random: RandomStream): void {
  const [one, other] = [pick(random, HOSTS), pick(random, HOSTS)];
  const { faults } = network;
  const host = network.get(one);
  if (one === other) {
    if (host.state === "down") {
      host.restart();
    } else if (host.state === "paused") {
      host.resume();
    } else if (random.chance(0.5)) {
      host.pause();
    } else {
      host.crash({ connections: pick(random, ["vanish", "reset"]) });
    }
    return;
  }
  pick(random, [
    () => network.link(one, other).set(linkOf(random)),
    () => faults.partition(one, other),
    () => faults.hold(one, other),
    () => faults.impair(one, other, { duplicate: 0.5, corrupt: 0.1 }),
    () => faults.release(),
    () => faults.repair(),
  ])();
}

test("Network: whatever programs and faults do, packets, sequence numbers, buffers and timers stay in order", async (t) => {
  let checks = 0;
  for (let seed = 0; seed < 40; seed++) {
    const random = new RandomStream(seed, "invariants");
    const options = { links: linkOf(random), tcp: settingsOf(random) };
    const { error } = await simulate(
      function* (): Steps {
        const { network } = getRunningLoop();
        const counted = checkAlways(network);
        for (const name of HOSTS) {
          network.host(name).boot(() => quietly(live(random)));
        }
        while (getRunningLoop().time() < END) {
          yield* sleep(random.integer(0, 100) / 10);
          disturb(network, random);
        }
        checks += counted();
      },
      { trace: "off", seed, network: options },
    );
    t.is(error, undefined, `seed ${seed}: ${JSON.stringify(options)}`);
  }
  t.true(checks > 10_000);
});
