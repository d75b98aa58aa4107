import test from "ava";
import { simulate } from "../simulation.ts";
import { sleep } from "../tasks/sleep.ts";
import { type EventLoop, getRunningLoop } from "./event-loop.ts";
import type { Network } from "./network.ts";
import type { NetworkOptions } from "./network-options.ts";
import { openConnection } from "./streams/open-connection.ts";
import { startServer } from "./streams/start-server.ts";
import type { StreamWriter } from "./streams/stream-writer.ts";
import { DatagramProtocol, type DatagramTransport, Protocol } from "./transports/contract.ts";

/* Every option and argument of the network meets every odd value: what is not taken is refused at the call. */

type Steps<T = void> = Generator<unknown, T, unknown>;

const ODD: readonly unknown[] = [
  ...[0, -1, Number.NaN, Infinity, -Infinity, 0.5, 1e300, 2 ** 53, "1", "", null, true, false, [], {}, 1n],
  Symbol("s"),
  () => 1,
];

/** A value in a list of those that are taken. */
function nameOf(value: unknown): string {
  const names: readonly [string, boolean][] = [
    ["fn", typeof value === "function"],
    ["1n", typeof value === "bigint"],
    ["[]", Array.isArray(value)],
    ["{}", typeof value === "object" && value !== null],
    [`"${String(value)}"`, typeof value === "string"],
  ];
  return names.find(([, isIt]) => isIt)?.[0] ?? String(value);
}

/** How an error must read. */
const IN_WORDS =
  /^(?:TypeError|RangeError): (?:.*[: ])?expected .*(?:, got |, as )|^RangeError: (?:network|names): |^NetworkError: /;

interface World {
  readonly network: Network;
  readonly loop: EventLoop;
  readonly writer: StreamWriter;
  readonly endpoint: DatagramTransport;
}

type Call = (world: World, value: never, name: string) => unknown;

const host =
  (options: (value: never) => object): Call =>
  ({ network }, value, name) =>
    network.host(name, options(value));
const link =
  (option: string): Call =>
  ({ network }, value) =>
    network.setLink("a", "c", { [option]: value });
const socketOf = ({ writer }: World) => writer.getExtraInfo("socket") as { keepAlive: unknown };

const CALLS: Readonly<Record<string, readonly [call: Call, taken: string]>> = {
  // From here on there is a host called 1.
  "host name": [({ network }, value) => network.host(value), '"1"'],
  "host addresses": [host((addresses) => ({ addresses })), "[]"],
  "host addresses[0]": [host((address) => ({ addresses: [address] })), ""],
  "host clock": [host((clock) => ({ clock })), "[] {}"],
  "host clock.skew": [host((skew) => ({ clock: { skew } })), "0 -1 0.5 1e+300 9007199254740992"],
  "host clock.drift": [host((drift) => ({ clock: { drift } })), "0 0.5 1e+300 9007199254740992"],
  "host disk": [host((disk) => ({ disk })), "[] {}"],
  "host disk.syncTime": [host((syncTime) => ({ disk: { syncTime } })), "0 0.5 1e+300 9007199254740992"],
  "crash connections": [({ network }, connections) => network.get("c").crash({ connections }), ""],
  "network.get": [({ network }, value) => network.get(value), '"1"'],
  "network.link": [({ network }, value) => network.link("a", value), '"1"'],
  "link latency": [link("latency"), "0 0.5 1e+300 9007199254740992 fn"],
  "link bandwidth": [link("bandwidth"), "Infinity 0.5 1e+300 9007199254740992"],
  "link queueBytes": [link("queueBytes"), "Infinity 0.5 1e+300 9007199254740992"],
  "link loss": [link("loss"), "0 0.5"],
  "link duplicate": [link("duplicate"), "0 0.5"],
  "link reorder": [link("reorder"), "0 0.5"],
  "link corrupt": [link("corrupt"), "0 0.5"],
  "link mtu": [link("mtu"), ""],
  "names.set name": [({ network }, value) => network.names.set(value, []), '"1"'],
  "names.set addresses": [({ network }, value) => network.names.set("n", value), "[]"],
  "names.set delay": [
    ({ network }, delay) => network.names.set("n", [], { delay }),
    "0 0.5 1e+300 9007199254740992 fn",
  ],
  "names.fail": [({ network }, value) => network.names.fail("n", value), ""],
  "rules.add": [({ network }, value) => network.rules.add(value), ""],
  "rule departing": [({ network }, departing) => network.rules.add({ name: "r", departing }).remove(), "fn"],
  "faults.partition": [({ network }, value) => network.faults.partition(value), '"1"'],
  "faults.hold oneWay": [({ network }, oneWay) => network.faults.hold("a", "b", { oneWay }), "true false"],
  "faults.impair loss": [({ network }, loss) => network.faults.impair("a", "b", { loss }), "0 0.5"],
  "faults.impair delay": [
    ({ network }, delay) => network.faults.impair("a", "b", { delay }),
    "0 0.5 1e+300 9007199254740992 fn",
  ],
  "faults.slow factor": [({ network }, factor) => network.faults.slow("a", "b", { factor }), "1e+300 9007199254740992"],
  "disk.write name": [({ network }, value) => network.get("a").disk.write(value, "x"), '"1" ""'],
  "disk.write data": [({ network }, value) => network.get("a").disk.write("x", value), '"1" ""'],
  "disk.read": [({ network }, value) => network.get("a").disk.read(value), '"1" ""'],
  "disk.delete": [({ network }, value) => network.get("a").disk.delete(value), '"1" ""'],
  keepAlive: [(world, value) => Object.assign(socketOf(world), { keepAlive: value }), "null true false {}"],
  "keepAlive idle": [
    (world, idle) => Object.assign(socketOf(world), { keepAlive: { idle } }),
    "Infinity 0.5 1e+300 9007199254740992",
  ],
  "keepAlive count": [
    (world, count) => Object.assign(socketOf(world), { keepAlive: { count } }),
    "1e+300 9007199254740992",
  ],
  "sendto address": [({ endpoint }, value) => endpoint.sendto(new Uint8Array(1), value), ""],
  "sendto host": [({ endpoint }, value) => endpoint.sendto(new Uint8Array(1), [value, 9]), ""],
  "sendto port": [({ endpoint }, value) => endpoint.sendto(new Uint8Array(1), ["10.0.0.2", value]), ""],
  "createServer backlog": [
    ({ loop }, backlog) => loop.createServer(() => new Protocol(), null, 5, { backlog }),
    "0 1e+300 9007199254740992",
  ],
  "createServer port": [({ loop }, port) => loop.createServer(() => new Protocol(), "10.0.0.1", port), "0 null"],
  "createConnection port": [({ loop }, port) => loop.createConnection(() => new Protocol(), "a", port), "0"],
  "createConnection localAddress": [
    ({ loop }, localAddress) => loop.createConnection(() => new Protocol(), "a", 1, { localAddress }),
    "",
  ],
  "createDatagramEndpoint localAddress": [
    ({ loop }, localAddress) => loop.createDatagramEndpoint(() => new DatagramProtocol(), { localAddress, family: 4 }),
    "",
  ],
};

function* worldOf(): Steps<World> {
  const loop = getRunningLoop();
  const { network } = loop;
  yield* network.get("b").run(startServer(() => {}, null, 80));
  const [, writer] = yield* network.get("a").run(openConnection("10.0.0.2", 80));
  const [endpoint] = yield* loop.createDatagramEndpoint(() => new DatagramProtocol(), { localAddress: ["0.0.0.0", 9] });
  return { network, loop, writer, endpoint };
}

test("Network: every option takes what makes sense, and refuses the rest at the call, in words", async (t) => {
  const taken: Record<string, string> = {};
  const unclear: string[] = [];
  const { error } = await simulate(
    function* (): Steps {
      const world = yield* worldOf();
      for (const [name, [call]] of Object.entries(CALLS)) {
        const fine = ODD.filter((value, i) => {
          try {
            call(world, value as never, `${name.replaceAll(/\W/g, "-")}-${i}`);
            return true;
          } catch (failure) {
            if (!IN_WORDS.test(String(failure))) {
              unclear.push(`${name}: ${failure}`);
            }
            return false;
          }
        });
        world.network.faults.repair();
        taken[name] = fine.map(nameOf).join(" ");
      }
      yield* sleep(0);
    },
    { trace: "off", network: { hosts: { a: {}, b: {}, c: {} } } },
  );
  t.is(error, undefined);
  t.deepEqual(unclear, []);
  t.deepEqual(taken, Object.fromEntries(Object.entries(CALLS).map(([name, [, expected]]) => [name, expected])));
});

/** Whether a run that never uses its network begins with these options. */
async function begins(network: object): Promise<boolean> {
  try {
    await simulate(function* () {}, { trace: "off", network: network as NetworkOptions });
    return true;
  } catch (error) {
    if (!(error instanceof TypeError || error instanceof RangeError)) {
      throw error;
    }
    return false;
  }
}

test("Network: the same values are refused when the run begins, also where the network is never used", async (t) => {
  for (const [name, [, expected]] of Object.entries(CALLS)) {
    const [group, option = ""] = name.split(/ (?!.*\[)/);
    const [field, inner] = option.split(".");
    for (const value of group === "link" || group === "host" ? ODD : []) {
      const options = inner === undefined ? { [field!]: value } : { [field!]: { [inner]: value } };
      const isFine = expected.split(" ").includes(nameOf(value));
      if (group === "link") {
        t.is(await begins({ links: options }), isFine, `${name} ${nameOf(value)}`);
        t.is(await begins({ loopback: options }), isFine, `${name} ${nameOf(value)}`);
      } else if (field !== "name" && !name.includes("[")) {
        t.is(await begins({ hosts: { a: options } }), isFine, `${name} ${nameOf(value)}`);
      }
    }
  }
});
