/*
 * Where the files of the package are. Here alone, because the compiled command line consists of few files, each made of
 * many sources: what a file calls `import.meta.url` is not where its source was.
 */

const isSource = import.meta.url.endsWith(".ts");
const ending = isSource ? ".ts" : ".js";

/** The directory `scenarios/cli`, of the checkout or compiled. */
const here = new URL(import.meta.url.replace(/(.*\/scenarios\/cli\/).*/s, "$1"));

/** Whether this is a checkout, which tsx executes without compiling. */
export const IS_SOURCE: boolean = isSource;

/** The directory with package.json. */
export const packageRoot: URL = new URL(isSource ? "../../" : "../../../", here);

/** The directory of the built-in scenarios. */
export const scenarios: URL = new URL("../", here);

/** A module of the command line that is loaded by its address, by its path without the ending. */
export const moduleOf = (
  path: "main" | "thread/thread" | "explore/worker" | "sweep/worker-process" | "load/resolve-hook",
): URL => new URL(`${path}${ending}`, here);
