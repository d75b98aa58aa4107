import { createRequire } from "node:module";
import type { Target } from "./call.ts";

/**
 * Entries of the package that change this process, need a test runner, or open real sockets; the first has a test of
 * its own.
 */
const APART = new Set(["./node", "./node/register", "./properties/ava", "./real", "./package.json"]);

/** Functions whose errors begin otherwise: with the function that does their work. */
const WORKERS: Readonly<Record<string, readonly string[]>> = {
  ...{ chromePieces: ["toChrome"], htmlPieces: ["toHtml"], jsonlLines: ["toJsonl"], pcapngPieces: ["toPcapng"] },
  ...{ svgPieces: ["toSvg"], textLines: ["toText"], TraceParser: ["trace filter"], TraceSalvager: ["trace filter"] },
  ...{ openConnection: ["createConnection"], startServer: ["createServer"], sweep: ["defineScenario"] },
  ...{ Task: ["createTask"], startProcess: ["createTask"], eagerTaskFactory: ["createTask", "Future"] },
  ...{
    withParameters: ["scenario "],
    jobsOfPlan: ["sizeOf"],
    localReplications: ["replicationRuns"],
    runVariant: ["runRange"],
    shrinkFailures: ["signatureKey"],
  },
  ...{ Runner: ["run"], RandomStream: ["random"], PythonRandom: ["pythonRandom"], CoroutineObject: ["await"] },
  ...{
    Awaitable: ["waitFor"],
    debug: ["expected a function that makes"],
    explore: ["expected a function that makes"],
    arrivals: ["createTask"],
    pairedInterval: ["meanInterval"],
    simulate: ["expected a function that makes"],
  },
};

/** Functions whose argument `what` begins their errors. */
const NAMED_BY_CALLER = new Set(["requireSeeds", "settingsOf"]);

type Function = (...args: readonly unknown[]) => unknown;
type Class = new (...args: readonly unknown[]) => unknown;

const isClass = (value: unknown): boolean => /^class\b/.test(Function.prototype.toString.call(value));

/** The class and those that it extends. */
function lineage(type: unknown): string[] {
  const names: string[] = [];
  for (let each = type; typeof each === "function" && each.name !== ""; each = Object.getPrototypeOf(each)) {
    names.push(each.name);
  }
  return names;
}

function targetOf(name: string, exported: unknown): Target {
  const functions = [name, ...(isClass(exported) ? lineage(exported) : []), ...(WORKERS[name] ?? []), "yield"];
  const names = functions.map((each) => (each.includes(" ") ? each : `${each}:`));
  return {
    name,
    names: NAMED_BY_CALLER.has(name) ? [""] : names,
    call: (args) => (isClass(exported) ? new (exported as Class)(...args) : (exported as Function)(...args)),
  };
}

/** Every function and class that the package exports, once each. */
export async function exportedTargets(): Promise<Target[]> {
  const { exports } = createRequire(import.meta.url)("../../package.json") as { exports: Record<string, unknown> };
  const all = new Map<unknown, Target>();
  for (const entry of Object.keys(exports).filter((key) => !APART.has(key))) {
    const module = (await import(entry.replace(/^\./, "simloop"))) as Record<string, unknown>;
    for (const [name, exported] of Object.entries(module)) {
      if (typeof exported === "function" && !all.has(exported)) {
        all.set(exported, targetOf(name, exported));
      }
    }
  }
  return [...all.values()];
}
