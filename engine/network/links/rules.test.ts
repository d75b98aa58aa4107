import test from "ava";
import { simulate } from "../../simulation.ts";
import { sleep } from "../../tasks/sleep.ts";
import { getRunningLoop } from "../event-loop.ts";
import type { Network } from "../network.ts";
import { decode, encode } from "../text.ts";
import { DatagramProtocol, type DatagramTransport } from "../transports/contract.ts";
import type { PacketInTransit } from "./packet-in-transit.ts";

type Steps<T = void> = Generator<unknown, T, unknown>;
type Send = (text: string) => void;
type Log = (...words: unknown[]) => void;

/** What `program` logs, with the datagrams that arrive at b; `send` sends one from a. The last line is how the run failed, if it did. */
async function logOf(program: (network: Network, send: Send, log: Log) => Steps): Promise<string[]> {
  const lines: string[] = [];
  const { error } = await simulate(
    function* (): Steps {
      const loop = getRunningLoop();
      const { network } = loop;
      const log: Log = (...words) => lines.push([Number(loop.time().toFixed(4)), ...words].join(" "));
      class Inbox extends DatagramProtocol {
        override datagramReceived(data: Uint8Array): void {
          log("b got", decode(data));
        }
      }
      const endpoint = (host: string): Steps<[DatagramTransport, DatagramProtocol]> =>
        network
          .get(host)
          .run(loop.createDatagramEndpoint(() => new Inbox(), { localAddress: ["0.0.0.0", 9] })) as never;
      const [transport] = yield* endpoint("a");
      yield* endpoint("b");
      yield* program(network, (text) => transport.sendto(encode(text), ["10.0.0.2", 9]), log);
    },
    { trace: "off", network: { hosts: { a: {}, b: {} } } },
  );
  return error === undefined ? lines : [...lines, String(error)];
}

/** How `call` fails. */
function failureOf(call: () => unknown): string {
  try {
    call();
  } catch (error) {
    return String(error);
  }
  return `accepted: ${call}`;
}

test("Rules: a packet that is held waits with its copies, and goes on once, however often it is let go", async (t) => {
  const lines = await logOf(function* (network, send, log) {
    let release = (): void => {};
    const departing = (transit: PacketInTransit): void => {
      transit.duplicate();
      release = transit.hold();
    };
    const guard = network.rules.add({ name: "keep", departing });
    send("x");
    guard.remove();
    yield* sleep(1);
    log(network.link("a", "b"));
    release();
    release();
    yield* sleep(1);
    release();
    yield* sleep(1);
    log(network.link("a", "b"));
  });
  t.deepEqual(lines, [
    "1 <Link a→b sent=1 delivered=0 dropped=0 inFlight=1>",
    "1.001 b got x",
    "1.001 b got x",
    "3 <Link a→b sent=2 delivered=2 dropped=0 inFlight=0>",
  ]);
});

test("Faults: what a impairment doubles is held as well", async (t) => {
  const lines = await logOf(function* (network, send, log) {
    network.faults.impair("a", "b", { duplicate: 1 });
    network.faults.hold("a", "b");
    send("x");
    yield* sleep(1);
    log("released");
    network.faults.release();
    yield* sleep(1);
  });
  t.deepEqual(lines, ["1 released", "1.001 b got x", "1.001 b got x"]);
});

test("Rules: what makes no sense is refused where it is decided", async (t) => {
  const attempts: readonly ((transit: PacketInTransit) => unknown)[] = [
    (transit) => transit.delay(-1),
    (transit) => transit.duplicate(-1),
    (transit) => transit.duplicate(1.5),
    (transit) => transit.drop(undefined as never),
  ];
  const lines = await logOf(function* (network, send, log) {
    const departing = (transit: PacketInTransit): void => {
      for (const attempt of attempts) {
        log(failureOf(() => attempt(transit)));
      }
    };
    const guard = network.rules.add({ name: "odd", departing });
    send("x");
    guard.remove();
    log(failureOf(() => network.rules.add({ name: "idle" })));
    log(failureOf(() => network.rules.add({ name: "lazy", *departing() {} })));
    yield* sleep(1);
  });
  t.deepEqual(lines, [
    "0 RangeError: delay: expected seconds, finite and not negative, got -1",
    "0 RangeError: duplicate: expected a number of copies from 0 on, got -1",
    "0 RangeError: duplicate: expected a number of copies from 0 on, got 1.5",
    "0 TypeError: drop: expected a reason, which the trace shows, got undefined",
    "0 TypeError: rules: expected a rule, an object with a name and departing() or arriving(), got [object Object]",
    "0 TypeError: rules: lazy.departing: expected a plain function, got the GeneratorFunction departing, which a mere call does not run; use createTask",
    "0.001 b got x",
  ]);
});

test("Rules: a packet that arrives can be neither delayed nor doubled nor held, and nothing is decided after the call", async (t) => {
  const lines = await logOf(function* (network, send, log) {
    let kept: PacketInTransit | null = null;
    const arriving = (transit: PacketInTransit): void => {
      kept = transit;
      log(failureOf(() => transit.delay(1)));
      log(failureOf(() => transit.duplicate()));
      log(failureOf(() => transit.hold()));
    };
    network.rules.add({ name: "late", arriving });
    send("x");
    yield* sleep(1);
    log(failureOf(() => kept?.drop("too late")));
  });
  const arrives =
    "expected a packet that departs, got one that arrives, which can only be dropped or corrupted. Do this in departing().";
  t.deepEqual(lines, [
    `0.001 RuntimeError: delay: ${arrives}`,
    `0.001 RuntimeError: duplicate: ${arrives}`,
    `0.001 RuntimeError: hold: ${arrives}`,
    "0.001 b got x",
    "1 RuntimeError: drop: expected a call while the rule is asked, got one afterwards. Decide in the rule, or hold() the packet there.",
  ]);
});

test("Rules: one that sends a packet itself decides about its own all the same", async (t) => {
  const lines = await logOf(function* (network, send, log) {
    const departing = (transit: PacketInTransit): void => {
      if (network.link("a", "b").sent === 1) {
        send("another");
        transit.drop("enough");
      }
    };
    network.rules.add({ name: "answers", departing });
    send("x");
    yield* sleep(1);
    log(network.link("a", "b"));
  });
  t.deepEqual(lines, ["0.001 b got another", "1 <Link a→b sent=2 delivered=1 dropped=1 inFlight=0>"]);
});

test("Rules, links: an error of a rule or of a latency ends the run; who sends has no part in it", async (t) => {
  const fail = (): never => {
    throw new Error("boom");
  };
  const changes: readonly ((network: Network) => unknown)[] = [
    (network) => network.rules.add({ name: "fails", departing: fail }),
    (network) => network.rules.add({ name: "fails", arriving: fail }),
    (network) => network.setLink("a", "b", { latency: fail }),
    (network) => network.setLink("a", "b", { latency: () => Number.NaN }),
  ];
  const logs = changes.map((change) =>
    logOf(function* (network, send, log) {
      change(network);
      send("x");
      log("sent");
      yield* sleep(1);
      log("not reached");
    }),
  );
  t.deepEqual(await Promise.all(logs), [
    ["0 sent", "Error: boom"],
    ["0 sent", "Error: boom"],
    ["0 sent", "Error: boom"],
    ["0 sent", "RangeError: latency of link a→b: the function must give seconds, finite and not negative; it gave NaN"],
  ]);
});
