import { readFileSync } from "node:fs";
import test from "ava";
import { RandomStream } from "../../base/random.ts";
import { simulate } from "../../simulation.ts";
import { sleep } from "../../tasks/sleep.ts";
import { getRunningLoop } from "../event-loop.ts";
import { encode } from "../text.ts";
import { DatagramProtocol } from "../transports/contract.ts";
import { FAULT_KINDS, type FaultKind, faultKinds } from "./fault-kinds.ts";
import type { TimedFault } from "./fault-plan.ts";
import { randomFaults } from "./random-faults.ts";

type Steps<T = void> = Generator<unknown, T, unknown>;

/**
 * When datagrams arrive that a host a sends to b each second, with these planned faults on a link with a latency of 0.1
 * s.
 */
async function arrivals(faults: readonly TimedFault[], seconds: number): Promise<number[]> {
  const times: number[] = [];
  const { error } = await simulate(
    function* (): Steps {
      const loop = getRunningLoop();
      const { network } = loop;
      network.faults.schedule({ faults });
      class Inbox extends DatagramProtocol {
        override datagramReceived(): void {
          times.push(Number(loop.time().toFixed(6)));
        }
      }
      yield network.get("b").run(loop.createDatagramEndpoint(() => new Inbox(), { localAddress: ["0.0.0.0", 9] }));
      yield* network.get("a").run(
        (function* (): Steps {
          const [transport] = yield* loop.createDatagramEndpoint(() => new DatagramProtocol(), { family: 4 });
          for (let i = 0; i < seconds; i++) {
            transport.sendto(encode("x"), ["b", 9]);
            yield* sleep(1);
          }
        })(),
      );
      yield* sleep(100);
    },
    { trace: "off", network: { hosts: { a: {}, b: {} }, links: { latency: 0.1 } } },
  );
  return error === undefined ? times : [Number.NaN];
}

test("Fault kinds: each has a row in the documentation that names its fields", (t) => {
  const page = readFileSync(new URL("../../../docs/network.md", import.meta.url), "utf8");
  for (const kind of FAULT_KINDS) {
    const row = page.split("\n").find((line) => line.startsWith("|") && line.includes(`\`"${kind}"\``)) ?? "";
    t.not(row, "", `docs/network.md: expected a row for "${kind}" in the table of fault kinds`);
    for (const field of faultKinds[kind].fields) {
      t.true(row.includes(`\`${field}\``), `docs/network.md: expected the row of "${kind}" to name ${field}`);
    }
    t.regex(page, new RegExp(`\\| \`${kind}\\(|fault kind \`${kind}\``), `docs/network.md: a call for ${kind}`);
  }
});

test("Fault kinds: what is drawn at random passes the check, and every alternative is drawn", async (t) => {
  for (const kind of FAULT_KINDS) {
    const drawn = new Set<string>();
    for (let seed = 0; seed < 30; seed++) {
      const plan = randomFaults(new RandomStream(seed, "faults"), { hosts: ["a", "b"], end: 100, kinds: [kind] });
      for (const fault of plan.faults) {
        const fields = faultKinds[kind].fields.filter((name) => name in fault);
        drawn.add(fields.join());
      }
      const { error } = await simulate(
        function* (): Steps {
          getRunningLoop().network.faults.schedule(plan);
          yield* sleep(0);
        },
        { trace: "off", network: { hosts: { a: {}, b: {} } } },
      );
      t.is(error, undefined, kind);
    }
    const alternatives =
      kind === "crash" ? ["", "connections"] : faultKinds[kind].draws.map((draw) => fieldsIn(kind, draw));
    t.deepEqual([...drawn].sort(byText), [...new Set(alternatives)].sort(byText), kind);
  }
});

const byText = (a: string, b: string): number => (a < b ? -1 : Number(a > b));

/** The names in `draw`, in the order of the fields of `kind`. */
const fieldsIn = (kind: FaultKind, draw: object): string =>
  faultKinds[kind].fields.filter((name) => name in draw).join();

test("Fault slow: it multiplies the latency while it lasts, in one direction or both, and two of them multiply", async (t) => {
  const slow = (at: number, until: number, factor: number, between: [string[], string[]], oneWay = false) =>
    ({ fault: "slow", at, until, factor, between, oneWay }) as const;
  t.deepEqual(await arrivals([slow(0.5, 2.5, 3, [["a"], ["b"]])], 4), [0.1, 1.3, 2.3, 3.1]);
  t.deepEqual(await arrivals([slow(0.5, 2.5, 3, [["b"], ["a"]])], 2), [0.1, 1.3]);
  t.deepEqual(await arrivals([slow(0.5, 2.5, 3, [["b"], ["a"]], true)], 2), [0.1, 1.1]);
  const both = [slow(0, 9, 2, [["a"], ["b"]]), slow(0.5, 9, 4, [["a"], ["b"]])];
  t.deepEqual(await arrivals(both, 2), [0.2, 1.8]);
});

test("Fault slow: delays and bandwidth stay as they are", async (t) => {
  const between = [["a"], ["b"]] as const;
  const faults = [
    { fault: "impair", at: 0, between, delay: 0.05 },
    { fault: "slow", at: 0, between, factor: 3 },
  ] as const;
  t.deepEqual(await arrivals(faults, 1), [0.35]);
  const times: number[] = [];
  await simulate(
    function* (): Steps {
      const { network } = getRunningLoop();
      // 29 bytes with their headers: a second at 232 bits a second.
      network.setLink("a", "b", { bandwidth: 232 });
      network.faults.slow("a", null, { factor: 10 });
      network.rules.add({ name: "watch", arriving: ({ now }) => times.push(Number(now.toFixed(6))) });
      yield* network.get("a").run(
        (function* (): Steps {
          const loop = getRunningLoop();
          const [transport] = yield* loop.createDatagramEndpoint(() => new DatagramProtocol(), { family: 4 });
          transport.sendto(encode("x"), ["b", 9]);
          yield* sleep(10);
        })(),
      );
    },
    { trace: "off", network: { hosts: { a: {}, b: {} }, links: { latency: 0.1 } } },
  );
  t.deepEqual(times.slice(0, 1), [2]);
});
