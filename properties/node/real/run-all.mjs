import { readFileSync, writeSync } from "node:fs";
import { createServer } from "node:net";
import { runSource } from "./runtime.mjs";

/*
 * Runs the programs of a file of JSON lines, each the source of a program, on this Node, one after another, and writes their logs as JSON lines.
 */

/**
 * Call `begin` in the phase of closed handles: what is started there meets the phases of the loop in the order in which the main module does, timers
 * first.
 */
const inClosePhase = (begin) => setImmediate(() => createServer().listen(0)._handle.close(begin));

for (const line of readFileSync(process.argv[2], "utf8").trim().split("\n")) {
  const source = JSON.parse(line);
  const entries = await new Promise((resolve) => {
    inClosePhase(() => runSource(source).then(resolve));
  });
  writeSync(1, `${JSON.stringify(entries)}\n`);
}
process.exit(0);
