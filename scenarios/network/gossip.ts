import {
  DatagramProtocol,
  type DatagramTransport,
  decode,
  defineScenario,
  Event,
  encode,
  getRunningLoop,
  type Host,
  print,
  sleep,
} from "../../engine/index.ts";

const HOSTS = 40;
const PORT = 7000;
const ROUND_SECONDS = 1;

/** Sends a rumour to one other host each round, once it knows it. */
class Gossip extends DatagramProtocol {
  readonly heard = new Event();
  private _transport!: DatagramTransport;

  override connectionMade(transport: DatagramTransport): void {
    this._transport = transport;
  }

  override datagramReceived(data: Uint8Array): void {
    if (decode(data) === "rumour") {
      this.heard.set();
    }
  }

  /** Round after round; a datagram that gets lost is not missed by anybody. */
  async *spread(others: readonly Host[]) {
    const random = getRunningLoop().random("whom to tell");
    for (;;) {
      yield* this.heard.wait();
      this._transport.sendto(encode("rumour"), [random.pick(others).name, PORT]);
      yield* sleep(ROUND_SECONDS);
    }
  }
}

/** How long a rumour takes from one host to all, when datagrams get lost with the probability `loss`. */
async function* spreadingTime(hosts: readonly Host[], loss: number) {
  const loop = getRunningLoop();
  const begin = loop.time();
  using _loss = loop.network.faults.impair(hosts, hosts, { loss });
  const gossips: Gossip[] = [];
  const closing: (() => void)[] = [];
  for (const host of hosts) {
    const [transport, gossip] = yield* host.run(
      loop.createDatagramEndpoint(() => new Gossip(), { localAddress: ["0.0.0.0", PORT] }),
    );
    const others = hosts.filter((other) => other !== host);
    const task = host.run(gossip.spread(others), { name: `${host.name} gossips` });
    closing.push(
      () => task.cancel(),
      () => transport.close(),
    );
    gossips.push(gossip);
  }
  gossips[0]?.heard.set();
  for (const gossip of gossips) {
    yield* gossip.heard.wait();
  }
  const time = loop.time() - begin;
  for (const close of closing) {
    close();
  }
  yield* sleep(ROUND_SECONDS);
  return time;
}

async function* main() {
  const { network } = getRunningLoop();
  const hosts = Array.from({ length: HOSTS }, (_, i) => network.host(`host-${i + 1}`));
  print(`Seconds until a rumour has reached all of ${HOSTS} hosts, each telling one other a second:`);
  for (const loss of [0, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9]) {
    const time = yield* spreadingTime(hosts, loss);
    print(`loss ${String(loss * 100).padStart(2)} % ${time.toFixed(1).padStart(6)} ${"#".repeat(Math.round(time))}`);
  }
}

export default defineScenario({
  name: "gossip",
  about: "a rumour spreads over lossy datagrams: how long it takes, plotted against the loss",
  network: { links: { latency: { uniform: [0.01, 0.05] } } },
  main,
});
