import test from "ava";
import {
  choose,
  createTask,
  DatagramProtocol,
  type DatagramTransport,
  decode,
  type ExploreOptions,
  encode,
  explore,
  gather,
  getRunningLoop,
  type Host,
  openConnection,
  replay,
  simulate,
  sleep,
  startServer,
  waitFor,
} from "../index.ts";
import type { StreamReader } from "../network/streams/stream-reader.ts";
import type { StreamWriter } from "../network/streams/stream-writer.ts";

const text = (bytes: Uint8Array): string => new TextDecoder().decode(bytes);

/** A server that answers every line. */
function* answer(reader: StreamReader, writer: StreamWriter) {
  const line = yield* reader.readline();
  writer.write(line);
  yield* writer.drain();
  writer.close();
  yield* writer.waitClosed();
}

/** Asks a server on another host, and gives it `patience` seconds. */
const asking = (patience: number) =>
  function* main() {
    const { network } = getRunningLoop();
    const [server, client] = ["server", "client"].map(
      (name) => network.hosts.find((host) => host.name === name) ?? network.host(name),
    ) as [Host, Host];
    const serving = yield* server.run(startServer(answer, "0.0.0.0", 80), { name: "listen" });
    function* ask() {
      const [reader, writer] = yield* openConnection("server", 80);
      writer.write(new TextEncoder().encode("ping\n"));
      const line = yield* reader.readline();
      writer.close();
      yield* writer.waitClosed();
      return text(line);
    }
    yield* waitFor(client.run(ask(), { name: "ask" }), patience);
    serving.close();
    yield* serving.waitClosed();
  };

const network = { links: { latency: { uniform: [0.01, 0.1] as const }, loss: 0.001 } };

test("explore: a lost packet that the seed does not bring is one deviation, and replays", async (t) => {
  const { failure } = await explore(asking(0.9), { network, runs: 300 });
  t.is(failure?.kind, "error");
  t.regex(failure?.token ?? "", /^s1:loss:(client>server|server>client)@\d+=1;/);
  const again = await replay(asking(0.9), failure?.token ?? "", { network });
  t.is(again.failure?.kind, "error");
});

test("explore: what the network may do varies within what is declared, or is kept as the seed has it", async (t) => {
  const lossless = { links: { latency: network.links.latency } };
  t.is((await explore(asking(0.9), { network: lossless, runs: 200 })).failure, undefined);
  t.is((await explore(asking(0.9), { network, vary: { network: false }, runs: 200 })).failure, undefined);
});

test("explore: two clients of one server on a perfect network fail in no order", async (t) => {
  function* main() {
    const serving = yield* startServer(answer, "127.0.0.1", 80);
    function* ask(word: string) {
      const [reader, writer] = yield* openConnection("127.0.0.1", 80);
      writer.write(new TextEncoder().encode(`${word}\n`));
      const line = text(yield* reader.readline());
      if (line !== `${word}\n`) {
        throw new Error(`${word} got ${line}`);
      }
      writer.close();
      yield* writer.waitClosed();
    }
    yield* gather(ask("a"), ask("b"));
    serving.close();
    yield* serving.waitClosed();
  }
  t.is((await explore(main, { runs: 400 })).failure, undefined);
});

class Inbox extends DatagramProtocol {
  private readonly _into: string[];

  constructor(into: string[]) {
    super();
    this._into = into;
  }

  override datagramReceived(data: Uint8Array): void {
    this._into.push(decode(data));
  }
}

/** Two hosts each send a datagram at another time; both arrive at the same instant, at the same port or at two. */
const simultaneous = (ports: readonly [number, number]) =>
  async function* main() {
    const loop = getRunningLoop();
    const { network } = loop;
    const [server, near, far] = [network.host("server"), network.host("near"), network.host("far")];
    network.setLink(near, server, { latency: 1 });
    network.setLink(far, server, { latency: 3 });
    const log: string[] = [];
    for (const port of new Set(ports)) {
      yield* server.run(
        loop.createDatagramEndpoint(() => new Inbox(log), { localAddress: ["0.0.0.0", port] }),
        { name: `listen-${port}` },
      );
    }
    async function* send(text: string, at: number, port: number) {
      yield* sleep(at);
      const [transport] = yield* loop.createDatagramEndpoint(() => new DatagramProtocol(), {
        remoteAddress: ["server", port],
      });
      (transport as DatagramTransport).sendto(encode(text));
      transport.close();
    }
    yield* gather(
      far.run(send("far", 1, ports[0]), { name: "far" }),
      near.run(send("near", 3, ports[1]), { name: "near" }),
      createTask(sleep(9), { name: "clock" }),
    );
    if (log.join() !== "far,near") {
      throw new Error(log.join());
    }
  };

test("explore: what arrives at the same instant at different sockets is dealt with in any order", async (t) => {
  const { failure } = await explore(simultaneous([7, 8]));
  t.is((failure?.error as Error | undefined)?.message, "near,far");
  t.is(failure?.deviations.length, 1);
  t.is((await replay(simultaneous([7, 8]), failure?.token ?? "")).failure?.kind, "error");
  t.is((await explore(simultaneous([7, 8]), { vary: { network: false } })).failure, undefined);
});

test("explore: what arrives at one socket keeps its order", async (t) => {
  t.is((await explore(simultaneous([7, 7]))).failure, undefined);
});

/** A client that gives up may be connected all the same. */
const hanging = (isFixed: boolean) =>
  async function* main() {
    const serving = yield* startServer(
      async function* (reader, writer) {
        yield* reader.read();
        writer.close();
      },
      "127.0.0.1",
      80,
    );
    let isGivenUp = false;
    let close = (): void => {};
    async function* open() {
      const [, writer] = yield* openConnection("127.0.0.1", 80);
      close = () => writer.close();
      if (isFixed && isGivenUp) {
        close();
      }
    }
    async function* giveUp() {
      for (let i = 0; i < 12; i++) {
        yield* sleep(0);
      }
      isGivenUp = true;
      close();
    }
    yield* gather(createTask(open(), { name: "open" }), createTask(giveUp(), { name: "giveUp" }));
    serving.close();
  };

test("explore: a connection that only some orders leave open is a leak", async (t) => {
  const { failure } = await explore(hanging(false));
  t.is(failure?.kind, "leak");
  t.regex(
    String(failure?.error),
    /2 end\(s\) of connections are never closed, 0 in the baseline run: localhost: \('127\.0\.0\.1'/,
  );
  t.is((await explore(hanging(true))).failure, undefined);
});

test("explore: a planned fault comes within its spread, or not at all if it is optional", async (t) => {
  const times = new Set<string>();
  function* main() {
    const { network } = getRunningLoop();
    network.faults.schedule({
      faults: [
        { fault: "pause", host: "a", at: 1, until: 2, spread: 0.7 },
        { fault: "crash", host: "b", at: 5, optional: true },
      ],
      end: 9,
    });
    let pausedAt = 0;
    for (let i = 0; i < 60 && pausedAt === 0; i++) {
      yield* sleep(0.1);
      pausedAt = network.get("a").state === "paused" ? i + 1 : 0;
    }
    yield* sleep(5);
    times.add(`${pausedAt} ${network.get("b").state}`);
  }
  const options: ExploreOptions = { network: { hosts: { a: {}, b: {} } }, runs: 300 };
  await explore(main, options);
  t.true(times.size >= 14, [...times].join("; "));
  times.clear();
  await explore(main, { ...options, vary: { network: false } });
  t.is(times.size, 1);
});

test("explore: the shortest and the longest latency are the bounds that were declared", async (t) => {
  function* main() {
    const loop = getRunningLoop();
    const arrival = loop.createFuture<number>();
    class Receiver extends DatagramProtocol {
      override datagramReceived(): void {
        arrival.setResult(loop.time());
      }
    }
    const [a, b] = [loop.network.get("a"), loop.network.get("b")];
    yield* b.run(loop.createDatagramEndpoint(() => new Receiver(), { localAddress: ["b", 9] }));
    const [transport] = yield* a.run(
      loop.createDatagramEndpoint(() => new DatagramProtocol(), { remoteAddress: ["b", 9] }),
    );
    transport.sendto(encode("now"));
    return yield* arrival;
  }
  const options = { network: { hosts: { a: {}, b: {} }, links: { latency: { uniform: [0.01, 0.4] as const } } } };
  const times = ["=1", "=2"].map(async (option) => (await replay(main, `s1:d:a>b@1${option}`, options)).value);
  t.deepEqual(await Promise.all(times), [0.01, 0.4]);
});

test("explore: the certificate knows all instants of a fault that is optional as well", async (t) => {
  function* main() {
    const { network } = getRunningLoop();
    const at = { at: 1, until: 1.5, spread: 1, optional: true };
    network.faults.schedule({ faults: [{ fault: "pause", host: "a", ...at }], end: 9 });
    yield* sleep(2.4);
    if (network.get("a").state === "paused" && choose("strict", [false, true])) {
      throw new Error("paused");
    }
  }
  const { failure } = await explore(main, { network: { hosts: { a: {} } } });
  t.regex(failure?.token ?? "", /^s1:c:strict=1,f:pause@1=8;/);
  t.deepEqual(failure?.certificate, { smallerSchedulesTried: 9, noneFailed: true, isComplete: true });
});

test("explore: loss that a fault declares is a choice", async (t) => {
  function* main() {
    const { network } = getRunningLoop();
    network.faults.impair("client", "server", { loss: 0.001 });
    yield* asking(0.9)();
  }
  const { failure } = await explore(main, { network: { hosts: { client: {}, server: {} } }, runs: 300 });
  t.regex(failure?.token ?? "", /^s1:loss:impair-client<>server@\d+=1;/);
});

test("explore: a spread that leaves the fault plan, and an unclear wish, are refused", async (t) => {
  const { value } = await simulate(
    function* main() {
      const { faults } = getRunningLoop().network;
      const messageOf = (fault: object): string => {
        try {
          faults.schedule({ faults: [{ fault: "crash", host: "a", at: 5, ...fault }], end: 9 });
          return "";
        } catch (error) {
          return String(error).replace(/^.*expected/, "expected");
        }
      };
      return [{ spread: 4 }, { spread: 5 }, { spread: -1 }, { optional: 1 }].map(messageOf);
    },
    { network: { hosts: { a: {} } } },
  );
  t.deepEqual(value, [
    "",
    'expected "spread" from 0 s to 4 s, when the plan ends, got 5',
    'expected "spread" from 0 s to 4 s, when the plan ends, got -1',
    'expected "optional" to be true or false, got 1',
  ]);
});
