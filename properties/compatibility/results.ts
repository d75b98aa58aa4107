import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

/** What was seen of one program under one version of Node. */
export interface CompatibilityResult {
  readonly program: string;
  /** Major version. */
  readonly node: number;
  readonly seeds: number;
  /**
   * Whether two fresh processes, which ran the seeds in opposite orders, did the same for each seed, without an error.
   */
  readonly isIdentical: boolean;
  /** Whether the outputs have the lines that the program wrote on the real loopback. */
  readonly isAsOnLoopback: boolean;
  readonly seedsPerSecond: number;
  /** What went wrong; `null` if nothing did. */
  readonly failure: string | null;
}

const path = fileURLToPath(new URL("results.json", import.meta.url));

/** The results of earlier invocations. */
export const readResults = (): readonly CompatibilityResult[] =>
  existsSync(path) ? (JSON.parse(readFileSync(path, "utf8")) as CompatibilityResult[]) : [];

const keyOf = ({ program, node }: CompatibilityResult): string => `${program} ${node}`;

/** Keep `results`, in the place of older ones of the same programs and versions. */
export function writeResults(results: readonly CompatibilityResult[]): void {
  const all = new Map([...readResults(), ...results].map((result) => [keyOf(result), result]));
  const sorted = [...all.values()].sort((a, b) => (keyOf(a) < keyOf(b) ? -1 : 1));
  writeFileSync(path, `${JSON.stringify(sorted, null, 2)}\n`);
}
