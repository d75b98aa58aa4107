import test from "ava";
import { simulate } from "../../simulation.ts";
import { sleep } from "../../tasks/sleep.ts";
import { type EventLoop, getRunningLoop } from "../event-loop.ts";
import type { NetworkOptions } from "../network-options.ts";
import { openConnection } from "../streams/open-connection.ts";
import { startServer } from "../streams/start-server.ts";
import { decode, encode } from "../text.ts";
import { BufferedProtocol, DatagramProtocol, Protocol, type Transport } from "./contract.ts";

type Steps<T = void> = Generator<unknown, T, unknown>;
type Log = (...words: unknown[]) => void;

/** What `program` logs, each line with its time, how it failed if it did, and the warnings of the run. */
async function logOf(
  program: (log: Log, loop: EventLoop) => Steps<unknown>,
  options: { readonly network?: NetworkOptions; readonly until?: number } = {},
): Promise<string[]> {
  const lines: string[] = [];
  const { error, warnings } = await simulate(
    function* () {
      const loop = getRunningLoop();
      yield* program((...words) => lines.push([Number(loop.time().toFixed(4)), ...words].join(" ")), loop);
    },
    { trace: "off", ...options },
  );
  return [...lines, ...(error === undefined ? [] : [String(error)]), ...warnings];
}

/** Leaves a server and a connection open. */
function* forgetful(): Steps {
  yield* startServer(() => {}, null, 80);
  const [, writer] = yield* openConnection("localhost", 80);
  writer.write(encode("x"));
}

test("Unclosed: neither what runs on a host of its own, which is switched off with the run, nor that of a run that was cut off is reported", async (t) => {
  const onHost = await logOf(
    function* (_log, loop) {
      yield loop.network.get("a").run(forgetful());
    },
    { network: { hosts: { a: {} } } },
  );
  const cutOff = await logOf(
    function* () {
      yield* forgetful();
      yield* sleep(10);
    },
    { until: 5 },
  );
  t.deepEqual([onHost, cutOff], [[], []]);
});

test("Unclosed: everything at localhost is reported, in the order in which it was opened, also if the program fails", async (t) => {
  const lines = await logOf(function* () {
    yield* forgetful();
    yield* sleep(1);
    throw new Error("a mistake");
  });
  t.deepEqual(
    lines.map((line) => line.replace(/ reader=.*$/, " …")),
    [
      "Error: a mistake",
      "unclosed <TransportSocket laddr=('0.0.0.0', 80)>",
      "unclosed <TransportSocket laddr=('::', 80, 0, 0)>",
      "unclosed <StreamWriter transport=<SocketTransport ('127.0.0.1', 33720) peer=('127.0.0.1', 80) bufsize=0> …",
      "unclosed <StreamWriter transport=<SocketTransport ('127.0.0.1', 80) peer=('127.0.0.1', 33720) bufsize=0> …",
    ],
  );
});

test("Unclosed: transports and datagram endpoints are reported unless they are closing", async (t) => {
  const lines = await logOf(function* (_log, loop) {
    const server = yield* loop.createServer(() => new Protocol(), "127.0.0.1", 80);
    yield* loop.createConnection(() => new Protocol(), "127.0.0.1", 80);
    const [closing] = yield* loop.createConnection(() => new Protocol(), "127.0.0.1", 80);
    yield* loop.createDatagramEndpoint(() => new DatagramProtocol(), { localAddress: ["127.0.0.1", 9] });
    closing.close();
    server.close();
    yield* sleep(1);
  });
  t.deepEqual(lines, [
    "unclosed transport <SocketTransport ('127.0.0.1', 33720) peer=('127.0.0.1', 80) bufsize=0>",
    "unclosed transport <SocketTransport ('127.0.0.1', 80) peer=('127.0.0.1', 33720) bufsize=0>",
    "unclosed transport <UdpTransport ('127.0.0.1', 9) bufsize=0>",
  ]);
});

test("Transport: what a receiver does to its data changes neither what is sent again nor what others get", async (t) => {
  const lines = await logOf(
    function* (log, { network }) {
      network.rules.add({
        name: "lose acknowledgements",
        departing(transit) {
          if (transit.from === "b" && transit.now > 0.5 && transit.now < 3) {
            transit.drop("lost");
          }
          if (transit.from === "a" && transit.packet.protocol === "tcp") {
            const { data } = transit.packet as unknown as { data: Uint8Array };
            if (data.length > 0) {
              log("sends", decode(data));
            }
          }
        },
      });
      class InPlace extends Protocol {
        override dataReceived(data: Uint8Array): void {
          log("got", decode(data));
          data.fill(88);
        }
      }
      yield network.get("b").run(getRunningLoop().createServer(() => new InPlace(), null, 80));
      yield network.get("a").run(
        (function* (): Steps {
          const [, writer] = yield* openConnection("b", 80);
          yield* sleep(1);
          writer.write(encode("hello"));
          yield* sleep(10);
          writer.close();
        })(),
      );
    },
    { network: { hosts: { a: {}, b: {} } } },
  );
  const [sent, got] = ["sends", "got"].map((word) => lines.filter((line) => line.includes(` ${word} `)));
  t.true((sent?.length ?? 0) >= 2);
  t.deepEqual(new Set(sent?.map((line) => line.split(" ")[2])), new Set(["hello"]));
  t.deepEqual(
    got?.map((line) => line.split(" ")[2]),
    ["hello"],
  );
});

test("Datagrams: one that is too long is an error of the network, which the protocol hears of", async (t) => {
  const lines = await logOf(function* (log, loop) {
    class Endpoint extends DatagramProtocol {
      override errorReceived(error: Error): void {
        log(error);
      }
    }
    for (const [family, address, limit] of [
      [4, "127.0.0.1", 65_507],
      [6, "::1", 65_527],
    ] as const) {
      const [transport] = yield* loop.createDatagramEndpoint(() => new Endpoint(), { family });
      transport.sendto(new Uint8Array(limit), [address, 9]);
      transport.sendto(new Uint8Array(limit + 1), [address, 9]);
      transport.close();
    }
  });
  t.deepEqual(lines, [
    "0 NetworkError: send EMSGSIZE 127.0.0.1:9: message too long",
    "0 NetworkError: send EMSGSIZE [::1]:9: message too long",
  ]);
});

test("Transport: a protocol that is set in getBuffer is the one that hears of the data", async (t) => {
  const lines = await logOf(function* (log, loop) {
    class Named extends BufferedProtocol {
      private readonly _name: string;
      private readonly _next: BufferedProtocol | null;
      private _transport!: Transport;

      constructor(name: string, next: BufferedProtocol | null) {
        super();
        this._name = name;
        this._next = next;
      }

      override connectionMade(transport: Transport): void {
        this._transport = transport;
      }

      override getBuffer(): Uint8Array {
        if (this._next !== null) {
          this._transport.setProtocol(this._next);
        }
        return new Uint8Array(10);
      }

      override bufferUpdated(count: number): void {
        log(this._name, "got", count);
      }
    }
    const server = yield* loop.createServer(() => new Named("first", new Named("second", null)), "127.0.0.1", 80);
    const [transport] = yield* loop.createConnection(() => new Protocol(), "127.0.0.1", 80);
    transport.write(encode("abc"));
    yield* sleep(1);
    transport.close();
    server.close();
    yield* sleep(1);
  });
  t.deepEqual(lines, ["0 second got 3"]);
});

test("Transport: a rule that aborts the connection whose segment it sees leaves nothing to be sent", async (t) => {
  for (const method of ["write", "writelines"] as const) {
    const lines = await logOf(function* (log, loop) {
      class Ends extends Protocol {
        override connectionLost(error: Error | null): void {
          log("lost", error);
        }
      }
      const server = yield* loop.createServer(() => new Protocol(), "127.0.0.1", 80);
      const [transport] = yield* loop.createConnection(() => new Ends(), "127.0.0.1", 80);
      using _rule = loop.network.rules.add({ name: "abort", departing: () => transport.abort() });
      const data = new Uint8Array(10_000_000);
      if (method === "write") {
        transport.write(data);
      } else {
        transport.writelines([data, data]);
      }
      log(transport.getWriteBufferSize(), transport.isClosing());
      yield* sleep(1);
      server.closeClients();
      server.close();
      yield* sleep(100);
    });
    t.deepEqual(lines, ["0 0 true", "0 lost "], method);
  }
});

test("Server: getLoop is the loop that the server was made on", async (t) => {
  const lines = await logOf(function* (log, loop) {
    using server = yield* loop.createServer(() => new Protocol(), "127.0.0.1", 80);
    log(server.getLoop() === loop);
  });
  t.deepEqual(lines, ["0 true"]);
});
