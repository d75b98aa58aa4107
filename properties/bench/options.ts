import { closeSync, openSync } from "node:fs";
import { Command, CommanderError, InvalidArgumentError } from "commander";
import { type Peer, peers } from "./subjects.ts";
import { workloads } from "./workloads/index.ts";

/** What the command line asks for. */
export interface Options {
  readonly workloads: readonly string[];
  readonly peers: readonly Peer[];
  readonly rounds: number;
  readonly scale: number;
  /** Small and hasty: shows that everything works; the figures mean nothing. */
  readonly quick: boolean;
  readonly json?: string;
  /** The commit that this checkout is compared with, instead of with other engines. */
  readonly compare?: string;
  readonly python?: string;
  readonly simpy?: string;
  readonly simjs?: string;
}

/** A mistake on the command line; the message is the line to print. */
export class UsageError extends Error {
  override readonly name = "UsageError";
}

/**
 * Reads the command line (without node and script).
 *
 * @returns The options, or `undefined` if help was asked for and printed.
 * @throws UsageError for anything that is not understood.
 */
export function readOptions(args: readonly string[]): Options | undefined {
  try {
    const given = command().parse(args, { from: "user" }).opts<Partial<Options>>();
    if (given.json !== undefined) requireWritable(given.json);
    if (given.compare !== undefined && given.workloads === undefined) {
      return { ...defaults, ...given, workloads: compared };
    }
    return { ...(given.quick ? { ...defaults, ...quick } : defaults), ...given };
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    if (error.exitCode === 0) return undefined;
    throw new UsageError(error.message.replace(/^error: /, "").replaceAll("\n", " "), { cause: error });
  }
}

const workloadNames = workloads.map(({ name }) => name);
const defaults: Options = { workloads: workloadNames, peers, rounds: 5, scale: 1, quick: false };
/** What `--compare` looks at unless workloads are named: what every program does all the time. */
const compared = ["W1", "W2", "W3", "W6"];
const quick = { rounds: 1, scale: 0.002 };

function command(): Command {
  return new Command("npm run bench --")
    .description(
      "Measures simloop beside its floors and other engines: CPU time and peak memory of the same workloads.",
    )
    .option("--workloads <names>", `only these, of ${workloadNames.join(",")}`, someOf(workloadNames))
    .option("--peers <names>", `only these, of ${peers.join(",")}`, someOf(peers))
    .option("--rounds <n>", `how often each program is measured (default: ${defaults.rounds})`, rounds)
    .option("--scale <s>", `size of the workloads, 1 is full size (default: ${defaults.scale})`, scale)
    .option("--quick", `smoke test: scale ${quick.scale}, ${quick.rounds} round, two programs at a time`)
    .option("--compare <ref>", `this checkout against the commit <ref> (workloads, by default: ${compared.join(",")})`)
    .option("--json <file>", "also write every single measurement to this file")
    .option("--python <path>", "CPython for asyncio and SimPy (default: $PYTHON, else python3.13 or python3)")
    .option("--simpy <directory>", "directory that contains the package simpy (default: $SIMPY_PATH)")
    .option("--simjs <directory>", "directory of the package simjs (default: $SIMJS_PATH)")
    .allowExcessArguments(false)
    .exitOverride()
    .configureOutput({ writeErr: () => undefined });
}

function someOf<Name extends string>(known: readonly Name[]): (value: string) => Name[] {
  return (value) => {
    const asked = value.split(",").map((name) => name.trim());
    const unknown = asked.filter((name) => !known.some((one) => one === name));
    if (unknown.length > 0) throw new InvalidArgumentError(`Expected names of ${known.join(",")}.`);
    return known.filter((name) => asked.includes(name));
  };
}

function rounds(value: string): number {
  if (!/^[1-9]\d{0,3}$/.test(value)) throw new InvalidArgumentError("Expected a whole number from 1 to 9999.");
  return Number(value);
}

function scale(value: string): number {
  const number = Number(value);
  if (!(number > 0 && number <= 100)) throw new InvalidArgumentError("Expected a number above 0, at most 100.");
  return number;
}

/** Complains about the file now instead of after ten minutes of measuring. */
function requireWritable(file: string): void {
  try {
    closeSync(openSync(file, "a"));
  } catch (error) {
    throw new UsageError(`--json: cannot write to ${file}: ${(error as Error).message}`, { cause: error });
  }
}
