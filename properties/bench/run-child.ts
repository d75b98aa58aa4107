import { spawn } from "node:child_process";
import process from "node:process";
import type { Launch } from "./find-peers.ts";
import type { Report } from "./measure.ts";

const secondsAllowed = 300;

/** Runs one program in a fresh process; returns what it reported, or a line that says what went wrong. */
export function runChild(launch: Launch, args: readonly string[]): Promise<Report | string> {
  const [command = "", ...before] = launch.command;
  const child = spawn(command, [...before, ...args], {
    env: { ...process.env, ...launch.environment },
    stdio: ["ignore", "pipe", "pipe"],
    timeout: secondsAllowed * 1000,
    killSignal: "SIGKILL",
  });
  let out = "";
  let err = "";
  child.stdout.setEncoding("utf8").on("data", (text: string) => {
    out += text;
  });
  child.stderr.setEncoding("utf8").on("data", (text: string) => {
    err += text;
  });
  return new Promise((settle) => {
    child.on("error", (error) => settle(error.message));
    child.on("close", (code, signal) => settle(code === 0 ? readReport(out) : failure(code, signal, err)));
  });
}

function readReport(out: string): Report | string {
  try {
    return JSON.parse(out) as Report;
  } catch {
    return `ended without a report; printed ${JSON.stringify(out.slice(0, 80))}`;
  }
}

function failure(code: number | null, signal: string | null, err: string): string {
  if (signal === "SIGKILL") return `killed: out of memory, or not done in ${secondsAllowed} s`;
  const lines = err.split("\n").map((line) => line.trim());
  const telling = lines.find((line) => /^(\w*Error|FATAL ERROR)\b/.test(line)) ?? lines.findLast((line) => line !== "");
  return telling ?? `ended with ${signal ?? `exit code ${code}`}`;
}
