import { spawnSync } from "node:child_process";
import process from "node:process";

/**
 * Settings with which V8 does the same each time: no threads of its own, nothing random, and the collector at the same
 * places.
 */
const REPEATABLE = [
  "--predictable",
  "--predictable-gc-schedule",
  "--single-threaded",
  "--random-seed=1",
  "--hash-seed=1",
  "--expose-gc",
];

/** Whether instructions can be counted here. */
export const canCount = (): boolean => spawnSync("valgrind", ["--version"]).status === 0;

/**
 * The instructions that a whole process of the measured program executes, V8's compiler and collector included. The
 * same to a few parts in ten thousand from run to run, whatever else the machine does.
 *
 * @throws Error if the program fails or valgrind does.
 */
export function instructionsOf(child: string, args: readonly string[]): number {
  const { stderr, status } = spawnSync(
    "valgrind",
    [
      "--tool=cachegrind",
      "--cache-sim=no",
      "--cachegrind-out-file=/dev/null",
      process.execPath,
      ...REPEATABLE,
      child,
      ...args,
    ],
    { encoding: "utf8" },
  );
  const counted = /I\s+refs:\s+([\d,]+)/.exec(stderr)?.[1];
  if (status !== 0 || counted === undefined) {
    throw new Error(`cannot count the instructions of ${args.join(" ")}: ${stderr.trim().split("\n").at(-1)}`);
  }
  return Number(counted.replaceAll(",", ""));
}
