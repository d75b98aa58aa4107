import test from "ava";
import { simulate } from "../../simulation.ts";
import { getRunningLoop } from "../event-loop.ts";
import { openConnection } from "../streams/open-connection.ts";
import { startServer } from "../streams/start-server.ts";
import type { StreamReader } from "../streams/stream-reader.ts";
import type { StreamWriter } from "../streams/stream-writer.ts";
import { type TcpSettings, tcpSettings } from "./settings.ts";

type Steps<T = void> = Generator<unknown, T, unknown>;

const NAMES = Object.keys(tcpSettings({})) as (keyof TcpSettings)[];
const VALUES: readonly unknown[] = [0, 1, 7, 0.5, 1e-9, 1e9, 2 ** 30, 2 ** 53, Number.MAX_VALUE, -1, -0.5];
const NEVER_FINE: readonly unknown[] = [Number.NaN, Infinity, -Infinity, "1", "x", "", null, true, [], [1], {}, 1n];

/** How `settings` are refused, or `null`. */
function refusal(settings: object): string | null {
  try {
    tcpSettings(settings);
    return null;
  } catch (error) {
    return String(error);
  }
}

/** Sends 5000 bytes over a lossy link with `settings`. @returns How many arrived. */
async function transfer(settings: Partial<TcpSettings>): Promise<unknown> {
  function* count(reader: StreamReader, writer: StreamWriter): Steps {
    let bytes = 0;
    for (let data = yield* reader.read(65_536); data.length > 0; data = yield* reader.read(65_536)) {
      bytes += data.length;
    }
    writer.write(new TextEncoder().encode(String(bytes)));
    writer.close();
  }
  const result = await simulate(
    function* (): Steps<string> {
      const { network } = getRunningLoop();
      yield* network.host("b").run(startServer(count, null, 7));
      const [reader, writer] = yield* network.host("a").run(openConnection("b", 7));
      network.setLink("a", "b", { latency: 0.01, loss: 0.05 });
      writer.write(new Uint8Array(5000));
      writer.writeEof();
      const answer = new TextDecoder().decode(yield* reader.read());
      writer.close();
      return answer;
    },
    { network: { tcp: settings }, maxSteps: 100_000, trace: "off", seed: 3 },
  );
  return "error" in result && result.error !== undefined
    ? (result.error as Error & { code?: string }).code
    : result.value;
}

test("TCP settings: a value of another type, NaN or infinity is refused at the call", (t) => {
  for (const name of NAMES) {
    for (const value of NEVER_FINE) {
      t.regex(refusal({ [name]: value }) ?? "accepted", new RegExp(`^RangeError: tcp: expected ${name} .*, got`), name);
    }
  }
});

test("TCP settings: what is accepted works; what is refused names the setting, the rule and the value", async (t) => {
  for (const name of NAMES) {
    for (const value of VALUES) {
      const settings = { [name]: value };
      const refused = refusal(settings);
      if (refused === null) {
        // Few attempts, or timeouts longer than these last, may end the connection; nothing else may.
        t.true(["5000", "ETIMEDOUT", "ECONNRESET"].includes(String(await transfer(settings))), `${name} ${value}`);
      } else {
        t.regex(
          refused,
          new RegExp(`^RangeError: tcp: expected .*${name}.*, got .*${String(value).replace("+", ".")}`),
        );
      }
    }
  }
});

test("TCP settings: errors say what is expected", (t) => {
  t.deepEqual(
    [
      { sendBufferBytes: 0 },
      { receiveBufferBytes: 0.5 },
      { retries: "3" },
      { initialTimeout: 0 },
      { delayedAck: -1 },
      { delayedAck: 1 },
      { maximumTimeout: 0.5 },
      { minimumTimeout: 0.1, maximumTimeout: 0.5 },
    ].map(refusal),
    [
      "RangeError: tcp: expected sendBufferBytes to be an integer from 1 to 1073741824, got 0",
      "RangeError: tcp: expected receiveBufferBytes to be an integer from 0 to 1073741824, got 0.5",
      'RangeError: tcp: expected retries to be a non-negative integer, got "3"',
      "RangeError: tcp: expected initialTimeout in seconds, finite and positive, got 0",
      "RangeError: tcp: expected delayedAck in seconds, finite and not negative, got -1",
      "RangeError: tcp: expected delayedAck < minimumTimeout <= maximumTimeout, got 1, 1 and 120",
      "RangeError: tcp: expected delayedAck < minimumTimeout <= maximumTimeout, got 0.04, 1 and 0.5",
      "RangeError: tcp: expected initialTimeout <= maximumTimeout, got 1 and 0.5",
    ],
  );
});

test("TCP settings: an undefined setting keeps its default", (t) => {
  t.deepEqual(tcpSettings({ retries: undefined, timeWait: undefined } as object), tcpSettings({}));
});
