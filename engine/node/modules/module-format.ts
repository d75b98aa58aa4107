import { existsSync, readFileSync } from "node:fs";
import { dirname, extname, join } from "node:path";

/** What `package.json` above `path` says of the modules beside it. */
function declaredType(path: string): unknown {
  for (let directory = dirname(path); ; directory = dirname(directory)) {
    const file = join(directory, "package.json");
    if (existsSync(file)) {
      return (JSON.parse(readFileSync(file, "utf8")) as { readonly type?: unknown }).type;
    }
    if (directory === dirname(directory)) {
      return undefined;
    }
  }
}

/** A statement that only an ES module has, at the beginning of a line. */
const MODULE_SYNTAX = /^(?:import\b\s*[\w{*"']|export\b)/m;

/**
 * Whether Node takes the file at `path` for a CommonJS module: by its ending, else by the `type` in `package.json`,
 * else by its syntax.
 *
 * @see https://nodejs.org/api/packages.html#determining-module-system
 */
export function isCommonJs(path: string): boolean {
  const ending = extname(path);
  if (ending !== ".js") {
    return ending === ".cjs";
  }
  const type = declaredType(path);
  return type === "commonjs" || (type !== "module" && !MODULE_SYNTAX.test(readFileSync(path, "utf8")));
}
