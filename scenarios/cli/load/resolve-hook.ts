/** What a module is imported by: the part of Node's loading context that is of interest here. */
interface ResolveContext {
  readonly parentURL?: string | undefined;
}

/** Where a module was found: the part of Node's answer that is of interest here. */
interface Resolved {
  readonly url: string;
  readonly format?: string | null | undefined;
}

/** The module that imports the files that users name, as it is called here and when compiled. */
const importer = new URL(import.meta.url.endsWith(".ts") ? "find-scenario.ts" : "find-scenario.js", import.meta.url)
  .href;

const isOwnPackage = (specifier: string): boolean => specifier === "simloop" || specifier.startsWith("simloop/");

/** From where `specifier` is looked up: the engine that a program imports must be the one that runs it. */
const seenFrom = <C extends ResolveContext>(specifier: string, context: C): C =>
  isOwnPackage(specifier) ? { ...context, parentURL: importer } : context;

/**
 * Whether a file is an ES module whatever the nearest package.json says, which in a young project is often nothing or CommonJS:
 * a scenario file, and TypeScript.
 */
function isModule({ url }: Resolved, { parentURL }: ResolveContext): boolean {
  const { protocol, pathname } = new URL(url);
  const endings = parentURL === importer ? /\.[jt]sx?$/ : /\.tsx?$/;
  return protocol === "file:" && endings.test(pathname) && !pathname.includes("/node_modules/");
}

const withFormat = <R extends Resolved>(resolved: R, context: ResolveContext): R =>
  isModule(resolved, context) ? { ...resolved, format: "module" } : resolved;

/** Node's resolve hook for `module.registerHooks`. */
export const resolveSync = <C extends ResolveContext, R extends Resolved>(
  specifier: string,
  context: C,
  next: (specifier: string, context: C) => R,
): R => withFormat(next(specifier, seenFrom(specifier, context)), context);

/** Node's resolve hook for `module.register`, which has this file loaded into a thread of its own. */
export const resolve = async <C extends ResolveContext, R extends Resolved>(
  specifier: string,
  context: C,
  next: (specifier: string, context: C) => Promise<R>,
): Promise<R> => withFormat(await next(specifier, seenFrom(specifier, context)), context);
