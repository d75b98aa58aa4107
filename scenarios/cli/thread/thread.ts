import * as nodeModule from "node:module";
import process from "node:process";
import { createInterface } from "node:readline";
import { parentPort, workerData } from "node:worker_threads";
import { IS_SOURCE } from "../places.ts";
import { watchTemporaryPaths } from "../temporary-paths.ts";
import type { FromThread, ThreadData, ToThread } from "./messages.ts";
import { PortStream } from "./port-stream.ts";

/*
 * The thread that executes a command: the main thread only writes what it is sent, and remains able to answer Ctrl-C
 * while a program blocks this one.
 */

const { argv, streams } = workerData as ThreadData;
const post = (message: FromThread): void => parentPort?.postMessage(message);
let reasons = 0;
/** A program that awaits what never settles must not keep the thread alive, while an acknowledgement to come must. */
const keepAlive = (change: 1 | -1): void => {
  reasons += change;
  if (reasons > 0) {
    parentPort?.ref();
  } else {
    parentPort?.unref();
  }
};
const way = { post, keepAlive };
const ports = { 1: new PortStream(1, streams[1], way), 2: new PortStream(2, streams[2], way) };
const interruption = new AbortController();

parentPort?.on("message", (message: ToThread) => {
  if (message.kind === "interrupt") {
    interruption.abort(new Error("interrupted"));
  } else if (message.kind === "written") {
    ports[message.to].written(message.size);
  } else {
    ports[message.to].broke(message.error);
  }
});
parentPort?.unref();
process.once("beforeExit", () => post({ kind: "stuck" }));
watchTemporaryPaths({
  made: (path) => post({ kind: "made", path }),
  removed: (path) => post({ kind: "removed", path }),
});
// What a program writes by itself keeps its place among what the command writes.
for (const [stream, port] of [
  [process.stdout, ports[1]],
  [process.stderr, ports[2]],
] as const) {
  const { columns, isTTY } = port;
  Object.assign(stream, { write: port.write.bind(port), isTTY, ...(columns === undefined ? {} : { columns }) });
}
if (!IS_SOURCE) {
  // From Node 22 on: V8 keeps what it compiles for the next start.
  (nodeModule as { enableCompileCache?: () => void }).enableCompileCache?.();
}
const { simloop } = await import("../cli.ts");
const code = await simloop(argv, {
  stdout: ports[1],
  stderr: ports[2],
  signal: interruption.signal,
  lines: () => {
    post({ kind: "listen" });
    return createInterface({ input: process.stdin, signal: interruption.signal });
  },
  watch: (files) => post({ kind: "watch", files }),
});
post({ kind: "ended", code });
