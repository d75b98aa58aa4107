import {
  createTask,
  decode,
  defineScenario,
  encode,
  gather,
  getRunningLoop,
  Lock,
  NetworkError,
  openConnection,
  print,
  type StreamReader,
  type StreamWriter,
  sleep,
  startServer,
  TimeoutError,
  waitFor,
} from "../../engine/index.ts";

const CLIENTS = 20;
const SERVICE_SECONDS = 0.05;
const PATIENCE_SECONDS = 0.5;
const THINKING_SECONDS = 2;
const END = 40;
const BUCKET_SECONDS = 2;

/** How long a client waits before attempt number `attempt`, counted from 1, if the one before failed. */
type BackOff = (attempt: number) => number;

const atOnce: BackOff = () => 0;

/** Twice as long each time, up to 8 s, and a random part of that, so that clients do not all come back together. */
const withJitter: BackOff = (attempt) =>
  getRunningLoop()
    .random("back-off")
    .uniform(0, Math.min(8, 0.5 * 2 ** attempt));

/** What happened in each bucket of time. */
class Statistics {
  readonly attempts: number[] = new Array(END / BUCKET_SECONDS).fill(0);
  readonly successes: number[] = new Array(END / BUCKET_SECONDS).fill(0);

  count(counts: number[]): void {
    const bucket = Math.floor(getRunningLoop().time() / BUCKET_SECONDS);
    if (bucket < counts.length) {
      counts[bucket] = counts[bucket]! + 1;
    }
  }
}

/**
 * A server that can do one thing at a time. It does not see that a client has given up, and works for it all the same.
 */
function* serve(port: number) {
  const worker = new Lock();
  async function* handle(reader: StreamReader, writer: StreamWriter) {
    yield* reader.readline();
    yield* worker.with(() => sleep(SERVICE_SECONDS));
    writer.write(encode("done\n"));
    writer.close();
  }
  yield* startServer(handle, null, port, { backlog: 1000 });
}

async function* attempt(port: number) {
  const [reader, writer] = yield* openConnection("server", port);
  try {
    writer.write(encode("please\n"));
    return decode(yield* reader.readline());
  } finally {
    writer.close();
  }
}

async function* client(port: number, backOff: BackOff, statistics: Statistics) {
  const random = getRunningLoop().random("thinking");
  yield* sleep(random.uniform(0, THINKING_SECONDS));
  for (;;) {
    for (let failures = 0; ; ) {
      statistics.count(statistics.attempts);
      try {
        yield* waitFor(attempt(port), PATIENCE_SECONDS);
        break;
      } catch (error) {
        if (!(error instanceof TimeoutError || error instanceof NetworkError)) {
          throw error;
        }
        yield* sleep(backOff(++failures));
      }
    }
    statistics.count(statistics.successes);
    yield* sleep(random.uniform(0.5, 1.5) * THINKING_SECONDS);
  }
}

/** Clients with the given retry policy, and their results. */
async function* crowd(port: number, backOff: BackOff) {
  const { network } = getRunningLoop();
  const statistics = new Statistics();
  yield* network.get("server").run(serve(port));
  const clients = Array.from({ length: CLIENTS }, () => network.get("clients").run(client(port, backOff, statistics)));
  yield* sleep(END);
  for (const task of clients) {
    task.cancel();
  }
  return statistics;
}

async function* main() {
  const { network } = getRunningLoop();
  network.faults.schedule({ faults: [{ at: 10, until: 13, fault: "pause", host: "server" }] });
  const [rude, polite] = yield* gather(createTask(crowd(80, atOnce)), createTask(crowd(81, withJitter)));
  print(`${CLIENTS} clients of a server that stands still from 10 s to 13 s; requests a second: done #, in vain .`);
  print("seconds  trying again at once                          with jittered back-off");
  for (let bucket = 0; bucket < END / BUCKET_SECONDS; bucket++) {
    const row = [rude, polite].map(({ attempts, successes }) => {
      const done = successes[bucket]! / BUCKET_SECONDS;
      const vain = Math.max(0, attempts[bucket]! / BUCKET_SECONDS - done);
      return ("#".repeat(Math.round(done)) + ".".repeat(Math.round(vain))).padEnd(46);
    });
    print(`${String(bucket * BUCKET_SECONDS).padStart(7)}  ${row.join("").trimEnd()}`);
  }
}

export default defineScenario({
  name: "retry-storm",
  about: "a server stands still for three seconds: clients that try again at once never let it recover",
  network: { hosts: { server: {}, clients: {} }, links: { latency: 0.005 } },
  main,
});
