import {
  createTask,
  decode,
  defineScenario,
  encode,
  gather,
  getRunningLoop,
  IncompleteReadError,
  NetworkError,
  openConnection,
  print,
  Queue,
  type StreamReader,
  type StreamWriter,
  sleep,
  startServer,
} from "../../engine/index.ts";

/** Big, so that a reader who falls asleep fills all buffers on the way before long. */
const MESSAGE_BYTES = 20_000;
const MESSAGES = 60;

/** How a room passes messages on to one of its members. */
interface Member {
  tell(message: Uint8Array): AsyncGenerator<unknown, void, unknown>;
}

/** Waits until the member's connection has room: whoever is slow slows the whole room down. */
class WaitingMember implements Member {
  private readonly _writer: StreamWriter;

  constructor(_name: string, writer: StreamWriter) {
    this._writer = writer;
  }

  async *tell(message: Uint8Array) {
    this._writer.write(message);
    yield* this._writer.drain();
  }
}

/** Has a queue of its own; who falls behind by ten messages is shown the door. */
class QueueingMember implements Member {
  private readonly _writer: StreamWriter;
  private readonly _name: string;
  private readonly _queue = new Queue<Uint8Array>(10);

  constructor(name: string, writer: StreamWriter) {
    this._name = name;
    this._writer = writer;
    createTask(this._passOn(), { name: `queue of ${name}` });
  }

  async *tell(message: Uint8Array) {
    if (!this._queue.full()) {
      this._queue.putNowait(message);
    } else if (!this._writer.isClosing()) {
      print(`  ${this._name} is too slow and has to leave`);
      this._writer.transport.abort();
    }
  }

  private async *_passOn() {
    while (!this._writer.isClosing()) {
      this._writer.write(yield* this._queue.get());
      yield* this._writer.drain();
    }
  }
}

type MemberClass = new (name: string, writer: StreamWriter) => Member;

/** A room in which everybody hears what the others say. */
function* openRoom(port: number, memberClass: MemberClass) {
  const members = new Map<string, Member>();
  async function* handle(reader: StreamReader, writer: StreamWriter) {
    const name = decode(yield* reader.readline()).trim();
    members.set(name, new memberClass(name, writer));
    try {
      for (;;) {
        const message = yield* reader.readexactly(MESSAGE_BYTES);
        for (const [other, member] of members) {
          if (other !== name) {
            yield* member.tell(message);
          }
        }
      }
    } catch (error) {
      if (!(error instanceof IncompleteReadError || error instanceof NetworkError)) {
        throw error;
      }
    } finally {
      members.delete(name);
      writer.close();
    }
  }
  yield* startServer(handle, null, port);
}

/**
 * A member that reads one message and then rests for `pause` seconds.
 *
 * @returns How long it was until half of them had come, and how many came.
 */
async function* listen(port: number, name: string, pause: number) {
  const loop = getRunningLoop();
  const begin = loop.time();
  const [reader, writer] = yield* openConnection("server", port, { limit: MESSAGE_BYTES });
  writer.write(encode(`${name}\n`));
  let count = 0;
  let half = "never had half of them";
  try {
    while (count < MESSAGES) {
      yield* reader.readexactly(MESSAGE_BYTES);
      if (++count === MESSAGES / 2) {
        half = `had half of them after ${(loop.time() - begin).toFixed(1)} s`;
      }
      yield* sleep(pause);
    }
  } catch (error) {
    if (!(error instanceof IncompleteReadError || error instanceof NetworkError)) {
      throw error;
    }
  }
  writer.close();
  return `${name} ${half}, and got ${count} of ${MESSAGES} messages`;
}

/** Says something ten times a second. */
async function* speak(port: number) {
  const [, writer] = yield* openConnection("server", port);
  writer.write(encode("speaker\n"));
  for (let i = 0; i < MESSAGES; i++) {
    yield* sleep(0.1);
    writer.write(new Uint8Array(MESSAGE_BYTES));
    yield* writer.drain();
  }
  writer.close();
}

/** Ann and Bob read at once what comes, Sue a message every two seconds. */
async function* evening(title: string, port: number, memberClass: MemberClass) {
  const { network } = getRunningLoop();
  const home = network.get("home");
  print(title);
  yield* network.get("server").run(openRoom(port, memberClass));
  const listening = [listen(port, "Ann", 0), listen(port, "Bob", 0), listen(port, "Sue", 2)].map((listener) =>
    home.run(listener),
  );
  yield* sleep(0.5);
  home.run(speak(port));
  for (const line of yield* gather(listening)) {
    print(`  ${line}`);
  }
}

async function* main() {
  yield* evening("A server that waits for each member in turn:", 80, WaitingMember);
  yield* evening("A server with a bounded queue for each member:", 81, QueueingMember);
}

export default defineScenario({
  name: "chat",
  about: "a chat server with a slow reader: waiting for each in turn, and a bounded queue for each",
  network: { hosts: { server: {}, home: {} }, links: { latency: 0.02, bandwidth: 1e7 } },
  main,
});
