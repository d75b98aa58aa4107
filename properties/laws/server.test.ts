import { fc, testProp } from "@fast-check/ava";
import { createTask, encode, gather, getRunningLoop, simulate, sleep } from "../../engine/index.ts";
import { DemoProtocol } from "../../scenarios/article/demo-protocol.ts";
import { ask, get } from "../../scenarios/article/web-client.ts";

interface Client {
  /** When it comes. */
  readonly at: number;
  readonly path: string;
}

const clients: fc.Arbitrary<readonly Client[]> = fc.array(
  fc.record({
    at: fc.oneof(
      fc.constantFrom(0, 1, 5, 10, 10.5),
      fc.nat(30 * 1024).map((n) => n / 1024),
    ),
    path: fc.oneof(fc.constantFrom("/block", "/block", "/", "/blocks", "/block/"), fc.webPath()),
  }),
  { minLength: 1, maxLength: 40, size: "max" },
);

const page = (body: string): string => `HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n<h1>${body}</h1>\r\n`;

testProp(
  "Law: the article's server answers each /block ten seconds after it came and all else at once, none waiting for another",
  [clients],
  async (t, clients) => {
    const { value, error, warnings } = await simulate(
      async function* () {
        const loop = getRunningLoop();
        const server = yield* loop.createServer(() => new DemoProtocol(), "127.0.0.1", 8888);
        async function* client({ at, path }: Client) {
          yield* sleep(at);
          const asked = loop.time();
          const response = yield* ask("127.0.0.1", 8888, get(path));
          return { asked, answered: loop.time(), response: new TextDecoder().decode(response) };
        }
        const answers = yield* gather(clients.map((each) => createTask(client(each))));
        server.close();
        return answers;
      },
      { trace: "off" },
    );
    const expected = clients.map(({ path }, i) => {
      const asked = value?.[i]?.asked as number;
      return path === "/block"
        ? { asked, answered: asked + 10, response: page("Are you block?") }
        : { asked, answered: asked, response: page("hello world") };
    });
    t.deepEqual({ value, error, warnings }, { value: expected, error: undefined, warnings: [] });
  },
  { numRuns: 40 },
);

testProp(
  "Law: bytes that are not a request get a 400 at once, and the server goes on",
  [fc.array(fc.uint8Array({ minLength: 1, maxLength: 50 }), { minLength: 1, maxLength: 10 })],
  async (t, messages) => {
    const { value, error, warnings } = await simulate(
      async function* () {
        const loop = getRunningLoop();
        const server = yield* loop.createServer(() => new DemoProtocol(), "127.0.0.1", 8888);
        const answers: string[] = [];
        for (const message of messages) {
          answers.push(new TextDecoder().decode(yield* ask("127.0.0.1", 8888, message)));
        }
        answers.push(new TextDecoder().decode(yield* ask("127.0.0.1", 8888, encode("GET / HTTP/1.1"))));
        server.close();
        return [answers, loop.time()];
      },
      { trace: "off" },
    );
    const badRequest = "HTTP/1.1 400 Bad Request\r\nContent-Type: text/html\r\n\r\n<h1>Bad Request</h1>\r\n";
    t.deepEqual(
      { value, error, warnings },
      { value: [[...messages.map(() => badRequest), page("hello world")], 0], error: undefined, warnings: [] },
    );
  },
  { numRuns: 40 },
);
