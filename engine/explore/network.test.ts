import test from "ava";
import { explore, gather, getRunningLoop, openConnection, replay, startServer, waitFor } from "../index.ts";
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
    const [server, client] = [network.host("server"), network.host("client")];
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
