import { InvalidArgumentError } from "commander";
import type { Grid, SeedRange, Shard } from "../../../engine/experiment/index.ts";
import type { Scenario } from "../../../engine/index.ts";
import { UsageError } from "../failures.ts";
import { typedValue } from "../param-option.ts";

/** The value of `--seeds`: `0..999`, both ends included, or a single seed. @throws InvalidArgumentError */
export function parseSeeds(text: string): SeedRange {
  const [, first, last = first] = /^(\d{1,16})(?:\.\.(\d{1,16}))?$/.exec(text) ?? [];
  const [from, to] = [Number(first), Number(last)];
  if (first === undefined || !Number.isSafeInteger(from) || !Number.isSafeInteger(to)) {
    throw new InvalidArgumentError("Expected seeds such as 0..999.");
  }
  if (from > to) {
    throw new InvalidArgumentError(`The first seed comes after the last; did you mean ${to}..${from}?`);
  }
  return { from, to };
}

/** Collects `--param name=value,value`. @throws InvalidArgumentError */
export function parseParameter(
  text: string,
  others: Readonly<Record<string, readonly string[]>> = {},
): Record<string, readonly string[]> {
  const [, name = "", values = ""] = /^([^=\s]+)=(.+)$/.exec(text) ?? [];
  if (name === "") {
    throw new InvalidArgumentError("Expected a parameter with its values, such as clients=1,10,100.");
  }
  if (Object.hasOwn(others, name)) {
    throw new InvalidArgumentError(`Parameter ${name} is given twice; write its values with commas between them.`);
  }
  return { ...others, [name]: values.split(",") };
}

/**
 * The values of parameters, with the types that the scenario's defaults have.
 *
 * @throws UsageError for values of another type.
 */
export function gridOf(scenario: Scenario, given: Readonly<Record<string, readonly string[]>>): Grid {
  const entries = Object.entries(given).map(
    ([name, values]) => [name, values.map((text) => typedValue(scenario, name, text))] as const,
  );
  return Object.fromEntries(entries);
}

/**
 * Where batch systems say which part of an array a process is, counted from 0 or 1, and how many there are, where they
 * say it.
 */
const ARRAYS = [
  { index: "JOB_COMPLETION_INDEX", from: 0, of: undefined },
  { index: "SLURM_ARRAY_TASK_ID", from: "SLURM_ARRAY_TASK_MIN", of: "SLURM_ARRAY_TASK_COUNT" },
  { index: "AWS_BATCH_JOB_ARRAY_INDEX", from: 0, of: "AWS_BATCH_JOB_ARRAY_SIZE" },
  { index: "STRATEGY_JOB_INDEX", from: 0, of: "STRATEGY_JOB_TOTAL" },
] as const;

type Environment = Readonly<Record<string, string | undefined>>;

/**
 * The value of `--shard`: `2/8`; `auto/8`, or `auto` where the batch system says how many parts there are, takes the
 * part from its variables.
 *
 * @throws InvalidArgumentError
 */
export function parseShard(text: string, environment: Environment): Shard {
  const [, index = "", count] = /^(\d{1,6}|auto)(?:\/(\d{1,6}))?$/.exec(text) ?? [];
  const shard = index === "auto" ? shardOf(environment, count) : { index: Number(index), of: Number(count) };
  if (!(shard.index >= 1 && shard.index <= shard.of)) {
    throw new InvalidArgumentError("Expected i/n with i from 1 to n, such as 2/8, or auto/8 in an array of jobs.");
  }
  return shard;
}

function shardOf(environment: Environment, count: string | undefined): Shard {
  const array = ARRAYS.find(({ index }) => environment[index] !== undefined);
  if (array === undefined) {
    throw new InvalidArgumentError(
      `None of ${ARRAYS.map(({ index }) => index).join(", ")} is set; expected i/n, such as 2/8.`,
    );
  }
  const first = typeof array.from === "number" ? array.from : Number(environment[array.from] ?? 1);
  const of = count ?? (array.of === undefined ? undefined : environment[array.of]);
  if (of === undefined) {
    throw new InvalidArgumentError(
      `${array.index} does not say how many parts there are; expected auto/n, such as auto/8.`,
    );
  }
  return { index: Number(environment[array.index]) - first + 1, of: Number(of) };
}

/**
 * The value of `--queue`: the URL of a Redis or Valkey server.
 *
 * @throws UsageError, which does not show what may hold a password.
 */
export function parseQueue(text: string): string {
  const { protocol } = URL.canParse(text) ? new URL(text) : { protocol: "" };
  if (protocol !== "redis:" && protocol !== "rediss:") {
    throw new UsageError("--queue: expected a URL such as redis://localhost:6379 or rediss://user:password@host");
  }
  return text;
}
