import { writeFileSync } from "node:fs";
import process from "node:process";
import { type Build, build } from "./build.ts";
import { buildAt } from "./checkout.ts";
import { compare } from "./compare.ts";
import { findPeers } from "./find-peers.ts";
import { type Options, readOptions, UsageError } from "./options.ts";
import { rowsOf } from "./results.ts";
import { type Measurement, runRounds } from "./rounds.ts";
import { table } from "./table.ts";
import { type Results, targetLines } from "./targets.ts";
import { workloads } from "./workloads/index.ts";

/** `npm run bench`: exit code 0, 1 after a wrong checksum or a failed program, 2 for a mistake on the command line. */
async function main(args: readonly string[]): Promise<number> {
  const options = readOptions(args);
  if (options === undefined) return 0;
  const before = options.compare === undefined ? undefined : await buildAt(options.compare);
  if (before !== undefined) process.once("exit", before.remove);
  const built = await build();
  process.once("exit", built.remove);
  process.once("SIGINT", () => process.exit(130));
  if (before === undefined) return bench(options, built);
  print(`Node ${process.version}; ${options.compare} -> this checkout.`);
  return compare(options, before, built, print);
}

async function bench(options: Options, built: Build): Promise<number> {
  const found = findPeers(options, built.child);
  print(`Node ${process.version}; engine and programs compiled afresh from this checkout, settings of the package.`);
  if (built.complaints !== "") print(`The compiler complained: ${built.complaints.split("\n")[0]} ...`);
  print(`CPU time (user and system), median of ${options.rounds} interleaved rounds, each program in a fresh process.`);
  if (options.quick) print("A smoke test: the checksums count, the figures mean nothing.");
  const measurements = await runRounds(options, found, progress);
  if (options.json !== undefined) writeFileSync(options.json, json(options, measurements));

  const results: Results = new Map(
    workloads
      .filter(({ name }) => options.workloads.includes(name))
      .map((one) => [one.name, rowsOf(one, measurements)]),
  );
  for (const workload of workloads) {
    const rows = results.get(workload.name) ?? [];
    if (rows.length > 0) print(`\n${table(workload, rows)}`);
  }
  const absent = [...found.values()].flatMap((peer) => ("absent" in peer ? [`Skipped ${peer.absent}.`] : []));
  if (absent.length > 0) print(`\n${absent.join("\n")}`);
  const targets = targetLines(results);
  if (targets.length > 0 && !options.quick) print(`\nTargets (set at scale 1)\n  ${targets.join("\n  ")}`);
  const faults = [...results.values()].flat().filter(({ fault }) => fault !== undefined).length;
  if (faults > 0) print(`\n${faults} rows with a wrong checksum or a failed program`);
  return faults > 0 ? 1 : 0;
}

function json(options: Options, measurements: readonly Measurement[]): string {
  const rows = measurements.map(({ subject, ...rest }) => ({ subject: subject.id, ...rest }));
  return `${JSON.stringify({ node: process.version, platform: process.platform, options, measurements: rows }, null, 2)}\n`;
}

function print(line: string): void {
  process.stdout.write(`${line}\n`);
}

/** One line on a terminal, overwritten again and again; nothing in a file. */
function progress(line: string): void {
  if (process.stderr.isTTY) process.stderr.write(`\r\x1b[K${line}`);
}

try {
  process.exitCode = await main(process.argv.slice(2));
} catch (error) {
  if (!(error instanceof UsageError)) throw error;
  process.stderr.write(`${error.message}\n`);
  process.exitCode = 2;
}
