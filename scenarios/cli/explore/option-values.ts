import { InvalidArgumentError } from "commander";

/** The value of an option that takes a positive integer. @throws InvalidArgumentError */
export function parseCount(text: string): number {
  const count = /^\d{1,15}$/.test(text) ? Number(text) : 0;
  if (count < 1) {
    throw new InvalidArgumentError("Expected a positive integer.");
  }
  return count;
}

/** The value of an option that takes an integer from 0. @throws InvalidArgumentError */
export function parseNumber(text: string): number {
  if (!/^\d{1,15}$/.test(text)) {
    throw new InvalidArgumentError("Expected an integer from 0.");
  }
  return Number(text);
}

/** The value of `--workers`. @throws InvalidArgumentError */
export function parseWorkers(text: string): number {
  const count = parseCount(text);
  if (count > 256) {
    throw new InvalidArgumentError("Expected at most 256.");
  }
  return count;
}

const UNITS: Readonly<Record<string, number>> = { "": 1, s: 1, m: 60, min: 60, h: 3600 };

/** The value of `--time`, real time: `60`, `60s`, `5m` or `1h`, in seconds. @throws InvalidArgumentError */
export function parseDuration(text: string): number {
  const [, number, unit = ""] = /^(\d+(?:\.\d+)?)(s|m|min|h)?$/.exec(text) ?? [];
  if (number === undefined) {
    throw new InvalidArgumentError("Expected a duration such as 60s, 5m or 1h.");
  }
  return Number(number) * UNITS[unit]!;
}

/** The value of `--shard`: `2/8` is the second of eight parts. @throws InvalidArgumentError */
export function parseShard(text: string): { index: number; of: number } {
  const [, index, of] = (/^(\d{1,6})\/(\d{1,6})$/.exec(text) ?? []).map(Number);
  if (index === undefined || of === undefined || index < 1 || index > of) {
    throw new InvalidArgumentError("Expected i/n with i from 1 to n, such as 2/8.");
  }
  return { index, of };
}
