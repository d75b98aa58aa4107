import { spawnSync } from "node:child_process";
import process from "node:process";

/** A Python with SimPy. */
export interface SimPy {
  readonly python: string;
  readonly version: string;
}

/**
 * The Python that SimPy is found with: that of the variable SIMPY_PYTHON, Debian's, or the first on the path;
 * `undefined` if there is none.
 */
export function findSimPy(): SimPy | undefined {
  for (const python of [process.env["SIMPY_PYTHON"], "/usr/bin/python3", "python3"]) {
    if (python !== undefined && python !== "") {
      const { status, stdout } = spawnSync(python, ["-c", "import simpy; print(simpy.__version__)"], {
        encoding: "utf8",
      });
      if (status === 0) {
        return { python, version: stdout.trim() };
      }
    }
  }
  return undefined;
}
