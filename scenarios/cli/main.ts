#!/usr/bin/env node
import { rmSync } from "node:fs";
import process from "node:process";
import { wantsColours } from "./colours.ts";
import { moduleOf } from "./places.ts";
import type { StreamKind, StreamNumber, ThreadData } from "./thread/messages.ts";
import { startThread } from "./thread/start-thread.ts";
import { type EndingSignal, Supervisor } from "./thread/supervisor.ts";
import { watchFiles } from "./thread/watch-files.ts";

const streams = { 1: process.stdout, 2: process.stderr };
const kindOf = (stream: NodeJS.WriteStream): StreamKind => ({
  columns: stream.isTTY ? stream.columns : undefined,
  hasColours: wantsColours(stream, process.env),
});
const data: ThreadData = {
  argv: process.argv.slice(2),
  streams: { 1: kindOf(process.stdout), 2: kindOf(process.stderr) },
};

const supervisor = new Supervisor(
  {
    start: () => startThread(moduleOf("thread/thread"), data),
    write: (to, chunk, done) => streams[to].write(chunk, done),
    remove: (path) => rmSync(path, { recursive: true, force: true }),
    dieOf: (signal) => {
      process.removeAllListeners(signal);
      process.kill(process.pid, signal);
    },
    after: (seconds, callback) => setTimeout(callback, seconds * 1000).unref(),
    watch: watchFiles,
    listen: (stdin) => {
      process.stdin.pipe(stdin);
      return () => {
        process.stdin.unpipe(stdin);
        process.stdin.destroy();
      };
    },
  },
  process.stderr.isTTY,
);
const signals: readonly EndingSignal[] = ["SIGINT", "SIGTERM", "SIGHUP"];
const listeners = signals.map((signal) => [signal, () => supervisor.receive(signal)] as const);
for (const [signal, listener] of listeners) {
  process.on(signal, listener);
}
for (const to of [1, 2] satisfies StreamNumber[]) {
  streams[to].on("error", (error) => supervisor.broke(to, error));
}

// Not process.exit(): what is still on its way to a pipe is to arrive.
process.exitCode = await supervisor.exitCode;
for (const [signal, listener] of listeners) {
  process.off(signal, listener);
}
