import {
  DatagramProtocol,
  type DatagramTransport,
  type EventLoop,
  getRunningLoop,
  type Host,
  sleep,
} from "../../../engine/index.ts";
import { gossip } from "../workloads/w9-gossip.ts";
import { simulated, type Trace } from "./run-all.ts";

type Plain<T> = Generator<unknown, T, unknown>;

/** W9: the one that each host sends to is drawn at random. */
export function runGossip(scale: number, trace: Trace): Promise<string> {
  const seconds = gossip.seconds(scale);
  let received = 0;
  class Counting extends DatagramProtocol {
    override datagramReceived(): void {
      received++;
    }
  }
  function* talk(loop: EventLoop, addresses: readonly string[]): Plain<void> {
    const options = { localAddress: ["0.0.0.0", 9] } as const;
    const [transport]: [DatagramTransport, Counting] = yield* loop.createDatagramEndpoint(
      () => new Counting(),
      options,
    );
    const random = loop.random("gossip");
    const message = new Uint8Array(20);
    for (let i = 0; i < seconds; i++) {
      yield* sleep(1);
      transport.sendto(message, [random.pick(addresses), 9]);
    }
  }
  return simulated<string>(function* () {
    const loop = getRunningLoop();
    const hosts: Host[] = Array.from({ length: gossip.hosts }, (_, i) => loop.network.host(`host-${i}`));
    const addresses = hosts.map((host) => host.addresses[0]!);
    for (const host of hosts) {
      host.run(talk(loop, addresses));
    }
    yield* sleep(seconds + 1);
    return String(received);
  }, trace);
}
