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

/**
 * What `program` logs, with the datagrams that arrive at b; `send` sends one from a. The last line is how the run
 * failed, if it did.
 */
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

test("Faults: a packet that an impairment duplicates is held with its copy", async (t) => {
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

const DECISIONS: Readonly<Record<string, (transit: PacketInTransit, releases: (() => void)[]) => void>> = {
  drop: (transit) => transit.drop("by a rule"),
  delay: (transit) => transit.delay(1),
  slow: (transit) => transit.slow(100),
  duplicate: (transit) => transit.duplicate(),
  corrupt: (transit) => transit.corrupt(),
  hold: (transit, releases) => releases.push(transit.hold()),
};

test("Rules: of two that decide about one packet, both are heard, whichever comes first and whether it is held", async (t) => {
  const outcomes: string[] = [];
  const names = Object.keys(DECISIONS);
  for (const [first, second] of names.flatMap((a) => names.map((b) => [a, b] as const))) {
    const arrivals = await logOf(function* (network, send, log) {
      const releases: (() => void)[] = [];
      for (const name of [first, second]) {
        network.rules.add({ name, departing: (transit) => DECISIONS[name]!(transit, releases) });
      }
      send("x");
      yield* sleep(10);
      // The second rule may hold what the first has let go.
      for (const release of releases) {
        release();
      }
      yield* sleep(10);
      const { sent, delivered, dropped, inFlight } = network.link("a", "b");
      log(sent, delivered, dropped, inFlight);
    });
    const counts = arrivals.pop()!.slice(3);
    outcomes.push(`${first}, ${second}: ${arrivals.map((line) => line.split(" ")[0]).join(" ") || "-"} (${counts})`);
  }
  t.deepEqual(outcomes, [
    "drop, drop: - (1 0 1 0)",
    "drop, delay: - (1 0 1 0)",
    "drop, slow: - (1 0 1 0)",
    "drop, duplicate: - (1 0 1 0)",
    "drop, corrupt: - (1 0 1 0)",
    "drop, hold: - (1 0 1 0)",
    "delay, drop: - (1 0 1 0)",
    "delay, delay: 2.001 (1 1 0 0)",
    "delay, slow: 1.1 (1 1 0 0)",
    "delay, duplicate: 1.001 1.001 (2 2 0 0)",
    "delay, corrupt: - (1 0 1 0)",
    "delay, hold: 11.001 (1 1 0 0)",
    "slow, drop: - (1 0 1 0)",
    "slow, delay: 1.1 (1 1 0 0)",
    "slow, slow: 10 (1 1 0 0)",
    "slow, duplicate: 0.1 0.1 (2 2 0 0)",
    "slow, corrupt: - (1 0 1 0)",
    "slow, hold: 10.1 (1 1 0 0)",
    "duplicate, drop: - (1 0 1 0)",
    "duplicate, delay: 1.001 1.001 (2 2 0 0)",
    "duplicate, slow: 0.1 0.1 (2 2 0 0)",
    "duplicate, duplicate: 0.001 0.001 0.001 (3 3 0 0)",
    "duplicate, corrupt: - (2 0 2 0)",
    "duplicate, hold: 10.001 10.001 (2 2 0 0)",
    "corrupt, drop: - (1 0 1 0)",
    "corrupt, delay: - (1 0 1 0)",
    "corrupt, slow: - (1 0 1 0)",
    "corrupt, duplicate: - (2 0 2 0)",
    "corrupt, corrupt: - (1 0 1 0)",
    "corrupt, hold: - (1 0 1 0)",
    "hold, drop: - (1 0 1 0)",
    "hold, delay: 11.001 (1 1 0 0)",
    "hold, slow: 10.1 (1 1 0 0)",
    "hold, duplicate: 10.001 10.001 (2 2 0 0)",
    "hold, corrupt: - (1 0 1 0)",
    "hold, hold: 10.001 (1 1 0 0)",
  ]);
});

test("Links: a copy has a number of its own and names the packet that the host sent, whoever makes it", async (t) => {
  const arrived: [packet: number, copyOf: number][] = [];
  const { trace } = await simulate(
    function* (): Steps {
      const loop = getRunningLoop();
      const { network } = loop;
      network.rules.add({ name: "double", departing: (transit) => transit.duplicate() });
      network.setLink("a", "b", { duplicate: 1 });
      const endpoint = (host: string): Steps<[DatagramTransport]> =>
        network
          .get(host)
          .run(loop.createDatagramEndpoint(() => new DatagramProtocol(), { localAddress: ["0.0.0.0", 9] })) as never;
      const [transport] = yield* endpoint("a");
      yield* endpoint("b");
      network.rules.add({
        name: "watch",
        arriving: ({ packet }) => arrived.push([packet.id, packet.copyOf]),
      });
      transport.sendto(encode("x"), ["10.0.0.2", 9]);
      yield* sleep(1);
    },
    { network: { hosts: { a: {}, b: {} }, links: { latency: 0.1 } } },
  );
  const notes = trace.records.flatMap((record) =>
    /network.(?:sent|delivered)/.test(record.kind) && "detail" in record
      ? [`${record.kind} ${record.detail["packet"]} ${record.detail["copyOf"] ?? ""}`.trim()]
      : [],
  );
  t.deepEqual(notes, [
    "network.sent 1",
    "network.sent 2 1",
    "network.sent 3 1",
    "network.sent 4 1",
    "network.delivered 3",
    "network.delivered 2",
    "network.delivered 4",
    "network.delivered 1",
  ]);
  t.deepEqual(arrived, [
    [3, 1],
    [2, 1],
    [4, 1],
    [1, 0],
  ]);
});

test("Rules: rules behind the one that holds a packet are asked when it goes on, with those added meanwhile, but without those removed", async (t) => {
  const lines = await logOf(function* (network, send, log) {
    const asked = (name: string) => network.rules.add({ name, departing: ({ now }) => log(name, "asked at", now) });
    asked("before");
    using _hold = network.faults.hold("a", "b");
    asked("behind");
    const removed = asked("removed");
    send("x");
    yield* sleep(1);
    removed.remove();
    asked("later");
    network.faults.release();
    yield* sleep(1);
  });
  t.deepEqual(lines, ["0 before asked at 0", "1 behind asked at 1", "1 later asked at 1", "1.001 b got x"]);
});

test("Rules: a packet leaves a link once, also if a rule holds it twice, lets it go at once, or drops it as well", async (t) => {
  const outcomes: string[] = [];
  const rules: Readonly<Record<string, (transit: PacketInTransit, releases: (() => void)[]) => void>> = {
    twice: (transit, releases) => releases.push(transit.hold(), transit.hold()),
    "twice, and let go by the first": (transit, releases) => {
      releases.push(transit.hold());
      transit.hold();
    },
    "at once": (transit) => transit.hold()(),
    "dropped, then held": (transit, releases) => {
      transit.drop("enough");
      releases.push(transit.hold());
    },
    "held, then dropped": (transit, releases) => {
      releases.push(transit.hold());
      transit.drop("enough");
    },
  };
  for (const [name, departing] of Object.entries(rules)) {
    const lines = await logOf(function* (network, send, log) {
      const releases: (() => void)[] = [];
      network.rules.add({ name, departing: (transit) => departing(transit, releases) });
      send("x");
      yield* sleep(1);
      for (const release of releases) {
        release();
      }
      yield* sleep(1);
      log(network.link("a", "b"));
    });
    outcomes.push(`${name}: ${lines.join("; ")}`);
  }
  t.deepEqual(outcomes, [
    "twice: 1.001 b got x; 2 <Link a→b sent=1 delivered=1 dropped=0 inFlight=0>",
    "twice, and let go by the first: 1.001 b got x; 2 <Link a→b sent=1 delivered=1 dropped=0 inFlight=0>",
    "at once: 0.001 b got x; 2 <Link a→b sent=1 delivered=1 dropped=0 inFlight=0>",
    "dropped, then held: 2 <Link a→b sent=1 delivered=0 dropped=1 inFlight=0>",
    "held, then dropped: 2 <Link a→b sent=1 delivered=0 dropped=1 inFlight=0>",
  ]);
});

test("Rules: a rule that is added twice is asked twice, and once when one of the two is removed", async (t) => {
  const lines = await logOf(function* (network, send) {
    const rule = { name: "late", departing: (transit: PacketInTransit) => transit.delay(1) };
    const [first, second] = [network.rules.add(rule), network.rules.add(rule)];
    send("x");
    yield* sleep(5);
    first.remove();
    first.remove();
    send("y");
    yield* sleep(5);
    second.remove();
    send("z");
    yield* sleep(5);
  });
  t.deepEqual(lines, ["2.001 b got x", "6.001 b got y", "10.001 b got z"]);
});

test("Rules: what was held goes on when its sender has crashed, and is lost if its receiver has", async (t) => {
  const afterCrash = (crashed: string, isRestarted: boolean) =>
    logOf(function* (network, send, log) {
      network.faults.hold("a", "b");
      send("x");
      yield* sleep(1);
      network.get(crashed).crash();
      if (isRestarted) {
        network.get(crashed).restart();
      }
      network.faults.release();
      network.faults.release();
      yield* sleep(1);
      const { sent, delivered, dropped, inFlight } = network.link("a", "b");
      log(sent, delivered, dropped, inFlight);
    });
  t.deepEqual(await Promise.all([afterCrash("a", false), afterCrash("b", false), afterCrash("b", true)]), [
    ["1.001 b got x", "2 1 1 0 0"],
    ["2 1 0 1 0"],
    // The host is up, but no socket of its earlier life is.
    ["2 1 1 0 0"],
  ]);
});

test("Rules: one that lets an earlier packet go still holds the present one", async (t) => {
  const lines = await logOf(function* (network, send) {
    let release = (): void => {};
    const departing = (transit: PacketInTransit): void => {
      const next = transit.hold();
      release();
      release = next;
    };
    network.rules.add({ name: "one behind", departing });
    for (const text of ["x", "y", "z"]) {
      send(text);
      yield* sleep(1);
    }
  });
  t.deepEqual(lines, ["1.001 b got x", "2.001 b got y"]);
});

test("Rules: an error of a rule that is asked when a packet goes on ends the run", async (t) => {
  const lines = await logOf(function* (network, send) {
    network.faults.hold("a", "b");
    network.rules.add({
      name: "broken",
      departing: () => {
        throw new Error("a mistake");
      },
    });
    send("x");
    yield* sleep(1);
    network.faults.release();
    yield* sleep(1);
  });
  t.deepEqual(lines, ["Error: a mistake"]);
});

test("Rules: what makes no sense is refused where it is decided", async (t) => {
  const attempts: readonly ((transit: PacketInTransit) => unknown)[] = [
    (transit) => transit.delay(-1),
    (transit) => transit.duplicate(-1),
    (transit) => transit.duplicate(1.5),
    (transit) => transit.duplicate(1e9),
    (transit) => transit.duplicate(600) ?? transit.duplicate(600),
    (transit) => transit.slow(0.5),
    (transit) => transit.slow(1e200) ?? transit.slow(1e200),
    (transit) => transit.delay(1e308) ?? transit.delay(1e308),
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
    "0 RangeError: duplicate: expected an integer from 0 to 1000 copies of a packet, got -1",
    "0 RangeError: duplicate: expected an integer from 0 to 1000 copies of a packet, got 1.5",
    "0 RangeError: duplicate: expected an integer from 0 to 1000 copies of a packet, got 1000000000",
    "0 RangeError: duplicate: expected an integer from 0 to 1000 copies of a packet, got 600",
    "0 RangeError: slow: expected a finite factor of at least 1, got 0.5",
    "0 RangeError: slow: all factors together: expected a finite factor of at least 1, got Infinity",
    "0 RangeError: delay: expected seconds, finite and not negative, got 1e+308",
    "0 TypeError: drop: expected a reason for the trace, as a string, got undefined",
    '0 TypeError: rules: expected a rule, an object with a name and departing() or arriving(), got {"name":"idle"}',
    "0 TypeError: rules: lazy.departing: expected a plain function, got the GeneratorFunction departing, which a mere call does not run; use createTask",
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

test("Rules, links: an error of a rule or of a latency ends the run, and the sender does not see it", async (t) => {
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
    [
      "0 sent",
      "RangeError: link a→b: latency: the function must return seconds, finite and not negative; it returned NaN",
    ],
  ]);
});
