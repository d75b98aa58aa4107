import test from "ava";
import {
  encode,
  formatBytes,
  getRunningLoop,
  type Scenario,
  scenarioOptions,
  simulate,
  sleep,
  createTask as startTask,
} from "../../engine/index.ts";
import awaitSequence from "./await-sequence.ts";
import coroutineObject from "./coroutine-object.ts";
import createTask from "./create-task.ts";
import { DemoProtocol } from "./demo-protocol.ts";
import tcpServer from "./tcp-server.ts";
import { ask, get } from "./web-client.ts";

/** What a run prints, what it warns of, how long it takes in virtual time, and its error if it fails. */
async function outcomeOf(scenario: Scenario) {
  const { output, warnings, time, error } = await simulate(scenario.main, scenarioOptions(scenario));
  return { output: output.split("\n"), warnings, time, error };
}

test("Article: a coroutine object is printed, its body never runs, and Python's warning names it", async (t) => {
  t.deepEqual(await outcomeOf(coroutineObject), {
    output: ["<coroutine object say_hello at 0x109bf6170>", ""],
    warnings: ["sys:1: RuntimeWarning: coroutine 'say_hello' was never awaited"],
    time: 0,
    error: undefined,
  });
});

test("Article: coroutines awaited one after the other take the sum of their times", async (t) => {
  t.deepEqual(await outcomeOf(awaitSequence), {
    output: ["hello 15:27:26", "hello 15:27:27", "world 15:27:27", "world 15:27:28", ""],
    warnings: [],
    time: 2,
    error: undefined,
  });
});

test("Article: the same as tasks take the maximum", async (t) => {
  t.deepEqual(await outcomeOf(createTask), {
    output: ["hello 15:29:41", "world 15:29:41", "hello 15:29:42", "world 15:29:42", ""],
    warnings: [],
    time: 1,
    error: undefined,
  });
});

const page = (status: string, body: string): string =>
  `b'HTTP/1.1 ${status}\\r\\nContent-Type: text/html\\r\\n\\r\\n<h1>${body}</h1>\\r\\n'`;

test("Article: the server answers others at once while a client waits its ten seconds", async (t) => {
  t.deepEqual(await outcomeOf(tcpServer), {
    output: [
      "15:30:01 A asks b'GET /block HTTP/1.1\\r\\nHost: localhost\\r\\n\\r\\n'",
      "Connection from ('127.0.0.1', 33720)",
      "GET b'/block'",
      "15:30:02 B asks b'GET / HTTP/1.1\\r\\nHost: localhost\\r\\n\\r\\n'",
      "Connection from ('127.0.0.1', 33721)",
      "GET b'/'",
      `15:30:02 B gets ${page("200 OK", "hello world")}`,
      "15:30:03 C asks b'GET /block HTTP/1.1\\r\\nHost: localhost\\r\\n\\r\\n'",
      "Connection from ('127.0.0.1', 33722)",
      "GET b'/block'",
      "15:30:04 D asks b'GET /other HTTP/1.1\\r\\nHost: localhost\\r\\n\\r\\n'",
      "Connection from ('127.0.0.1', 33723)",
      "GET b'/other'",
      `15:30:04 D gets ${page("200 OK", "hello world")}`,
      "15:30:05 E asks b'Is anybody there?'",
      "Connection from ('127.0.0.1', 33724)",
      `15:30:05 E gets ${page("400 Bad Request", "Bad Request")}`,
      `15:30:11 A gets ${page("200 OK", "Are you block?")}`,
      `15:30:13 C gets ${page("200 OK", "Are you block?")}`,
      "",
    ],
    warnings: [],
    time: 13,
    error: undefined,
  });
});

/** What the article's server answers to each of `requests`, asked at once, with the time of the answer. */
async function answersTo(requests: readonly Uint8Array[]) {
  const answers: string[] = [];
  const { error, warnings } = await simulate(async function* () {
    const loop = getRunningLoop();
    using _server = yield* loop.createServer(() => new DemoProtocol(), "127.0.0.1", 8888);
    const client = async function* (request: Uint8Array) {
      const answer = yield* ask("127.0.0.1", 8888, request);
      answers.push(`${loop.time()} ${formatBytes(answer)}`);
    };
    for (const request of requests) {
      startTask(client(request));
    }
    yield* sleep(20);
  });
  return { answers, warnings, error };
}

test("Article: the server takes the path as bytes, to the last HTTP/1.1 of its line, and forgives what stands around", async (t) => {
  const requests = [get("/block"), get("/block "), get("/block HTTP/1.1"), encode("x\r\nGET /block HTTP/1.1")];
  t.deepEqual(await answersTo(requests), {
    answers: [
      `0 ${page("200 OK", "hello world")}`,
      `0 ${page("200 OK", "hello world")}`,
      `10 ${page("200 OK", "Are you block?")}`,
      `10 ${page("200 OK", "Are you block?")}`,
    ],
    warnings: [],
    error: undefined,
  });
});

test("Article: bytes that are not a request get a 400, whatever they are", async (t) => {
  const requests = [encode("\n"), encode("POST / HTTP/1.1\r\n"), encode("GET / HTTP/2"), Uint8Array.of(0xff, 0, 0xfe)];
  t.deepEqual(await answersTo(requests), {
    answers: requests.map(() => `0 ${page("400 Bad Request", "Bad Request")}`),
    warnings: [],
    error: undefined,
  });
});

test("Article: a path that is not UTF-8 is answered like any other", async (t) => {
  const path = Uint8Array.of(0x2f, 0xff, 0x0d);
  const { answers, error } = await answersTo([Uint8Array.of(...encode("GET "), ...path, ...encode(" HTTP/1.1"))]);
  t.deepEqual([answers, error], [[`0 ${page("200 OK", "hello world")}`], undefined]);
});
