import { createRequire } from "node:module";
import { fileURLToPath } from "node:url";
import { describeValue } from "../../base/describe.ts";
import { currentWorld } from "../loop/current.ts";
import { PREPARE } from "../loop/node-driver.ts";
import { isCommonJs } from "./module-format.ts";
import { type LoadedModule, loadModule } from "./module-hooks.ts";

/** Options of {@link moduleProgram}. */
export interface ModuleProgramOptions {
  /** What `process.argv` holds behind the path of the module; nothing by default. */
  readonly args?: readonly string[];
}

/** Load the CommonJS module at `path` anew, with all that it requires, packages as well. */
function requireAnew(path: string): void {
  const require = createRequire(path);
  for (const file of Object.keys(require.cache)) {
    delete require.cache[file];
  }
  require(path);
}

/**
 * The program that the top level of a module is: `simulate(moduleProgram(new URL("app.mjs", import.meta.url)))`.
 *
 * The run ends as a Node process does: when nothing is left that keeps it alive, or at `process.exit`. Each run loads
 * the module anew, and the modules beside it that it imports; packages are shared by all runs of an ES module.
 *
 * @param url - Of a file: an ES module, or a CommonJS module, by the rules of Node.
 * @throws the program, what the module throws; ProcessExit if it leaves an exit code other than 0.
 */
export function moduleProgram(url: URL, { args = [] }: ModuleProgramOptions = {}): () => Promise<void> {
  if (!(url instanceof URL) || url.protocol !== "file:") {
    throw new TypeError(`moduleProgram: expected the URL of a file, got ${describeValue(url)}`);
  }
  const path = fileURLToPath(url);
  let prepared: LoadedModule | null = null;
  const program = async (): Promise<void> => {
    const { argv } = process;
    process.argv = [argv[0]!, path, ...args];
    try {
      if (isCommonJs(path)) {
        requireAnew(path);
      } else {
        await prepared?.begin();
      }
      await currentWorld()?.ended();
    } finally {
      process.argv = argv;
    }
  };
  const prepare = async (): Promise<void> => {
    if (!isCommonJs(path)) {
      prepared = await loadModule(url);
    }
  };
  return Object.assign(program, { [PREPARE]: prepare });
}
