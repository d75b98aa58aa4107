#!/usr/bin/env node
import process from "node:process";
import { simloop } from "./cli.ts";

const interruption = new AbortController();
const interrupt = (): void => interruption.abort(new Error("interrupted"));
// Once only: a second Ctrl-C ends the process in the ordinary way, whatever keeps it.
process.once("SIGINT", interrupt);

// Not process.exit(): what is still on its way to a pipe is to arrive.
process.exitCode = await simloop(process.argv.slice(2), {
  stdout: process.stdout,
  stderr: process.stderr,
  signal: interruption.signal,
});
process.off("SIGINT", interrupt);
