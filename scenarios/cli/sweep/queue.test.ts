import { type ChildProcess, fork, spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import process from "node:process";
import { Writable } from "node:stream";
import { setTimeout as pause } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import test from "ava";
import { simloop } from "../cli.ts";
import { shownAddress } from "./job-queue-client.ts";

/*
 * Sweeps over a queue, with a real Redis server on a free port. Without redis-server these tests are skipped, and say
 * so.
 */

const hasRedis = spawnSync("redis-server", ["--version"]).status === 0;
const testWithRedis = hasRedis || process.env["REQUIRE_REDIS"] ? test.serial : test.skip;

class Text extends Writable {
  text = "";
  override _write(chunk: Buffer, _encoding: string, done: () => void): void {
    this.text += chunk;
    done();
  }
}

async function call(...argv: string[]): Promise<{ code: number; out: string; err: string }> {
  const [stdout, stderr] = [new Text(), new Text()];
  const code = await simloop(argv, { stdout, stderr });
  return { code, out: stdout.text, err: stderr.text };
}

const folder = mkdtempSync(join(tmpdir(), "simloop-queue-"));
const main = fileURLToPath(new URL("../main.ts", import.meta.url));
/** The directory of a worker need not be the checkout, from which `--import=tsx` would be found. */
const execArgv = ["--conditions=simloop-source", `--import=${import.meta.resolve("tsx")}`];
const processes = new Set<ChildProcess>();
let port: number;
let redis: ChildProcess;

async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  server.close();
  return typeof address === "object" && address !== null ? address.port : 0;
}

/** Starts the server, on the same port and with the same data as before. */
async function startRedis(): Promise<void> {
  const args = [
    "--port",
    String(port),
    "--bind",
    "127.0.0.1",
    "--save",
    "",
    "--appendonly",
    "yes",
    "--appendfsync",
    "always",
  ];
  redis = spawn("redis-server", [...args, "--dir", folder], { stdio: "ignore" });
  processes.add(redis);
  for (;;) {
    const ping = spawnSync("redis-cli", ["-p", String(port), "ping"], { encoding: "utf8" });
    if (ping.stdout?.includes("PONG")) {
      return;
    }
    await pause(50);
  }
}

function startWorker(): ChildProcess {
  const worker = fork(main, ["work", "--queue", `redis://127.0.0.1:${port}`, "--workers", "1"], {
    cwd: folder,
    execArgv,
    stdio: "ignore",
  });
  processes.add(worker);
  return worker;
}

test.before(async () => {
  port = await freePort();
  const body =
    "*main() { for (let i = 0; i < 200; i++) yield* sleep(random().uniform(1, 2)); " +
    'if (random().uniform(0, 1) < 0.01) throw new Error("no luck"); }';
  const program = `import { defineScenario, random, sleep } from "simloop";\nexport default defineScenario({ name: "luck", about: "a test", ${body} });\n`;
  writeFileSync(join(folder, "luck.mjs"), program);
});

test.after.always(() => {
  for (const one of processes) {
    one.kill("SIGKILL");
  }
  rmSync(folder, { recursive: true, force: true });
});

testWithRedis("Queue: a worker killed and the server restarted lose nothing and count nothing twice", async (t) => {
  const path = join(folder, "luck.mjs");
  const alone = await call("sweep", path, "--seeds", "0..299", "--workers", "1", "--json");
  await startRedis();
  let worker = startWorker();
  const overQueue = call("sweep", path, "--seeds", "0..299", "--json", "--queue", `redis://127.0.0.1:${port}`);
  await pause(1500);
  worker.kill("SIGKILL");
  worker = startWorker();
  redis.kill("SIGKILL");
  await startRedis();
  t.is((await overQueue).out, alone.out);
  worker.kill("SIGKILL");
});

testWithRedis(
  "Queue: a worker with another version of the program refuses its jobs, and the sweep says so",
  async (t) => {
    if (redis === undefined) {
      await startRedis();
    }
    const elsewhere = join(folder, "elsewhere");
    spawnSync("mkdir", [elsewhere]);
    writeFileSync(
      join(elsewhere, "own.mjs"),
      'import { defineScenario, sleep } from "simloop"; export default defineScenario({ name: "own", about: "x", *main() { yield* sleep(2); } });',
    );
    writeFileSync(
      join(folder, "own.mjs"),
      'import { defineScenario, sleep } from "simloop"; export default defineScenario({ name: "own", about: "x", *main() { yield* sleep(1); } });',
    );
    const worker = fork(main, ["work", "--queue", `redis://127.0.0.1:${port}`, "--workers", "1"], {
      cwd: elsewhere,
      execArgv,
      stdio: "ignore",
    });
    processes.add(worker);
    const sweep = fork(main, ["sweep", "own.mjs", "--seeds", "0..9", "--queue", `redis://127.0.0.1:${port}`], {
      cwd: folder,
      execArgv,
      stdio: ["ignore", "ignore", "pipe", "ipc"],
    });
    processes.add(sweep);
    let said = "";
    sweep.stderr?.on("data", (piece) => {
      said += piece;
    });
    const [code] = await once(sweep, "exit");
    t.is(code, 1);
    t.regex(
      said,
      /\nsimloop: own\.mjs cannot be run by the workers: .+ has another version of own\.mjs than the sweep\n$/,
    );
    worker.kill("SIGKILL");
  },
);

test("Queue: messages show the server's address without the password", (t) => {
  t.is(shownAddress("rediss://user:secret@queue.internal:6380/2"), "rediss://queue.internal:6380/2");
});

test("Queue: a server that is away ends the sweep with advice, after its patience", async (t) => {
  const url = `redis://user:secret@127.0.0.1:${await freePort()}`;
  const { code, err } = await call(
    "sweep",
    join(folder, "luck.mjs"),
    "--seeds",
    "0..9",
    "--queue",
    url,
    "--patience",
    "1s",
  );
  t.is(code, 1);
  t.regex(
    err,
    /^simloop: the runs wait for workers: .*\nsimloop: no connection to redis:\/\/127\.0\.0\.1:\d+ for 1 s: .*ECONNREFUSED.*; when it is back, the same command with --resume goes on\n$/,
  );
});

if (!hasRedis) {
  test("Queue: redis-server is not installed, so sweeps over a queue were not tested", (t) => {
    t.log("install Debian's redis-server to run these tests");
    t.pass();
  });
}
