import "../../engine/node/index.ts";
import { createHash } from "node:crypto";
import process from "node:process";
import { pathToFileURL } from "node:url";
import { getRunningLoop, type Rule, simulate, type TcpSegment } from "../../engine/index.ts";

/*
 * `node child.ts <program> <seeds> forwards|backwards|real`: run a program once for each seed, in one of two orders, or
 * once on the real loopback, and write the results as JSON to standard output.
 */

/** What a fresh process has seen of one program. */
export interface ChildReport {
  /** A hash of all that each run did: trace, output, delivered bytes and virtual time. */
  readonly hashes: readonly string[];
  /** A hash of the lines of each output, in alphabetical order. */
  readonly lines: readonly string[];
  /** What went wrong first. */
  readonly failure: string | null;
  /** Seconds of processor time of each run, on the average. */
  readonly secondsPerSeed: number;
}

const [file = "", count = "1", order = "forwards"] = process.argv.slice(2);
const { default: program } = (await import(pathToFileURL(file).href)) as { default: () => Promise<void> };

const hashOf = (text: string): string => createHash("sha256").update(text).digest("hex").slice(0, 16);
const sortedLines = (output: string): string => hashOf(output.trim().split("\n").sort().join("\n"));

/** Runs take place on a loopback that takes its time, so that seeds differ in more than what the program draws. */
const network = { loopback: { latency: { uniform: [0.000_1, 0.002] } } } as const;
/** In virtual seconds. */
const LIMIT = 300;

async function simulated(seed: number): Promise<{ hash: string; lines: string; failure: string | null }> {
  const bytes = createHash("sha256");
  const wiretap: Rule = {
    name: "wiretap",
    arriving: ({ packet }) => {
      const { data } = packet as TcpSegment;
      bytes.update(String(packet.id)).update(data ?? "");
    },
  };
  const watched = async (): Promise<void> => {
    getRunningLoop().network.rules.add(wiretap);
    await program();
  };
  const { output, error, digest, time } = await simulate(watched, { seed, network, trace: "digest", maxTime: LIMIT });
  const failure = error === undefined ? null : `seed ${seed}: ${String(error)}`;
  return {
    hash: hashOf([digest, output, time, bytes.digest("hex"), failure].join()),
    lines: sortedLines(output),
    failure,
  };
}

async function real(): Promise<ChildReport> {
  const written: string[] = [];
  const { write } = process.stdout;
  process.stdout.write = (chunk: string | Uint8Array): boolean => written.push(String(chunk)) > 0;
  const { cpuUsage } = process;
  const before = cpuUsage();
  await program();
  const { user, system } = cpuUsage(before);
  process.stdout.write = write;
  return { hashes: [], lines: [sortedLines(written.join(""))], failure: null, secondsPerSeed: (user + system) / 1e6 };
}

async function allSeeds(): Promise<ChildReport> {
  const seeds = Array.from({ length: Number(count) }, (_, seed) => seed);
  const hashes: string[] = [];
  const lines: string[] = [];
  let failure: string | null = null;
  const { cpuUsage } = process;
  const before = cpuUsage();
  for (const seed of order === "backwards" ? seeds.reverse() : seeds) {
    const run = await simulated(seed);
    hashes[seed] = run.hash;
    lines[seed] = run.lines;
    failure ??= run.failure;
  }
  const { user, system } = cpuUsage(before);
  return { hashes, lines, failure, secondsPerSeed: (user + system) / 1e6 / Math.max(1, seeds.length) };
}

const report = order === "real" ? await real() : await allSeeds();
process.stdout.write(`\n${JSON.stringify(report)}\n`, () => process.exit(0));
