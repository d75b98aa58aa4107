import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Writable } from "node:stream";
import test from "ava";
import { simloop } from "./cli.ts";

interface Outcome {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

let folder: string;

test.before(async () => {
  folder = await mkdtemp(join(tmpdir(), "simloop-real-"));
});
test.after.always(() => rm(folder, { recursive: true, force: true }));

/** What the command answers; `onOutput` sees what it prints while it runs. */
async function cli(
  argv: readonly string[],
  onOutput: (text: string, interruption: AbortController) => unknown = () => {},
): Promise<Outcome> {
  const interruption = new AbortController();
  const texts = { out: "", err: "" };
  const sink = (name: "out" | "err"): Writable =>
    new Writable({
      decodeStrings: false,
      write(text: string, _encoding, done) {
        texts[name] += text;
        done();
        if (name === "out") {
          onOutput(text, interruption);
        }
      },
    });
  const code = await simloop(argv, { stdout: sink("out"), stderr: sink("err"), signal: interruption.signal });
  return { code, out: texts.out, err: texts.err.replaceAll(folder, "FOLDER") };
}

/** Write a scenario file with this body, after the imports, and these fields; returns its path. */
async function file(name: string, body: string, fields = "main"): Promise<string> {
  const path = join(folder, name);
  const imports = 'import { defineScenario, getRunningLoop, print, random, sleep, startServer } from "simloop";';
  const declaration = `export default defineScenario({ name: "mine", about: "it is", ${fields} });`;
  await writeFile(path, `${imports}\n${body}\n${declaration}\n`);
  return path;
}

/** What a client gets that sends `request` to `port` of this machine. */
const ask = (port: number, request: string): Promise<string> =>
  new Promise((resolve, reject) => {
    let answer = "";
    const socket = connect(port, "127.0.0.1", () => socket.end(request));
    socket
      .on("data", (data) => {
        answer += data;
      })
      .on("error", reject)
      .on("close", () => resolve(answer));
  });

const SERVER = `
async function* greet(reader, writer) {
  writer.write(new TextEncoder().encode("hello "));
  writer.write(yield* reader.readline());
  writer.close();
}
async function* main() {
  const server = yield* startServer(greet, "127.0.0.1", 0);
  print(server.addresses[0].port);
  try {
    yield* server.serveForever();
  } finally {
    print("closed", server.isServing());
  }
}`;

test("Command line: run --real serves real clients until Ctrl-C, which closes the server", async (t) => {
  const path = await file("server.ts", SERVER);
  const answers: string[] = [];
  const { code, out, err } = await cli(["run", path, "--real"], async (text, interruption) => {
    if (/^\d+\n$/.test(text)) {
      answers.push(...(await Promise.all(["you", "me"].map((name) => ask(Number(text), `${name}\n`)))));
      interruption.abort();
    }
  });
  t.deepEqual([answers, code, err], [["hello you\n", "hello me\n"], 130, "simloop: interrupted\n"]);
  t.regex(out, /^\d+\nclosed false\n$/);
});

test("Command line: run --real ends by itself, or after --until, without a complaint", async (t) => {
  const path = await file("ends.ts", "async function* main() { yield* sleep(0.001); print('over'); }");
  t.deepEqual(await cli(["run", path, "--real"]), { code: 0, out: "over\n", err: "" });
  const body = "async function* main() { try { yield* sleep(1000); } finally { print('cleaned up'); } }";
  t.deepEqual(await cli(["run", await file("sleeps.ts", body), "--real", "--until", "0.001"]), {
    code: 0,
    out: "cleaned up\n",
    err: "",
  });
});

test("Command line: run --real takes a main of its own where the scenario has one", async (t) => {
  const body = "function* main() { print('simulated'); } function* real() { print('real'); }";
  const path = await file("both.ts", body, "main, real, network: { hosts: { a: {} } }");
  t.deepEqual([(await cli(["run", path])).out, (await cli(["run", path, "--real"])).out], ["simulated\n", "real\n"]);
});

test("Command line: run --real draws what the seed decides", async (t) => {
  const path = await file("draws.ts", "function* main() { print(random().random()); }");
  const simulated = await cli(["run", path, "--seed", "7"]);
  t.deepEqual(await cli(["run", path, "--seed", "7", "--real"]), simulated);
});

test("Command line: run --real reports in a line that a port is taken, and where a program failed", async (t) => {
  const taken = await file(
    "taken.ts",
    `function* main() {
  const first = yield* startServer(() => {}, "127.0.0.1", 0);
  yield* startServer(() => {}, "127.0.0.1", first.addresses[0].port);
}`,
  );
  const { code, err } = await cli(["run", taken, "--real"]);
  t.deepEqual(
    [code, err.replace(/:\d+:/, ":PORT:")],
    [1, "simloop: FOLDER/taken.ts failed: bind EADDRINUSE 127.0.0.1:PORT: address already in use\n"],
  );
  const throws = await file("throws.ts", 'function* main() { throw new RangeError("no more"); }');
  t.deepEqual(await cli(["run", throws, "--real"]), {
    code: 1,
    out: "",
    err: "simloop: FOLDER/throws.ts failed\n  RangeError: no more\n  at main (FOLDER/throws.ts:2:26)\n",
  });
});

test("Command line: run --real fails with --strict if a background task failed", async (t) => {
  const body =
    "function* bad() { throw new Error('unseen'); } function* main() { getRunningLoop().createTask(bad()); yield* sleep(0.001); }";
  const path = await file("background.ts", body);
  t.deepEqual(
    [(await cli(["run", path, "--real"])).code, (await cli(["run", path, "--real", "--strict"])).code],
    [0, 1],
  );
});

test("Command line: run --real refuses what needs a simulation", async (t) => {
  const path = await file("hosts.ts", "function* main() {}", "main, network: { hosts: { a: {} } }");
  t.deepEqual(
    [
      await cli(["run", path, "--real"]),
      await cli(["run", "create-task", "--real", "--trace", "x.jsonl"]),
      await cli(["run", "create-task", "--real", "--stats"]),
      await cli(["run", "create-task", "--real", "--kinds", "timer"]),
    ].map(({ code, out, err }) => [code, out, err]),
    [
      [
        2,
        "",
        "simloop: FOLDER/hosts.ts has a simulated network of its own, which this machine is not; expected a scenario without one with --real\n",
      ],
      ...["trace", "stats", "kinds"].map((name) => [
        2,
        "",
        `simloop: --real records nothing, as no real run is like another; expected at most --seed, --param, --until, --strict and --stack with it, got --${name}\n`,
      ]),
    ],
  );
});
