import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import process from "node:process";
import { fileURLToPath } from "node:url";
import { type Options, UsageError } from "./options.ts";
import type { Peer } from "./subjects.ts";

const pythonPrograms = join(dirname(fileURLToPath(import.meta.url)), "peers");

/** How to start a peer's programs; the subject, the workload and the scale follow. */
export interface Launch {
  readonly command: readonly string[];
  readonly environment: Readonly<Record<string, string>>;
}

/** A peer that is not here, and what would bring it. */
export interface Absence {
  readonly absent: string;
}

/**
 * Finds out how to start each of the peers that were asked for.
 *
 * @param child - The compiled `child.ts`, which runs everything that is in JavaScript.
 * @throws UsageError if an option points at a peer that does not work.
 */
export function findPeers(options: Options, child: string): Map<Peer, Launch | Absence> {
  return new Map(options.peers.map((peer) => [peer, findPeer(peer, options, child)]));
}

function findPeer(peer: Peer, options: Options, child: string): Launch | Absence {
  switch (peer) {
    case "asyncio":
      return insist(options.python, findPythonPeer("asyncio", options));
    case "simpy":
      return insist(options.simpy, findPythonPeer("simpy", options));
    case "simjs":
      return insist(options.simjs, findSimjs(options, child));
    case "limit-gen":
    case "limit-agen":
    case "node-net":
    case "simloop":
      return { command: [process.execPath, "--expose-gc", child], environment: {} };
  }
}

/** What an option points at has to work; the rest may be absent. */
function insist(option: string | undefined, found: Launch | Absence): Launch | Absence {
  if (option !== undefined && "absent" in found) throw new UsageError(found.absent);
  return found;
}

function findSimjs(options: Options, child: string): Launch | Absence {
  const directory = options.simjs ?? process.env["SIMJS_PATH"];
  if (directory === undefined) return { absent: "simjs: pass the directory of the package with --simjs or SIMJS_PATH" };
  if (!existsSync(join(directory, "sim.js"))) return { absent: `simjs: there is no sim.js in ${directory}` };
  return { command: [process.execPath, "--expose-gc", child], environment: { SIMJS_PATH: resolve(directory) } };
}

function findPythonPeer(peer: "asyncio" | "simpy", options: Options): Launch | Absence {
  const wanted = options.python ?? process.env["PYTHON"];
  const candidates = wanted === undefined ? ["python3.13", "python3"] : [wanted];
  const python = candidates.find((candidate) => runs([candidate, "-c", "import asyncio"], {}));
  if (python === undefined) return { absent: `${peer}: ${candidates.join(", ")}: no CPython there; use --python` };
  const directory = options.simpy ?? process.env["SIMPY_PATH"];
  const environment: Record<string, string> = { PYTHONDONTWRITEBYTECODE: "1" };
  if (peer === "simpy" && directory !== undefined) environment["PYTHONPATH"] = resolve(directory);
  if (!runs([python, "-c", `import ${peer}`], environment)) {
    return { absent: `${peer}: ${python} cannot import it; pass its parent directory with --simpy or SIMPY_PATH` };
  }
  return { command: [python, join(pythonPrograms, `peer_${peer}.py`)], environment };
}

function runs([command = "", ...args]: readonly string[], environment: Launch["environment"]): boolean {
  return spawnSync(command, args, { env: { ...process.env, ...environment }, stdio: "ignore" }).status === 0;
}
