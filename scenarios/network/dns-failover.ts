import {
  createTask,
  decode,
  defineScenario,
  encode,
  gather,
  getRunningLoop,
  NetworkError,
  openConnection,
  print,
  type StreamReader,
  type StreamWriter,
  sleep,
  startServer,
  strftime,
  TimeoutError,
  waitFor,
} from "../../engine/index.ts";

const NAME = "api.example";
const PORT = 80;

/** Answers with the name of the host that it runs on. */
const serveAs = (name: string) =>
  async function* (reader: StreamReader, writer: StreamWriter) {
    yield* reader.readline();
    writer.write(encode(`${name}\n`));
    writer.close();
  };

/** One request to an address. @throws NetworkError, TimeoutError. */
async function* request(address: string) {
  const [reader, writer] = yield* openConnection(address, PORT);
  writer.write(encode("hello\n"));
  const answer = decode(yield* reader.readline()).trim();
  writer.close();
  return answer;
}

/** Looks the name up once and keeps what it heard, as so many programs do. */
class Rememberer {
  private _address: string | null = null;

  async *ask() {
    if (this._address === null) {
      const [first] = yield* getRunningLoop().getaddrinfo(NAME, PORT, { family: 4 });
      this._address = first?.host ?? "";
    }
    return yield* waitFor(request(this._address), 1);
  }
}

/** Looks the name up each time, and tries one address after another. */
class Looker {
  async *ask() {
    const addresses = yield* getRunningLoop().getaddrinfo(NAME, PORT, { family: 4 });
    let last: unknown;
    for (const { host } of addresses) {
      try {
        return yield* waitFor(request(host), 1);
      } catch (error) {
        if (!(error instanceof NetworkError || error instanceof TimeoutError)) {
          throw error;
        }
        last = error;
      }
    }
    throw last;
  }
}

async function* client(title: string, asker: Rememberer | Looker) {
  const loop = getRunningLoop();
  for (let i = 0; i < 8; i++) {
    const begin = loop.time();
    const asked = strftime("%X");
    let outcome: string;
    try {
      outcome = `answered by ${yield* asker.ask()}`;
    } catch (error) {
      outcome = error instanceof NetworkError ? error.code : "timed out";
    }
    print(`${asked} ${title.padEnd(10)} ${outcome} after ${(loop.time() - begin).toFixed(2)} s`);
    yield* sleep(begin + 5 - loop.time());
  }
}

/** Sees that the primary is gone, after a while, and lets the name mean the backup. */
async function* operator() {
  const { names } = getRunningLoop().network;
  yield* sleep(12);
  names.set(NAME, ["10.0.0.2"], { delay: 0.02 });
  print(`${strftime("%X")} the name means the backup alone`);
}

async function* main() {
  const { network } = getRunningLoop();
  network.names.set(NAME, ["10.0.0.1", "10.0.0.2"], { delay: 0.02 });
  for (const name of ["primary", "backup"]) {
    network.get(name).boot(() => startServer(serveAs(name), null, PORT));
  }
  network.faults.schedule({ faults: [{ at: 7, until: 27, fault: "crash", host: "primary" }] });
  const home = network.get("home");
  const operating = createTask(operator());
  yield* gather([home.run(client("remembers", new Rememberer())), home.run(client("looks up", new Looker()))]);
  yield* operating;
}

export default defineScenario({
  name: "dns-failover",
  about: "a server dies: who looks its name up again gets through, who remembers the address does not",
  start: "12:00:00",
  network: {
    hosts: { primary: { addresses: ["10.0.0.1"] }, backup: { addresses: ["10.0.0.2"] }, home: {} },
    links: { latency: 0.01 },
  },
  main,
});
