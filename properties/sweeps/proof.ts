import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import process from "node:process";
import { setTimeout as pause } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { readStore } from "../../scenarios/cli/sweep/file-store.ts";

/*
 * `npm run sweeps-proof -- --seeds 100000 --workers 8`: what sweeps promise, with processes that are killed. Linux
 * only.
 *
 * One sweep in one process; one over several, of which one is killed by SIGKILL every few seconds; with --redis, one
 * over a queue, whose workers are killed and whose server is killed and started again with its append-only file. The
 * reports must be equal to the byte, and each store must have every seed once.
 */

const { values } = parseArgs({
  options: {
    seeds: { type: "string", default: "100000" },
    steps: { type: "string", default: "500" },
    workers: { type: "string", default: "8" },
    "kill-every": { type: "string", default: "5" },
    redis: { type: "boolean", default: false },
  },
});

const root = fileURLToPath(new URL("../../", import.meta.url));
const directory = mkdtempSync(join(tmpdir(), "simloop-proof-"));
const scenario = fileURLToPath(new URL("steps.ts", import.meta.url));
const main = [
  "--conditions=simloop-source",
  `--import=${import.meta.resolve("tsx")}`,
  join(root, "scenarios/cli/main.ts"),
];
const last = Number(values.seeds) - 1;
const running = new Set<ChildProcess>();

function start(args: readonly string[], stdout: "pipe" | "ignore" = "ignore"): ChildProcess {
  const child = spawn(process.execPath, [...main, ...args], { cwd: root, stdio: ["ignore", stdout, "inherit"] });
  running.add(child);
  child.on("exit", () => running.delete(child));
  return child;
}

/** The processes that `pid` has started. */
function childrenOf(pid: number): number[] {
  const { stdout } = spawnSync("ps", ["-o", "pid=", "--ppid", String(pid)], { encoding: "utf8" });
  return stdout.split("\n").map(Number).filter(Boolean);
}

interface Sweep {
  readonly report: string;
  readonly seconds: number;
  readonly kills: number;
}

/** Sweep, and call `disrupt` every few seconds meanwhile. */
async function sweep(
  name: string,
  args: readonly string[],
  disrupt: (pid: number) => number | Promise<number>,
): Promise<Sweep> {
  const store = join(directory, `${name}.jsonl`);
  const began = performance.now();
  const child = start(
    [
      ...["sweep", scenario, "--seeds", `0..${last}`, "--param", `steps=${values.steps}`, "--json"],
      ...["--results", store, ...args],
    ],
    "pipe",
  );
  let report = "";
  child.stdout?.on("data", (piece) => {
    report += piece;
  });
  const exit = once(child, "exit").then(() => true);
  let kills = 0;
  while (!(await Promise.race([exit, pause(Number(values["kill-every"]) * 1000, false)]))) {
    kills += await disrupt(child.pid!);
  }
  const seconds = (performance.now() - began) / 1000;
  await requireEverySeedOnce(store);
  console.log(`${name}: ${(last + 1) / seconds} runs/s over ${seconds.toFixed(0)} s, ${kills} processes killed`);
  return { report, seconds, kills };
}

async function requireEverySeedOnce(store: string): Promise<void> {
  const seen = new Uint8Array(last + 1);
  let lines = 0;
  // The lines as they are: readStore leaves overlaps out.
  for (const line of readFileSync(store, "utf8").trim().split("\n").slice(1)) {
    const { from, to, shrunk } = JSON.parse(line);
    if (shrunk === undefined) {
      lines++;
      for (let seed = from; seed <= to; seed++) {
        seen[seed]!++;
      }
    }
  }
  const [missing, twice] = [seen.filter((n) => n === 0).length, seen.filter((n) => n > 1).length];
  const { damaged, results } = await readStore(store);
  const lost = results.reduce((sum, result) => sum + result.lost.length, 0);
  console.log(
    `  ${lines} jobs; ${missing} seeds missing, ${twice} twice, ${lost} lost, ${damaged.length} lines damaged`,
  );
  if (missing + twice + lost + damaged.length > 0) {
    process.exitCode = 1;
  }
}

let turn = 0;

/** Kills one of the processes of `pid`, in turn. */
function killOne(pid: number): number {
  const children = childrenOf(pid);
  if (children.length === 0) {
    return 0;
  }
  process.kill(children[turn++ % children.length]!, "SIGKILL");
  return 1;
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  server.close();
  return typeof address === "object" && address !== null ? address.port : 0;
}

async function startRedis(port: number): Promise<ChildProcess> {
  const settings = ["--save", "", "--appendonly", "yes", "--appendfsync", "always", "--dir", directory];
  const server = spawn("redis-server", ["--port", String(port), "--bind", "127.0.0.1", ...settings], {
    stdio: "ignore",
  });
  running.add(server);
  while (!spawnSync("redis-cli", ["-p", String(port), "ping"], { encoding: "utf8" }).stdout.includes("PONG")) {
    await pause(100);
  }
  return server;
}

/** A sweep over a queue: in turn a worker with all its processes is killed, and the server. */
async function overRedis(): Promise<Sweep> {
  const port = await freePort();
  const url = `redis://127.0.0.1:${port}`;
  let server = await startRedis(port);
  const startWorker = (): ChildProcess => start(["work", "--queue", url, "--workers", "4"]);
  const workers = [startWorker(), startWorker()];
  const result = await sweep("redis", ["--queue", url], async () => {
    turn++;
    if (turn % 4 === 0) {
      server.kill("SIGKILL");
      server = await startRedis(port);
      return 1;
    }
    const own = childrenOf(workers[turn % 2]!.pid!);
    workers[turn % 2]!.kill("SIGKILL");
    workers[turn % 2] = startWorker();
    return 1 + own.length;
  });
  for (const worker of [...workers, server]) {
    worker.kill("SIGKILL");
  }
  return result;
}

try {
  const alone = await sweep("one process", ["--workers", "1"], () => 0);
  const many = await sweep(`${values.workers} processes`, ["--workers", values.workers], killOne);
  const others = values.redis ? [await overRedis()] : [];
  const isEqual = [many, ...others].every(({ report }) => report === alone.report);
  console.log(`the reports are ${isEqual ? "equal, to the byte" : "DIFFERENT"}`);
  process.exitCode ||= isEqual ? 0 : 1;
} finally {
  for (const child of running) {
    child.kill("SIGKILL");
  }
  rmSync(directory, { recursive: true, force: true });
}
